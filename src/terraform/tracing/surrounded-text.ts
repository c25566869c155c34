import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import type { Expression } from "../../hcl/syntax/syntax.ts";
import { STRING } from "../../hcl/values/type.ts";
import type { Json } from "../../json/json.ts";
import { convertedOrNull } from "./branch.ts";

/** What stands between two texts; null where they do not stand around it. */
export function middle(wanted: Json, before: string, after: string): string | null {
  if (typeof wanted !== "string" || wanted.length < before.length + after.length) return null;
  if (!wanted.startsWith(before) || !wanted.endsWith(after)) return null;
  return wanted.slice(before.length, wanted.length - after.length);
}

/** The text of an expression; null where it has none. */
export function textOf(node: Expression | undefined, context: EvaluationContext): string | null {
  const value = node === undefined ? null : convertedOrNull(node, context, STRING);
  return value?.kind === "string" ? value.value : null;
}
