import { BudgetExceeded } from "../hcl/functions/function.ts";
import { isJsonArray } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { adoptOne, distinct, isOfDocument } from "./adopt-one.ts";
import { adoptSteps } from "./adopt-steps.ts";
import { type Adopted, refuse } from "./adopted.ts";
import { LOST_INTERPOLATION } from "./candidate.ts";
import { hasSeveralParts } from "./document-parts.ts";
import { instanceOf } from "./edit-proof.ts";
import { type Goal, isReached, stepsOf, type WantedChange } from "./goal.ts";
import { placeText } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import type { MayChange } from "./what-if.ts";
import { withWholeBudget } from "./whole-budget.ts";

export { type Adopted, fromConfirmed, refusedAdoption, UNCONFIRMED } from "./adopted.ts";

/** Edits for a goal that has more than one change, or the first of several alternatives. */
const MOST_OFFERED = 5;

/**
 * The edits that make the code say what is wanted of one instance, the best first, each proven by evaluating every
 * stack that sees the edited files; or the reason why there is none. `enough`: how many exact ones are looked for.
 * `besides`: what others may change, where there is an exact one; it must not look at the evaluation.
 */
export function findAdoptions(
  repository: Repository,
  goal: Goal,
  enough = MOST_OFFERED,
  besides: MayChange = "any",
): Adopted {
  const unread = unreadRefusal(repository, goal.stack);
  if (unread !== null) return refuse(unread);
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const instance = instanceOf(repository, goal);
  if (stack === undefined || instance === null) return refuse("the code does not declare this instance");
  try {
    return withWholeBudget(stack.evaluation, () => adopt(repository, goal, instance, enough, besides));
  } catch (error) {
    if (error instanceof BudgetExceeded) return refuse(`${error.message}; edit it by hand`);
    throw error;
  }
}

function adopt(
  repository: Repository,
  goal: Goal,
  instance: ResourceInstance,
  enough: number,
  besides: MayChange,
): Adopted {
  const secret = goal.changes.find(({ path }) => instance.isSensitive(path));
  if (secret !== undefined) return refuse(`${printPath(secret.path)} is sensitive; edit it by hand`);
  const kept = keptRefusal(instance, goal);
  if (kept !== null) return refuse(kept);
  const steps = stepsOf(instance, goal);
  const whole = { ...goal, changes: steps };
  const [only, ...more] = steps;
  if (only === undefined || isSaid(instance, only)) return refuse("the code says this already");
  if (more.length > 0) return adoptSteps(repository, whole);
  const adopted = adoptOne(repository, whole, only, enough, besides);
  if (adopted.refusal !== null) return isOfDocument(instance, only) ? adoptSteps(repository, whole) : adopted;
  return withParts(adopted, instance, only, () => adoptSteps(repository, whole, true));
}

/** What is offered, after the same in parts where that keeps more of what the code computes. */
function withParts(
  adopted: Adopted,
  instance: ResourceInstance,
  { path, wanted }: WantedChange,
  inParts: () => Adopted,
): Adopted {
  const [atOnce] = adopted.proven;
  if (atOnce === undefined || atOnce.cost < LOST_INTERPOLATION || wanted === "absent") return adopted;
  if (!hasSeveralParts(instance.at(path), wanted.value)) return adopted;
  const [edit] = inParts().proven;
  if (edit === undefined || edit.cost >= atOnce.cost) return adopted;
  return edit.verdict === "exact" || atOnce.verdict === "shared"
    ? { proven: distinct([edit, ...adopted.proven]), refusal: null }
    : adopted;
}

/** Whether a list that is wanted differs from the code's in the order of its elements at most, and that means nothing. */
function isSaid({ content }: ResourceInstance, change: WantedChange): boolean {
  const { path, wanted } = change;
  if (wanted === "absent" || !isJsonArray(wanted.value) || typeof path.at(-1) === "number") return false;
  return wanted.value.length > 1 && isReached(content, content, change);
}

function keptRefusal(instance: ResourceInstance, { changes }: Goal): string | null {
  for (const { path } of changes) {
    const kept = instance.keptAt(path);
    if (kept !== null)
      return `ignore_changes at ${placeText(kept)} leaves ${printPath(path)} as the state has it, whatever the code says`;
  }
  return null;
}

/**
 * Why nothing can be proven in a stack of which some code is not known (syntax errors, files that cannot be read, an
 * evaluation that had to stop): it may decide any value. Null where all of it is.
 */
export function unreadRefusal({ stacks }: Repository, stack: string): string | null {
  const [file, ...more] = stacks.find(({ name }) => name === stack)?.evaluation.broken ?? [];
  if (file === undefined) return null;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return `${file}${others} could not be read in full, and what it says may decide this value; edit it by hand`;
}
