import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Call, Expression } from "../../hcl/syntax/syntax.ts";
import { equalValues } from "../../hcl/values/equality.ts";
import { isMapping, type Value } from "../../hcl/values/value.ts";
import { canonicalJson, equalJson, isJsonArray, isJsonObject, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry, evaluatedOrNull, isChoice, keyBranch } from "./branch.ts";
import { knownPlace } from "./call-places.ts";
import { flatBranches } from "./flat-branches.ts";
import { isOfElement } from "./own-value.ts";
import { findWithin, isSameValue, valueAt } from "./value-at.ts";

/** Functions whose result has the elements or entries of all their arguments. */
const JOINING = new Set(["concat", "merge", "setunion", "distinct", "compact", "sort", "toset", "tolist"]);
/** Functions that take the first argument that has a value. */
const FALLING_BACK = new Set(["try", "coalesce", "coalescelist"]);

/** The ways on from a call: the argument that it hands through, and those that would be handed through instead. */
export function callBranches(node: Call, context: EvaluationContext, path: Path): Branch[] {
  const result = evaluate(node, context);
  const known = knownPlace(node, context, path);
  if (known !== null) {
    const { expression: argument } = known;
    const fallback = isFallback(node, argument, context);
    return [carry("element", known, argument, { fallback }), ...overrides(node, argument, context, path)];
  }
  const flat = path.length === 0 ? flatBranches(node, context) : null;
  if (flat !== null) return flat;
  const keys = lookupKeys(node, context, path);
  const chosen = keys.length > 0;
  for (const length of lengthsOf(node, path)) {
    // What is not there yet may come with any of the arguments.
    if (length === 0 && path.length > 0 && JOINING.has(node.name)) return joined(node, context, path);
    const part = valueAt(result, path.slice(0, length));
    if (part === null) continue;
    for (const argument of node.arguments.toReversed()) {
      const value = evaluatedOrNull(argument, context);
      const place =
        value === null
          ? null
          : isKeyHandedOn(node, value, part)
            ? []
            : placeOf(value, part, path.slice(0, length));
      if (place === null) continue;
      const to = { expression: argument, context, path: [...place, ...path.slice(length)] };
      const isEntry = chosen && argument === node.arguments[0];
      const fallback = isFallback(node, argument, context);
      return [
        carry("element", to, argument, { chosen: isEntry, fallback }),
        ...overrides(node, argument, context, path),
        ...keys,
      ];
    }
  }
  return path.length === 0 && JOINING.has(node.name) ? joinedWhole(node, context) : keys;
}

/**
 * How much of a path is looked for in the arguments, one after the other. Elements come before what is in them: two
 * of them may share one value, such as the default of an `optional` attribute, and only the element tells whose it is.
 */
function lengthsOf({ name }: Call, path: Path): readonly number[] {
  const lengths = path.map((_, index) => index + 1);
  return FALLING_BACK.has(name) || name === "lookup" ? [0, ...lengths] : [...lengths, 0];
}

/**
 * The value of an argument behind the first one of `try`, `coalesce` or `lookup`; the entry that all have in a `merge`
 * with what each says itself.
 */
function isFallback(
  { name, arguments: all }: Call,
  argument: Expression,
  context: EvaluationContext,
): boolean {
  if (name === "merge") {
    const later = all.slice(all.indexOf(argument) + 1);
    return !isOfElement(argument, context) && later.some((each) => isOfElement(each, context));
  }
  if (FALLING_BACK.has(name)) return beforeIt(all, argument).length > 0;
  return name === "lookup" && argument !== all[0];
}

/** The arguments before one that might have a value: what is written there and has none was written to have none. */
function beforeIt(all: readonly Expression[], argument: Expression): readonly Expression[] {
  return all.slice(0, all.indexOf(argument)).filter((each) => referencesIn(each).length > 0);
}

