import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { addedBlocks, blockSetDifference, blocksOf, shown, withSelf } from "./block-sets.ts";
import type { Truths } from "./instance.ts";
import {
  type Agreement,
  agreementOnDeclared,
  agreementOnUndeclared,
  agreementWithoutState,
  kindOf,
  type Values,
} from "./kind.ts";
import { mapDifferences } from "./maps.ts";
import { isBlank, nestedRule } from "./normal-form.ts";
import type { AttributeRule, TypeRules } from "./rules.ts";
import { addedElements, withoutIgnoredElements } from "./scalar-collections.ts";
import { nestedTags, tagDifferences } from "./tags.ts";
import { type Desire, type Difference, singleDifference, type View, valueAt } from "./view.ts";

/** What comparing one instance gave. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Paths that the code sets and the cloud did not tell. */
  readonly unread: readonly UnreadValue[];
  /** Top-level attributes: `compared + notCompared + unreadable` is all that was to be compared. */
  readonly counts: Counts;
}

export interface UnreadValue {
  readonly path: Path;
  readonly rule: AttributeRule;
  readonly values: Values;
}

interface Counts {
  readonly compared: number;
  readonly notCompared: number;
  readonly unreadable: number;
}

type Outcome = keyof Counts | "left-out";

interface Collector {
  readonly view: View;
  readonly differences: Difference[];
  readonly unread: UnreadValue[];
}

/**
 * Applies the design's second table to every attribute of an instance that the code, the state and the cloud all have:
 * what the code sets, tags, and what the rules watch.
 */
export function compareAttributes(view: View, rules: TypeRules): Comparison {
  const into: Collector = { view, differences: [], unread: [] };
  const declared = Object.keys(view.truths.desired?.attributes ?? {});
  const known = Object.keys(rules.attributes);
  const counts = { compared: 0, notCompared: 0, unreadable: 0 };
  for (const name of new Set([...known, ...declared])) {
    const outcome = topLevel(into, name, nestedRule(rules, name));
    if (outcome !== "left-out") counts[outcome] += 1;
  }
  return { differences: into.differences, unread: into.unread, counts };
}

function topLevel(into: Collector, name: string, rule: AttributeRule | undefined): Outcome {
  const { truths, resource } = into.view;
  const values = {
    desired: valueAt(truths.desired?.attributes, name),
    recorded: valueAt(truths.recorded?.attributes, name),
    observed: valueAt(resource.attributes, name),
  };
  const isDeclared = desireOf(into.view, [name], values) !== "left-out";
  const isUnrecorded = rule?.onlyRecorded === true && isBlank(values.recorded, rule);
  if (rule === undefined || rule.never !== undefined || isUnrecorded) {
    return isDeclared ? "notCompared" : "left-out";
  }
  if (rule.kind === "tags") return tags(into, name, rule);
  const inState = Object.hasOwn(truths.recorded?.attributes ?? {}, name);
  return attribute(into, [name], rule, values, inState);
}

function tags(into: Collector, name: string, rule: AttributeRule): Outcome {
  const { view } = into;
  if (view.isIgnored([name])) return "notCompared";
  if (view.isUnread([name])) return "unreadable";
  into.differences.push(...tagDifferences(view, name, rule));
  return "compared";
}

function attribute(
  into: Collector,
  path: Path,
  rule: AttributeRule,
  values: Values,
  inState: boolean,
): Outcome {
  const { view } = into;
  const desire = desireOf(view, path, values);
  const isDeclared = desire !== "left-out";
  if (!isDeclared && !isWatched(rule)) return "left-out";
  if (view.isIgnored(path)) return isDeclared ? "notCompared" : "left-out";
  if (view.isUnread(path)) {
    if (isDeclared) into.unread.push({ path, rule, values });
    return "unreadable";
  }
  if (rule.kind === "block") return blocks(into, path, rule, values, desire, inState);
  if (rule.kind === "block-set") into.unread.push(...unreadInside(view, path, rule, values));
  into.differences.push(...differencesAt(view, path, rule, values, desire, inState));
  return "compared";
}

/** What the blocks of a set say and the cloud did not tell; the blocks are compared without it. */
function unreadInside(view: View, path: Path, rule: AttributeRule, values: Values): readonly UnreadValue[] {
  return blocksOf(values.desired).flatMap((block, at) =>
    Object.entries(rule.attributes ?? {}).flatMap(([name, inner]) => {
      const desired = valueAt(block, name);
      const inside = [...path, at, name];
      if (inner.never !== undefined || desired === undefined || !view.isUnread(inside)) return [];
      return [{ path: inside, rule: inner, values: { desired, recorded: undefined, observed: undefined } }];
    }),
  );
}

function desireOf(view: View, path: Path, values: Values): Desire {
  if (view.isUnknown(path)) return "unknown";
  return values.desired === undefined ? "left-out" : "set";
}

function isWatched(rule: AttributeRule): boolean {
  if (rule.never !== undefined) return false;
  if (rule.kind === "block") return Object.values(rule.attributes ?? {}).some(isWatched);
  return rule.watch !== undefined;
}

