import { attempt } from "../../hcl/evaluation/attempt.ts";
import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { Conditional, Expression } from "../../hcl/syntax/syntax.ts";
import { convert } from "../../hcl/values/convert.ts";
import { BOOL } from "../../hcl/values/type.ts";
import { equalJson, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry, evaluatedOrNull } from "./branch.ts";
import { asksFor } from "./own-value.ts";
import { valueAt } from "./value-at.ts";

/** The ways on from a conditional: the side that is chosen, what chooses it, and the other side where that would choose it. */
export function conditionalBranches(node: Conditional, context: EvaluationContext, path: Path): Branch[] {
  const condition = attempt(() => convert(evaluate(node.condition, context), BOOL), node.condition);
  if (condition.kind !== "bool") return [];
  const [chosen, other] = condition.value ? [node.then, node.else] : [node.else, node.then];
  const turned = !condition.value;
  const fallback = asksFor(node.condition, other);
  const own = carry("override", { expression: other, context, path }, other, { carries: false });
  return [
    carry("branch", { expression: chosen, context, path }, chosen, { fallback }),
    ...(fallback ? [own] : []),
    carry("condition", { expression: node.condition, context, path: [] }, node.condition, {
      carries: false,
      invert: (wanted) => (isAt(other, context, path, wanted) ? turned : null),
    }),
  ];
}

/** Whether an expression that is not chosen has the value. */
function isAt(expression: Expression, context: EvaluationContext, path: Path, wanted: Json): boolean {
  const whole = evaluatedOrNull(expression, context);
  const value = whole === null ? null : valueAt(whole, path);
  return value !== null && equalJson(toPlain(value, [], true).json, wanted);
}
