import type { Adoption, Finding } from "../drift/model.ts";
import {
  type Adopted,
  findAdoptions,
  fromConfirmed,
  refusedAdoption,
  UNCONFIRMED,
} from "../reconcile/adoption.ts";
import { findDeletion } from "../reconcile/deletion.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { confirmedEdits } from "./confirmed-edits.ts";
import { goalOf } from "./goals.ts";
import { isDeletion, type Wish } from "./wish.ts";
import { Wishes } from "./wishes.ts";

/**
 * For each finding the edit that is best for it, whatever others want; it says where what else changes with it is what
 * others want as well. Deleted instances that are given together may go together.
 */
export function adoptionsAlone(
  repository: Repository,
  stack: string,
  findings: readonly Finding[],
  others: readonly Wish[],
): readonly Adoption[] {
  const goals = findings.map((finding) => goalOf(stack, finding, repository));
  const deletions = goals.filter((goal) => "deleted" in goal);
  const wishes = new Wishes(others);
  const wantedBy: WantedBy = (effect) => wishes.fulfilledBy(repository, effect);
  const found = goals.map((goal): Adopted => {
    if ("refusal" in goal) return { proven: [], refusal: goal.refusal };
    return isDeletion(goal) ? findDeletion(repository, goal, deletions) : findAdoptions(repository, goal, 1);
  });
  const confirmed = confirmedEdits(
    repository,
    found.flatMap(({ proven }) => proven.slice(0, 1)),
  );
  return found.map(({ proven, refusal }) => {
    const [first, ...others] = proven;
    const best = first !== undefined && confirmed.has(first) ? first : fromConfirmed(others)[0];
    if (best === undefined) return refusedAdoption(refusal ?? UNCONFIRMED);
    return { ...best.adoption, why: `${best.adoption.why}${alsoWanted(best, wantedBy)}` };
  });
}

type WantedBy = (effect: ProvenEdit["aside"][number]) => Wish | undefined;

function alsoWanted({ aside }: ProvenEdit, wantedBy: WantedBy): string {
  const count = aside.filter((effect) => wantedBy(effect) !== undefined).length;
  if (count === 0) return "";
  if (count < aside.length) return `, and ${count} of them drifted to the same value`;
  return count === 1 ? ", which drifted to the same value" : ", all of which drifted to the same value";
}
