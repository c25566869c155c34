import type { Effect } from "../drift/model.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import { type Path, parsePath, printPath } from "../json/path.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { isCloserDocument } from "./document-parts.ts";
import { isInPlace, orderAt, orderOfChange } from "./element-order.ts";
import { isEmpty } from "./meaning-key.ts";
import { type ElementOrder, means, type Wanted } from "./wanted.ts";

/** A value that the code should have: where, and what. */
export interface Goal {
  readonly stack: string;
  readonly address: string;
  readonly changes: readonly WantedChange[];
  /**
   * Whether a map that the code takes from elsewhere may get entries of its own where it is used. Who adopts several
   * goals asks for it last: what others share is changed once, where all of them want the same.
   */
  readonly ownMaps?: true;
  /** Whether instances keep their keys. Who adopts several goals renames instances last. */
  readonly keepsKeys?: true;
}

export interface WantedChange {
  readonly path: Path;
  readonly wanted: Wanted;
  /** A document has to come closer to what is wanted, not to be it yet. */
  readonly partly?: true;
}

/**
 * The changes in an order in which none of them moves what another one means: values first, then new elements, then
 * elements that go, the last ones first. Whole blocks and lists of blocks become changes of what differs in them.
 */
export function stepsOf(instance: ResourceInstance, goal: Goal): readonly WantedChange[] {
  const refined = goal.changes.flatMap((change) => refine(instance, change));
  const ranked = refined.map((change) => ({ change, rank: rankOf(instance, change) }));
  return ranked
    .toSorted((a, b) => a.rank - b.rank || (a.rank === 2 ? -comparePaths(a.change.path, b.change.path) : 0))
    .map(({ change }) => change);
}

function rankOf(instance: ResourceInstance, { path, wanted }: WantedChange): number {
  if (typeof path.at(-1) !== "number") return 0;
  if (wanted === "absent") return 2;
  return instance.at(path) === undefined ? 1 : 0;
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (typeof step === "number" && typeof other === "number" && step !== other) return step - other;
  }
  return a.length - b.length;
}

function refine(instance: ResourceInstance, change: WantedChange): readonly WantedChange[] {
  const { path, wanted } = change;
  if (wanted === "absent" || !isInBlocks(instance, path)) return [change];
  const now = instance.at(path);
  if (isJsonObject(now) && isJsonObject(wanted.value)) {
    return refineBlock(instance, path, now, wanted.value);
  }
  const isBlockList =
    isJsonArray(wanted.value) && wanted.value.length > 0 && wanted.value.every(isJsonObject);
  return isBlockList && (isJsonArray(now) || now === undefined)
    ? refineBlocks(instance, path, isJsonArray(now) ? now : [], wanted.value)
    : [change];
}

/** Whether a path leads to nested blocks or to one of them, not to an argument or into one. */
function isInBlocks(instance: ResourceInstance, path: Path): boolean {
  let body = instance.body();
  for (let at = 0; ; at += 2) {
    const [name, index] = [path[at], path[at + 1]];
    if (name === undefined || body.attributes.has(String(name))) return name === undefined;
    if (index === undefined) return body.blocks.has(String(name)) || !body.attributes.has(String(name));
    const block = body.blocks.get(String(name))?.blocks[Number(index)];
    if (block === undefined) return path.length === at + 2;
    body = block.content;
  }
}

function refineBlock(
  instance: ResourceInstance,
  path: Path,
  now: Readonly<Record<string, Json>>,
  wanted: Readonly<Record<string, Json>>,
): readonly WantedChange[] {
  const names = new Set([...Object.keys(now), ...Object.keys(wanted)]);
  return [...names].flatMap((name): readonly WantedChange[] => {
    const [was, is] = [jsonAt(now, [name]), jsonAt(wanted, [name])];
    if (means(was, is ?? null)) return [];
    const at = [...path, name];
    return is === undefined || (was !== undefined && isEmpty(is) && is !== false)
      ? [{ path: at, wanted: "absent" }]
      : refine(instance, { path: at, wanted: { value: is } });
  });
}

