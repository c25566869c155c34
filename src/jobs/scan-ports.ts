import type { RepositoryName } from "../config/access.ts";
import { NO_HISTORY } from "../drift/history.ts";
import type { Asked } from "../scan/plan.ts";
import type { ScanPorts } from "../scan/ports.ts";
import type { ModuleSession } from "../sources/modules/module-session.ts";
import { ModuleShelf } from "../sources/modules/module-shelf.ts";
import type { Tarball } from "../sources/tarball.ts";
import type { JobPorts } from "./ports.ts";
import { repositoryLog } from "./repository-log.ts";

/** All stacks of a repository, whatever they run from. */
export function wholeRepository(name: string): Asked {
  return { folder: ".", only: null, repository: name };
}

/** Who fetches modules for a commit, and whether its code may have read what nobody but the App can. */
export interface FetchedModules {
  readonly session: ModuleSession | null;
  readonly isTrusted: boolean;
}

/** The parts that scan a commit; without `inventories` no cloud is read. */
export function portsFor(
  { clouds, startEngine, now, log }: JobPorts,
  tarball: Tarball,
  repository: RepositoryName,
  inventories: ScanPorts["inventories"],
  { session, isTrusted }: FetchedModules,
): ScanPorts {
  const shelf = session === null ? null : new ModuleShelf(tarball, session, isTrusted);
  return {
    snapshot: tarball,
    startEngine: () => (shelf === null ? startEngine(tarball) : startEngine(shelf, undefined, shelf)),
    stateOf: (stack) => clouds.stateOf(stack, tarball, repository),
    inventories,
    // An archive has none of its own; a scan of the repository looks back with `CodeHistory`.
    historyOf: () => NO_HISTORY,
    now,
    progress: (message) => repositoryLog(log, repository).info({}, message),
  };
}
