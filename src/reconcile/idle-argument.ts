import type { Edit } from "../hcl/editing/edit.ts";
import { eraseArgument } from "../hcl/editing/write.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { isJsonArray, isJsonObject } from "../json/json.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import type { Wanted } from "./wanted.ts";
import type { WantedPart } from "./written-part.ts";

/** Functions that take nothing from an argument that is empty. */
const JOINING = new Set(["concat", "merge", "setunion"]);

/**
 * The edits that take the argument at `to` out of a call, where it is an idle conditional. Null for anything else.
 */
export function eraseIdleArgument(
  { expression: call }: Located,
  to: Located,
  wanted: Wanted,
): readonly Edit[] | null {
  if (call.kind !== "call" || !JOINING.has(call.name) || call.arguments.length < 2) return null;
  const isArgument = call.arguments.includes(to.expression);
  const isIdle = isArgument && isIdleConditional({ ...to, expression: unwrapped(to.expression) }, wanted);
  return isIdle ? eraseArgument(call, to.expression) : null;
}

/**
 * Whether a conditional that gives nothing on the one side would give nothing on the other either, so that its condition
 * would decide nothing any more.
 */
export function isIdleConditional(place: Located, wanted: Wanted): boolean {
  const { expression, context } = place;
  if (expression.kind !== "conditional") return false;
  const value = evaluatedOrNull(expression, context);
  if (value === null || !isEmptied(value, place, wanted)) return false;
  const sides = [expression.then, expression.else].map((side) => evaluatedOrNull(side, context));
  return sides.some((side) => side !== null && sizeOf(side) === 0);
}

/** What the condition of an idle conditional is now, turned: what an element that is to go hangs on. Null for anything else. */
export function turnedForRemoval(place: Located, wanted: Wanted): WantedPart | null {
  const { expression, context } = place;
  if (wanted !== "absent" || expression.kind !== "conditional" || !isIdleConditional(place, wanted))
    return null;
  const condition = evaluatedOrNull(expression.condition, context);
  if (condition?.kind !== "bool") return null;
  return {
    place: { expression: expression.condition, context, path: [] },
    wanted: { value: !condition.value },
  };
}

function unwrapped(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === "parentheses") inner = inner.inner;
  return inner;
}

/** Whether a collection that has something would have nothing any more. */
function isEmptied(value: Value, { path }: Located, wanted: Wanted): boolean {
  if (wanted === "absent") return path.length === 1 && sizeOf(value) === 1;
  if (path.length > 0 || sizeOf(value) === 0) return false;
  const { value: json } = wanted;
  return isJsonArray(json) ? json.length === 0 : isJsonObject(json) && Object.keys(json).length === 0;
}

function sizeOf(value: Value): number | null {
  if (isSequence(value)) return value.items.length;
  return isMapping(value) ? value.entries.size : null;
}