function refineBlocks(
  instance: ResourceInstance,
  path: Path,
  now: readonly Json[],
  wanted: readonly Json[],
): readonly WantedChange[] {
  const missing = [...wanted];
  const surplus: number[] = [];
  for (const [index, block] of now.entries()) {
    const found = missing.findIndex((candidate) => means(block, candidate));
    if (found === -1) surplus.push(index);
    else missing.splice(found, 1);
  }
  const changed = surplus.slice(0, missing.length).flatMap((index, at) => {
    const value = missing[at];
    return value === undefined ? [] : refine(instance, { path: [...path, index], wanted: { value } });
  });
  const gone = surplus.slice(missing.length).map((index): WantedChange => {
    return { path: [...path, index], wanted: "absent" };
  });
  const added = missing.slice(surplus.length).map((value, at): WantedChange => {
    return { path: [...path, now.length + at], wanted: { value } };
  });
  return [...changed, ...added, ...gone];
}

/** What an instance says at its paths. */
type Values = Pick<InstanceContent, "at" | "body" | "isSensitive">;

/**
 * Whether an instance has what is wanted at a path now, whatever else became of the list that it is an element of.
 * `before` tells which element was meant.
 */
export function isReached(before: Values, after: Values, change: WantedChange): boolean {
  const { path, wanted } = change;
  const now = after.at(path);
  if (change.partly === true && wanted !== "absent")
    return isCloserDocument(before.at(path), now, wanted.value);
  if (typeof path.at(-1) !== "number") {
    if (wanted === "absent") return now === undefined || now === null;
    return hasValue(now, wanted.value, orderOfChange(before, change));
  }
  const around = path.slice(0, -1);
  const [was, is] = [listOf(before.at(around)), listOf(after.at(around))];
  if (was === null || is === null) return wanted !== "absent" && means(now, wanted.value);
  if (wanted !== "absent") return is.some((item) => means(item, wanted.value));
  const gone = before.at(path);
  if (gone === undefined) return false;
  const count = (items: readonly Json[]) => items.filter((item) => means(item, gone)).length;
  return count(is) < count(was);
}

/**
 * Whether an instance has what is wanted, and of the list from which an element goes or to which it comes all the others
 * as they were.
 */
export function isReachedAlone(before: Values & Whole, after: Values, change: WantedChange): boolean {
  if (!isReached(before, after, change)) return false;
  const around = change.path.slice(0, -1);
  if (change.partly === true || typeof change.path.at(-1) !== "number") return true;
  if (!isElementMoved(before, change)) return isInPlace(before, after, change);
  const outcome = jsonAt(outcomeOf(before.plain().json, [change]), around) ?? null;
  return means(after.at(around), outcome, orderAt(after, around));
}

/**
 * Whether an instance has all that is wanted. In lists, elements that are replaced have to be in their places, as far as
 * none comes or goes.
 */
export function areReached(before: Values, after: Values, changes: readonly WantedChange[]): boolean {
  const isMoved = changes.some((change) => isElementMoved(before, change));
  return changes.every((change) => {
    if (!isReached(before, after, change)) return false;
    const around = change.path.slice(0, -1);
    const [was, is] = [listOf(before.at(around)), listOf(after.at(around))];
    if (isMoved || change.partly === true || was === null || was.length !== is?.length) return true;
    return typeof change.path.at(-1) !== "number" || isInPlace(before, after, change);
  });
}

/** Whether a change makes an element come or go. */
function isElementMoved(before: Values, { path, wanted }: WantedChange): boolean {
  if (typeof path.at(-1) !== "number") return false;
  const was = before.at(path);
  return wanted === "absent" ? was !== undefined : was === undefined;
}

/** All that an instance says. */
type Whole = Pick<InstanceContent, "plain">;

/** An empty value is wanted as such: only leaving the attribute out means the same. */
function hasValue(now: Json | undefined, wanted: Json, order: ElementOrder): boolean {
  return now === undefined ? isEmpty(wanted) : means(now, wanted, order);
}

