import type { Adoption, Finding } from "../drift/model.ts";
import { findAdoptions, fromConfirmed, refusedAdoption, UNCONFIRMED } from "../reconcile/adoption.ts";
import { findDeletion } from "../reconcile/deletion.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { wishesBy } from "./chosen-edit.ts";
import { goalOf } from "./goals.ts";
import { isDeletion, type Wish } from "./wish.ts";

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
  const wantedBy = wishesBy(repository, others);
  return goals.map((goal) => {
    if ("refusal" in goal) return refusedAdoption(goal.refusal);
    const { proven, refusal } = isDeletion(goal)
      ? findDeletion(repository, goal, deletions)
      : findAdoptions(repository, goal, 1);
    const [best] = fromConfirmed(proven);
    if (best === undefined) return refusedAdoption(refusal ?? UNCONFIRMED);
    return { ...best.adoption, why: `${best.adoption.why}${alsoWanted(best, wantedBy)}` };
  });
}

function alsoWanted(
  { aside }: ProvenEdit,
  wantedBy: (effect: ProvenEdit["aside"][number]) => Wish | undefined,
): string {
  const count = aside.filter((effect) => wantedBy(effect) !== undefined).length;
  if (count === 0) return "";
  if (count < aside.length) return `, and ${count} of them drifted to the same value`;
  return count === 1 ? ", which drifted to the same value" : ", all of which drifted to the same value";
}
