import type { Adoption, Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import { isJsonArray, type Json, jsonAt } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { blindRefusal } from "./blind-stacks.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { spliceBetween } from "./compose.ts";
import { orderAt } from "./element-order.ts";
import {
  type Goal,
  gathered,
  isIntended,
  isReached,
  isReachedAlone,
  narrowed,
  outcomeOf,
  stepsOf,
  type WantedChange,
} from "./goal.ts";
import { toldDifference } from "./policy-difference.ts";
import { firstDifference, inFormOfText, nextPolicyText } from "./policy-text.ts";
import { provenAmong } from "./proof-search.ts";
import { type Judgement, ProvenEdit } from "./proven-edit.ts";
import { explainRefusal, placeText, type RefusedEdit } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import { isInstalledModule, sharedModules } from "./shared-modules.ts";
import { means, type Wanted } from "./wanted.ts";
import { outcomesBetween, whatIf, whatIfFor } from "./what-if.ts";
import { withWholeBudget } from "./whole-budget.ts";

export type Adopted =
  | { readonly proven: readonly ProvenEdit[]; readonly refusal: null }
  | { readonly proven: readonly []; readonly refusal: string };

/** Edits for a goal that has more than one change, or the first of several alternatives. */
const MOST_OFFERED = 5;

/**
 * The edits that make the code say what is wanted of one instance, the best first, each proven by evaluating every
 * stack that sees the edited files; or the reason why there is none. `enough`: how many exact ones are looked for.
 */
export function findAdoptions(repository: Repository, goal: Goal, enough = MOST_OFFERED): Adopted {
  const unread = unreadRefusal(repository, goal.stack);
  if (unread !== null) return refuse(unread);
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const instance = instanceOf(repository, goal);
  if (stack === undefined || instance === null) return refuse("the code does not declare this instance");
  try {
    return withWholeBudget(stack.evaluation, () => adopt(repository, goal, instance, enough));
  } catch (error) {
    if (error instanceof BudgetExceeded) return refuse(`${error.message}; edit it by hand`);
    throw error;
  }
}

function adopt(repository: Repository, goal: Goal, instance: ResourceInstance, enough: number): Adopted {
  const secret = goal.changes.find(({ path }) => instance.isSensitive(path));
  if (secret !== undefined) return refuse(`${printPath(secret.path)} is sensitive; edit it by hand`);
  const kept = keptRefusal(instance, goal);
  if (kept !== null) return refuse(kept);
  const steps = stepsOf(instance, goal);
  const whole = { ...goal, changes: steps };
  const [only, ...more] = steps;
  if (only === undefined || isSaid(instance, only)) return refuse("the code says this already");
  if (more.length > 0) return adoptSteps(repository, whole);
  const adopted = adoptOne(repository, whole, only, enough);
  return adopted.refusal !== null && isOfPolicy(instance, only) ? adoptSteps(repository, whole) : adopted;
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

/** No edit, and why. */
export function refuse(refusal: string): Adopted {
  return { proven: [], refusal };
}

/** What is printed for an edit that cannot be offered. */
export function refusedAdoption(why: string): Adoption {
  return { files: [], effects: [], verdict: "refused", why };
}

function instanceOf({ stacks }: Repository, { stack, address }: Goal): ResourceInstance | null {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address) ?? null;
}

function adoptOne(repository: Repository, goal: Goal, change: WantedChange, enough: number): Adopted {
  const instance = instanceOf(repository, goal);
  if (instance === null) return refuse("an edit before this one removed the instance");
  const candidates = candidatesFor(instance, change.path, soughtFor(instance, change));
  let blind: string | null = null;
  const refused: RefusedEdit[] = [];
  const proven = provenAmong(withCosts(repository, candidates), enough, (candidate, alone) => {
    const why = blindRefusal(repository, goal.stack, new Set(candidate.edits.map(({ file }) => file)));
    blind ??= why;
    return why === null ? prove(repository, goal, change, candidate, alone, refused) : null;
  });
  if (proven.length === 0) return refuse(blind ?? whyNone(instance, change, candidates.length, refused[0]));
  return { proven: distinct(rank(proven)), refusal: null };
}

/** What the edits look for: of a policy, the wanted one in the form that it has now, or the next step towards it. */
function soughtFor(instance: ResourceInstance, { path, wanted, partly }: WantedChange): Wanted {
  if (wanted === "absent") return wanted;
  const now = instance.at(path);
  const next = partly === true ? nextPolicyText(now, wanted.value) : null;
  return { value: next ?? inFormOfText(now, wanted.value) };
}

function whyNone(
  instance: ResourceInstance,
  change: WantedChange,
  tried: number,
  refused: RefusedEdit | undefined,
): string {
  const why = explainRefusal(instance, change, tried, refused);
  const { path, wanted, partly } = change;
  const first =
    partly !== true || wanted === "absent" ? null : firstDifference(instance.at(path), wanted.value);
  return first === null ? why : `in the policy ${toldDifference(first)}: ${why}`;
}

function isOfPolicy(instance: ResourceInstance, { path, wanted }: WantedChange): boolean {
  return wanted !== "absent" && firstDifference(instance.at(path), wanted.value) !== null;
}

/** What is inside of a module that has several callers is theirs; it is changed for one of them last of all. */
export const IN_SHARED_MODULE = 100;

/** With what a place in a shared module costs more, the cheapest ones first. */
function withCosts(repository: Repository, candidates: readonly Candidate[]): readonly Candidate[] {
  const isShared = sharedModules(repository);
  return candidates
    .map(({ edits, cost }) => {
      const inShared = edits.some(({ file }) => isShared(file));
      return { edits, cost: inShared ? cost + IN_SHARED_MODULE : cost };
    })
    .sort((a, b) => a.cost - b.cost);
}

/** Makes one change after the other, each in the best place, on top of those before it. */
function adoptSteps(repository: Repository, goal: Goal): Adopted {
  const original = instanceOf(repository, goal)?.content ?? null;
  let made: Made = { repository, cost: 0, texts: new Map() };
  for (const change of goal.changes) {
    const before = instanceOf(made.repository, goal)?.content ?? null;
    if (original === null || before === null) return refuse("an edit of another change removes the instance");
    if (typeof change.path.at(-1) !== "number" && isReached(original, before, change)) continue;
    const next = makeChange(made, goal, change);
    if (typeof next === "string") return refuse(next);
    made = next;
  }
  const result = proofOfSteps(repository, made.repository, goal);
  if (result === null) return refuse("the edits of its values undo one another; edit them by hand");
  const edits = [...made.texts].flatMap(([path, text]) => {
    const file = repository.files.get(path)?.file;
    return file === undefined ? [] : spliceBetween(file, text);
  });
  const judged = { ...result, cost: made.cost };
  return { proven: [new ProvenEdit(repository, edits, judged, made.repository)], refusal: null };
}

/** Changes that are made already, one on top of the other. */
interface Made {
  readonly repository: Repository;
  readonly cost: number;
  /** The edited files. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A change made at once or, where that cannot be and it is one of a policy, in parts; or why it cannot be made. */
function makeChange(made: Made, goal: Goal, change: WantedChange): Made | string {
  const next = makeBest(made, goal, change);
  const instance = instanceOf(made.repository, goal);
  if (typeof next !== "string" || instance === null || !isOfPolicy(instance, change)) return next;
  return makeInParts(made, goal, { ...change, partly: true });
}

const MOST_PARTS = 100;

function makeInParts(made: Made, goal: Goal, change: WantedChange): Made | string {
  let current = made;
  for (let parts = 0; parts < MOST_PARTS; parts += 1) {
    const instance = instanceOf(current.repository, goal);
    if (instance === null || !isOfPolicy(instance, change)) return current;
    const next = makeBest(current, goal, change);
    if (typeof next === "string") return next;
    current = next;
  }
  return `the policy differs in more than ${MOST_PARTS} places; edit it by hand`;
}

function makeBest({ repository, cost, texts }: Made, goal: Goal, change: WantedChange): Made | string {
  const { proven, refusal } = adoptOne(repository, goal, change, 1);
  const [best] = fromConfirmed(proven);
  const confirmed = best?.confirmed() ?? null;
  if (best === undefined || confirmed === null) return refusal ?? UNCONFIRMED;
  return { repository: confirmed, cost: cost + best.cost, texts: new Map([...texts, ...best.texts]) };
}

/** Why an edit is not offered of which the proof and the whole evaluation differ. */
export const UNCONFIRMED = "the whole evaluation does not show what the edit's own does; edit it by hand";

/** The edits without those at the front that the whole evaluation does not confirm: the first one may be made. */
export function fromConfirmed(proven: readonly ProvenEdit[]): readonly ProvenEdit[] {
  const first = proven.findIndex((edit) => edit.confirmed() !== null);
  return first === -1 ? [] : proven.slice(first);
}

function prove(
  repository: Repository,
  goal: Goal,
  change: WantedChange,
  { edits, cost }: Candidate,
  alone: boolean,
  refused: RefusedEdit[],
): ProvenEdit | "shared" | null {
  if (edits.some(({ file }) => isInstalledModule(file) || repository.files.get(file) === null)) return null;
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const before = instanceOf(repository, goal)?.content;
  if (stack === undefined || before === undefined) return null;
  const isWanted = (now: InstanceContent) => isReachedAlone(before, now, change);
  const aim = { stack: goal.stack, address: goal.address, isReached: isWanted, alone };
  const look: Parameters<typeof whatIf<ProvenEdit | null>>[2] = (outcomeOf) => {
    const target = outcomeOf(stack);
    const now = target.content(goal.address);
    if (now === null || !isWanted(now)) return null;
    const outcomes = target.errors.length > 0 ? [target] : repository.stacks.map(outcomeOf);
    const [error] = outcomes.flatMap(({ errors }) => errors);
    if (error !== undefined) {
      refused.push(...refusedEdit(repository, edits, error));
      return null;
    }
    const effects = outcomes.flatMap((outcome) => outcome.effects);
    // A step towards a policy is what was asked for, too.
    const reached = { ...change, wanted: { value: now.at(change.path) ?? null } };
    const steps = change.partly === true ? [goal.changes, [reached]] : [goal.changes, [change]];
    const intended = steps.map((changes) => outcomeOfChanges(before, changes));
    return new ProvenEdit(repository, edits, { ...judged(effects, goal, before, now, intended), cost });
  };
  const found = unlessOverlapping(() => whatIfFor(repository, edits, aim, look));
  return found === "unreached" ? null : found;
}

function refusedEdit({ files }: Repository, edits: readonly Edit[], { message }: Diagnostic): RefusedEdit[] {
  const [first] = edits;
  const file = first === undefined ? undefined : files.get(first.file)?.file;
  if (first === undefined || file === undefined) return [];
  return [{ at: { file, start: first.start, end: first.end }, error: message }];
}

function outcomeOfChanges(content: InstanceContent, changes: readonly WantedChange[]): Json {
  return outcomeOf(content.plain().json, changes);
}

/** What several edits do, made one after the other. Null where there are new errors, or the goal is not reached. */
function proofOfSteps(before: Repository, after: Repository, goal: Goal): Judgement | null {
  const [was, is] = [instanceOf(before, goal)?.content, instanceOf(after, goal)?.content];
  if (was === undefined || is === undefined) return null;
  const outcome = outcomeOfChanges(was, goal.changes);
  if (!goal.changes.every((each) => isReached(was, is, each) || isListAs(is, each, outcome))) return null;
  const outcomes = outcomesBetween(before, after);
  if (outcomes.some(({ errors }) => errors.length > 0)) return null;
  const effects = outcomes.flatMap((each) => each.effects);
  return judged(effects, goal, was, is, [outcome]);
}

/** Which effects were asked for: those that lead to one of the intended outcomes. */
function judged(
  effects: readonly Effect[],
  goal: Goal,
  was: InstanceContent,
  is: InstanceContent,
  intended: readonly Json[],
): Judgement {
  const told = gathered(effects, goal, was, is);
  const aside = told.filter((effect) => !isIntended(effect, goal, intended, was));
  return { effects, told: told.map((effect) => narrowed(effect, goal)), aside };
}

/** Elements that go move those behind them, so that a list is looked at as a whole. */
function isListAs(instance: InstanceContent, { path }: WantedChange, outcome: Json): boolean {
  const list = path.slice(
    0,
    path.findIndex((step) => typeof step === "number"),
  );
  const wanted = jsonAt(outcome, list) ?? null;
  return list.length > 0 && means(instance.at(list), wanted, orderAt(instance, list));
}

/** What edits do, as `whatIf` lets one look at it; null where they overlap. */
export function whatIfOrNull<T>(...[repository, edits, look]: Parameters<typeof whatIf<T | null>>): T | null {
  return unlessOverlapping(() => whatIf(repository, edits, look));
}

function unlessOverlapping<T>(tryOut: () => T): T | null {
  try {
    return tryOut();
  } catch (error) {
    // Edits that overlap.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Without those that write what one before them does. */
function distinct(proven: readonly ProvenEdit[]): readonly ProvenEdit[] {
  if (proven.length < 2) return proven;
  const seen = new Set<string>();
  return proven.filter(({ texts }) => {
    const key = JSON.stringify([...texts].sort());
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function rank(proven: readonly ProvenEdit[]): ProvenEdit[] {
  return proven.toSorted(
    (a, b) =>
      Number(a.verdict === "shared") - Number(b.verdict === "shared") ||
      a.cost - b.cost ||
      a.effects.length - b.effects.length,
  );
}
