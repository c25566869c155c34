import type { Expression } from "../syntax/syntax.ts";
import { type Origin, unknownValue, type Value } from "../values/value.ts";
import { type Evaluate, type EvaluationContext, isOfValue } from "./context.ts";

/**
 * The value of one part of a larger value. Where it has none, and that may be kept apart, it is unknown, and the others
 * keep theirs.
 * @throws EvaluationError where an error of the part is one of the whole; BudgetExceeded.
 */
export function evaluatePart(node: Expression, context: EvaluationContext, evaluate: Evaluate): Value {
  try {
    return evaluate(node, context);
  } catch (error) {
    return unknownValue(undefined, keptFailure(error, context));
  }
}

/**
 * Takes note of the error of a part; gives the origin of what is unknown for it.
 * @throws the error where it is not the part's alone.
 */
export function keptFailure(error: unknown, { failures }: EvaluationContext): Origin {
  if (!isOfValue(error) || !failures.keep(error.diagnostic)) throw error;
  return { kind: "failed", diagnostic: error.diagnostic };
}
