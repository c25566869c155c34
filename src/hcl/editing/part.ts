import { nodesAround } from "../syntax/nodes.ts";
import { parse } from "../syntax/parser.ts";
import type { SourceFile } from "../syntax/source.ts";
import {
  type AssignmentLine,
  alignTo,
  formattedColumn,
  isFormatted,
  lineOf,
  runsBeside,
} from "./alignment.ts";
import { applyEdits, type Edit } from "./edit.ts";
import { hasLineEnd, type Interior, type Item, interiorOf } from "./surroundings.ts";

/** Aligns the two parts of a run for themselves, where the whole was as `terraform fmt` has it. */
export function alignParts(
  interior: Interior,
  above: readonly AssignmentLine[],
  below: readonly AssignmentLine[],
  between: readonly AssignmentLine[] = [],
): readonly Edit[] {
  if (!isFormatted([...above, ...between, ...below])) return [];
  return [above, between, below].flatMap((part) => alignTo(interior, part, formattedColumn(part)));
}

/**
 * The edits of padding for a line whose value is about to go on over several lines from `[start, end)`, an expression,
 * on: that takes the line out of the run in which its `=` is aligned.
 */
export function partLine(file: SourceFile, start: number, end: number): readonly Edit[] {
  const found = assignmentAt(file, start, end);
  if (found === null) return [];
  const { interior, item, index } = found;
  const line = lineOf(interior, item);
  if (line === null) return [];
  const { above, below } = runsBeside(interior, index);
  return alignParts(interior, above, below, [line]);
}

/** The attribute or object item that starts the line on which `[start, end)` starts, if that is in its value. */
function assignmentAt(
  file: SourceFile,
  start: number,
  end: number,
): { interior: Interior; item: Item; index: number } | null {
  const nodes = nodesAround(parse(file).body, start, end);
  for (const [at, container] of nodes.entries()) {
    if (container.kind !== "body" && container.kind !== "object") continue;
    const item = nodes[at + 1];
    if (item?.kind !== "attribute" && item?.kind !== "item") continue;
    if (start < item.value.start || hasLineEnd(file.text, item.start, start)) continue;
    const interior = interiorOf(container);
    return { interior, item, index: interior.items.indexOf(item) };
  }
  return null;
}

/**
 * The edits of padding for a line whose value stands on that line alone once `edit` is made: the line joins the run
 * around it. Their offsets are those before `edit`.
 */
export function joinLine(file: SourceFile, edit: Edit): readonly Edit[] {
  const edited = { path: file.path, text: applyEdits(file.text, [edit]) };
  const end = edit.start + edit.text.length;
  const found = assignmentAt(edited, edit.start, end);
  const line = found === null ? null : lineOf(found.interior, found.item);
  if (found === null || line === null) return [];
  const { interior, index } = found;
  const { above, below } = runsBeside(interior, index);
  if (!isFormatted(above) || !isFormatted(below)) return [];
  const run = [...above, line, ...below];
  const shift = edit.end - end;
  return alignTo(interior, run, formattedColumn(run)).map((padding) =>
    padding.start < edit.start
      ? padding
      : { ...padding, start: padding.start + shift, end: padding.end + shift },
  );
}