function listOf(json: Json | undefined): readonly Json[] | null {
  if (json === undefined) return [];
  return isJsonArray(json) ? json : null;
}

/** An instance's JSON with changes made, in the order of `stepsOf`. */
export function outcomeOf(json: Json, changes: readonly WantedChange[]): Json {
  return changes.reduce<Json>(
    (result, { path, wanted }) =>
      (wanted === "absent" ? removedAt(result, path) : setAt(result, path, wanted.value)) ?? null,
    json,
  );
}

function setAt(json: Json | undefined, path: Path, value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = isJsonArray(json) ? json : [];
    return step < items.length
      ? items.map((item, index) => (index === step ? setAt(item, rest, value) : item))
      : [...items, setAt(undefined, rest, value)];
  }
  const object = isJsonObject(json) ? json : {};
  return { ...object, [step]: setAt(jsonAt(object, [step]), rest, value) };
}

function removedAt(json: Json | undefined, path: Path): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (isJsonArray(json)) {
    return rest.length === 0
      ? json.filter((_, index) => index !== step)
      : json.map((item, index) => (index === step ? (removedAt(item, rest) ?? null) : item));
  }
  if (!isJsonObject(json)) return json;
  const inner = rest.length === 0 ? undefined : removedAt(jsonAt(json, [step]), rest);
  const entries = Object.entries(json).filter(([key]) => key !== step);
  return Object.fromEntries(inner === undefined ? entries : [...entries, [String(step), inner]]);
}

/**
 * Whether an effect is what a goal asks for: it concerns one of its paths, and leaves there what the goal wants.
 * `before`: what the code said.
 */
export function isIntended(
  effect: Effect,
  goal: Goal,
  outcomes: readonly Json[],
  before: Pick<InstanceContent, "at" | "body">,
): boolean {
  if (effect.stack !== goal.stack || effect.address !== goal.address || effect.path === "") return false;
  const changed = parsePath(effect.path);
  if (!goal.changes.some(({ path }) => startsWith(path, changed) || startsWith(changed, path))) return false;
  return outcomes.some((outcome) => {
    const order = orderOfChange(before, { path: changed, wanted: { value: effect.after } });
    return means(jsonAt(outcome, changed), effect.after, order);
  });
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

/**
 * Effects on the elements of lists from which elements go, or to which they come, told as one of the list: positions
 * before and after do not mean the same element.
 */
export function gathered(
  effects: readonly Effect[],
  goal: Goal,
  before: Values,
  after: Values,
): readonly Effect[] {
  const lists = goal.changes
    .filter(({ path }) => typeof path.at(-1) === "number")
    .map(({ path }) => path.slice(0, -1))
    .filter((list) => listOf(before.at(list))?.some(isJsonObject));
  const told = new Set<string>();
  return effects.flatMap((effect): readonly Effect[] => {
    if (effect.stack !== goal.stack || effect.address !== goal.address || effect.path === "") return [effect];
    const changed = parsePath(effect.path);
    const list = lists.find((candidate) => startsWith(changed, candidate));
    if (list === undefined || before.isSensitive(list) || after.isSensitive(list)) return [effect];
    const path = printPath(list);
    if (told.has(path)) return [];
    told.add(path);
    return [{ ...effect, path, before: before.at(list) ?? null, after: after.at(list) ?? null }];
  });
}

/** An effect on a whole collection of which only the wanted part changed, told as a change of that part. */
export function narrowed(effect: Effect, goal: Goal): Effect {
  if (effect.stack !== goal.stack || effect.address !== goal.address || effect.path === "") return effect;
  const changed = parsePath(effect.path);
  for (const { path } of goal.changes) {
    if (path.length <= changed.length || !startsWith(path, changed)) continue;
    const rest = path.slice(changed.length);
    const after = jsonAt(effect.after, rest);
    if (after === undefined || !equalJson(setAt(effect.before, rest, after), effect.after)) continue;
    return { ...effect, path: printPath(path), before: jsonAt(effect.before, rest) ?? null, after };
  }
  return effect;
}
