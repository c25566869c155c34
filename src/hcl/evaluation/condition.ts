import type { Budget } from "../functions/function.ts";
import type { Binary, Conditional, Expression } from "../syntax/syntax.ts";
import { convert } from "../values/convert.ts";
import { equalValues } from "../values/equality.ts";
import { ANY, BOOL, type Type } from "../values/type.ts";
import { unify } from "../values/unify.ts";
import {
  asSensitive,
  boolValue,
  notNull,
  nullValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError } from "./context.ts";
import { operandAs } from "./operators.ts";

/**
 * `&&` and `||`. The right side is not evaluated where the left one decides, as Terraform does from 1.12 on.
 * @throws EvaluationError where a side is null or no bool.
 */
export function evaluateLogical(node: Binary, context: EvaluationContext, evaluate: Evaluate): Value {
  const deciding = node.operator === "||";
  const left = operandAs(evaluate(node.left, context), BOOL, node.left);
  const origin = { kind: "expression", at: node } as const;
  if (left.kind === "bool" && left.value === deciding) {
    return asSensitive(boolValue(deciding, origin), left.sensitive);
  }
  const right = operandAs(evaluate(node.right, context), BOOL, node.right);
  const sensitive = left.sensitive || right.sensitive;
  if (right.kind === "bool" && right.value === deciding)
    return asSensitive(boolValue(deciding, origin), sensitive);
  if (left.kind === "bool" && right.kind === "bool")
    return asSensitive(boolValue(!deciding, origin), sensitive);
  const from = left.kind === "bool" ? right.origin : left.origin;
  return asSensitive(notNull(unknownValue(BOOL, from)), sensitive);
}

/**
 * `condition ? then : else`: the chosen side, as the type that both sides have in common.
 * @throws EvaluationError where the condition is null, the chosen side has no value, or the sides no common type.
 */
export function evaluateConditional(
  node: Conditional,
  context: EvaluationContext,
  evaluate: Evaluate,
): Value {
  const condition = operandAs(evaluate(node.condition, context), BOOL, node.condition);
  if (condition.kind !== "bool") {
    const sides = [valueOrNull(node.then, context, evaluate), valueOrNull(node.else, context, evaluate)];
    const type = commonType(node, sides, context.budget);
    if (sides.every((side) => side?.kind === "null")) {
      return asSensitive(
        nullValue(type, { kind: "expression", at: node }),
        condition.sensitive || marks(sides),
      );
    }
    const same = sameNumber(sides);
    if (same !== null) return asSensitive(same, condition.sensitive || marks(sides));
    const either = asSensitive(unknownValue(type, condition.origin), condition.sensitive || marks(sides));
    return sides.every(isCertain) ? notNull(either) : either;
  }
  const chosen = evaluate(condition.value ? node.then : node.else, context);
  const other = valueOrNull(condition.value ? node.else : node.then, context, evaluate);
  const common = commonType(node, [chosen, other], context.budget);
  const result = common === typeOf(chosen) ? chosen : conform(chosen, common, node);
  return asSensitive(result, condition.sensitive || marks([other]));
}

/** The number that both sides are, whichever it will be; null where they are not one number. */
function sameNumber([a, b]: readonly (Value | null)[]): Value | null {
  return a?.kind === "number" && b?.kind === "number" && equalValues(a, b) ? a : null;
}

/** The result is marked where either side is: which one it was would tell. */
function marks(sides: readonly (Value | null)[]): boolean {
  return sides.some((side) => side?.sensitive === true);
}

/** Whether a side is certain not to be null. */
function isCertain(side: Value | null): boolean {
  if (side === null || side.kind === "null") return false;
  return side.kind !== "unknown" || side.notNull === true;
}

function conform(chosen: Value, common: Type, node: Conditional): Value {
  return attempt(() => convert(chosen, common), node, "the two results do not fit together: ");
}

/** The side that is not chosen; one without a value fits with everything. */
function valueOrNull(side: Expression, context: EvaluationContext, evaluate: Evaluate): Value | null {
  try {
    return context.failures.strictly(() => evaluate(side, context));
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function commonType(node: Conditional, sides: readonly (Value | null)[], budget: Budget): Type {
  const types = sides.map((side) => (side === null ? ANY : typeOf(side)));
  if (types[0] !== types[1]) for (const side of sides) if (side !== null) budget.walk(side);
  const common = unify(types);
  if (common !== null) return common;
  throw new EvaluationError("the two results have types that do not fit together", node);
}
