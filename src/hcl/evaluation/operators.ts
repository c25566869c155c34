import type { Decimal } from "decimal.js";
import { isEqual } from "../functions/equality.ts";
import type { Budget } from "../functions/function.ts";
import type { Binary, BinaryOperator, Unary } from "../syntax/syntax.ts";
import { add, divide, multiply, remainder, subtract } from "../values/binary-float.ts";
import { convert } from "../values/convert.ts";
import { decimalValue } from "../values/number.ts";
import { BOOL, NUMBER } from "../values/type.ts";
import {
  asSensitive,
  boolValue,
  isSensitiveWithin,
  type NumberValue,
  notNull,
  numberValue,
  type Origin,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { EvaluationError } from "./context.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%";
type Ordering = "<" | "<=" | ">" | ">=";

/** @throws EvaluationError where the operand is null or of another type. */
export function applyUnary(node: Unary, operand: Value): Value {
  const wanted = node.operator === "-" ? NUMBER : BOOL;
  const value = operandAs(operand, wanted, node.operand);
  const origin: Origin = { kind: "expression", at: node };
  if (value.kind === "number")
    return asSensitive(numberValue(decimalValue(value).negated(), origin), value.sensitive);
  if (value.kind === "bool") return asSensitive(boolValue(!value.value, origin), value.sensitive);
  return asSensitive(notNull(unknownValue(wanted, value.origin)), value.sensitive);
}

/**
 * Every binary operator but `&&` and `||`, which do not need both sides.
 * @throws EvaluationError where an operand is null or of another type, and for a division by zero.
 */
export function applyBinary(node: Binary, left: Value, right: Value, budget: Budget): Value {
  const origin: Origin = { kind: "expression", at: node };
  if (node.operator === "==" || node.operator === "!=") {
    budget.walk(left);
    budget.walk(right);
    return compare(node.operator, left, right, origin);
  }
  const a = operandAs(left, NUMBER, node.left);
  const b = operandAs(right, NUMBER, node.right);
  const sensitive = a.sensitive || b.sensitive;
  const ordering = isOrdering(node.operator);
  if (a.kind !== "number" || b.kind !== "number") {
    const from = a.kind === "number" ? b.origin : a.origin;
    return asSensitive(notNull(unknownValue(ordering ? BOOL : NUMBER, from)), sensitive);
  }
  const result = isOrdering(node.operator)
    ? boolValue(order(node.operator, a, b), origin)
    : numberValue(calculate(node, a, b), origin);
  return asSensitive(result, sensitive);
}

/**
 * An operand of `!`, `&&` or `||`, or a condition.
 * @throws EvaluationError where it is null or no bool.
 */
export function operandAs(value: Value, wanted: typeof NUMBER | typeof BOOL, at: Unary["operand"]): Value {
  if (value.kind === "null")
    throw new EvaluationError(`a ${wanted.kind} is required here, and the value is null`, at);
  return attempt(() => convert(value, wanted), at);
}

function isOrdering(operator: BinaryOperator): operator is Ordering {
  return operator === "<" || operator === "<=" || operator === ">" || operator === ">=";
}

function compare(operator: "==" | "!=", left: Value, right: Value, origin: Origin): Value {
  const sensitive = isSensitiveWithin(left) || isSensitiveWithin(right);
  const equal = isEqual(left, right);
  if (equal === null) return asSensitive(notNull(unknownValue(BOOL, origin)), sensitive);
  return asSensitive(boolValue(operator === "==" ? equal : !equal, origin), sensitive);
}

function order(operator: Ordering, a: NumberValue, b: NumberValue): boolean {
  const sign = decimalValue(a).comparedTo(decimalValue(b));
  if (operator === "<") return sign < 0;
  if (operator === "<=") return sign <= 0;
  return operator === ">" ? sign > 0 : sign >= 0;
}

function calculate(node: Binary, a: NumberValue, b: NumberValue): Decimal {
  const right = decimalValue(b);
  if (node.operator === "/" && right.isZero()) throw new EvaluationError("division by zero", node.right);
  return attempt(() => CALCULATIONS[node.operator as Arithmetic](decimalValue(a), right), node);
}

const CALCULATIONS: Readonly<Record<Arithmetic, (a: Decimal, b: Decimal) => Decimal>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
};
