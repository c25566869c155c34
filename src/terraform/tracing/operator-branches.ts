import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import type { Binary, Expression, Unary } from "../../hcl/syntax/syntax.ts";
import { BOOL, NUMBER, type Type } from "../../hcl/values/type.ts";
import { decimalOf, exactNumber, isNumber, type Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { type Branch, carry, convertedOrNull } from "./branch.ts";

type Side = "left" | "right";
type Decimal = ReturnType<typeof decimalOf>;

/** The ways on from `!a` and `-a`. */
export function unaryBranches(node: Unary, context: EvaluationContext, path: Path): Branch[] {
  const to = { expression: node.operand, context, path };
  const invert = (wanted: Json): Json | null => {
    if (node.operator === "!") return typeof wanted === "boolean" ? !wanted : null;
    return isNumber(wanted) ? written(decimalOf(wanted).neg()) : null;
  };
  return [carry("element", to, node, { invert })];
}

/** The ways on from an operation: to the operands, of which each may be the one to change. */
export function binaryBranches(node: Binary, context: EvaluationContext, path: Path): Branch[] {
  if (path.length > 0) return [];
  switch (node.operator) {
    case "&&":
    case "||":
      return logicalBranches(node, node.operator, context);
    case "+":
    case "-":
    case "*":
    case "/":
      return numericBranches(node, node.operator, context);
    default:
      return [];
  }
}

/**
 * The value that both operands must have is given by the one that lacks it; the other value by either: the later one is
 * the more particular, as in `enabled && with_backups`.
 */
function logicalBranches(node: Binary, operator: "&&" | "||", context: EvaluationContext): Branch[] {
  const [left, right] = [plain(node.left, context, BOOL), plain(node.right, context, BOOL)];
  const ofBoth = operator === "&&";
  // One edit alone does not turn both.
  if (left !== ofBoth && right !== ofBoth) return [];
  const needsBoth = (side: Side) => (wanted: Json) => {
    if (typeof wanted !== "boolean") return null;
    const other = side === "left" ? right : left;
    return wanted === ofBoth && other !== ofBoth ? null : wanted;
  };
  const decides =
    left === right || right !== ofBoth ? (["right", "left"] as const) : (["left", "right"] as const);
  return decides.map((side, behind) =>
    carry("part", { expression: node[side], context, path: [] }, node[side], {
      invert: needsBoth(side),
      behind,
    }),
  );
}

function numericBranches(
  node: Binary,
  operator: "+" | "-" | "*" | "/",
  context: EvaluationContext,
): Branch[] {
  const isFactor = operator === "*" || operator === "/";
  const sides = (["left", "right"] as const).map((side) => {
    const [own, other] = side === "left" ? [node.left, node.right] : [node.right, node.left];
    const invert = (wanted: Json): Json | null => {
      const [now, fixed] = [plain(own, context, NUMBER), plain(other, context, NUMBER)];
      if (now === null || fixed === null || !isNumber(now) || !isNumber(fixed) || !isNumber(wanted))
        return null;
      const result = operand(operator, side, decimalOf(wanted), decimalOf(fixed));
      // What counts things goes on to count them.
      const isOdd = result === null || (decimalOf(now).isInteger() && !result.isInteger());
      return isOdd ? null : written(result);
    };
    // A literal factor is a unit most often: the value is what it is applied to.
    const behind = isFactor && own.kind === "number" && other.kind !== "number" ? 1 : 0;
    // None of the numbers is the value: a trace ends with the operation.
    return carry("part", { expression: own, context, path: [] }, own, { carries: false, invert, behind });
  });
  return sides.sort((a, b) => a.behind - b.behind);
}

/** What an operand must be so that the result is the wanted one, exactly; null where no number does it. */
function operand(
  operator: "+" | "-" | "*" | "/",
  side: Side,
  wanted: Decimal,
  other: Decimal,
): Decimal | null {
  switch (operator) {
    case "+":
      return wanted.minus(other);
    case "-":
      return side === "left" ? wanted.plus(other) : other.minus(wanted);
    case "*":
      return quotient(wanted, other);
    case "/":
      return side === "left" ? wanted.times(other) : quotient(other, wanted);
  }
}

function quotient(dividend: Decimal, divisor: Decimal): Decimal | null {
  if (divisor.isZero()) return null;
  const result = dividend.div(divisor);
  return result.times(divisor).equals(dividend) ? result : null;
}

function plain(node: Expression, context: EvaluationContext, type: Type): Json {
  const value = convertedOrNull(node, context, type);
  return value === null ? null : toPlain(value, [], true).json;
}

function written(value: Decimal): Json {
  return exactNumber(value.toFixed());
}
