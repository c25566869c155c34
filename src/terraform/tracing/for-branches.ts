import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { iterate } from "../../hcl/evaluation/iterate.ts";
import type { For } from "../../hcl/syntax/syntax.ts";
import { isMapping, type Value } from "../../hcl/values/value.ts";
import { canonicalJson, isJsonArray, isJsonObject, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry } from "./branch.ts";
import type { Branching } from "./carried.ts";
import { type ElementPart, elementParts, withParts } from "./element-parts.ts";
import { type Made, madeAt, madeBy, pathInElement } from "./for-elements.ts";
import { pairedElements } from "./paired-elements.ts";

/** The ways on from a `for`: what an element is made of, and the collection that another one would have to be in. */
export function forBranches(
  node: For,
  context: EvaluationContext,
  path: Path,
  branchesOf: Branching,
): Branch[] {
  const [step, ...rest] = path;
  if (step === undefined) return wholeBranches(node, context, branchesOf, (wanted) => wanted);
  const found = madeAt(node, context, path);
  if (found !== null) {
    const to = { expression: node.value, context: found.context, path: pathInElement(node, path) };
    const source = { expression: node.collection, context, path: [found.element.step] };
    // What is made of an element goes when the element goes.
    const gone = carry("collection", source, node.collection, { carries: false, invert: () => null });
    return [carry("element", to, node.value), ...(to.path.length === 0 ? [gone] : [])];
  }
  if (rest.length > 0) return [];
  return wholeBranches(node, context, branchesOf, (wanted, made) => {
    if (node.key !== null) return Object.fromEntries([...entriesOf(made), [String(step), wanted]]);
    return step === made.length ? [...made.map(resultOf), wanted] : null;
  });
}

function resultOf({ node, context }: Made): Json {
  return toPlain(evaluate(node.value, context), [], true).json;
}

function entriesOf(made: readonly Made[]): (readonly [string, Json])[] {
  return made.map((each) => [each.key ?? "", resultOf(each)]);
}

/** `whole`: all that the `for` has to give, by what is wanted and what it gives now. */
function wholeBranches(
  node: For,
  context: EvaluationContext,
  branchesOf: Branching,
  whole: (wanted: Json, made: readonly Made[]) => Json | null,
): Branch[] {
  if (node.grouping) return [];
  const invert = (wanted: Json) => {
    const collection = evaluate(node.collection, context);
    const made = [...madeBy(node, context)];
    // Where some are left out, nothing tells where among those a new one belongs.
    const leftOut = node.condition !== null && made.length < [...iterate(collection, node.collection)].length;
    const asked = leftOut ? null : whole(wanted, made);
    return asked === null ? null : collectionFor(node, collection, made, asked, branchesOf);
  };
  const to = { expression: node.collection, context, path: [] };
  return [carry("collection", to, node.collection, { carries: false, invert })];
}

/** What has to be iterated over to get what is wanted, by the example of one element; null where nothing tells. */
export function collectionFor(
  node: For,
  collection: Value,
  made: readonly Made[],
  wanted: Json,
  branchesOf: Branching,
): Json | null {
  const [model] = made;
  const asked = askedFor(node, wanted);
  if (asked === null || model === undefined) return null;
  const pairs = pairsFor(node, made, asked);
  const entries: (readonly [key: string, value: Json])[] = [];
  for (const [index, [key, value]] of asked.entries()) {
    const { same = null, instead = null } = pairs[index] ?? {};
    if (same !== null) {
      entries.push([String(same.element.step), plain(same.element.value)]);
      continue;
    }
    const parts = [
      elementParts(node, node.value, value, model.context, branchesOf),
      node.key === null || key === null ? [] : elementParts(node, node.key, key, model.context, branchesOf),
    ];
    const entry = parts.includes(null)
      ? null
      : entryOf(
          collection,
          parts.flatMap((each) => each ?? []),
          instead,
        );
    if (entry === null) return null;
    entries.push(entry);
  }
  if (!isMapping(collection)) return entries.map(([, value]) => value);
  return new Set(entries.map(([key]) => key)).size < entries.length ? null : Object.fromEntries(entries);
}

/** The element of a list of which a `for` makes a value; null where nothing tells. `context`: that of another element. */
export function elementFor(
  node: For,
  context: EvaluationContext,
  wanted: Json,
  branchesOf: Branching,
): Json | null {
  const parts = elementParts(node, node.value, wanted, context, branchesOf);
  return (parts && withParts(undefined, parts)) ?? null;
}

type Asked = readonly (readonly [key: string | null, value: Json])[];

/** For each wanted result what gives it now, or what gives the one that it takes the place of. */
function pairsFor(
  node: For,
  made: readonly Made[],
  asked: Asked,
): readonly { readonly same?: Made | null; readonly instead?: Made | null }[] {
  const given = made.map((each) => canonicalJson([each.key, resultOf(each)]));
  const pairs = pairedElements(
    given,
    asked.map((each) => canonicalJson([...each])),
  );
  return asked.map(([key], index) => {
    const pair = pairs[index] ?? null;
    if (pair?.isSame === true) return { same: made[pair.at] ?? null };
    if (node.key !== null) return { instead: made.find((each) => each.key === key) ?? null };
    return { instead: (pair && made[pair.at]) ?? null };
  });
}

function askedFor(node: For, wanted: Json): Asked | null {
  if (node.key === null) return isJsonArray(wanted) ? wanted.map((value) => [null, value]) : null;
  return isJsonObject(wanted) ? Object.entries(wanted) : null;
}

/**
 * An element that has what its parts say; of one that is there already, or that it takes the place of (`instead`), the
 * rest as it is.
 */
function entryOf(
  collection: Value,
  parts: readonly ElementPart[],
  instead: Made | null,
): readonly [string, Json] | null {
  const keys = parts.flatMap(({ path, value }) => (path === "key" ? [String(value)] : []));
  const [key] = keys;
  if (keys.some((other) => other !== key)) return null;
  if (!isMapping(collection)) {
    // A list's keys are its places.
    const known = instead === null ? undefined : plain(instead.element.value);
    const value = key === undefined || collection.kind === "set" ? withParts(known, parts) : undefined;
    return value === undefined ? null : ["", value];
  }
  if (key === undefined) return null;
  const known = collection.entries.get(key);
  const value = withParts(known === undefined ? undefined : plain(known), parts);
  return value === undefined ? null : [key, value];
}

function plain(value: Value): Json {
  return toPlain(value, [], true).json;
}
