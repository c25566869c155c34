import type { ObjectConstructor, ObjectItem } from "../syntax/syntax.ts";
import { alignTo, formattedColumn, isFormatted, lineOf, runsBeside } from "./alignment.ts";
import type { Edit } from "./edit.ts";
import { columnsOf } from "./format.ts";
import { interiorOf, splice } from "./surroundings.ts";

/**
 * The edits that write another key of an object's item. Where the lines it stands among were aligned, they are again, as
 * `terraform fmt` does it. `name` is text as it is to be written (`renderKey`).
 */
export function renameItem(object: ObjectConstructor, item: ObjectItem, name: string): readonly Edit[] {
  const interior = interiorOf(object);
  const { start, end } = item.key;
  const renamed = splice(interior, start, end, name);
  const line = lineOf(interior, item);
  if (line === null) return [renamed];
  const { above, below } = runsBeside(interior, object.items.indexOf(item));
  if (!isFormatted([...above, line, ...below])) return [renamed];
  const after = [...above, { ...line, width: columnsOf(name) }, ...below];
  return [renamed, ...alignTo(interior, after, formattedColumn(after))];
}
