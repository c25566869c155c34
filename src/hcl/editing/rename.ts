import type { ObjectConstructor, ObjectItem } from "../syntax/syntax.ts";
import {
  type AssignmentLine,
  adjoins,
  alignTo,
  formattedColumn,
  isFormatted,
  lineOf,
  runFrom,
  runUpTo,
} from "./alignment.ts";
import type { Edit } from "./edit.ts";
import { columnsOf } from "./format.ts";
import { interiorOf, splice } from "./surroundings.ts";

/**
 * The edits that write another key of an object's item. Where the lines it stands among were aligned, they are again, as
 * `terraform fmt` does it. `name` is text as it is to be written (`renderKey`).
 */
export function renameItem(object: ObjectConstructor, item: ObjectItem, name: string): readonly Edit[] {
  const interior = interiorOf(object);
  const index = object.items.indexOf(item);
  const { start, end } = item.key;
  const renamed = splice(interior, start, end, name);
  const line = lineOf(interior, item);
  if (line === null) return [renamed];
  const next = object.items[index + 1];
  const run = [
    ...runUpTo(interior, index),
    ...(adjoins(interior, item, next) ? runFrom(interior, index + 1) : []),
  ];
  if (!isFormatted(run)) return [renamed];
  const after = run.map((each) => (each.nameEnd === line.nameEnd ? widened(each, columnsOf(name)) : each));
  return [renamed, ...alignTo(interior, after, formattedColumn(after))];
}

function widened(line: AssignmentLine, width: number): AssignmentLine {
  return { ...line, width };
}
