import type { SourceFile } from "../syntax/source.ts";
import type {
  Attribute,
  Block,
  Body,
  Expression,
  ObjectConstructor,
  ObjectItem,
  TupleConstructor,
} from "../syntax/syntax.ts";
import type { Edit } from "./edit.ts";
import { INDENT } from "./format.ts";

/** The text of a value for a line of this indentation. Its line ends are `\n`; they become those of the file. */
export type ValueText = (indentation: string) => string;

/** What holds items that can be inserted and removed. */
export type Container = Body | ObjectConstructor | TupleConstructor;
export type Item = Attribute | Block | ObjectItem | Expression;

/** A container as text: what is between its brackets, and its items in order. */
export interface Interior {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly items: readonly Item[];
  /** Whether items of one line are separated by commas. */
  readonly commas: boolean;
}

export function interiorOf(container: Container): Interior {
  const { file, start, end, items } = container;
  return container.kind === "body"
    ? { file, start, end, items, commas: false }
    : { file, start: start + 1, end: end - 1, items, commas: true };
}

/** The body of a file has no braces around it. */
export function isFileBody({ file, start, commas }: Interior): boolean {
  return !commas && file.text[start - 1] !== "{";
}

export function splice(interior: Interior, start: number, end: number, text: string): Edit {
  return { file: interior.file.path, start, end, text };
}

/** The line ending that is used at an offset: that of its own line, else of the line before, else a line feed. */
export function lineEnding(text: string, offset: number): "\n" | "\r\n" {
  const next = text.indexOf("\n", offset);
  const end = next === -1 ? text.lastIndexOf("\n", offset - 1) : next;
  return end > 0 && text[end - 1] === "\r" ? "\r\n" : "\n";
}

/** Where the line of an offset ends: before its line ending. */
export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end === -1) return text.length;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

/** Where the line of an offset starts, behind a byte order mark. */
export function startOfLine(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && text.startsWith("\ufeff") ? 1 : start;
}

/** The blanks at the start of the line of an offset. */
export function indentationAt(text: string, offset: number): string {
  const start = startOfLine(text, offset);
  return text.slice(start, skipBlanks(text, start));
}

/** The first offset from `start` on where there is neither a space nor a tab. */
export function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

/** Whether only blanks stand before the offset on its line. */
export function startsLine(text: string, offset: number): boolean {
  return skipBlanks(text, startOfLine(text, offset)) >= offset;
}

/** The indentation of a container's items: as the given one has it, else one step more than the container's line. */
export function itemIndentation(interior: Interior, near: Item | null): string {
  const { text } = interior.file;
  const sibling = [near, ...interior.items].find((item) => item != null && startsLine(text, item.start));
  if (sibling != null) return indentationAt(text, sibling.start);
  return isFileBody(interior) ? "" : indentationAt(text, interior.start) + INDENT;
}

/**
 * The index of an item in its container; -1 for null.
 * @throws RangeError where it is not one of the container's.
 */
export function indexOf(interior: Interior, item: Item | null): number {
  if (item === null) return -1;
  const index = interior.items.indexOf(item);
  if (index === -1) throw new RangeError(`the item at offset ${item.start} is not one of the container's`);
  return index;
}

/** The offset behind the comma that follows an item on its line, or -1. */
export function commaAfter(interior: Interior, item: Item): number {
  if (!interior.commas) return -1;
  const { text } = interior.file;
  const at = skipGap(text, item.end);
  return text[at] === "," ? at + 1 : -1;
}

/** Skips blanks, and comments that end on the line. */
export function skipGap(text: string, start: number): number {
  let at = skipBlanks(text, start);
  while (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    if (end === -1 || text.slice(at, end).includes("\n")) return at;
    at = skipBlanks(text, end + 2);
  }
  return at;
}

export function hasLineEnd(text: string, start: number, end: number): boolean {
  const at = text.indexOf("\n", start);
  return at !== -1 && at < end;
}

/** Whether an expression's text ends with a heredoc, so that nothing may follow on its line. */
export function endsWithHeredoc(expression: Expression): boolean {
  switch (expression.kind) {
    case "template":
      return expression.form !== "quoted";
    case "conditional":
      return endsWithHeredoc(expression.else);
    case "binary":
      return endsWithHeredoc(expression.right);
    case "unary":
      return endsWithHeredoc(expression.operand);
    default:
      return false;
  }
}
