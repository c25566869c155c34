import type { Effect } from "../drift/model.ts";
import { type Path, parsePath } from "../json/path.ts";
import { areReached, type Goal, isIntended, outcomeOf, stepsOf } from "../reconcile/goal.ts";
import type { Deletion } from "../reconcile/gone-instances.ts";
import { goalIn } from "../reconcile/moved-goal.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";

/** What a finding wants of the code: values, or an instance less. */
export type Wish = Goal | Deletion;

/** What a finding wants, by its fingerprint. */
export interface WantedFinding {
  readonly fingerprint: string;
  readonly goal: Wish;
}

export function isDeletion(goal: Wish): goal is Deletion {
  return "deleted" in goal;
}

/** Whether an edit for another finding made the code say what is wanted here too. */
export function isReachedBetween(before: Repository, after: Repository, goal: Wish): boolean {
  const was = instanceOf(before, goal)?.content;
  return was !== undefined && isReachedNow(before, after, goal) && !isSaid(was, was, goal);
}

export function isReachedNow(before: Repository, after: Repository, goal: Wish): boolean {
  return isReachedWith(before, instanceOf(after, goalIn(before, after, goal))?.content ?? null, goal);
}

/** `is`: what the code says of the instance by now; null where there is none. */
export function isReachedWith(before: Repository, is: InstanceContent | null, goal: Wish): boolean {
  const was = instanceOf(before, goal)?.content;
  return was !== undefined && isSaid(was, is ?? undefined, goal);
}

/** `is`: what the code says of the instance; undefined where there is none. */
function isSaid(was: InstanceContent, is: InstanceContent | undefined, goal: Wish): boolean {
  if (isDeletion(goal)) return is === undefined;
  return is !== undefined && areReached(was, is, goal.changes);
}

function instanceOf({ stacks }: Repository, { stack, address }: Wish): ResourceInstance | null {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address) ?? null;
}

/** Whether an effect changes what a goal is about. */
export function isAbout({ stack, address, path }: Effect, goal: Wish): boolean {
  if (address !== goal.address || stack !== goal.stack) return false;
  if (isDeletion(goal) || path === "") return isDeletion(goal) && path === "";
  const changed = parsePath(path);
  return goal.changes.some((change) => startsWith(change.path, changed) || startsWith(changed, change.path));
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

export function isWantedBy(repository: Repository, effect: Effect, goal: Wish): boolean {
  if (!isAbout(effect, goal)) return false;
  if (isDeletion(goal)) return effect.after === null;
  const instance = instanceOf(repository, goal);
  if (instance === null) return false;
  const steps = stepsOf(instance, goal);
  return isIntended(
    effect,
    { ...goal, changes: steps },
    [outcomeOf(instance.plain().json, steps)],
    instance.content,
  );
}
