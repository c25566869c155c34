import type { Range } from "../syntax/source.ts";
import type { ObjectConstructor } from "../syntax/syntax.ts";
import type { Edit } from "./edit.ts";

const OBJECT_LINE = /^([ \t]*)[^\s#/=][^={}]*=[ \t]*\{(.*)\},?[ \t]*(?:(?:#|\/\/).*)?$/;
const COMMENT_LINE = /^[ \t]*(?:#|\/\/)/;
/** How far others are looked at on either side. */
const MOST_LINES = 30;

/**
 * Whether an object is written on one line, or would be: it is empty, and of the entries beside it, each an object on a
 * line of its own, one is not (`a = { size = 1 }` above `b = {}`).
 */
export function isForOneLine({ items, file: { text }, start, end }: ObjectConstructor): boolean {
  if (text.slice(start, end).includes("\n")) return false;
  if (items.length > 0) return true;
  const own = OBJECT_LINE.exec(lineOf(text, start));
  if (own === null || own[2]?.trim() !== "") return false;
  return (
    isAmongOthers(own[1] ?? "", linesBelow(text, start)) ||
    isAmongOthers(own[1] ?? "", linesAbove(text, start))
  );
}

/** Whether the first of the lines that is no comment and no empty object is one with entries. */
function isAmongOthers(indentation: string, lines: Iterable<string>): boolean {
  for (const line of lines) {
    const sibling = OBJECT_LINE.exec(line);
    if (sibling === null && COMMENT_LINE.test(line)) continue;
    if (sibling === null || sibling[1] !== indentation) return false;
    if (sibling[2]?.trim() !== "") return true;
  }
  return false;
}

function* linesBelow(text: string, offset: number): Generator<string> {
  let end = text.indexOf("\n", offset);
  for (let count = 0; end !== -1 && count < MOST_LINES; count += 1) {
    yield lineOf(text, end + 1);
    end = text.indexOf("\n", end + 1);
  }
}

function* linesAbove(text: string, offset: number): Generator<string> {
  let end = text.lastIndexOf("\n", offset);
  for (let count = 0; end > 0 && count < MOST_LINES; count += 1) {
    yield lineOf(text, end);
    end = text.lastIndexOf("\n", end - 1);
  }
}

/** The line that an offset is in, or at the end of. */
function lineOf(text: string, offset: number): string {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
}

/** Makes an empty object on one line one with an entry. */
export function fillOnLine({ file, start, end }: Range, entry: string): Edit {
  return { file: file.path, start: start + 1, end: end - 1, text: ` ${entry} ` };
}