/** The key of an iteration is written nowhere: what hands it through makes it, as far as origins tell. */
function isKeyHandedOn(node: Call, value: Value, part: Value): boolean {
  if (!FALLING_BACK.has(node.name) && node.name !== "lookup" && node.name !== "tostring") return false;
  const { origin } = part;
  const isMade = origin.kind === "expression" && origin.at === node && value.origin.kind === "computed";
  return isMade && value.kind === "string" && equalValues(value, part);
}

/** What is handed through as a whole has the part where the result has it. */
function placeOf(value: Value, part: Value, path: Path): Path | null {
  const there = valueAt(value, path);
  return there !== null && isSameValue(part, there) ? path : findWithin(value, part);
}

function joined({ name, arguments: all }: Call, context: EvaluationContext, path: Path): Branch[] {
  const isOwn = (argument: Expression) => name === "merge" && isOfElement(argument, context);
  const hasOwn = all.some(isOwn);
  return all.toReversed().map((argument) => {
    const fallback = hasOwn && !isOwn(argument);
    return carry("element", { expression: argument, context, path }, argument, { fallback });
  });
}

/** Each argument may give what the others do not. */
function joinedWhole(node: Call, context: EvaluationContext): Branch[] {
  return node.arguments.toReversed().map((argument) => {
    const others = node.arguments
      .filter((other) => other !== argument)
      .map((other) => evaluatedOrNull(other, context));
    return carry("element", { expression: argument, context, path: [] }, argument, {
      invert: (wanted) => without(wanted, others),
    });
  });
}

/** What is left of a list or map when others have given their part; null where they give what is not wanted. */
function without(wanted: Json, others: readonly (Value | null)[]): Json | null {
  const given = others.map((value) => (value === null ? null : toPlain(value, [], true).json));
  if (isJsonArray(wanted)) {
    const left = wanted.map((item) => ({ item, text: canonicalJson(item) }));
    for (const part of given) {
      if (!isJsonArray(part)) return null;
      for (const item of part) {
        const found = left.findIndex(({ text }) => text === canonicalJson(item));
        if (found === -1) return null;
        left.splice(found, 1);
      }
    }
    return left.map(({ item }) => item);
  }
  if (!isJsonObject(wanted)) return null;
  const entries = new Map(Object.entries(wanted));
  for (const part of given) {
    if (!isJsonObject(part)) return null;
    for (const [key, value] of Object.entries(part)) {
      if (!Object.hasOwn(wanted, key)) return null;
      if (equalJson(value, wanted[key] ?? null)) entries.delete(key);
    }
  }
  return Object.fromEntries(entries);
}

/** Where an own value for this instance may be written, which would win over the one that decides now. */
function overrides(node: Call, decisive: Expression, context: EvaluationContext, path: Path): Branch[] {
  const at = node.arguments.indexOf(decisive);
  if (node.name === "merge" && path.length > 0) {
    const later = node.arguments.slice(at + 1);
    return later.map((argument, index) => {
      // Behind what each element says itself a value is the same for all, and nobody could say another.
      const isForAll = !isOfElement(argument, context);
      const fallback = isForAll && later.slice(0, index).some((each) => isOfElement(each, context));
      return overriding(argument, context, path, fallback);
    });
  }
  if (FALLING_BACK.has(node.name)) {
    return beforeIt(node.arguments, decisive).map((argument) => overriding(argument, context, path));
  }
  const [table, key] = node.arguments;
  if (node.name !== "lookup" || table === undefined || key === undefined || at !== 2) return [];
  const value = evaluatedOrNull(key, context);
  if (value?.kind !== "string") return [];
  return [overriding(table, context, [value.value, ...path])];
}

function overriding(argument: Expression, context: EvaluationContext, path: Path, fallback = false): Branch {
  return carry("override", { expression: argument, context, path }, argument, { carries: false, fallback });
}

function lookupKeys(node: Call, context: EvaluationContext, path: Path): Branch[] {
  const [table, key] = node.arguments;
  if (node.name !== "lookup" || table === undefined || key === undefined || !isChoice(key, context))
    return [];
  const entries = evaluatedOrNull(table, context);
  return entries !== null && isMapping(entries) ? [keyBranch(table, key, path, context)] : [];
}
