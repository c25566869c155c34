import type { Effect } from "../drift/model.ts";
import type { Deletion } from "../reconcile/gone-instances.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";
import type { Repository } from "../reconcile/repository.ts";
import { isAbout, isDeletion, isWantedBy, type Wish } from "./wish.ts";

/** What all findings want, found by what it is about. */
export class Wishes {
  readonly deletions: readonly Deletion[];
  readonly #byInstance: ReadonlyMap<string, readonly Wish[]>;
  /** How many want a value somewhere. */
  readonly #counts = new Map<string, number>();

  constructor(all: readonly Wish[]) {
    this.deletions = all.filter(isDeletion);
    this.#byInstance = Map.groupBy(all, keyOfInstance);
    for (const value of all.flatMap((goal) => [...valuesOf(goal)]))
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** Whether one edit may reach this goal and another one: the same value is wanted somewhere in both. */
  isAlikeAnother(goal: Wish): boolean {
    return [...valuesOf(goal)].some((value) => (this.#counts.get(value) ?? 0) > 1);
  }

  /** The other goals whose values an effect changes. */
  about(effect: Effect, goal: Wish): readonly Wish[] {
    return this.#at(effect).filter((wish) => wish !== goal && isAbout(effect, wish));
  }

  /** The one that an effect fulfils, but for `goal`; undefined where there is none. */
  fulfilledBy(repository: Repository, effect: Effect, goal?: Wish): Wish | undefined {
    return this.#at(effect).find((wish) => wish !== goal && isWantedBy(repository, effect, wish));
  }

  #at(effect: Effect): readonly Wish[] {
    return this.#byInstance.get(keyOfInstance(effect)) ?? [];
  }
}

function valuesOf(goal: Wish): ReadonlySet<string> {
  return new Set(isDeletion(goal) ? [] : goal.changes.map(({ wanted }) => JSON.stringify(wanted)));
}
