import type { Adoption, Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { type Json, jsonAt } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { spliceBetween } from "./compose.ts";
import { unifiedDiff } from "./diff.ts";
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
import { explainRefusal } from "./refusal.ts";
import { isInstalledModule, sharedModules } from "./shared-modules.ts";
import { means } from "./wanted.ts";
import { effectsBetween, newErrors, type Repository, withEdits } from "./what-if.ts";

/** An edit that evaluation has proven. */
export interface ProvenEdit {
  readonly adoption: Adoption & { readonly verdict: "exact" | "shared" };
  /** What changes and was not asked for: none where the verdict is `exact`. */
  readonly aside: readonly Effect[];
  /** Against the files as they were. */
  readonly edits: readonly Edit[];
  /** The edited files. */
  readonly texts: ReadonlyMap<string, string>;
  readonly cost: number;
  /** The repository with the edit made. */
  readonly after: Repository;
}

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
 * Why nothing can be proven in a stack of which some code is not read (override files, JSON syntax, syntax errors): it
 * may decide any value. Null where all of it is.
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
    const inSharedModule = candidate.edits.some(({ file }) => isShared(file));
    proven.push(inSharedModule ? { ...found, cost: found.cost + IN_SHARED_MODULE } : found);
    if (proven.filter(({ adoption }) => adoption.verdict === "exact").length >= enough)
      costOfLast = candidate.cost;
  }
  if (proven.length === 0) return refuse(explainRefusal(instance, change, candidates.length));
  return { proven: rank(proven), refusal: null };
}

/** What is inside of a module that has several callers is theirs; it is changed for one of them last of all. */
const IN_SHARED_MODULE = 100;

/** Makes one change after the other, each in the best place, on top of those before it. */
function adoptSteps(repository: Repository, goal: Goal): Adopted {
  const original = instanceOf(repository, goal);
  let current = repository;
  let cost = 0;
  const texts = new Map<string, string>();
  for (const change of goal.changes) {
    const before = instanceOf(current, goal);
    if (original === null || before === null) return refuse("an edit of another change removes the instance");
    if (typeof change.path.at(-1) !== "number" && isReached(original, before, change)) continue;
    const { proven, refusal } = adoptOne(current, goal, change, 1);
    const [best] = proven;
    if (best === undefined) return refuse(refusal ?? "");
    current = best.after;
    cost += best.cost;
    for (const [path, text] of best.texts) texts.set(path, text);
  }
  const result = proofOf(repository, current, goal, texts);
  if (result === null) return refuse("the edits of its values undo one another; edit them by hand");
  const edits = [...texts].flatMap(([path, text]) => {
    const file = repository.files.get(path)?.file;
    return file === undefined ? [] : spliceBetween(file, text);
  });
  return { proven: [{ ...result, edits, texts, cost, after: current }], refusal: null };
}

function prove(
  repository: Repository,
  goal: Goal,
  change: WantedChange,
  { edits, cost }: Candidate,
): ProvenEdit | null {
  if (edits.some(({ file }) => isInstalledModule(file) || repository.files.get(file) === null)) return null;
  const edited = editedOrNull(repository, edits);
  const stack = repository.stacks.find(({ name }) => name === goal.stack);
  if (edited === null || stack === undefined) return null;
  const target = edited.after(stack);
  if (newErrors(stack.evaluation, target).length > 0) return null;
  const before = stack.evaluation.instances.get(goal.address);
  const now = target.instances.get(goal.address);
  if (before === undefined || now === undefined || !isReached(before, now, change)) return null;
  const after = edited.whole();
  const result = proofOf(repository, after, goal, edited.texts, change);
  return result && { ...result, edits, texts: edited.texts, cost, after };
}

/**
 * What the step from one repository to another does, and which of it was asked for: by the goal as a whole or, where
 * `change` is given, by that alone. Null where there are new errors, or the goal as a whole is not reached.
 */
function proofOf(
  before: Repository,
  after: Repository,
  goal: Goal,
  texts: ReadonlyMap<string, string>,
  change: WantedChange | null = null,
): Pick<ProvenEdit, "adoption" | "aside"> | null {
  const [was, is] = [instanceOf(before, goal), instanceOf(after, goal)];
  if (was === null || is === null) return null;
  const outcome = outcomeOf(was.plain().json, goal.changes);
  const outcomes = change === null ? [outcome] : [outcome, outcomeOf(was.plain().json, [change])];
  if (
    change === null &&
    !goal.changes.every((each) => isReached(was, is, each) || isListAs(is, each, outcome))
  )
    return null;
  const effects: Effect[] = [];
  for (const { name, evaluation } of before.stacks) {
    const now = after.stacks.find((stack) => stack.name === name)?.evaluation ?? evaluation;
    if (now !== evaluation && newErrors(evaluation, now).length > 0) return null;
    effects.push(...gathered(effectsBetween(name, evaluation, now), goal, was, is));
  }
  const aside = effects.filter((effect) => !isIntended(effect, goal, outcomes));
  const verdict = aside.length === 0 ? "exact" : "shared";
  const files = [...texts].map(([path, text]) => ({
    path,
    diff: unifiedDiff(path, before.files.get(path)?.file.text ?? null, text),
  }));
  const told = effects.map((effect) => narrowed(effect, goal));
  return { adoption: { files, effects: told, verdict, why: whyOf(aside) }, aside };
}

/** Elements that go move those behind them, so that a list is looked at as a whole. */
function isListAs(instance: ResourceInstance, { path }: WantedChange, outcome: Json): boolean {
  const list = path.slice(
    0,
    path.findIndex((step) => typeof step === "number"),
  );
  return list.length > 0 && means(instance.at(list), jsonAt(outcome, list) ?? null);
}

function whyOf(aside: readonly Effect[]): string {
  if (aside.length === 0) return "evaluation shows that nothing else changes";
  const others = aside.length === 1 ? "1 other value changes" : `${aside.length} other values change`;
  return `evaluation shows that ${others} with it`;
}

function editedOrNull(repository: Repository, edits: readonly Edit[]): ReturnType<typeof withEdits> | null {
  try {
    return withEdits(repository, edits);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function rank(proven: readonly ProvenEdit[]): ProvenEdit[] {
  return proven.toSorted(
    (a, b) =>
      Number(a.adoption.verdict === "shared") - Number(b.adoption.verdict === "shared") ||
      a.cost - b.cost ||
      a.adoption.effects.length - b.adoption.effects.length,
  );
}
