import type {
  Attribute,
  Block,
  Body,
  Call,
  Expression,
  ObjectConstructor,
  ObjectItem,
  TupleConstructor,
} from "../syntax/syntax.ts";
import { alignTo, formattedColumn, isFormatted, lineOf, runsBeside } from "./alignment.ts";
import { commentAbove } from "./comment-above.ts";
import type { Edit } from "./edit.ts";
import { joinLine } from "./part.ts";
import {
  commaAfter,
  endOfLine,
  hasLineEnd,
  type Interior,
  type Item,
  indexOf,
  interiorOf,
  skipBlanks,
  skipGap,
  splice,
  startOfLine,
  startsLine,
} from "./surroundings.ts";

/**
 * The edits that remove an attribute, a block or an item of an object: with its lines and a comment that stands behind
 * it, where it has lines of its own, else with its comma. A second empty line that it leaves goes too, and what it had
 * pushed aside is aligned anew where all was as `terraform fmt` has it.
 * @throws RangeError where it is not an item of the container.
 */
export function removeItem(
  container: Body | ObjectConstructor,
  item: Attribute | Block | ObjectItem,
): readonly Edit[] {
  return remove(interiorOf(container), item);
}

/**
 * The edits that remove a block, as `removeItem` does, and with it the comment that stands directly above: what is said
 * there is said of the block. What is said of the whole file (who may copy it, what a linter passes over) stays.
 * @throws RangeError where it is not an item of the body.
 */
export function removeBlock(body: Body, block: Block): readonly Edit[] {
  const interior = interiorOf(body);
  const index = indexOf(interior, block);
  const lines = ownLines(interior, block, index);
  if (lines === null) return remove(interior, block);
  const above = commentAbove(interior.file.text, lines.start);
  const { start, end } = withEmptyLine(interior, above, lines.end);
  return [splice(interior, start, end, "")];
}

/**
 * The edits that remove an element of a list, as `removeItem` does.
 * @throws RangeError where it is not an element of the list.
 */
export function removeTupleItem(tuple: TupleConstructor, item: Expression): readonly Edit[] {
  return remove(interiorOf(tuple), item);
}

/**
 * The edits that remove an argument of a call, as `removeItem` does.
 * @throws RangeError where it is none.
 */
export function removeArgument(call: Call, argument: Expression): readonly Edit[] {
  const { file, nameRange, end, arguments: items } = call;
  const start = file.text.indexOf("(", nameRange.end) + 1;
  return remove({ file, start, end: end - 1, items, commas: true }, argument);
}

function remove(interior: Interior, item: Item): readonly Edit[] {
  const index = indexOf(interior, item);
  const lines = ownLines(interior, item, index);
  if (lines === null) {
    const edit = removeInline(interior, item, index);
    const { text } = interior.file;
    return hasLineEnd(text, edit.start, edit.end) ? [edit, ...joinLine(interior.file, edit)] : [edit];
  }
  const { start, end } = withEmptyLine(interior, lines.start, lines.end);
  return [
    ...realigned(interior, item, index),
    ...withoutLastComma(interior, item, index),
    splice(interior, start, end, ""),
  ];
}

/** Where no comma stood behind the last item, none is to stand behind the one that is the last then. */
function withoutLastComma(interior: Interior, item: Item, index: number): readonly Edit[] {
  const previous = interior.items[index - 1];
  if (previous === undefined || index < interior.items.length - 1) return [];
  const comma = commaAfter(interior, previous);
  return comma === -1 || commaAfter(interior, item) !== -1 ? [] : [splice(interior, comma - 1, comma, "")];
}

/** The whole lines that belong to the item alone, or null where it shares one. */
function ownLines(interior: Interior, item: Item, index: number): { start: number; end: number } | null {
  const { text } = interior.file;
  if (!startsLine(text, item.start)) return null;
  const comma = commaAfter(interior, item);
  const last = index === interior.items.length - 1;
  // Behind a heredoc the comma stands on the next line.
  if (comma === -1 && !last && interior.commas && item.kind !== "item") return null;
  const at = skipGap(text, comma === -1 ? item.end : comma);
  const end = endOfLine(text, item.end);
  if (at < end && text[at] !== "#" && !text.startsWith("//", at)) return null;
  const after = text.indexOf("\n", item.end);
  return { start: startOfLine(text, item.start), end: after === -1 ? text.length : after + 1 };
}

/** Takes an empty line along that would be one too many. */
function withEmptyLine(interior: Interior, start: number, end: number): { start: number; end: number } {
  const { text } = interior.file;
  const emptyBelow = isEmptyLine(text, end);
  const closes = end >= interior.end || skipBlanks(text, end) >= interior.end;
  const above = startOfLine(text, Math.max(0, start - 1));
  const first = start <= interior.start || above < interior.start;
  if (!first && isEmptyLine(text, above) && (emptyBelow || closes)) return { start: above, end };
  if (first && emptyBelow) return { start, end: text.indexOf("\n", end) + 1 };
  return { start, end };
}

function isEmptyLine(text: string, start: number): boolean {
  return text.indexOf("\n", start) !== -1 && skipBlanks(text, start) >= endOfLine(text, start);
}

function removeInline(interior: Interior, item: Item, index: number): Edit {
  const previous = interior.items[index - 1];
  const next = interior.items[index + 1];
  if (next !== undefined) return splice(interior, item.start, next.start, "");
  if (previous !== undefined) return splice(interior, previous.end, item.end, "");
  const comma = commaAfter(interior, item);
  if (!hasLineEnd(interior.file.text, interior.start, interior.end))
    return splice(interior, interior.start, interior.end, "");
  return splice(interior, item.start, comma === -1 ? item.end : comma, "");
}

/** The padding of the lines around an item as it is to be once that is gone. */
function realigned(interior: Interior, item: Item, index: number): readonly Edit[] {
  const { above, below } = runsBeside(interior, index);
  const line = lineOf(interior, item);
  const formatted =
    line === null ? isFormatted(above) && isFormatted(below) : isFormatted([...above, line, ...below]);
  if (!formatted) return [];
  const run = [...above, ...below];
  return alignTo(interior, run, formattedColumn(run));
}
