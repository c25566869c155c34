import type { Edit } from "./edit.ts";
import { skipBlanks, startOfLine } from "./surroundings.ts";

const ABOUT_FILE = /copyright|licen[cs]e|spdx|ignore-file/i;

/**
 * Where the comment starts whose last line is the one before the line that starts at `start`; `start` itself where there
 * is none, and where it is said of the whole file: who may copy it, what a linter passes over.
 */
export function commentAbove(text: string, start: number): number {
  let first = start;
  while (first > 0) {
    const line = startOfLine(text, first - 1);
    if (line >= first) break;
    const written = text.slice(line, first).trim();
    const isLine = written.startsWith("#") || written.startsWith("//");
    if (!isLine && !written.endsWith("*/")) break;
    const opens = isLine ? line : text.lastIndexOf("/*", first);
    if (opens === -1) break;
    const from = startOfLine(text, opens);
    if (!isLine && skipBlanks(text, from) < opens) break;
    first = from;
  }
  const isHead = text.slice(0, first).replace("\ufeff", "").trim() === "";
  return isHead && ABOUT_FILE.test(text.slice(first, start)) ? start : first;
}

/**
 * An edit that removes whole lines, with the comment directly above them, where that is said of what they hold alone: not
 * of what stands on the next line, too. An empty line that would be one too many goes with it.
 */
export function withCommentAbove(text: string, edit: Edit): Edit {
  const { start, end } = edit;
  if (edit.text !== "" || !isLineStart(text, start) || !isLineStart(text, end)) return edit;
  const first = commentAbove(text, start);
  const isHeading = linesIn(text, start, end) === 1 && isItem(lineAt(text, end));
  if (first === start || isHeading) return edit;
  const [above, below] = [lineBefore(text, first), lineAt(text, end)];
  if (above.trim() === "" && above !== "" && !isItem(below)) {
    return { ...edit, start: first - above.length };
  }
  const isFirst = /[[{(]\s*$/.test(above);
  return isFirst && below !== "" && below.trim() === ""
    ? { ...edit, start: first, end: end + below.length }
    : { ...edit, start: first };
}

function isLineStart(text: string, offset: number): boolean {
  return startOfLine(text, offset) === offset;
}

function linesIn(text: string, start: number, end: number): number {
  return text.slice(start, end).trim().split("\n").length;
}

/** Something that a comment above may be said of: no empty line, no comment of its own, no closing bracket. */
function isItem(line: string): boolean {
  return !/^\s*(?:$|#|\/\/|\/\*|[\]})])/.test(line);
}

/** The line that starts at an offset, with its line end. */
function lineAt(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? text.length : end + 1);
}

function lineBefore(text: string, start: number): string {
  return start === 0 ? "" : text.slice(startOfLine(text, start - 1), start);
}
