import { startEngine } from "../engine/engine.ts";
import type { Asked } from "../scan/plan.ts";
import type { ScanPorts } from "../scan/ports.ts";
import type { Tarball } from "../sources/tarball.ts";
import type { JobPorts } from "./ports.ts";

/** All stacks of a repository. */
export function wholeRepository(name: string): Asked {
  return { folder: ".", only: null, repository: name };
}

/** The parts that scan a commit; without `inventories` no cloud is read. */
export function portsFor(
  { clouds, now, log }: JobPorts,
  tarball: Tarball,
  repositoryId: number,
  inventories: ScanPorts["inventories"],
): ScanPorts {
  return {
    snapshot: tarball,
    startEngine: () => startEngine(tarball),
    stateOf: (stack) => clouds.stateOf(stack, tarball, repositoryId),
    inventories,
    // An archive has no history of the code, so what an older scan saw would decide nothing.
    historyOf: (_stack, _finding, stateWrittenAt) => ({
      literalChangedAt: null,
      stateWrittenAt,
      agreedAt: null,
    }),
    now,
    progress: (message) => log.info({}, message),
  };
}
