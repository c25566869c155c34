import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { type AlignmentRules, alignBlocks } from "./block-alignment.ts";
import { atomsOf, blockOfAtoms, type Counts, sameBlock, sameNested } from "./block-atoms.ts";
import type { Truths } from "./instance.ts";
import { type Agreement, commonKind, kindOf, type ValueKind, type Values } from "./kind.ts";
import { elementRule, sameValue } from "./normal-form.ts";
import type { AttributeRule } from "./rules.ts";
import {
  changeOf,
  type Desire,
  type Difference,
  type DifferentValue,
  normalValues,
  type View,
  valueAt,
} from "./view.ts";

type BlockLists = Truths<readonly JsonObject[]>;

/** The value of an attribute as a list of blocks; a single object is a list of one. */
export function blocksOf(value: Json | undefined): readonly JsonObject[] {
  if (isJsonArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

/**
 * The values of a set of blocks, with a firewall rule's own group written as `self`: the cloud may say either. Other
 * sets come back as they are.
 */
export function withSelf(values: Values, rule: AttributeRule, ownId: string): Values {
  if (rule.access !== "ingress" && rule.access !== "egress") return values;
  const nested = Object.entries(rule.attributes ?? {});
  const self = nested.find(([, inner]) => inner.access === "self")?.[0];
  const groups = nested.filter(([, inner]) => inner.access === "groups");
  if (self === undefined) return values;
  const rewrite = (value: Json | undefined) =>
    value === undefined
      ? undefined
      : blocksOf(value).map((block) => blockWithSelf(block, self, groups, ownId));
  return {
    desired: rewrite(values.desired),
    recorded: rewrite(values.recorded),
    observed: rewrite(values.observed),
  };
}

function blockWithSelf(
  block: JsonObject,
  self: string,
  groups: readonly (readonly [string, AttributeRule])[],
  ownId: string,
): JsonObject {
  const others = groups.flatMap(([name, rule]) => {
    const value = valueAt(block, name);
    if (!isJsonArray(value)) return [];
    const kept = value.filter((item) => !sameValue(item, ownId, elementRule(rule)));
    return kept.length === value.length ? [] : [[name, kept] as const];
  });
  return others.length === 0 ? block : { ...block, ...Object.fromEntries([...others, [self, true]]) };
}

/**
 * The difference of a set of nested blocks: one finding, whose changes are the blocks (`ingress[2]`) that one side does
 * not have and the attributes (`ingress[0].cidr_blocks`) in which paired blocks differ. Positions are those of the
 * desired blocks; what the code does not have comes after the last. Null where nothing differs.
 *
 * @param desire where the code does not know the set or leaves it out, the state takes the code's place.
 */
export function blockSetDifference(
  view: View,
  path: Path,
  rule: AttributeRule,
  values: Values,
  desire: Desire,
): Difference | null {
  const lists: BlockLists = {
    desired: blocksOf(values.desired),
    recorded: blocksOf(values.recorded),
    observed: blocksOf(values.observed),
  };
  const counts = countsIn(view, path);
  const rows = desire === "set" ? rowsOf(lists, rule, counts) : recordedRows(lists, rule, counts);
  const found = rows.flatMap((row, at) => rowDifferences(view, [...path, at], rule, row, desire, counts));
  const relevant = found.some(({ kind }) => kind !== "stale-state")
    ? found.filter(({ kind }) => kind !== "stale-state")
    : found;
  const kind = commonKind(relevant.map((value) => value.kind));
  if (kind === null) return null;
  return {
    path,
    kind,
    changes: relevant.map((value) => changeOf(view, value)),
    normal: relevant.map(normalValues),
    values,
    rule,
    category: rule.category,
    sensitive: relevant.some((value) => view.isSensitive(value.path, value.rule)),
    desired: desire,
  };
}

/**
 * What is observed in a set of blocks that the code leaves out and the state does not have. Only whole parts count:
 * that something recorded is gone, or grouped otherwise, is not looked at.
 */
export function addedBlocks(view: View, path: Path, rule: AttributeRule, values: Values): Difference | null {
  const counts = countsIn(view, path);
  const { added } = alignBlocks(blocksOf(values.recorded), blocksOf(values.observed), {
    rule,
    counts,
    bases: [],
    pairsChanged: false,
  });
  if (added.length === 0) return null;
  const different = added.map(
    (block, at): DifferentValue => ({
      path: [...path, at],
      values: { desired: undefined, recorded: undefined, observed: shown(block, rule) },
      rule,
      desire: "left-out",
    }),
  );
  return {
    path,
    kind: "drift",
    changes: different.map((value) => changeOf(view, value)),
    normal: different.map(normalValues),
    values,
    rule,
    category: rule.category,
    sensitive: view.isSensitive(path, rule),
    desired: "left-out",
  };
}

function countsIn(view: View, path: Path): Counts {
  return (attribute) => !view.isUnread([...path, 0, attribute]);
}

type Row = Truths<JsonObject | undefined>;

function rowsOf(lists: BlockLists, rule: AttributeRule, counts: Counts): readonly Row[] {
  const options = { rule, counts, pairsChanged: true };
  const recorded = alignBlocks(lists.desired, lists.recorded, { ...options, bases: [] });
  const observed = alignBlocks(lists.desired, lists.observed, { ...options, bases: recorded.paired });
  const declared = lists.desired.map((desired, at): Row => {
    // Built from its own parts, so that entries said twice, or in another order, do not look like a difference.
    const regrouped = blockOfAtoms(atomsOf(desired, rule), rule);
    return { desired: regrouped, recorded: recorded.paired[at], observed: observed.paired[at] };
  });
  return [...declared, ...undeclaredRows(recorded.added, observed.added, options)];
}

/** Blocks that the code does not have: first those that are live, then those that only the state has. */
function undeclaredRows(
  recorded: readonly JsonObject[],
  observed: readonly JsonObject[],
  options: Omit<AlignmentRules, "bases">,
): readonly Row[] {
  const { paired, added: gone } = alignBlocks(observed, recorded, { ...options, bases: [] });
  return [
    ...observed.map((block, at): Row => ({ desired: undefined, recorded: paired[at], observed: block })),
    ...gone.map((block): Row => ({ desired: undefined, recorded: block, observed: undefined })),
  ];
}

/** The rows of a set about which the code says nothing certain: the state stands where the code would. */
function recordedRows(lists: BlockLists, rule: AttributeRule, counts: Counts): readonly Row[] {
  const options = { rule, counts, pairsChanged: true, bases: [] };
  const { paired, added } = alignBlocks(lists.recorded, lists.observed, options);
  return [
    ...lists.recorded.map(
      (block, at): Row => ({ desired: undefined, recorded: block, observed: paired[at] }),
    ),
    ...added.map((block): Row => ({ desired: undefined, recorded: undefined, observed: block })),
  ];
}

type Found = DifferentValue & { readonly kind: ValueKind };

function rowDifferences(
  view: View,
  path: Path,
  rule: AttributeRule,
  row: Row,
  desire: Desire,
  counts: Counts,
): readonly Found[] {
  if (view.isIgnored(path)) return [];
  const kept = desire === "set" ? row.desired : row.recorded;
  if (kept === undefined || row.observed === undefined) return wholeBlock(path, rule, row, desire, counts);
  const nested = Object.entries(rule.attributes ?? {}).flatMap(([name, inner]) => {
    const at = [...path, name];
    if (inner.never !== undefined || !counts(name) || view.isIgnored(at)) return [];
    const kind = kindOf(agreementInBlock(row, name, inner, desire));
    if (kind === null) return [];
    const values = {
      desired: valueAt(row.desired ?? {}, name),
      recorded: valueAt(row.recorded ?? {}, name),
      observed: valueAt(row.observed ?? {}, name),
    };
    const said = values.desired === undefined && desire === "set" ? "left-out" : desire;
    return [{ path: at, values, rule: withCategory(inner, rule), desire: said, kind }];
  });
  const isNewToState = row.recorded === undefined && nested.every(({ kind }) => kind === "stale-state");
  return isNewToState ? [wholeFound(path, rule, row, desire, "stale-state")] : nested;
}

function wholeBlock(
  path: Path,
  rule: AttributeRule,
  row: Row,
  desire: Desire,
  counts: Counts,
): readonly Found[] {
  const same = (a: JsonObject | undefined, b: JsonObject | undefined) =>
    a === undefined || b === undefined ? a === b : sameBlock(a, b, rule, undefined, counts);
  const recordedObserved = same(row.recorded, row.observed);
  const kind = kindOf(
    desire === "set"
      ? {
          desiredObserved: same(row.desired, row.observed),
          desiredRecorded: same(row.desired, row.recorded),
          recordedObserved,
        }
      : { desiredObserved: recordedObserved, desiredRecorded: true, recordedObserved },
  );
  return kind === null ? [] : [wholeFound(path, rule, row, desire, kind)];
}

function wholeFound(path: Path, rule: AttributeRule, row: Row, desire: Desire, kind: Found["kind"]): Found {
  const values = {
    desired: shown(row.desired, rule),
    recorded: shown(row.recorded, rule),
    observed: shown(row.observed, rule),
  };
  return {
    path,
    values,
    rule,
    desire: row.desired === undefined && desire === "set" ? "left-out" : desire,
    kind,
  };
}

function agreementInBlock(row: Row, name: string, rule: AttributeRule, desire: Desire): Agreement {
  const observed = row.observed ?? {};
  if (desire !== "set" || row.desired === undefined) {
    const same = row.recorded !== undefined && sameNested(row.recorded, observed, name, rule, undefined);
    return { desiredObserved: same, desiredRecorded: true, recordedObserved: same };
  }
  const { desired, recorded } = row;
  return {
    desiredObserved: sameNested(desired, observed, name, rule, recorded),
    desiredRecorded: recorded !== undefined && sameNested(desired, recorded, name, rule, recorded),
    recordedObserved: recorded !== undefined && sameNested(recorded, observed, name, rule, undefined),
  };
}

function withCategory(inner: AttributeRule, outer: AttributeRule): AttributeRule {
  const category = inner.category ?? outer.category;
  return category === undefined ? inner : { ...inner, category };
}

/** A block without what is never compared: the cloud's own ids and the like. */
export function shown(block: JsonObject | undefined, rule: AttributeRule): JsonObject | undefined {
  if (block === undefined) return undefined;
  const attributes = rule.attributes ?? {};
  const entries = Object.entries(block).filter(
    ([name]) => Object.hasOwn(attributes, name) && attributes[name]?.never === undefined,
  );
  return Object.fromEntries(entries);
}
