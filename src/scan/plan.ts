import { type S3Backend, withBackendConfig } from "../backends/s3-place.ts";
import type { RepositoryConfig, StackSettings } from "../config/model.ts";
import type { Cloud } from "../drift/inventory.ts";
import type { Diagnostic } from "../drift/model.ts";
import { plainDiagnostic } from "../engine/places.ts";
import { renderExpression } from "../hcl/editing/render.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { Setting } from "../terraform/code/inputs.ts";
import { type Discovery, discover, type FoundStack } from "../terraform/discovery/discovery.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import { type AskedStack, entriesMeant } from "./asked-entry.ts";
import { foundSettings, freeName, unreadFiles } from "./found-settings.ts";

/** What is asked for besides what is found: the one stack of a folder, as the command line names it. */
export interface Asked {
  /** Folder of the stacks to scan, from the root of the snapshot. */
  readonly folder: string;
  /** What the command line says of the stack in that folder; null where the stacks are those found below it. */
  readonly only: AskedStack | null;
  /** Names the stack in the root of the repository. */
  readonly repository: string;
  /**
   * Only stacks that run from there; null: from the default branch. Left out: all, as the snapshot has them, whatever
   * they run from.
   */
  readonly ref?: string | null;
}

/** A stack that is going to be scanned. */
export interface PlannedStack {
  readonly name: string;
  readonly path: string;
  readonly environment: string | null;
  readonly service?: string;
  readonly owners?: readonly string[];
  /** The clouds that it is compared with; left out: all. */
  readonly clouds?: readonly Cloud[];
  /** The branch, tag or commit that it runs from; left out: the default branch. */
  readonly ref?: string;
  readonly workspace: string;
  readonly settings: readonly Setting[];
  readonly varFiles: readonly string[];
  readonly vars: JsonObject;
  /** Names of those given on the command line: their values may be secrets, and are printed nowhere. */
  readonly sensitiveVars: ReadonlySet<string>;
  /** Where the state is. */
  readonly state:
    | {
        readonly kind: "given";
        readonly file: string;
        readonly inRoot: string | null;
        readonly remote: boolean;
      }
    | { readonly kind: "snapshot"; readonly file: string }
    | ({ readonly kind: "s3" } & S3Backend)
    | { readonly kind: "elsewhere"; readonly backend: string }
    | { readonly kind: "none" };
}

export interface ScanPlan {
  readonly stacks: readonly PlannedStack[];
  /** Stacks of the repository that are not asked for: an edit must leave them as they are, or say that it does not. */
  readonly others: readonly PlannedStack[];
  /** Configured stacks that are not there. */
  readonly missing: readonly { readonly path: string; readonly reason: string }[];
  readonly notScanned: Discovery["notScanned"];
  readonly diagnostics: readonly Diagnostic[];
}

/** Which stacks are scanned, and with what: those that discovery finds, unless the configuration or the user says otherwise. */
export function planScan(snapshot: Snapshot, config: RepositoryConfig, asked: Asked): ScanPlan {
  const configured = [
    ...config.stacks.map(({ path }) => ({ path })),
    ...(asked.only === null ? [] : [{ path: asked.folder }]),
  ];
  const found = discover(snapshot, { configured, repository: asked.repository });
  const isAsked = ({ path }: FoundStack) =>
    asked.only === null ? isBelow(path, asked.folder) : path === asked.folder;
  const isRootByWord =
    asked.only === null && !found.stacks.some(isAsked) && found.code.includes(asked.folder);
  if (isRootByWord) return planScan(snapshot, config, { ...asked, only: NOTHING });
  const planner = new Planner(config);
  const { only } = asked;
  const all = found.stacks
    .filter(isAsked)
    .flatMap((stack) => (only === null ? planner.all(stack) : [planner.only(stack, only)]));
  const isThere = ({ ref }: Pick<PlannedStack, "ref">) =>
    asked.ref === undefined || (ref ?? null) === asked.ref;
  const entriesOf = (path: string) => config.stacks.filter((entry) => entry.path === path);
  return {
    stacks: all.filter(isThere),
    others: [
      ...all.filter((stack) => !isThere(stack)),
      ...found.stacks.flatMap((stack) => planner.rest(stack)),
    ],
    missing: found.missing.filter(
      ({ path }) => isBelow(path, asked.folder) && (entriesOf(path).some(isThere) || asked.only !== null),
    ),
    notScanned: found.notScanned.filter(({ path }) => isBelow(path, asked.folder)),
    diagnostics: [
      ...found.diagnostics.map(plainDiagnostic),
      ...found.stacks
        .filter(isAsked)
        .flatMap((stack) => (only === null ? planner.unread(stack) : planner.ambiguous(stack, only))),
      ...(asked.ref === undefined ? all.flatMap(readElsewhere) : []),
    ],
  };
}

