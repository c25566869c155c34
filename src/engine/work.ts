import type { Repository } from "../reconcile/repository.ts";

/** So many instances are evaluated in less than half of the time that the engine has, also on a slow machine. */
const MOST_WORK = 200_000;
/** What the smallest evaluation costs, or a search for an edit that changes one value. */
const LEAST = 50;

/**
 * How much is done to find edits, as a number of instances that are evaluated: no clock, so that one and the same set of
 * findings is adopted by each scan.
 */
export class Work {
  #left: number;

  constructor(most = MOST_WORK) {
    this.#left = most;
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }

  /** @param instances that were looked at */
  spend(instances: number): void {
    this.#left -= LEAST + instances;
  }

  /** A repository whose evaluations count. */
  counted(repository: Repository): Repository {
    return {
      ...repository,
      evaluate: (files, inputs) => {
        const evaluation = repository.evaluate(files, inputs);
        this.spend(evaluation.instances.size);
        return evaluation;
      },
    };
  }
}
