import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { decimalOf, exactNumber, isJsonObject, isNumber, type Json } from "../json/json.ts";
import { keyText } from "../terraform/tracing/branch.ts";

/** What a number looks like that a text has as it is written. */
export const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * A value as those that it comes to stand beside are written: a number among numbers, though it was read out of a text,
 * and an object with its attributes in the order in which the last of them has them.
 */
export function likeSiblings(siblings: readonly Expression[], context: EvaluationContext, value: Json): Json {
  if (!isJsonObject(value)) {
    const [first] = siblings;
    return siblings.every(({ kind }) => kind === first?.kind) ? likeLiteral(first, value) : value;
  }
  const model = siblings.findLast((sibling) => sibling.kind === "object");
  if (model === undefined) return value;
  const values = new Map(model.items.map((item) => [keyText(item.key, context), item.value]));
  const order = [...values.keys()];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const entries = Object.entries(value).toSorted(([a], [b]) => place(a) - place(b));
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      const own = values.get(name);
      return [name, own === undefined ? inner : likeSiblings([own], context, inner)];
    }),
  );
}

/** A number, a boolean or a text as the one that a literal is, where that says the same. */
export function likeLiteral(literal: Expression | undefined, value: Json): Json {
  if (literal === undefined) return value;
  const isNumeric =
    literal.kind === "number" || (literal.kind === "unary" && literal.operand.kind === "number");
  if (literal.kind === "template" && isNumber(value)) return decimalOf(value).toFixed();
  if (literal.kind === "template" && typeof value === "boolean") return String(value);
  if (isNumeric && typeof value === "string" && PLAIN_NUMBER.test(value)) return exactNumber(value);
  if (literal.kind === "keyword" && literal.value !== null && (value === "true" || value === "false"))
    return value === "true";
  return value;
}
