import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import type { Call, Expression } from "../../hcl/syntax/syntax.ts";
import { isMapping, isSequence, type Value } from "../../hcl/values/value.ts";
import type { Path, PathStep } from "../../json/path.ts";
import { evaluatedOrNull } from "./branch.ts";

/** An argument as the function gets it, and where that stands in the expression that is written. */
interface Given {
  readonly expression: Expression;
  readonly path: Path;
  readonly value: Value;
}

/**
 * What stands in the arguments of a call for what its result has at a path, as the function itself tells by index or
 * key; null where it does not. What is found so is right also where several elements share one value, such as the
 * default of an `optional` attribute.
 */
export function knownPlace(node: Call, context: EvaluationContext, path: Path): Located | null {
  const all = givenTo(node, context);
  const found = all && placeOf(node.name, all, path);
  return found && { expression: found.given.expression, context, path: [...found.given.path, ...found.path] };
}

/** Null where an argument fails, or is to be expanded and cannot be. */
function givenTo(node: Call, context: EvaluationContext): readonly Given[] | null {
  const all: Given[] = [];
  for (const [index, expression] of node.arguments.entries()) {
    const value = evaluatedOrNull(expression, context);
    if (value === null) return null;
    if (!node.expand || index < node.arguments.length - 1) {
      all.push({ expression, path: [], value });
    } else {
      if (!isSequence(value)) return null;
      all.push(...value.items.map((item, at) => ({ expression, path: [at], value: item })));
    }
  }
  return all;
}

interface Place {
  readonly given: Given;
  readonly path: Path;
}

function placeOf(name: string, all: readonly Given[], path: Path): Place | null {
  const [first, second] = all;
  const [step, ...rest] = path;
  if (first === undefined) return null;
  if (name === "merge") return step === undefined ? null : merged(all, String(step), rest);
  if (name === "concat") return typeof step === "number" ? joined(all, step, rest) : null;
  if (name === "zipmap") return second === undefined ? null : zipped(first.value, second, step, rest);
  const own = placeInFirst(name, all, path);
  return own && { given: first, path: own };
}

/** The last one that has a key decides its entry. */
function merged(all: readonly Given[], key: string, rest: Path): Place | null {
  for (const given of all.toReversed()) {
    const { value } = given;
    if (value.kind === "null") continue;
    if (!isMapping(value)) return null;
    if (value.entries.has(key)) return { given, path: [key, ...rest] };
  }
  return null;
}

function joined(all: readonly Given[], wanted: number, rest: Path): Place | null {
  let before = 0;
  for (const given of all) {
    if (!isSequence(given.value)) return null;
    const at = wanted - before;
    const { length } = given.value.items;
    if (at < length) return { given, path: [at, ...rest] };
    before += length;
  }
  return null;
}

/** Of equal names the last one decides. */
function zipped(names: Value, values: Given, name: PathStep | undefined, rest: Path): Place | null {
  if (name === undefined || !isSequence(names)) return null;
  const at = names.items.findLastIndex((item) => item.kind === "string" && item.value === String(name));
  return at === -1 ? null : { given: values, path: [at, ...rest] };
}

function placeInFirst(name: string, all: readonly Given[], path: Path): Path | null {
  const value = all[0]?.value;
  const [step, ...rest] = path;
  if (value === undefined) return null;
  if (name === "values" && isMapping(value)) {
    const key = [...value.entries.keys()][Number(step)];
    return key === undefined ? null : [key, ...rest];
  }
  if (!isSequence(value) || value.items.length === 0) return null;
  if (name === "flatten") return typeof step === "number" ? flatPlace(value, step, rest) : null;
  if (value.kind === "set") return null;
  if (name === "one") return [0, ...path];
  if (name === "reverse") return typeof step === "number" ? [value.items.length - 1 - step, ...rest] : null;
  const number = numberOf(all[1]?.value);
  if (number === null || number < 0) return null;
  if (name === "element") return [number % value.items.length, ...path];
  if (name === "slice") return typeof step === "number" ? [number + step, ...rest] : null;
  if (name !== "chunklist" || number === 0) return null;
  const [inner, ...further] = rest;
  return typeof step === "number" && typeof inner === "number" ? [step * number + inner, ...further] : null;
}

function numberOf(value: Value | undefined): number | null {
  return value?.kind === "number" && typeof value.value === "number" ? value.value : null;
}

/** Where the element that `flatten` puts at a place stands in the lists within lists. */
function flatPlace(lists: Value, wanted: number, rest: Path): Path | null {
  const open: { readonly value: Value; readonly path: Path }[] = [{ value: lists, path: [] }];
  let passed = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (isSequence(value)) {
      const inner = value.items.map((item, index) => ({ value: item, path: [...path, index] }));
      for (const each of inner.toReversed()) open.push(each);
    } else {
      if (passed === wanted) return [...path, ...rest];
      passed += 1;
    }
  }
  return null;
}