function differencesAt(
  view: View,
  path: Path,
  rule: AttributeRule,
  values: Values,
  said: Desire,
  inState: boolean,
): readonly Difference[] {
  const isCollection = rule.kind === "list" || rule.kind === "set" || rule.kind === "block-set";
  const desire: Desire = isCollection && view.touchesUnknown(path) ? "unknown" : said;
  // The state has nothing to compare an unknown value with: what the code computes is still to come.
  if (desire === "unknown" && values.recorded === undefined && rule.kind !== "map") return [];
  if (rule.kind === "map" || rule.kind === "tags") {
    const maps = {
      desired: mapOf(values.desired),
      recorded: mapOf(values.recorded),
      observed: mapOf(values.observed),
    };
    const own = rule.kind === "tags" ? nestedTags(view.truths, maps) : maps;
    return mapDifferences(view, path, rule, own, desire);
  }
  if (rule.kind === "block-set") return list(blockSet(view, path, rule, values, desire));
  return list(single(view, path, rule, values, desire, inState));
}

function blockSet(
  view: View,
  path: Path,
  rule: AttributeRule,
  raw: Values,
  desire: Desire,
): Difference | null {
  const values = withSelf(raw, rule, view.resource.id);
  return desire === "left-out" && rule.watch === "additions"
    ? addedBlocks(view, path, rule, values)
    : blockSetDifference(view, path, rule, values, desire);
}

function single(
  view: View,
  path: Path,
  rule: AttributeRule,
  raw: Values,
  desire: Desire,
  inState: boolean,
): Difference | null {
  if (desire === "left-out" && rule.watch === "additions") return addedElements(view, path, rule, raw);
  // Older versions of a provider record less: there is nothing to compare the cloud with.
  if (desire === "left-out" && !inState) return null;
  const values = withoutIgnoredElements(view, path, rule, raw);
  if (values === null) return null;
  const kind = kindOf(agreementOn(values, rule, desire, inState));
  return kind === null ? null : singleDifference(view, kind, { path, values, rule, desire });
}

function agreementOn(values: Values, rule: AttributeRule, desire: Desire, inState: boolean): Agreement {
  if (desire !== "set") return agreementOnUndeclared(values, rule);
  return inState ? agreementOnDeclared(values, rule) : agreementWithoutState(values, rule);
}

/** Nested blocks in order: compared one by one, attribute by attribute; what one side does not have is a whole block. */
function blocks(
  into: Collector,
  path: Path,
  rule: AttributeRule,
  values: Values,
  desire: Desire,
  inState: boolean,
): Outcome {
  const { view } = into;
  if (desire === "unknown") {
    const difference = single(view, path, rule, values, desire, inState);
    if (difference !== null && values.recorded !== undefined) into.differences.push(difference);
    return "compared";
  }
  const desired = blocksOf(values.desired);
  const recorded = blocksOf(values.recorded);
  const observed = blocksOf(values.observed);
  const length = desire === "set" ? Math.max(desired.length, observed.length) : recorded.length;
  for (let at = 0; at < length; at += 1) {
    const block = { desired: desired[at], recorded: recorded[at], observed: observed[at] };
    blockAt(into, [...path, at], rule, block, desire);
  }
  return "compared";
}

type Block = Truths<JsonObject | undefined>;

function blockAt(into: Collector, path: Path, rule: AttributeRule, block: Block, desire: Desire): void {
  const { view } = into;
  if (view.isIgnored(path)) return;
  if (desire === "set" && (block.desired === undefined || block.observed === undefined)) {
    into.differences.push(...list(wholeBlock(view, path, rule, block)));
    return;
  }
  for (const [name, inner] of Object.entries(rule.attributes ?? {})) {
    if (inner.never !== undefined) continue;
    const nested = {
      desired: valueAt(block.desired, name),
      recorded: valueAt(block.recorded, name),
      observed: valueAt(block.observed, name),
    };
    const withOuter =
      inner.category === undefined && rule.category !== undefined
        ? { ...inner, category: rule.category }
        : inner;
    attribute(into, [...path, name], withOuter, nested, Object.hasOwn(block.recorded ?? {}, name));
  }
}

/** A block that one side does not have at all. */
function wholeBlock(view: View, path: Path, rule: AttributeRule, block: Block): Difference | null {
  if (saysNothing(block.desired ?? block.observed, rule)) return null;
  const isDesired = block.desired !== undefined;
  const isRecorded = block.recorded !== undefined;
  const isObserved = block.observed !== undefined;
  const kind = kindOf({
    desiredObserved: isDesired === isObserved,
    desiredRecorded: isDesired === isRecorded,
    recordedObserved: isRecorded === isObserved,
  });
  const values = {
    desired: shown(block.desired, rule),
    recorded: shown(block.recorded, rule),
    observed: shown(block.observed, rule),
  };
  const desire: Desire = isDesired ? "set" : "left-out";
  return kind === null ? null : singleDifference(view, kind, { path, values, rule, desire });
}

/** A block that has nothing but empty values and defaults is as good as none. */
function saysNothing(block: JsonObject | undefined, rule: AttributeRule): boolean {
  return Object.entries(block ?? {}).every(([name, value]) => {
    const inner = nestedRule(rule, name);
    return inner === undefined || inner.never !== undefined || isBlankNested(value, inner);
  });
}

function isBlankNested(value: Json, rule: AttributeRule): boolean {
  if (rule.kind === "block" && isJsonArray(value)) {
    return value.every((item) => isJsonObject(item) && saysNothing(item, rule));
  }
  return isBlank(value, rule);
}

function mapOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function list(difference: Difference | null): readonly Difference[] {
  return difference === null ? [] : [difference];
}
