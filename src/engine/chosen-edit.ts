import type { Effect } from "../drift/model.ts";
import { type Adopted, findAdoptions } from "../reconcile/adoption.ts";
import { findDeletion } from "../reconcile/deletion.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { whyShared } from "./why-shared.ts";
import { isAlike, isDeletion, isWantedBy, type Wish } from "./wish.ts";

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
  others: readonly Wish[],
  isOnAbsent: (effect: Effect) => boolean,
  ownMaps = false,
): ProvenEdit | string {
  const wanted = ownMaps && !isDeletion(goal) ? { ...goal, ownMaps: true as const } : goal;
  const { proven, refusal } = find(repository, wanted, others);
  if (refusal !== null) return refusal;
  const wantedBy = wishesBy(repository, others);
  const best = bestOf(proven, wantedBy, isOnAbsent);
  if (best !== null) return best;
  const unwanted = (effect: Effect) => wantedBy(effect) === undefined && !isOnAbsent(effect);
  return whyShared(repository, goal, proven, others, unwanted);
}

function find(repository: Repository, goal: Wish, others: readonly Wish[]): Adopted {
  if (isDeletion(goal)) return findDeletion(repository, goal, others.filter(isDeletion));
  const isShared = others.some((other) => !isDeletion(other) && isAlike(goal, other));
  return findAdoptions(repository, goal, isShared ? MOST_ALTERNATIVES : 1);
}

/** Which of some wishes an effect fulfils. */
export function wishesBy(
  repository: Repository,
  wishes: readonly Wish[],
): (effect: Effect) => Wish | undefined {
  const byInstance = Map.groupBy(wishes, instanceOf);
  return (effect) => byInstance.get(instanceOf(effect))?.find((wish) => isWantedBy(repository, effect, wish));
}

function instanceOf({ stack = "", address }: Pick<Effect, "stack" | "address">): string {
  return JSON.stringify([stack, address]);
}

function bestOf(
  proven: readonly ProvenEdit[],
  wantedBy: (effect: Effect) => Wish | undefined,
  isOnAbsent: (effect: Effect) => boolean,
): ProvenEdit | null {
  let best: { edit: ProvenEdit; served: number } | null = null;
  for (const edit of proven) {
    const served = edit.aside.map((effect) => wantedBy(effect) ?? (isOnAbsent(effect) ? null : undefined));
    if (served.includes(undefined)) continue;
    const count = new Set(served.filter((wish) => wish !== null)).size;
    if (best === null || count > best.served) best = { edit, served: count };
  }
  return best?.edit ?? null;
}
