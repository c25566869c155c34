import type { Adoption, Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/edit.ts";
import { isJsonArray, type Json } from "../json/json.ts";
import { type Path, parsePath, printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { unifiedDiff } from "./diff.ts";
import { explainRefusal } from "./refusal.ts";
import { means, type Wanted } from "./wanted.ts";
import { type Consequences, type Repository, whatIf } from "./what-if.ts";

/** A value that the code should have: where, and what. */
export interface Goal {
  readonly stack: string;
  readonly address: string;
  readonly changes: readonly { readonly path: Path; readonly wanted: Wanted }[];
}

/** An edit that evaluation has proven, with the files as they would be. */
export interface ProvenEdit {
  readonly adoption: Adoption & { readonly verdict: "exact" | "shared" };
  readonly edits: readonly Edit[];
  readonly texts: ReadonlyMap<string, string>;
  readonly cost: number;
}

export type Adopted =
  | { readonly proven: readonly ProvenEdit[]; readonly refusal: null }
  | { readonly proven: readonly []; readonly refusal: string };

const MOST_OFFERED = 5;

/**
 * The edits that make the code say what is wanted of one instance, the best first, each proven by evaluating every
 * stack that sees the edited files; or the reason why there is none.
 */
export function findAdoptions(repository: Repository, goal: Goal): Adopted {
  const instance = repository.stacks
    .find(({ name }) => name === goal.stack)
    ?.evaluation.instances.get(goal.address);
  if (instance === undefined) return refuse("the code does not declare this instance");
  const secret = goal.changes.find(({ path }) => instance.isSensitive(path));
  if (secret !== undefined) return refuse(`${printPath(secret.path)} is sensitive; edit it by hand`);
  const perChange = goal.changes.map(({ path, wanted }) => candidatesFor(instance, path, wanted));
  const proven = combinations(perChange).flatMap((candidate) => prove(repository, goal, candidate) ?? []);
  if (proven.length === 0)
    return refuse(explainRefusal(instance, goal.changes[0]?.path ?? [], perChange.flat().length));
  return { proven: rank(proven).slice(0, MOST_OFFERED), refusal: null };
}

function refuse(refusal: string): Adopted {
  return { proven: [], refusal };
}

/** What is printed for an edit that cannot be offered. */
export function refusedAdoption(why: string): Adoption {
  return { files: [], effects: [], verdict: "refused", why };
}

/** One candidate for each change; several changes take the best of each, since their places are independent. */
function combinations(perChange: readonly (readonly Candidate[])[]): Candidate[] {
  const [only, ...more] = perChange;
  if (only === undefined || perChange.some((candidates) => candidates.length === 0)) return [];
  if (more.length === 0) return [...only];
  const best = perChange.flatMap((candidates) => candidates[0] ?? []);
  const edits = new Map(
    best.flatMap((candidate) => candidate.edits).map((edit) => [JSON.stringify(edit), edit]),
  );
  return [{ edits: [...edits.values()], cost: best.reduce((sum, { cost }) => sum + cost, 0) }];
}

function prove(repository: Repository, goal: Goal, candidate: Candidate): ProvenEdit | null {
  if (candidate.edits.some(({ file }) => isInstalledModule(file) || repository.files.get(file) === null))
    return null;
  const consequences = consequencesOf(repository, candidate.edits);
  if (consequences === null || consequences.errors.length > 0 || !isReached(repository, goal, consequences))
    return null;
  const aside = consequences.effects.filter((effect) => !isIntended(effect, goal));
  const verdict = aside.length === 0 ? "exact" : "shared";
  const files = [...consequences.texts].map(([path, text]) => ({
    path,
    diff: unifiedDiff(path, repository.files.get(path)?.file.text ?? null, text),
  }));
  const why =
    verdict === "exact"
      ? "evaluation shows that nothing else changes"
      : `evaluation shows that ${aside.length === 1 ? "1 other value changes" : `${aside.length} other values change`} with it`;
  const { effects, texts } = consequences;
  return { adoption: { files, effects, verdict, why }, edits: candidate.edits, texts, cost: candidate.cost };
}

function consequencesOf(repository: Repository, edits: readonly Edit[]): Consequences | null {
  try {
    return whatIf(repository, edits);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Modules that `terraform init` brought are not this repository's to edit. */
function isInstalledModule(file: string): boolean {
  return file.startsWith(".terraform/") || file.includes("/.terraform/");
}

function isReached({ stacks }: Repository, goal: Goal, consequences: Consequences): boolean {
  const before = stacks.find(({ name }) => name === goal.stack)?.evaluation.instances.get(goal.address);
  const after = consequences.stacks.get(goal.stack)?.instances.get(goal.address);
  if (before === undefined || after === undefined) return false;
  return goal.changes.every(({ path, wanted }) => {
    const now = after.at(path);
    const list = listAround(before, after, path);
    if (list !== null) return isListChanged(list, wanted);
    return wanted === "absent" ? now === undefined || now === null : means(now, wanted.value);
  });
}

interface ListChange {
  readonly element: Json | undefined;
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

/** An element of a list is told by what it is: positions move when others go. */
function listAround(before: ResourceInstance, after: ResourceInstance, path: Path): ListChange | null {
  if (typeof path.at(-1) !== "number") return null;
  const [was, is] = [before, after].map((side) => side.at(path.slice(0, -1)));
  if (!isJsonArray(was) && was !== undefined) return null;
  const element = before.at(path);
  return { element, before: isJsonArray(was) ? was : [], after: isJsonArray(is) ? is : [] };
}

function isListChanged({ element, before, after }: ListChange, wanted: Wanted): boolean {
  if (wanted !== "absent") return after.some((item) => means(item, wanted.value));
  if (element === undefined) return false;
  const count = (items: readonly Json[]) => items.filter((item) => means(item, element)).length;
  return count(after) < count(before);
}

/** Whether an effect is what the goal asks for: the path itself, what is in it, or the list that it is an element of. */
function isIntended(effect: Effect, goal: Goal): boolean {
  if (effect.stack !== goal.stack || effect.address !== goal.address || effect.path === "") return false;
  const changed = parsePath(effect.path);
  return goal.changes.some(({ path }) => {
    const whole = typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
    return startsWith(changed, whole) || (startsWith(path, changed) && isContainerOf(changed, path));
  });
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

/** A map that comes or goes with its only entry shows as one effect. */
function isContainerOf(changed: Path, path: Path): boolean {
  return changed.length === path.length - 1;
}

function rank(proven: readonly ProvenEdit[]): ProvenEdit[] {
  return proven.toSorted(
    (a, b) =>
      Number(a.adoption.verdict === "shared") - Number(b.adoption.verdict === "shared") ||
      a.cost - b.cost ||
      a.adoption.effects.length - b.adoption.effects.length,
  );
}
