import type { Expression, TupleConstructor } from "../syntax/syntax.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, endsWithHeredoc, startOfLine } from "./surroundings.ts";

/** What is written of an element: the element itself, and what is said of it above and behind. */
interface Written {
  readonly above: string;
  readonly text: string;
  readonly behind: string;
}

/** Where an element is written: `above` and `behind` end at it and start at it, the comma is the place's own. */
interface Slot {
  readonly start: number;
  readonly end: number;
  readonly comma: string;
  readonly written: Written;
}

/**
 * The edits that put the elements of a list in another order, as they are written, with the comments above and behind
 * them where each has lines of its own. Null where something between the elements cannot be told to belong to one.
 * @param order for each place the index of the element that is to stand there
 */
export function reorderItems(tuple: TupleConstructor, order: readonly number[]): readonly Edit[] | null {
  if (tuple.items.some(endsWithHeredoc)) return null;
  const slots = slotsInLines(tuple) ?? slotsInText(tuple);
  if (slots === null) return null;
  return slots.flatMap((slot, at): Edit[] => {
    const from = slots[order[at] ?? at]?.written;
    if (from === undefined || from === slot.written) return [];
    const { start, end, comma } = slot;
    const text = `${from.above}${from.text}${comma}${from.behind}`;
    return tuple.file.text.slice(start, end) === text ? [] : [{ file: tuple.file.path, start, end, text }];
  });
}

/** Each element with the lines that it stands on and those of the comment above; null where two share a line. */
function slotsInLines({ file: { text }, items, start }: TupleConstructor): Slot[] | null {
  const slots: Slot[] = [];
  // Behind the bracket; a list without one starts at its first element.
  const opening = endOfLine(text, start);
  let from = text[start] === "[" || items.length === 0 ? afterLine(text, opening) : startOfLine(text, start);
  if (items.some((item) => item.start < from)) return null;
  for (const item of items) {
    const end = endOfLine(text, item.end);
    const rest = /^([ \t]*,)?([ \t]*(?:(?:#|\/\/).*)?)$/.exec(text.slice(item.end, end));
    const above = text.slice(from, item.start);
    if (rest === null || !isAbove(above)) return null;
    const [, comma = "", behind = ""] = rest;
    slots.push({ start: from, end, comma, written: { above, text: textOf(text, item), behind } });
    from = afterLine(text, end);
  }
  return slots;
}

/** Empty lines and comments, then nothing but blanks and the sign of a list in YAML. */
function isAbove(text: string): boolean {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return /^[ \t]*(?:-[ \t]+)?$/.test(last) && lines.every((line) => /^(?:#|\/\/|$)/.test(line.trim()));
}

/** The elements alone, where nothing but brackets, commas and blanks stands around them. */
function slotsInText({ file: { text }, items, start, end }: TupleConstructor): Slot[] | null {
  let from = start;
  for (const item of items) {
    if (!["", ",", "["].includes(text.slice(from, item.start).trim())) return null;
    from = item.end;
  }
  if (!/^,?\s*\]?$/.test(text.slice(from, end).trim())) return null;
  return items.map((item) => {
    return {
      start: item.start,
      end: item.end,
      comma: "",
      written: { above: "", text: textOf(text, item), behind: "" },
    };
  });
}

function textOf(text: string, { start, end }: Expression): string {
  return text.slice(start, end);
}

function afterLine(text: string, end: number): number {
  const next = text.indexOf("\n", end);
  return next === -1 ? text.length : next + 1;
}
