import { withBackendConfig } from "../backends/s3-place.ts";
import type { Proposal, ProposedStack, StatePlace } from "../config/proposed-file.ts";
import { SECRET_ARGUMENTS } from "../config/stacks.ts";
import { isJsonObject, type Json, type JsonObject, printJson } from "../json/json.ts";
import { discover, type FoundStack } from "../terraform/discovery/discovery.ts";
import { isAutomaticVariables } from "../terraform/source/file-names.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import { type FoundSettings, foundSettings, freeName, unreadFiles } from "./found-settings.ts";
import { type FilesBeside, saidEnvironment } from "./said-environment.ts";

/** As many as anybody looks through. */
const MOST_STACKS = 500;
const MOST_UNREAD_FILES = 10;

export interface Proposing {
  /** Names the stack in the root of the repository. */
  readonly repository: string;
  /** A text without the secrets in it. */
  readonly clean: (text: string) => string;
}

/**
 * What a configuration could say of a repository that has none: the stacks that `planScan` plans there, under the same
 * names. Holds no secrets.
 */
export function proposalOf(snapshot: Snapshot, proposing: Proposing): Proposal {
  const taken = new Set<string>();
  const stacks: ProposedStack[] = [];
  let left = 0;
  for (const found of foundStacks(snapshot, proposing.repository)) {
    const all = foundSettings(found).map((settings) =>
      proposed(
        found,
        { ...settings, name: freeName(taken, settings.name) },
        filesBeside(snapshot, found),
        proposing,
      ),
    );
    // A folder is listed as a whole or not at all.
    if (left === 0 && stacks.length + all.length <= MOST_STACKS) stacks.push(...all);
    else left += all.length;
  }
  return { stacks, left };
}

/** Those with a sign of being root modules, else the root where it has code, as it is planned. */
function foundStacks(snapshot: Snapshot, repository: string): readonly FoundStack[] {
  const { stacks, code } = discover(snapshot, { configured: [], repository });
  if (stacks.length > 0 || !code.includes(".")) return stacks;
  return discover(snapshot, { configured: [{ path: "." }], repository }).stacks;
}

function filesBeside(snapshot: Snapshot, found: FoundStack): FilesBeside {
  return { automatic: snapshot.list(found.path).filter(isAutomaticVariables), unread: unreadFiles(found) };
}

function proposed(
  found: FoundStack,
  settings: FoundSettings,
  files: FilesBeside,
  { clean }: Proposing,
): ProposedStack {
  const { name, path, workspace, varFiles } = settings;
  const environment = saidEnvironment(settings, files);
  const isS3 = found.backend?.type === "s3";
  // What other backends are given opens nothing that is read, and may hold anything.
  const backendConfig = isS3 ? settings.backendConfig : {};
  const isOpen = Object.keys(backendConfig).every((key) => !SECRET_ARGUMENTS.has(key));
  const isClean = (value: Json) => clean(printJson(value)) === printJson(value);
  const listed = isOpen && isClean([name, path, workspace, [...varFiles], backendConfig]);
  return {
    name: clean(name),
    path: clean(path),
    environment: environment === null ? null : clean(environment),
    workspace: workspace === null || workspace === "default" ? null : clean(workspace),
    varFiles: varFiles.map(clean),
    backendConfig: listed ? backendConfig : {},
    listed,
    unreadFiles: files.unread.slice(0, MOST_UNREAD_FILES).map(clean),
    state: cleaned(stateOf(found, settings), clean),
    providers: found.providers.map(clean),
  };
}

function stateOf(
  { backend, workspaces }: FoundStack,
  { workspace, backendConfig }: FoundSettings,
): StatePlace {
  const file = workspaces.find(({ name }) => name === (workspace ?? "default"))?.stateFile;
  if (file !== undefined) return { kind: "file", file };
  if (backend === null || backend.type === "local") return { kind: "none" };
  if (backend.type !== "s3") return { kind: "other", backend: backend.type };
  const { settings } = withBackendConfig(backend, backendConfig);
  const lockTable = textOrNull(settings.dynamodb_table);
  const role = namedRole(settings);
  return {
    kind: "s3",
    bucket: textOrNull(settings.bucket),
    key: textOrNull(settings.key),
    ...(lockTable === null ? {} : { lockTable }),
    ...(role === null ? {} : { role }),
  };
}

/** As `s3Place` takes it. */
function namedRole({ assume_role: inner, role_arn: outer }: JsonObject): string | null {
  return (
    (inner !== undefined && isJsonObject(inner) ? textOrNull(inner.role_arn) : null) ?? textOrNull(outer)
  );
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function cleaned(place: StatePlace, clean: (text: string) => string): StatePlace {
  const cleanOrNull = (text: string | null) => (text === null ? null : clean(text));
  switch (place.kind) {
    case "file":
      return { ...place, file: clean(place.file) };
    case "s3":
      return {
        ...place,
        bucket: cleanOrNull(place.bucket),
        key: cleanOrNull(place.key),
        ...(place.lockTable === undefined ? {} : { lockTable: clean(place.lockTable) }),
        ...(place.role === undefined ? {} : { role: clean(place.role) }),
      };
    case "other":
      return { ...place, backend: clean(place.backend) };
    case "none":
      return place;
  }
}
