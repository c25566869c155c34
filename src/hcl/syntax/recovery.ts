import { identifierEnd } from "./characters.ts";
import type { Cursor } from "./cursor.ts";
import { findClosingLine } from "./heredoc.ts";
import { Token } from "./token.ts";

/**
 * Goes on after an error in the item that starts at `itemStart`: to the end of the line on which its brackets are
 * closed, or to a line that looks like the next item of the same or an outer body, if a bracket was forgotten.
 * An item that is complete but for what follows it on its line is not `failed`: there is no way back into it.
 * The cursor then stands at a line end, at the start of an item, at the end of the text, or (`nested`) at the brace
 * that closes the body.
 */
export function skipItem(cursor: Cursor, itemStart: number, nested: boolean, failed: boolean): void {
  const { text } = cursor;
  const margin = columnOf(text, itemStart);
  const heredoc = cursor.heredocs[0];
  let open = cursor.open;
  let from = cursor.start;
  cursor.heredocs = [];
  cursor.open = 0;
  cursor.newlines = true;
  if (heredoc !== undefined) {
    const close = findClosingLine(text, heredoc.marker, from);
    // Without an end of the heredoc only a line that looks like an item can be one.
    open = close === -1 ? text.length : heredoc.open;
    from = close === -1 ? from : close;
  } else if (failed) {
    const line = from - columnOf(text, from);
    if (line > itemStart && text[skipBlanks(text, line)] !== "}" && startsItem(text, line, margin)) {
      cursor.moveTo(line);
      return;
    }
  }
  // To look for the end of every heredoc again and again would take too long in a text that has none.
  let unclosed = false;
  for (cursor.moveTo(from); cursor.kind !== Token.end; cursor.advance()) {
    switch (cursor.kind) {
      case Token.openBrace:
      case Token.openBracket:
      case Token.openParenthesis:
        open += 1;
        break;
      case Token.closeBrace:
      case Token.stripBrace:
        if (open === 0 && nested) return;
        open = Math.max(0, open - 1);
        break;
      case Token.closeBracket:
      case Token.closeParenthesis:
        open = Math.max(0, open - 1);
        break;
      case Token.newline:
        if (open === 0 || startsItem(text, cursor.end, margin)) return;
        break;
      case Token.quote:
        cursor.end = quotedEnd(text, cursor.end);
        break;
      case Token.heredoc:
        if (!unclosed) unclosed = !skipHeredoc(cursor);
        break;
      default:
    }
  }
}

/** Moves to the end of the heredoc that starts at the cursor; false where it has none. */
function skipHeredoc(cursor: Cursor): boolean {
  const marker = cursor.text.slice(cursor.start, cursor.end).replace(/^<<-?/, "");
  const close = findClosingLine(cursor.text, marker, cursor.end);
  if (close !== -1) cursor.end = close;
  return close !== -1;
}

/** The column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset === 0 ? 0 : offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Whether the line at `start` is no deeper than `margin` and looks like an attribute, a block or the end of a body. */
function startsItem(text: string, start: number, margin: number): boolean {
  const first = skipBlanks(text, start);
  if (text[first] === "}") return first - start < margin;
  if (first - start > margin) return false;
  const name = identifierEnd(text, first);
  if (name === first) return false;
  const after = skipBlanks(text, name);
  const next = text[after];
  if (next === "=") return text[after + 1] !== "=" && text[after + 1] !== ">";
  return next === "{" || next === '"' || identifierEnd(text, after) > after;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}

/** The end of a string whose inside starts at `start`: behind its closing quote, or where its line ends. */
function quotedEnd(text: string, start: number): number {
  const within: ("string" | "sequence")[] = ["string"];
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return at;
    if (within.at(-1) === "string") {
      if (character === "\\") at += 1;
      else if (character === '"') within.pop();
      else if ((character === "$" || character === "%") && text[at + 1] === "{") {
        within.push("sequence");
        at += 1;
      }
    } else if (character === '"') within.push("string");
    else if (character === "{") within.push("sequence");
    else if (character === "}") within.pop();
    if (within.length === 0) return at + 1;
  }
  return text.length;
}
