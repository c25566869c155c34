import type { Expression } from "../../hcl/syntax/syntax.ts";
import { exactNumber, type Json } from "../../json/json.ts";

/** The value of an expression that is written out in full; undefined where anything in it has to be evaluated. */
export function literalJson(expression: Expression): Json | undefined {
  switch (expression.kind) {
    case "keyword":
      return expression.value;
    case "number":
      return exactNumber(expression.text);
    case "unary":
      return expression.operator === "-" && expression.operand.kind === "number"
        ? exactNumber(`-${expression.operand.text}`)
        : undefined;
    case "template":
      return literalText(expression);
    case "parentheses":
      return literalJson(expression.inner);
    case "tuple": {
      const items = expression.items.map(literalJson);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "object": {
      const entries: [string, Json][] = [];
      for (const { key, value } of expression.items) {
        const name = key.kind === "variable" ? key.name : literalText(key);
        const content = literalJson(value);
        if (name === undefined || content === undefined) return undefined;
        entries.push([name, content]);
      }
      return Object.fromEntries(entries);
    }
    default:
      return undefined;
  }
}

/** The text of a string without interpolation. */
export function literalText(expression: Expression): string | undefined {
  if (expression.kind !== "template") return undefined;
  const texts = expression.parts.map((part) => (part.kind === "text" ? part.value : undefined));
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
}
