import { attempt } from "./attempt.ts";
import { type Evaluate, type EvaluationContext, EvaluationError } from "./context.ts";
import { convert } from "./convert.ts";
import { operandAs } from "./operators.ts";
import type { Binary, Conditional, Expression } from "./syntax.ts";
import { ANY, BOOL, type Type } from "./type.ts";
import { unify } from "./unify.ts";
import { asSensitive, boolValue, typeOf, unknownValue, type Value } from "./value.ts";

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
  return asSensitive(unknownValue(BOOL, left.kind === "bool" ? right.origin : left.origin), sensitive);
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
    const type = commonType(
      node,
      typeUnless(node.then, context, evaluate),
      typeUnless(node.else, context, evaluate),
    );
    return asSensitive(unknownValue(type, condition.origin), condition.sensitive);
  }
  const chosen = evaluate(condition.value ? node.then : node.else, context);
  const other = typeUnless(condition.value ? node.else : node.then, context, evaluate);
  const common = commonType(node, typeOf(chosen), other);
  return asSensitive(conform(chosen, common, node), condition.sensitive);
}

function conform(chosen: Value, common: Type, node: Conditional): Value {
  return attempt(() => convert(chosen, common), node, "the two results do not fit together: ");
}

/** The type of the side that is not chosen; one without a value fits with everything. */
function typeUnless(side: Expression, context: EvaluationContext, evaluate: Evaluate): Type {
  try {
    return typeOf(evaluate(side, context));
  } catch (error) {
    if (error instanceof EvaluationError) return ANY;
    throw error;
  }
}

function commonType(node: Conditional, a: Type, b: Type): Type {
  const common = unify([a, b]);
  if (common !== null) return common;
  throw new EvaluationError("the two results have types that do not fit together", node);
}
