import { blindRefusal } from "./blind-stacks.ts";
import type { Candidate } from "./candidate.ts";
import { prove, refusedEdit } from "./edit-proof.ts";
import type { Goal, WantedChange } from "./goal.ts";
import { ProvenEdit } from "./proven-edit.ts";
import type { RefusedEdit } from "./refusal.ts";
import { isArrival, isDeparture } from "./renamed-instances.ts";
import type { Repository } from "./repository.ts";
import type { MayChange } from "./what-if.ts";
import { withMoves } from "./with-moves.ts";

/** Each costs a whole evaluation of the stacks that see it. */
const MOST_MOVED = 8;

/** Proves edits that rename instances beside the one that they are for once more, with the `moved` blocks of these. */
export class MovesBeside {
  readonly #repository: Repository;
  readonly #goal: Goal;
  readonly #change: WantedChange;
  readonly #refused: RefusedEdit[];
  #left = MOST_MOVED;

  /** @param refused as in `prove` */
  constructor(repository: Repository, goal: Goal, change: WantedChange, refused: RefusedEdit[]) {
    this.#repository = repository;
    this.#goal = goal;
    this.#change = change;
    this.#refused = refused;
  }

  /** What an edit does that renames no others, or does it with their moves. Null where these cannot be. */
  proven(found: ProvenEdit | "broken", candidate: Candidate, mayChange: MayChange): ProvenEdit | null {
    const own = found === "broken" ? null : found;
    if (own !== null && !(own.allEffects.some(isDeparture) && own.allEffects.some(isArrival))) return own;
    if (this.#goal.keepsKeys === true) return own;
    if (this.#left === 0) return null;
    this.#left -= 1;
    const edits = withMoves(this.#repository, candidate.edits);
    if (edits === null) return own;
    if (typeof edits === "string") return this.#refuse(candidate, edits);
    const blind = blindRefusal(this.#repository, this.#goal.stack, new Set(edits.map(({ file }) => file)));
    if (blind !== null) return this.#refuse(candidate, blind);
    const moved = prove(
      this.#repository,
      this.#goal,
      this.#change,
      { ...candidate, edits },
      mayChange,
      this.#refused,
    );
    return moved instanceof ProvenEdit ? moved : null;
  }

  #refuse({ edits }: Candidate, message: string): null {
    this.#refused.push(...refusedEdit(this.#repository, edits, { message, range: null }));
    return null;
  }
}
