import type { Expression } from "../syntax/syntax.ts";
import type { Edit } from "./edit.ts";
import { joinLine, partLine } from "./part.ts";
import { indentationAt, lineEnding, type ValueText } from "./surroundings.ts";

/**
 * The edits that put another value in an expression's place. Where the value comes to stand on one line, or stops doing
 * so, the `=` of the lines around it are aligned as `terraform fmt` does.
 */
export function replaceValue(expression: Expression, value: ValueText): readonly Edit[] {
  const { file, start, end } = expression;
  const written = value(indentationAt(file.text, start)).replaceAll("\n", lineEnding(file.text, start));
  const before = file.text.slice(start, end);
  const edit = { file: file.path, start, end, text: written };
  if (before === written) return [];
  if (before.includes("\n") === written.includes("\n")) return [edit];
  return before.includes("\n") ? [edit, ...joinLine(file, edit)] : [...partLine(file, start, end), edit];
}
