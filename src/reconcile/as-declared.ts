import { exactNumber } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { VariableNode } from "../terraform/evaluation/nodes.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { PLAIN_NUMBER } from "./like-siblings.ts";
import type { Wanted } from "./wanted.ts";

/**
 * What is wanted of a variable's part as its type has it: the number or boolean that is wanted as a text, because the
 * value is put into one (`tostring(var.cpu)`, `"weight=${var.weight}"`).
 */
export function asDeclared(variable: VariableNode, path: Path, wanted: Wanted): Wanted {
  if (wanted === "absent" || typeof wanted.value !== "string") return wanted;
  const text = wanted.value;
  const isNumber = PLAIN_NUMBER.test(text);
  if (!isNumber && text !== "true" && text !== "false") return wanted;
  const now = valueAt(variable.value(), path);
  const kind = now?.kind === "null" ? now.type.kind : now?.kind;
  if (kind === "number" && isNumber) return { value: exactNumber(text) };
  return kind === "bool" && !isNumber ? { value: text === "true" } : wanted;
}
