import type { RepositoryConfig } from "../config/model.ts";
import { Readers } from "../scan/changed-files.ts";
import { type PlannedStack, planScan } from "../scan/plan.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import { wholeRepository } from "./scan-ports.ts";

/** So many stacks without drift are evaluated for what a change does to them: a module may be in hundreds. */
export const MOST_OTHER_STACKS = 20;

/** The files of the commits that a change is compared at; `trunk` null where the states must decide nothing. */
interface Commits {
  readonly trunk: Snapshot | null;
  readonly base: Snapshot;
  readonly head: Snapshot;
}

interface Wanted {
  /** Names of stacks. */
  readonly drifted: ReadonlySet<string>;
  /** Paths of the files that the change changes. */
  readonly files: ReadonlySet<string>;
  /** How many stacks without drift are evaluated. */
  readonly mostOthers: number;
}

export interface StacksToCompare {
  /** As the default branch has them. */
  readonly agreed: readonly PlannedStack[];
  readonly others: readonly PlannedStack[];
  /** Names of stacks that there are too many of. */
  readonly unlooked: readonly string[];
}

/**
 * The stacks with drift, and those that a changed file may matter to. What a stack is, the default branch says; of those
 * that it does not have (`others`), the base, and then the head.
 */
export function stacksToCompare(
  { trunk, base, head }: Commits,
  config: RepositoryConfig,
  repository: string,
  { drifted, files, mostOthers }: Wanted,
): StacksToCompare {
  const planned = (side: Snapshot) => planScan(side, config, wholeRepository(repository)).stacks;
  const readers = [base, head].map((side) => new Readers(side, files));
  const chosen = new Set<string>();
  const unlooked: string[] = [];
  const isWanted = (plan: PlannedStack) => {
    if (drifted.has(plan.name)) return true;
    if (files.size === 0 || !readers.some((one) => one.mayRead(plan))) return false;
    if (chosen.size >= mostOthers) unlooked.push(plan.name);
    else chosen.add(plan.name);
    return chosen.has(plan.name);
  };
  const agreed = trunk === null ? [] : planned(trunk);
  const all = [...agreed];
  for (const side of [base, head]) {
    const paths = new Set(all.map(({ path }) => path));
    const names = new Set(all.map(({ name }) => name));
    // What a commit makes several stacks of, or calls otherwise, is compared as what it was.
    all.push(
      ...planned(side).filter(
        ({ name, path }) => !names.has(name) && (drifted.has(name) || !paths.has(path)),
      ),
    );
  }
  const others = all.slice(agreed.length);
  return { agreed: agreed.filter(isWanted), others: others.filter(isWanted), unlooked };
}
