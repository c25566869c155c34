import type { Expression, GetAttribute, Index, Variable } from "../syntax/syntax.ts";
import {
  boolValue,
  isMapping,
  isSequence,
  nullValue,
  numberFromText,
  type Origin,
  type Value,
} from "../values/value.ts";
import { getAttribute, getIndex } from "./access.ts";
import { evaluateCall } from "./call-expression.ts";
import { evaluateConditional, evaluateLogical } from "./condition.ts";
import { evaluateObject, evaluateTuple } from "./construct.ts";
import { boundValue, type EvaluationContext, EvaluationError } from "./context.ts";
import { evaluateFor } from "./for.ts";
import { applyBinary, applyUnary } from "./operators.ts";
import { referenceOf } from "./reference.ts";
import { evaluateSplat } from "./splat.ts";
import { evaluateTemplate } from "./template.ts";

/**
 * The value of an expression. What an operation hands through keeps its identity and origin.
 * @throws EvaluationError where it has none; BudgetExceeded where it costs more than evaluation may.
 */
export function evaluate(node: Expression, context: EvaluationContext): Value {
  context.budget.step();
  const value = evaluateNode(node, context);
  if (isMapping(value) || isSequence(value)) context.budget.size(value);
  return value;
}

function evaluateNode(node: Expression, context: EvaluationContext): Value {
  switch (node.kind) {
    case "number":
      return numberFromText(node.text, originAt(node));
    case "keyword":
      return node.value === null
        ? nullValue(undefined, originAt(node))
        : boolValue(node.value, originAt(node));
    case "template":
      return evaluateTemplate(node, context, evaluate);
    case "variable":
    case "get-attribute":
    case "index":
      return evaluateAccess(node, context);
    case "splat":
      return evaluateSplat(node, context, evaluate);
    case "splat-item":
      return boundValue(context, node.id) ?? nullValue(undefined, originAt(node));
    case "call":
      return evaluateCall(node, context, evaluate);
    case "unary":
      return applyUnary(node, evaluate(node.operand, context));
    case "binary":
      if (node.operator === "&&" || node.operator === "||") return evaluateLogical(node, context, evaluate);
      return applyBinary(node, evaluate(node.left, context), evaluate(node.right, context), context.budget);
    case "conditional":
      return evaluateConditional(node, context, evaluate);
    case "tuple":
      return evaluateTuple(node, context, evaluate);
    case "object":
      return evaluateObject(node, context, evaluate);
    case "for":
      return evaluateFor(node, context, evaluate);
    case "parentheses":
      return evaluate(node.inner, context);
  }
}

function originAt(node: Expression): Origin {
  return { kind: "expression", at: node };
}

function evaluateAccess(node: Variable | GetAttribute | Index, context: EvaluationContext): Value {
  const reference = referenceOf(node);
  if (reference === null) return step(node, evaluate(sourceOf(node), context), context);
  const { root, steps } = reference;
  const bound = boundValue(context, root.name);
  let { value, consumed } =
    bound === undefined ? context.scope.resolve(reference, context) : { value: bound, consumed: 0 };
  for (; consumed < steps.length; consumed += 1) {
    const next = steps[consumed];
    if (next !== undefined) value = step(next, value, context);
  }
  return value;
}

function step(node: Variable | GetAttribute | Index, value: Value, context: EvaluationContext): Value {
  if (node.kind === "get-attribute") return getAttribute(value, node.name, node);
  if (node.kind === "index") return getIndex(value, evaluate(node.key, context), node);
  throw new EvaluationError(`there is no ${JSON.stringify(node.name)} here`, node);
}

function sourceOf(node: Variable | GetAttribute | Index): Expression {
  if (node.kind === "get-attribute") return node.object;
  return node.kind === "index" ? node.collection : node;
}
