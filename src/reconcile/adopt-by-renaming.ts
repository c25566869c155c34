import { blindRefusal } from "./blind-stacks.ts";
import type { Candidate } from "./candidate.ts";
import { renamingsFor } from "./candidates.ts";
import { instanceOf, prove } from "./edit-proof.ts";
import type { Goal, WantedChange } from "./goal.ts";
import { editsOfMoves } from "./moved-blocks.ts";
import type { ProvenEdit } from "./proven-edit.ts";
import type { RefusedEdit } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import type { Wanted } from "./wanted.ts";
import { renamedBy } from "./with-moves.ts";

/** Each costs a whole evaluation of the stacks that see it. */
const MOST_RENAMINGS = 8;

/** What comes of renaming instances: the edits, or why there are none, where that is for another reason than their effects. */
export interface Renamings {
  readonly proven: readonly ProvenEdit[];
  readonly why: string | null;
}

/**
 * The edits that give an instance what is wanted by another key, with the `moved` blocks that keep Terraform from making
 * it anew, the cheapest first. `leading`: candidates that were found to take the instance away, which may be such.
 * `refused`: as in `prove`.
 */
export function adoptByRenaming(
  repository: Repository,
  goal: Goal,
  change: WantedChange,
  sought: Wanted,
  leading: readonly Candidate[],
  refused: RefusedEdit[],
): Renamings {
  const instance = instanceOf(repository, goal);
  if (instance === null) return { proven: [], why: null };
  const candidates = [
    ...leading.filter(({ constant, alone }) => constant !== true && alone !== true),
    ...renamingsFor(instance, change.path, sought),
  ].toSorted((a, b) => a.cost - b.cost);
  let why: string | null = null;
  const proven: ProvenEdit[] = [];
  for (const candidate of candidates.slice(0, MOST_RENAMINGS)) {
    const edits = withOwnMove(repository, goal, candidate);
    if (typeof edits === "string") why ??= edits;
    if (edits === null || typeof edits === "string") continue;
    const blind = blindRefusal(repository, goal.stack, new Set(edits.map(({ file }) => file)));
    why ??= blind;
    if (blind !== null) continue;
    const found = prove(repository, goal, change, { edits, cost: candidate.cost }, "any", refused);
    if (found === null || typeof found === "string") continue;
    proven.push(found);
    if (found.verdict === "exact") break;
  }
  return { proven, why: proven.length === 0 ? why : null };
}

/** The edits with those of what moves with them; null where they do not rename the instance, or why they cannot. */
function withOwnMove(
  repository: Repository,
  goal: Goal,
  { edits }: Candidate,
): Candidate["edits"] | string | null {
  const { renamed, isAll } = renamedBy(repository, edits) ?? { renamed: [], isAll: false };
  const isMoved = renamed.some(({ stack, address }) => stack.name === goal.stack && address === goal.address);
  if (!isAll || !isMoved) return null;
  const moves = editsOfMoves(repository, renamed);
  return typeof moves === "string" ? moves : [...edits, ...moves];
}
