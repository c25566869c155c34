import type { Effect } from "../drift/model.ts";
import { type Adopted, findAdoptions } from "../reconcile/adoption.ts";
import { findDeletion } from "../reconcile/deletion.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { whyShared } from "./why-shared.ts";
import { isDeletion, type Wish } from "./wish.ts";
import type { Wishes } from "./wishes.ts";

const MOST_ALTERNATIVES = 5;

/**
 * The edit for what a finding wants that others want most: a literal that they share is changed once, not overridden for
 * each of them. Else the first that changes nothing beside. Where each of them changes what nobody wants changed, the
 * reason why not.
 * @param isOnAbsent whether an effect is on an instance that the cloud does not have: that contradicts nothing
 */
export function chosenFor(
  repository: Repository,
  goal: Wish,
  wishes: Wishes,
  isOnAbsent: (effect: Effect) => boolean,
  ownMaps = false,
): ProvenEdit | string {
  const { proven, refusal } = find(repository, goal, wishes, isOnAbsent, ownMaps);
  if (refusal !== null) return refusal;
  const wantedBy = (effect: Effect) => wishes.fulfilledBy(repository, effect, goal);
  const best = bestOf(proven, wantedBy, isOnAbsent);
  if (best !== null) return best;
  const unwanted = (effect: Effect) => wantedBy(effect) === undefined && !isOnAbsent(effect);
  return whyShared(repository, goal, proven, wishes, unwanted);
}

function find(
  repository: Repository,
  goal: Wish,
  wishes: Wishes,
  isOnAbsent: (effect: Effect) => boolean,
  ownMaps: boolean,
): Adopted {
  if (isDeletion(goal)) return findDeletion(repository, goal, wishes.deletions);
  const wanted = { ...goal, ...(ownMaps ? { ownMaps: true as const } : { keepsKeys: true as const }) };
  if (!wishes.isAlikeAnother(goal)) return findAdoptions(repository, wanted, 1);
  const mayBeWanted = (effect: Effect) => isOnAbsent(effect) || wishes.about(effect, goal).length > 0;
  return findAdoptions(repository, wanted, MOST_ALTERNATIVES, mayBeWanted);
}

/** Of those that change nothing that nobody wants the one that serves most, the first of these. */
function bestOf(
  proven: readonly ProvenEdit[],
  wantedBy: (effect: Effect) => Wish | undefined,
  isOnAbsent: (effect: Effect) => boolean,
): ProvenEdit | null {
  let best: { edit: ProvenEdit; served: number } | null = null;
  for (const edit of proven) {
    const served = new Set<Wish>();
    const isRight = edit.aside.every((effect) => {
      const wish = wantedBy(effect);
      if (wish !== undefined) served.add(wish);
      return wish !== undefined || isOnAbsent(effect);
    });
    if (isRight && (best === null || served.size > best.served)) best = { edit, served: served.size };
  }
  return best?.edit ?? null;
}
