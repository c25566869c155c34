import {
  endOfLine,
  hasLineEnd,
  type Interior,
  type Item,
  indentationAt,
  indexOf,
  isFileBody,
  itemIndentation,
  lineEnding,
  skipBlanks,
} from "./surroundings.ts";

/** Where and how something is to be inserted. */
export interface Place {
  /**
   * `line`: behind a line (or before one, `before`). `inline`: among items that share a line. `alone`: in a container
   * that is empty so far. `one-line-block`: in a block that has an attribute on the line of its braces.
   */
  readonly kind: "line" | "inline" | "alone" | "one-line-block";
  readonly offset: number;
  /** The end of the blanks from `offset` on that the insertion replaces, where the container is empty. */
  readonly end: number;
  /** Whether it goes before what stands at `offset`. */
  readonly before: boolean;
  readonly indentation: string;
  readonly ending: "\n" | "\r\n";
}

/**
 * The place behind an item, or that of the first item with `after` null.
 * @throws RangeError where `after` is not one of the container's items.
 */
export function placeAfter(interior: Interior, after: Item | null): Place {
  const { file, start, items } = interior;
  const { text } = file;
  const next = items[indexOf(interior, after) + 1];
  const from = after?.end ?? start;
  const until = next?.start ?? interior.end;
  const indentation = itemIndentation(interior, after);
  const ending = lineEnding(text, from);
  const place = { offset: from, end: from, before: false, indentation, ending };
  if (isFileBody(interior)) {
    return after === null
      ? { ...place, kind: "line", before: true }
      : { ...place, kind: "line", offset: endOfLine(text, from) };
  }
  if (
    hasLineEnd(text, from, until) &&
    (next !== undefined || items.length > 0 || !isBlank(text, from, until))
  )
    return { ...place, kind: "line", offset: endOfLine(text, from) };
  if (items.length === 0) return { ...place, kind: "alone", end: isBlank(text, from, until) ? until : from };
  if (!interior.commas) return { ...place, kind: "one-line-block" };
  const line = indentationAt(text, from);
  return after === null
    ? { ...place, kind: "inline", offset: items[0]?.start ?? from, before: true, indentation: line }
    : { ...place, kind: "inline", indentation: line };
}

function isBlank(text: string, start: number, end: number): boolean {
  let at = skipBlanks(text, start);
  while (at < end && (text[at] === "\n" || text[at] === "\r")) at = skipBlanks(text, at + 1);
  return at >= end;
}
