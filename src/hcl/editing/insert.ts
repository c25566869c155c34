import type {
  Attribute,
  Block,
  Body,
  Expression,
  ObjectConstructor,
  ObjectItem,
  TupleConstructor,
} from "../syntax/syntax.ts";
import { adjoins, alignTo, commonColumn, isFormatted, runFrom, runUpTo } from "./alignment.ts";
import type { Edit } from "./edit.ts";
import { type BlockText, columnsOf, formatBlock, INDENT, isFlat } from "./format.ts";
import { alignParts, partLine } from "./part.ts";
import { type Place, placeAfter } from "./place.ts";
import {
  commaAfter,
  endsWithHeredoc,
  hasLineEnd,
  type Interior,
  type Item,
  indentationAt,
  indexOf,
  interiorOf,
  skipBlanks,
  splice,
  startsLine,
  type ValueText,
} from "./surroundings.ts";

/**
 * The edits that insert `name = value` behind an item of a body or object, or as the first with `after` null. The line
 * gets the indentation, line ending and `=` column of its neighbours; where the name is too long for that column, the
 * lines it stands among are aligned anew, as `terraform fmt` does. In an object on one line it is inserted in the line.
 * `name` is text as it is to be written (`renderKey`).
 * @throws RangeError where `after` is not an item of the container.
 */
export function alignedInsert(
  container: Body | ObjectConstructor,
  name: string,
  value: ValueText,
  after: Attribute | Block | ObjectItem | null,
): readonly Edit[] {
  const interior = interiorOf(container);
  const place = placeAfter(interior, after);
  const text = value(place.indentation);
  switch (place.kind) {
    case "line":
      return insertAssignment(interior, place, name, text, after);
    case "inline": {
      const parted = text.includes("\n") ? partLine(interior.file, interior.start, interior.end) : [];
      return [...parted, insertInline(interior, place, `${name} = ${text}`)];
    }
    case "alone":
      return insertAlone(interior, place, `${place.indentation}${name} = ${text}`);
    case "one-line-block":
      return expandWithAttribute(interior, place, name, text, after);
  }
}

/**
 * The edits that insert a block behind an item of a body, or as the first with `after` null, with an empty line between
 * it and its neighbours.
 * @throws RangeError where `after` is not an item of the body.
 */
export function insertBlock(body: Body, block: BlockText, after: Attribute | Block | null): readonly Edit[] {
  const interior = interiorOf(body);
  const place = placeAfter(interior, after);
  const text = formatBlock(block, place.indentation);
  if (place.kind === "alone") return insertAlone(interior, place, text);
  if (place.kind === "one-line-block") {
    return after === null
      ? expand(interior, place, `${text}\n`, "")
      : expand(interior, place, "", `\n${text}`);
  }
  const index = indexOf(interior, after);
  const parted = adjoins(interior, interior.items[index], interior.items[index + 1])
    ? alignParts(interior, runUpTo(interior, index), runFrom(interior, index + 1))
    : [];
  const above = after === null ? "" : "\n";
  return [
    ...parted,
    insertLine(interior, place, above + text, isFollowedByText(interior, place) ? "\n" : ""),
  ];
}

/**
 * The edits that insert an element behind another of a list, or as the first with `after` null: on a line of its own
 * where the list has its elements so.
 * @throws RangeError where `after` is not an element of the list.
 */
export function insertTupleItem(
  tuple: TupleConstructor,
  value: ValueText,
  after: Expression | null,
): readonly Edit[] {
  const interior = interiorOf(tuple);
  const place = placeAfter(interior, after);
  if (place.kind !== "line") {
    const { file, start } = interior;
    const written = value(indentationAt(file.text, start));
    if (!written.includes("\n")) return [insertInline(interior, place, written)];
    const { hugged, edits } = hug(interior, written, after);
    return [...partLine(file, start, interior.end), ...edits, insertInline(interior, place, hugged)];
  }
  const text = value(place.indentation);
  if (after !== null && endsWithHeredoc(after))
    return [insertLine(interior, place, `${place.indentation}, ${text}`, "")];
  if (after === null || commaAfter(interior, after) !== -1)
    return [insertLine(interior, place, `${place.indentation}${text},`, "")];
  return [
    splice(interior, after.end, after.end, ","),
    insertLine(interior, place, `${place.indentation}${text}`, ""),
  ];
}

/**
 * In `[{ … }, { … }]` a line `}, {` closes as much as it opens, and `terraform fmt` leaves it as deep as what is within
 * the braces. This indents what would be such a line: the new element's last, or that of the element before it.
 */
