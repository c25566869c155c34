import type { Expression } from "../hcl/syntax/syntax.ts";
import { isJsonArray, type Json } from "../json/json.ts";

const NUMERIC = /^-?\d+(?:\.\d+)?$/;

/**
 * Whether what is written as a number or boolean, or as a list of such, would have some text there: whoever else reads it
 * takes it for what it was.
 */
export function isOtherType(expression: Expression, wanted: Json): boolean {
  switch (expression.kind) {
    case "number":
      return typeof wanted === "string" && !NUMERIC.test(wanted);
    case "keyword":
      return expression.value !== null && typeof wanted === "string" && !/^(?:true|false)$/.test(wanted);
    case "tuple": {
      const [first] = expression.items;
      const isAlike = first !== undefined && expression.items.every(({ kind }) => kind === first.kind);
      return isAlike && isJsonArray(wanted) && wanted.some((item) => isOtherType(first, item));
    }
    default:
      return false;
  }
}