/** That a stack is read as the snapshot has it. */
function readElsewhere({ name, ref }: PlannedStack): readonly Diagnostic[] {
  if (ref === undefined) return [];
  const message = `${name} runs from ${ref} and is read as this checkout has it; check ${ref} out to compare what runs with the code that it is made from`;
  return [{ severity: "warning", message, file: null, line: null, column: null }];
}

function shortList(paths: readonly string[]): string {
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")}, …`;
}

const NOTHING = { settings: [], workspace: null, state: null };

function isBelow(path: string, folder: string): boolean {
  return folder === "." || path === folder || path.startsWith(`${folder}/`);
}

/** Plans the stacks of folders, each once, with a name that no other has: the engine and people tell them apart by it. */
class Planner {
  readonly #config: RepositoryConfig;
  readonly #names: Set<string>;
  /** Folders, or the entries of folders, that are planned. */
  readonly #done = new Set<FoundStack["path"] | StackSettings>();

  constructor(config: RepositoryConfig) {
    this.#config = config;
    this.#names = new Set(config.stacks.flatMap(({ name }) => name ?? []));
  }

  /**
   * A folder is as many stacks as the configuration says, else one for each workspace that has a state in it, else one
   * for each environment whose files say where its state is.
   */
  all(stack: FoundStack): PlannedStack[] {
    this.#done.add(stack.path);
    const entries = this.#entries(stack);
    if (entries.length > 0) return this.#configured(stack, entries);
    return foundSettings(stack).map((found) => planned(stack, this.#free(found.name), found, NOTHING));
  }

  /** That the variable files of a folder's environments are not read, since nothing says which state is whose. */
  unread(stack: FoundStack): readonly Diagnostic[] {
    const files = this.#entries(stack).length > 0 ? [] : unreadFiles(stack);
    if (files.length === 0) return [];
    const message = `nothing says which state belongs to ${files.length === 1 ? "" : "each of "}${shortList(files)}, so ${files.length === 1 ? "it is" : "they are"} not read; list ${stack.path} under stacks in .github/driftwright.yml, once for each, with var_files and its workspace or backend_config`;
    // It is said of the folder's stacks alone.
    const file = files.find((path) => isBelow(path, stack.path)) ?? null;
    return [{ severity: "warning", message, file, line: null, column: null }];
  }

  /** What the command line says of a folder, with what the configuration says of the one entry that it fits. */
  only(stack: FoundStack, only: AskedStack): PlannedStack {
    const entries = this.#entries(stack);
    const [entry = null, ...more] = entriesMeant(entries, stack, only);
    if (entry === null || more.length > 0) {
      if (entries.length === 0) this.#done.add(stack.path);
      return planned(stack, this.#free(stack.name), null, only);
    }
    this.#done.add(entry);
    return this.#ofEntry(stack, entry, only);
  }

  /** That nobody knows which entry of the configuration the command line means. */
  ambiguous(stack: FoundStack, only: AskedStack): readonly Diagnostic[] {
    const entries = entriesMeant(this.#entries(stack), stack, only);
    if (entries.length < 2) return [];
    const names = entries.map((entry) => this.#nameOf(stack, entry));
    const message = `.github/driftwright.yml lists ${stack.path} as ${shortList(names)}, and what is asked for fits ${names.length === 2 ? "both" : "all of them"}, so that the settings of none are taken; say which one by --workspace, by a --var-file of it or by its --state`;
    return [{ severity: "warning", message, file: null, line: null, column: null }];
  }

  /** What is not planned yet. */
  rest(stack: FoundStack): PlannedStack[] {
    if (this.#done.has(stack.path)) return [];
    const entries = this.#entries(stack);
    return entries.length === 0
      ? this.all(stack)
      : this.#configured(
          stack,
          entries.filter((entry) => !this.#done.has(entry)),
        );
  }

  #entries({ path }: FoundStack): StackSettings[] {
    return this.#config.stacks.filter((entry) => entry.path === path);
  }

  #configured(stack: FoundStack, entries: readonly StackSettings[]): PlannedStack[] {
    return entries.map((entry) => this.#ofEntry(stack, entry, NOTHING));
  }

  #ofEntry(stack: FoundStack, entry: StackSettings, only: AskedStack): PlannedStack {
    return planned(stack, entry.name ?? this.#free(this.#nameOf(stack, entry)), entry, only);
  }

  #nameOf(stack: FoundStack, entry: StackSettings): string {
    const several = this.#entries(stack).length > 1;
    const suffix = several ? (entry.environment ?? entry.workspace) : null;
    return entry.name ?? (suffix === null ? stack.name : `${stack.name}-${suffix}`);
  }

  #free(wanted: string): string {
    return freeName(this.#names, wanted);
  }
}

function planned(
  stack: FoundStack,
  name: string,
  entry: Omit<StackSettings, "place" | "name"> | null,
  only: AskedStack,
): PlannedStack {
  const workspace = only.workspace ?? entry?.workspace ?? "default";
  const varFiles = entry?.varFiles ?? [];
  const vars = entry?.vars ?? {};
  const settings: Setting[] = [
    ...Object.entries(entry?.envVars ?? {}).map(([variable, value]) =>
      setting("environment", variable, value),
    ),
    ...varFiles.map((path) => ({ kind: "file", path }) as const),
    ...Object.entries(vars).map(([variable, value]) => setting("variable", variable, value)),
    ...only.settings.filter((given) => given.kind !== "file" || !varFiles.includes(given.path)),
  ];
  return {
    name,
    path: stack.path,
    environment: entry?.environment ?? null,
    ...(entry?.service === undefined ? {} : { service: entry.service }),
    ...(entry?.owners === undefined ? {} : { owners: entry.owners }),
    ...(entry?.clouds === undefined ? {} : { clouds: entry.clouds }),
    ...(entry?.ref === undefined ? {} : { ref: entry.ref }),
    workspace,
    settings,
    varFiles: settings.flatMap((given) => (given.kind === "file" ? [given.path] : [])),
    vars: Object.fromEntries(
      settings.flatMap((given) => (given.kind === "variable" ? [[given.name, given.text]] : [])),
    ),
    sensitiveVars: new Set(only.settings.flatMap((given) => (given.kind === "variable" ? [given.name] : []))),
    state: stateOf(stack, entry, only.state, workspace),
  };
}

/** The text that `-var name=…` or `TF_VAR_name=…` would give. */
function setting(kind: "variable" | "environment", name: string, value: Json): Setting {
  return { kind, name, text: typeof value === "string" ? value : renderExpression(value) };
}

function stateOf(
  stack: FoundStack,
  entry: Pick<StackSettings, "state" | "backendConfig"> | null,
  given: { readonly file: string; readonly inRoot: string | null } | null,
  workspace: string,
): PlannedStack["state"] {
  const remote = stack.backend !== null && stack.backend.type !== "local";
  if (given !== null) return { kind: "given", ...given, remote };
  if (entry?.state) return { kind: "snapshot", file: entry.state };
  const local = stack.workspaces.find(({ name }) => name === workspace)?.stateFile;
  if (local !== undefined) return { kind: "snapshot", file: local };
  if (stack.backend?.type === "s3") {
    return { kind: "s3", ...withBackendConfig(stack.backend, entry?.backendConfig ?? {}) };
  }
  if (stack.backend !== null && remote) return { kind: "elsewhere", backend: stack.backend.type };
  return { kind: "none" };
}