function hug(
  interior: Interior,
  written: string,
  after: Expression | null,
): { readonly hugged: string; readonly edits: readonly Edit[] } {
  const { text } = interior.file;
  const next = interior.items[indexOf(interior, after) + 1];
  if (next !== undefined) {
    const deeper = hasLineEnd(text, next.start, next.end);
    return { hugged: deeper ? written.replace(/(?<=\n)(?=[ \t]*[\]}]$)/, INDENT) : written, edits: [] };
  }
  const close = after === null ? 0 : after.end - 1;
  const huggedAlready = after === null || !startsLine(text, close) || startsLine(text, after.start);
  return { hugged: written, edits: huggedAlready ? [] : [splice(interior, close, close, INDENT)] };
}

function insertAssignment(
  interior: Interior,
  place: Place,
  name: string,
  value: string,
  after: Item | null,
): readonly Edit[] {
  const index = indexOf(interior, after);
  const above = runUpTo(interior, index);
  const next = interior.items[index + 1];
  const below = isBelow(interior, place, after, next) ? runFrom(interior, index + 1) : [];
  const run = [...above, ...below];
  const sibling = after ?? next;
  const comma = sibling !== undefined && commaAfter(interior, sibling) !== -1 ? "," : "";
  const width = columnsOf(name);
  let column = width + 1;
  let edits: readonly Edit[] = [];
  if (isFlat(value)) {
    const common = commonColumn(run);
    if (common !== null && common > width) column = common;
    else if (isFormatted(run)) edits = alignTo(interior, run, column);
  } else {
    // The value's bracket parts the run in two.
    edits = alignParts(interior, above, below);
  }
  const line = `${place.indentation}${name}${" ".repeat(column - width)}= ${value}${comma}`;
  return [...edits, insertLine(interior, place, line, "")];
}

/** Whether the item behind the place stands on the line below it. */
function isBelow(interior: Interior, place: Place, after: Item | null, next: Item | undefined): boolean {
  if (next === undefined) return false;
  if (after !== null) return adjoins(interior, after, next);
  const gap = interior.file.text.slice(place.offset, next.start);
  return gap.split("\n").length === (place.before ? 1 : 2);
}

/** Whether the line below the place is neither empty nor the end of the body. */
function isFollowedByText(interior: Interior, place: Place): boolean {
  const { text } = interior.file;
  const below = place.before ? place.offset : text.indexOf("\n", place.offset) + 1;
  if (below === 0) return false;
  const first = skipBlanks(text, below);
  return first < interior.end && !/[\r\n]/.test(text[first] ?? "\n");
}

/** Lines and perhaps an empty one below them. */
function insertLine(interior: Interior, place: Place, lines: string, below: string): Edit {
  const text = place.before ? `${lines}\n${below}` : `\n${lines}${below}`;
  return splice(interior, place.offset, place.offset, withEnding(text, place));
}

function insertInline(interior: Interior, place: Place, text: string): Edit {
  const empty = interior.items.length === 0;
  let written = place.before ? `${text}, ` : `, ${text}`;
  if (empty) written = text;
  return splice(interior, place.offset, empty ? place.end : place.offset, withEnding(written, place));
}

function insertAlone(interior: Interior, place: Place, text: string): readonly Edit[] {
  const { file, start, end } = interior;
  const outer = indentationAt(file.text, start);
  const opened = splice(interior, place.offset, place.end, withEnding(`\n${text}\n${outer}`, place));
  return interior.commas && !hasLineEnd(file.text, start, end)
    ? [...partLine(file, start, end), opened]
    : [opened];
}

function expandWithAttribute(
  interior: Interior,
  place: Place,
  name: string,
  value: string,
  after: Item | null,
): readonly Edit[] {
  const [only] = interior.items;
  if (only?.kind !== "attribute") return [];
  const { text } = interior.file;
  const equals = text.indexOf("=", only.nameRange.end);
  const widths = [columnsOf(name), columnsOf(only.name)] as const;
  const aligned = isFlat(value) && isFlat(text.slice(only.value.start, only.value.end));
  const column = aligned ? Math.max(...widths) + 1 : 0;
  const padding = widths.map((width) => " ".repeat(Math.max(1, column - width)));
  const line = `${place.indentation}${name}${padding[0]}= ${value}`;
  return [
    ...expand(interior, place, after === null ? line : "", after === null ? "" : line),
    splice(interior, only.nameRange.end, equals, padding[1] ?? " "),
  ];
}

/** Puts what stands in a block on one line, with other lines above and below it, on lines of its own. */
function expand(interior: Interior, place: Place, above: string, below: string): readonly Edit[] {
  const { file, start, end } = interior;
  const outer = indentationAt(file.text, start);
  const upper = above === "" ? "" : `${above}\n`;
  const lower = below === "" ? "" : `${below}\n`;
  const tail = file.text.slice(start, end).trimEnd().length + start;
  return [
    splice(
      interior,
      start,
      skipBlanks(file.text, start),
      withEnding(`\n${upper}${place.indentation}`, place),
    ),
    splice(interior, tail, end, withEnding(`\n${lower}${outer}`, place)),
  ];
}

function withEnding(text: string, place: Place): string {
  return place.ending === "\n" ? text : text.replaceAll("\n", place.ending);
}
