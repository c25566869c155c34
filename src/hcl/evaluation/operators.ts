import type { Decimal } from "decimal.js";
import type { Binary, BinaryOperator, Unary } from "../syntax/syntax.ts";
import { add, divide, multiply, NumberTooLarge, remainder, subtract } from "../values/binary-float.ts";
import { convert } from "../values/convert.ts";
import { BOOL, hasAny, NUMBER, sameType } from "../values/type.ts";
import {
  asSensitive,
  boolValue,
  decimalValue,
  equalValues,
  isKnownWithin,
  isSensitiveWithin,
  type NumberValue,
  notNull,
  numberValue,
  type Origin,
  typeOf,
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
export function applyBinary(node: Binary, left: Value, right: Value): Value {
  const origin: Origin = { kind: "expression", at: node };
  if (node.operator === "==" || node.operator === "!=") return compare(node.operator, left, right, origin);
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
  const equal = areEqual(left, right);
  if (equal === "unknown") return asSensitive(notNull(unknownValue(BOOL, origin)), sensitive);
  return asSensitive(boolValue(operator === "==" ? equal : !equal, origin), sensitive);
}

/** Values of different types are never equal, known or not; null equals null whatever its type. */
function areEqual(left: Value, right: Value): boolean | "unknown" {
  if (left.kind === "null" || right.kind === "null") {
    const other = left.kind === "null" ? right : left;
    return other.kind === "unknown" && other.notNull !== true ? "unknown" : other.kind === "null";
  }
  const [a, b] = [typeOf(left), typeOf(right)];
  if (isKnownWithin(left) && isKnownWithin(right)) return sameType(a, b) && equalValues(left, right);
  return hasAny(a) || hasAny(b) || sameType(a, b) ? "unknown" : false;
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
  try {
    return CALCULATIONS[node.operator as Arithmetic](decimalValue(a), right);
  } catch (error) {
    if (error instanceof NumberTooLarge) throw new EvaluationError(error.message, node);
    throw error;
  }
}

const CALCULATIONS: Readonly<Record<Arithmetic, (a: Decimal, b: Decimal) => Decimal>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
};
