import type { Adoption, Effect } from "../drift/model.ts";
import { type Json, jsonAt } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { spliceBetween } from "./compose.ts";
import {
  type Goal,
  gathered,
  isIntended,
  isReached,
  narrowed,
  outcomeOf,
  stepsOf,
  type WantedChange,
} from "./goal.ts";
import { type Judgement, ProvenEdit } from "./proven-edit.ts";
import { explainRefusal } from "./refusal.ts";
import { isInstalledModule, sharedModules } from "./shared-modules.ts";
import { means } from "./wanted.ts";
import { outcomesBetween, type Repository, whatIf } from "./what-if.ts";

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
  const instance = instanceOf(repository, goal);
  if (instance === null) return refuse("the code does not declare this instance");
  const secret = goal.changes.find(({ path }) => instance.isSensitive(path));
  if (secret !== undefined) return refuse(`${printPath(secret.path)} is sensitive; edit it by hand`);
  const steps = stepsOf(instance, goal);
  const whole = { ...goal, changes: steps };
  const [only, ...more] = steps;
  if (only === undefined) return refuse("the code says this already");
  return more.length === 0 ? adoptOne(repository, whole, only, enough) : adoptSteps(repository, whole);
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

function refuse(refusal: string): Adopted {
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
  const candidates = candidatesFor(instance, change.path, change.wanted);
  const isShared = sharedModules(repository);
  const proven: ProvenEdit[] = [];
  let costOfLast = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    // Dearer than enough exact ones: it could not be better.
    if (candidate.cost > costOfLast) break;
    const found = prove(repository, goal, change, candidate);
    if (found === null) continue;
    proven.push(candidate.edits.some(({ file }) => isShared(file)) ? found.at(IN_SHARED_MODULE) : found);
    if (proven.filter(({ verdict }) => verdict === "exact").length >= enough) costOfLast = candidate.cost;
  }
  if (proven.length === 0) return refuse(explainRefusal(instance, change, candidates.length));
  return { proven: rank(proven), refusal: null };
}

/** What is inside of a module that has several callers is theirs; it is changed for one of them last of all. */
const IN_SHARED_MODULE = 100;

/** Makes one change after the other, each in the best place, on top of those before it. */
function adoptSteps(repository: Repository, goal: Goal): Adopted {
  const original = instanceOf(repository, goal)?.content ?? null;
  let current = repository;
  let cost = 0;
  const texts = new Map<string, string>();
  for (const change of goal.changes) {
    const before = instanceOf(current, goal)?.content ?? null;
    if (original === null || before === null) return refuse("an edit of another change removes the instance");
    if (typeof change.path.at(-1) !== "number" && isReached(original, before, change)) continue;
    const { proven, refusal } = adoptOne(current, goal, change, 1);
    const [best] = fromConfirmed(proven);
    const confirmed = best?.confirmed() ?? null;
    if (best === undefined || confirmed === null) return refuse(refusal ?? UNCONFIRMED);
    current = confirmed;
    cost += best.cost;
    for (const [path, text] of best.texts) texts.set(path, text);
  }
  const result = proofOfSteps(repository, current, goal);
  if (result === null) return refuse("the edits of its values undo one another; edit them by hand");
  const edits = [...texts].flatMap(([path, text]) => {
    const file = repository.files.get(path)?.file;
    return file === undefined ? [] : spliceBetween(file, text);
  });
  return { proven: [new ProvenEdit(repository, edits, { ...result, cost }, current)], refusal: null };
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
): ProvenEdit | null {
  if (edits.some(({ file }) => isInstalledModule(file) || repository.files.get(file) === null)) return null;
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  const before = instanceOf(repository, goal)?.content;
  if (stack === undefined || before === undefined) return null;
  return whatIfOrNull(repository, edits, (outcomeOf) => {
    const target = outcomeOf(stack);
    const now = target.errors.length > 0 ? null : target.content(goal.address);
    if (now === null || !isReached(before, now, change)) return null;
    const outcomes = repository.stacks.map(outcomeOf);
    if (outcomes.some(({ errors }) => errors.length > 0)) return null;
    const effects = outcomes.flatMap((outcome) => outcome.effects);
    const intended = [goal.changes, [change]].map((changes) => outcomeOfChanges(before, changes));
    return new ProvenEdit(repository, edits, { ...judged(effects, goal, before, now, intended), cost });
  });
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
  const aside = told.filter((effect) => !isIntended(effect, goal, intended));
  return { effects, told: told.map((effect) => narrowed(effect, goal)), aside };
}

/** Elements that go move those behind them, so that a list is looked at as a whole. */
function isListAs(instance: InstanceContent, { path }: WantedChange, outcome: Json): boolean {
  const list = path.slice(
    0,
    path.findIndex((step) => typeof step === "number"),
  );
  return list.length > 0 && means(instance.at(list), jsonAt(outcome, list) ?? null);
}

function whatIfOrNull<T>(...[repository, edits, look]: Parameters<typeof whatIf<T | null>>): T | null {
  try {
    return whatIf(repository, edits, look);
  } catch (error) {
    // Edits that overlap.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function rank(proven: readonly ProvenEdit[]): ProvenEdit[] {
  return proven.toSorted(
    (a, b) =>
      Number(a.verdict === "shared") - Number(b.verdict === "shared") ||
      a.cost - b.cost ||
      a.effects.length - b.effects.length,
  );
}
