import type { Expression, ObjectItem } from "../../src/hcl/syntax/syntax.ts";
import { exactNumber, type Json, printJson } from "../../src/json/json.ts";

/** The value of an expression that consists of literals alone, or undefined. */
export function literalOf(expression: Expression): Json | undefined {
  switch (expression.kind) {
    case "number":
      return exactNumber(expression.text);
    case "keyword":
      return expression.value;
    case "template":
      return textOf(expression.parts);
    case "unary": {
      const operand = expression.operand;
      return expression.operator === "-" && operand.kind === "number"
        ? exactNumber(`-${operand.text}`)
        : undefined;
    }
    case "tuple": {
      const items = expression.items.map(literalOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "object": {
      const entries = expression.items.map(entryOf);
      return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined;
    }
    default:
      return undefined;
  }
}

function textOf(parts: Extract<Expression, { kind: "template" }>["parts"]): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "text") return undefined;
    text += part.value;
  }
  return text;
}

function entryOf({ key, value }: ObjectItem): [string, Json] | undefined {
  const name = key.kind === "variable" ? key.name : literalOf(key);
  const content = literalOf(value);
  if (name === undefined || content === undefined) return undefined;
  return [typeof name === "string" ? name : printJson(name), content];
}
