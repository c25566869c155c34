import {
  CONFIG_PATH,
  DEFAULT_CONFIG,
  type RepositoryConfig,
  type StackSettings,
} from "../src/config/model.ts";
import { parseConfig } from "../src/config/parse.ts";
import { FUNCTIONS } from "../src/hcl/functions/index.ts";
import type { Repository } from "../src/reconcile/repository.ts";
import { type PlannedStack, planScan } from "../src/scan/plan.ts";
import { openCheckout } from "../src/sources/checkout.ts";
import { type Discovery, discover } from "../src/terraform/discovery/discovery.ts";
import type { EnvironmentFiles } from "../src/terraform/discovery/environment-files.ts";
import { evaluateStack, type StackInputs } from "../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../src/terraform/source/parsed-files.ts";
import { decodeText, memorySnapshot, type Snapshot } from "../src/terraform/source/snapshot.ts";
import { parseState, type StateDocument } from "../src/terraform/state/state.ts";
import { ROOTS, ROOTS_FOLDER, type Root } from "../test/terraform-binary/roots.ts";
import { forEachStack, type GeneratedStack, serviceStack } from "./stacks.ts";

/** Evaluated stacks in which drifts are made up. */
export interface Subject {
  readonly name: string;
  open(): Repository;
}

const EXAMPLE = new URL("../examples/shop", import.meta.url).pathname;

/** The generated stacks, the example, and the root modules of the tests as one. */
export function ownSubjects(): Subject[] {
  return [
    ...[1_000, 10_000].map((count) => generated(serviceStack(count))),
    generated(forEachStack(10_000)),
    { name: "examples/shop", open: () => openFolder(EXAMPLE) },
    ...ROOTS.map((root) => ({ name: `root ${root.name}`, open: () => openRoot(root) })),
  ];
}

/** A checkout: every root module that is found in it is a stack. */
export function folderSubject(folder: string): Subject {
  return { name: folder, open: () => openFolder(folder) };
}

function generated({ name, files }: GeneratedStack): Subject {
  return {
    name,
    open: () => opened(memorySnapshot(files), [{ name: "main", inputs: NO_INPUTS }]),
  };
}

const NO_INPUTS: StackInputs = { root: ".", settings: [], workspace: "default", state: null };

function openRoot({ name, folder = ".", settings = [], workspace = "default" }: Root): Repository {
  const placed = settings.map((setting) =>
    setting.kind === "file" && folder !== "." ? { ...setting, path: `${folder}/${setting.path}` } : setting,
  );
  const inputs = { root: folder, settings: placed, workspace, state: null };
  return opened(openCheckout(`${ROOTS_FOLDER}${name}`), [{ name, inputs }]);
}

function openFolder(folder: string): Repository {
  const snapshot = openCheckout(folder);
  const config = withRoots(snapshot, configOf(snapshot));
  const { stacks } = planScan(snapshot, config, { folder: ".", only: null, repository: "main" });
  return opened(
    snapshot,
    stacks.map((stack) => {
      const { path: root, settings, workspace } = stack;
      return { name: stack.name, inputs: { root, settings, workspace, state: stateOf(snapshot, stack) } };
    }),
  );
}

function configOf(snapshot: Snapshot): RepositoryConfig {
  const text = decodeText(snapshot.read(CONFIG_PATH) ?? new Uint8Array());
  return parseConfig(text ?? "", CONFIG_PATH, new Date()).config ?? DEFAULT_CONFIG;
}

/** Where the owner lists no stacks: every folder of code that no other calls, once for each of its variable files. */
function withRoots(snapshot: Snapshot, config: RepositoryConfig): RepositoryConfig {
  if (config.stacks.length > 0) return config;
  const { code, modules }: Discovery = discover(snapshot, { configured: [], repository: "main" });
  const called = new Set(modules);
  const configured = code.filter((path) => !called.has(path)).map((path) => ({ path }));
  const { stacks } = discover(snapshot, { configured, repository: "main" });
  const entries = stacks.flatMap(({ path, environments }) => {
    const given = environments.filter(({ varFile }) => varFile !== null);
    return given.length === 0 ? [entryOf(path, null)] : given.map((one) => entryOf(path, one));
  });
  return { ...config, stacks: entries };
}

function entryOf(path: string, environment: EnvironmentFiles | null): StackSettings {
  return {
    name: null,
    path,
    varFiles: environment?.varFile ? [environment.varFile] : [],
    vars: {},
    envVars: {},
    environment: environment?.name ?? null,
    workspace: null,
    state: null,
    backendConfig: {},
    place: { file: CONFIG_PATH, line: 1, column: 1 },
  };
}

/** A state that is a file of the checkout; where it is elsewhere, nothing is known of it. */
function stateOf(snapshot: Snapshot, { state }: PlannedStack): StateDocument | null {
  if (state.kind !== "snapshot") return null;
  const text = decodeText(snapshot.read(state.file) ?? new Uint8Array());
  return text === null || text === "" ? null : parseState(text, state.file);
}

function opened(
  snapshot: Snapshot,
  stacks: readonly { readonly name: string; readonly inputs: StackInputs }[],
): Repository {
  const files = new ParsedFiles(snapshot);
  const evaluate = (sources: ParsedFiles, inputs: StackInputs) => evaluateStack(sources, inputs, FUNCTIONS);
  return {
    files,
    evaluate,
    stacks: stacks.map(({ name, inputs }) => ({ name, evaluation: evaluate(files, inputs) })),
  };
}
