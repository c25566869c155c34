import { type Goal, isReached, stepsOf, type WantedChange } from "../reconcile/goal.ts";
import { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import type { MadeAtOnce } from "./edited-code.ts";
import { type ChosenEdit, madeAtOnce } from "./edits-at-once.ts";
import { isDeletion, isReachedNow, type WantedFinding } from "./wish.ts";

/** What came of edits for findings that need several steps each. */
export interface StepsAtOnce {
  /** One on top of the other. */
  readonly made: readonly MadeAtOnce[];
  readonly findings: readonly WantedFinding[];
}

/** How often it is begun again without those of which a step could not be made. */
const MOST_ATTEMPTS = 3;
const MOST_PASSES = 60;

/** The changes that are to be made one after the other; none where one edit will do. */
function stepsFor(repository: Repository, { goal }: WantedFinding): readonly WantedChange[] {
  const instance = isDeletion(goal) ? null : instanceIn(repository, goal);
  if (isDeletion(goal) || instance === null) return [];
  const steps = stepsOf(instance, goal);
  return steps.length > 1 ? steps : [];
}

/**
 * Makes the next step of each of several findings at once, until all of them are reached. Those of which a step cannot
 * be made so are left, with nothing of them made.
 */
export function madeByStepsAtOnce(
  repository: Repository,
  findings: readonly WantedFinding[],
  choose: (repository: Repository, goal: Goal) => ProvenEdit | string,
): StepsAtOnce {
  let open = findings.filter((each) => stepsFor(repository, each).length > 0);
  for (let attempt = 0; attempt < MOST_ATTEMPTS && open.length > 1; attempt += 1) {
    const result = new Passes(repository, open, choose).result();
    if (result.failed.size === 0) return { made: result.made, findings: open };
    open = open.filter((each) => !result.failed.has(each));
  }
  return { made: [], findings: [] };
}

interface Progress {
  readonly finding: WantedFinding;
  readonly goal: Goal;
  readonly original: InstanceContent;
  readonly steps: readonly WantedChange[];
  /** How many of the steps are made. */
  at: number;
}

class Passes {
  readonly #first: Repository;
  readonly #choose: (repository: Repository, goal: Goal) => ProvenEdit | string;
  readonly #all: readonly Progress[];
  readonly #failed = new Set<WantedFinding>();

  constructor(
    repository: Repository,
    findings: readonly WantedFinding[],
    choose: (repository: Repository, goal: Goal) => ProvenEdit | string,
  ) {
    this.#first = repository;
    this.#choose = choose;
    this.#all = findings.flatMap((finding): Progress[] => {
      const { goal } = finding;
      const original = isDeletion(goal) ? null : (instanceIn(repository, goal)?.content ?? null);
      if (isDeletion(goal) || original === null) return [];
      return [{ finding, goal, original, steps: stepsFor(repository, finding), at: 0 }];
    });
  }

  /** Nothing of it may be made where one has failed: others stand on the steps of that one. */
  result(): { readonly made: readonly MadeAtOnce[]; readonly failed: ReadonlySet<WantedFinding> } {
    const made: MadeAtOnce[] = [];
    let current = this.#first;
    for (let pass = 0; pass < MOST_PASSES; pass += 1) {
      const chosen = this.#all.flatMap((one) => this.#next(current, one));
      const together = chosen.length === 0 ? null : madeAtOnce(current, chosen);
      if (together === null) break;
      made.push(together.made);
      current = together.made.after;
      const isMade = new Set(together.findings);
      for (const one of this.#all) if (isMade.has(one.finding)) one.at += 1;
    }
    for (const { finding, goal } of this.#all)
      if (!isReachedNow(this.#first, current, goal)) this.#failed.add(finding);
    return { made, failed: this.#failed };
  }

  #next(current: Repository, one: Progress): ChosenEdit[] {
    const { finding, goal, original, steps } = one;
    if (this.#failed.has(finding)) return [];
    const now = instanceIn(current, goal)?.content ?? null;
    if (now === null) return [];
    for (let step = steps[one.at]; step !== undefined; step = steps[one.at]) {
      const isDone = typeof step.path.at(-1) !== "number" && isReached(original, now, step);
      if (!isDone) {
        const own = { ...goal, changes: [step] };
        const edit = this.#choose(current, own);
        if (edit instanceof ProvenEdit) return [{ finding, goal: own, edit }];
        this.#failed.add(finding);
        return [];
      }
      one.at += 1;
    }
    return [];
  }
}

function instanceIn({ stacks }: Repository, { stack, address }: Goal): ResourceInstance | null {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address) ?? null;
}
