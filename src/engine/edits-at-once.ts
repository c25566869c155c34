import { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { MadeAtOnce } from "./edited-code.ts";
import { EditsApart } from "./edits-apart.ts";
import { isReachedNow, type WantedFinding, type Wish } from "./wish.ts";

/** The edit that is chosen for a finding; `goal` is what it does of what is wanted. */
export interface ChosenEdit {
  readonly finding: WantedFinding;
  readonly goal: Wish;
  readonly edit: ProvenEdit;
}

/** What came of edits that were made at once, and which of the findings they were for. */
export interface AtOnce {
  readonly made: MadeAtOnce;
  readonly findings: readonly WantedFinding[];
}

/**
 * Makes those of some edits of one repository that have nothing to do with each other: one evaluation shows whether they
 * do together what each of them does alone. Where it does not, half of them are tried, and so on; null where not even the
 * first can be made.
 */
export function madeAtOnce(repository: Repository, chosen: readonly ChosenEdit[]): AtOnce | null {
  const apart = new EditsApart(repository);
  const takers = new Map<ProvenEdit, ChosenEdit[]>();
  for (const one of chosen) {
    const kept = apart.taken(one.edit);
    if (kept !== null) takers.set(kept, [...(takers.get(kept) ?? []), one]);
  }
  for (let edits = apart.kept; edits.length > 0; edits = edits.slice(0, Math.floor(edits.length / 2))) {
    const after = confirmedTogether(repository, edits);
    const taken = edits.flatMap((edit) => takers.get(edit) ?? []);
    if (after === null || !taken.every(({ goal }) => isReachedNow(repository, after, goal))) continue;
    const made = edits.map((edit) => ({
      edit,
      wishes: (takers.get(edit) ?? []).map(({ finding }) => finding.goal),
    }));
    return {
      made: { before: repository, after, edits: made },
      findings: taken.map(({ finding }) => finding),
    };
  }
  return null;
}

/** The repository with all of some edits made that have nothing to do with each other; null where they do anything else. */
export function confirmedTogether(repository: Repository, edits: readonly ProvenEdit[]): Repository | null {
  const effects = edits.flatMap((edit) => edit.allEffects);
  const judgement = { effects, told: effects, aside: [], cost: 0 };
  const together = new ProvenEdit(
    repository,
    edits.flatMap((edit) => edit.edits),
    judgement,
  );
  return together.confirmed();
}
