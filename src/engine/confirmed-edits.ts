import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { EditsApart } from "./edits-apart.ts";
import { confirmedTogether } from "./edits-at-once.ts";

/**
 * Which of some proven edits of one repository, each meant to be made alone, a whole evaluation confirms. Those that have
 * nothing to do with each other are evaluated together, and in halves where that shows anything else.
 */
export function confirmedEdits(
  repository: Repository,
  edits: readonly ProvenEdit[],
): ReadonlySet<ProvenEdit> {
  const confirmed = new Set<ProvenEdit>();
  for (let left = edits; left.length > 0; ) {
    const apart = new EditsApart(repository);
    const takers = Map.groupBy(left, (edit) => apart.taken(edit));
    for (const edit of soundIn(repository, apart.kept))
      for (const taker of takers.get(edit) ?? []) confirmed.add(taker);
    left = takers.get(null) ?? [];
  }
  return confirmed;
}

function soundIn(repository: Repository, edits: readonly ProvenEdit[]): readonly ProvenEdit[] {
  const [first, ...more] = edits;
  if (first === undefined) return [];
  if (more.length === 0) return first.confirmed() === null ? [] : edits;
  if (confirmedTogether(repository, edits) !== null) return edits;
  const half = Math.ceil(edits.length / 2);
  return [edits.slice(0, half), edits.slice(half)].flatMap((part) => soundIn(repository, part));
}
