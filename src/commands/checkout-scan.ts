import { randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import { localState, snapshotState } from "../backends/local.ts";
import { s3State } from "../backends/s3.ts";
import type { Inventory } from "../drift/inventory.ts";
import { startEngine } from "../engine/engine.ts";
import type { Asked, PlannedStack } from "../scan/plan.ts";
import type { ScanPorts, ScanSettings } from "../scan/ports.ts";
import type { Checkout } from "../sources/checkout.ts";
import type { ModuleShelf } from "../sources/modules/module-shelf.ts";
import { rootRelative } from "../sources/root-path.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import type { LoadedConfig } from "./config-file.ts";
import { type Folders, type StackOptions, settingsOf } from "./options.ts";

/**
 * What the command line asks to be scanned. A state, a workspace or variables are those of one stack, the one in
 * `--dir`; without them every stack below is meant.
 * @throws UsageError where a variable file is missing or outside of the root.
 */
export function askedFor(
  { state, workspace }: StackOptions,
  given: Parameters<typeof settingsOf>[0],
  folders: Folders,
): Asked {
  const settings = settingsOf(given, folders);
  const isOne = state !== undefined || workspace !== undefined || settings.length > 0;
  return {
    folder: folders.folder,
    repository: basename(folders.root),
    only: isOne
      ? {
          settings,
          workspace: workspace ?? null,
          state: state === undefined ? null : { file: state, inRoot: placeInRoot(folders, state) },
        }
      : null,
  };
}

function placeInRoot({ root }: Folders, file: string): string | null {
  const full = resolve(file);
  return rootRelative(root, existsSync(full) ? realpathSync(full) : full);
}

/** What holds for the whole scan of a checkout. */
export function checkoutSettings(
  { git }: Checkout,
  config: LoadedConfig,
  environment: NodeJS.ProcessEnv,
): ScanSettings {
  return {
    repository: "local",
    ref: git.ref,
    commit: git.commit,
    config: config.effective,
    key: environment["DRIFTWRIGHT_KEY"] ?? randomBytes(32).toString("hex"),
  };
}

/** The parts that scan a checkout on this machine, with the modules that are fetched for it. */
export function checkoutPorts(
  { checkout, shelf }: { readonly checkout: Checkout; readonly shelf: ModuleShelf | null },
  inventories: readonly Inventory[],
  progress: (message: string) => void,
): ScanPorts {
  // A state may change while the scan runs, and a second look has to see that.
  const states = {
    read: (path: string) => checkout.readNow(path),
    whyNot: (path: string) => checkout.whyNot?.(path) ?? null,
  };
  return {
    snapshot: checkout,
    startEngine: () => (shelf === null ? startEngine(checkout) : startEngine(shelf, undefined, shelf)),
    stateOf: ({ state, workspace }: PlannedStack): StateSource | null => {
      if (state.kind === "given") return localState(state.file);
      if (state.kind === "s3") return s3State(state, workspace);
      return state.kind === "snapshot" ? snapshotState(states, state.file) : null;
    },
    inventories,
    // A checkout has no scans before this one to look back on.
    historyOf: (_stack, _finding, stateWrittenAt) => ({
      literalChangedAt: null,
      stateWrittenAt,
      agreedAt: null,
    }),
    now: () => new Date(),
    progress,
  };
}
