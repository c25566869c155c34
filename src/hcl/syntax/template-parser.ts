import { normalized, skipSpace, skipSpaceBack } from "./characters.ts";
import { type ExpressionParser, parseForNames } from "./collection-parser.ts";
import type { Cursor } from "./cursor.ts";
import { readEscape } from "./escape.ts";
import { findClosingLine } from "./heredoc.ts";
import { lineEnd } from "./lexer.ts";
import type { Label, Template, TemplatePart } from "./syntax.ts";
import { type Directive, type Piece, removeIndentation, treeOf } from "./template-pieces.ts";
import { Token } from "./token.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const PERCENT = 0x25;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const TILDE = 0x7e;

const UNCLOSED_STRING = 'this string has no closing " on its line';

/** A template on its way from text to pieces. */
interface Reader {
  readonly cursor: Cursor;
  readonly parseExpression: ExpressionParser;
  readonly pieces: Piece[];
  /** Whether a carriage return may stand without a line feed. */
  readonly bareReturns: boolean;
  /** Whether a `~}` was just read, which strips the start of a text that follows. */
  strip: boolean;
  /** The height of the highest expression. */
  height: number;
}

/** Reads the string that starts at the cursor's quote. */
export function parseQuoted(cursor: Cursor, parseExpression: ExpressionParser): Template | null {
  const { file, start, text } = cursor;
  const end = plainEnd(text, start + 1);
  if (text.charCodeAt(end) !== QUOTE) return parseQuotedPieces(cursor, parseExpression);
  const value = normalized(text.slice(start + 1, end));
  cursor.moveTo(end + 1);
  const parts: TemplatePart[] = value === "" ? [] : [{ kind: "text", file, start: start + 1, end, value }];
  return { kind: "template", file, start, end: end + 1, form: "quoted", parts };
}

function parseQuotedPieces(cursor: Cursor, parseExpression: ExpressionParser): Template | null {
  const { file, start, text } = cursor;
  const reader = newReader(cursor, parseExpression, false);
  let at = readQuotedText(reader, start + 1);
  while (at !== null && text.charCodeAt(at) !== QUOTE) {
    if (!startsSequence(text, at)) return cursor.report(UNCLOSED_STRING, start, at);
    const after = readSequence(reader, at);
    at = after === null ? null : readQuotedText(reader, after);
  }
  if (at === null) return null;
  const parts = finish(reader);
  if (parts === null) return null;
  cursor.moveTo(at + 1);
  return { kind: "template", file, start, end: at + 1, form: "quoted", parts };
}

/** Reads a block's quoted label; there are no sequences in it. */
export function parseLabel(cursor: Cursor): Label | null {
  const { file, start, text } = cursor;
  const plain = plainEnd(text, start + 1);
  if (text.charCodeAt(plain) === QUOTE) {
    const value = cursor.nameAt(start + 1, plain);
    cursor.moveTo(plain + 1);
    return { kind: "label", file, start, end: plain + 1, value };
  }
  const reader = newReader(cursor, () => null, false);
  const at = readQuotedText(reader, start + 1);
  if (at === null) return null;
  if (startsSequence(text, at))
    return cursor.report(`a label is plain text: "${text.slice(at, at + 2)}" cannot stand in it`, at, at + 2);
  if (text.charCodeAt(at) !== QUOTE) return cursor.report(UNCLOSED_STRING, start, at);
  const [piece] = reader.pieces;
  cursor.moveTo(at + 1);
  return { kind: "label", file, start, end: at + 1, value: piece?.kind === "text" ? piece.value : "" };
}

/** Reads the heredoc that starts at the cursor. */
export function parseHeredoc(cursor: Cursor, parseExpression: ExpressionParser): Template | null {
  const { file, start, end: opened, text } = cursor;
  const indented = text.charCodeAt(start + 2) === MINUS;
  const marker = text.slice(start + (indented ? 3 : 2), opened);
  const reader = newReader(cursor, parseExpression, false);
  cursor.heredocs.push({ marker, open: cursor.open });
  if (findClosingLine(file.text, marker, opened) === -1)
    return cursor.report(unclosed(text, marker), start, opened);
  let at = lineEnd(text, opened) + 1;
  let close = closingLine(cursor, marker, at);
  while (close === null) {
    at = readLine(reader, at);
    if (startsSequence(text, at)) {
      const after = readSequence(reader, at);
      if (after === null) return null;
      at = after;
    } else if (at >= text.length) {
      return cursor.report(unclosed(text, marker), start, opened);
    } else if (text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED) {
      return cursor.report("a carriage return cannot stand alone in a heredoc", at, at + 1);
    } else {
      close = closingLine(cursor, marker, at);
    }
  }
  cursor.heredocs.pop();
  if (indented) removeIndentation(reader.pieces);
  const parts = finish(reader);
  if (parts === null) return null;
  cursor.moveTo(close.lineEnd);
  const form = indented ? "indented-heredoc" : "heredoc";
  return { kind: "template", file, start, end: close.end, form, parts };
}

/** Reads a text that is a template as a whole; `start` is where it begins. */
export function parseWholeTemplate(
  cursor: Cursor,
  start: number,
  parseExpression: ExpressionParser,
): readonly TemplatePart[] | null {
  const { text } = cursor;
  const reader = newReader(cursor, parseExpression, true);
  let at: number | null = start;
  while (at !== null && at < text.length) {
    at = startsSequence(text, at) ? readSequence(reader, at) : readLine(reader, at);
  }
  return at === null ? null : finish(reader);
}

function newReader(cursor: Cursor, parseExpression: ExpressionParser, bareReturns: boolean): Reader {
  return { cursor, parseExpression, pieces: [], bareReturns, strip: false, height: 0 };
}

function finish(reader: Reader): readonly TemplatePart[] | null {
  const { cursor } = reader;
  const tree = treeOf(cursor, reader.pieces);
  if (tree === null) return null;
  return cursor.grow(reader.height + tree.levels) ? tree.parts : null;
}

/** Whether `${` or `%{` stands at `at`. The escaped forms are read as text from their first character on. */
function startsSequence(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === DOLLAR || code === PERCENT) && text.charCodeAt(at + 1) === BRACE;
}

/** Whether `$${` or `%%{` stands at `at`, where `code` is. */
function startsEscapedSequence(text: string, at: number, code: number): boolean {
  return text.charCodeAt(at + 1) === code && text.charCodeAt(at + 2) === BRACE;
}

/** The first offset that ends a plain text or needs a closer look. */
function plainEnd(text: string, start: number): number {
  for (let at = start; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code > PERCENT) {
      if (code === BACKSLASH) return at;
    } else if (code !== SPACE && code !== BANG && code !== HASH) {
      return at;
    }
  }
}

/** Reads text up to a sequence, the closing quote, the end of the line or of all; null after a bad escape. */
function readQuotedText(reader: Reader, start: number): number | null {
  const { text } = reader.cursor;
  let value = "";
  let chunk = start;
  let at = plainEnd(text, start);
  for (; ; at = plainEnd(text, at)) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const sequence = readEscape(text, at);
      if ("error" in sequence) return reader.cursor.report(sequence.error, at, sequence.end);
      value += text.slice(chunk, at) + sequence.value;
      chunk = sequence.end;
      at = sequence.end;
    } else if (code === QUOTE || code === LINE_FEED || code === CARRIAGE_RETURN || at >= text.length) {
      break;
    } else if (code !== DOLLAR && code !== PERCENT) {
      at += 1;
    } else if (startsSequence(text, at)) {
      break;
    } else if (startsEscapedSequence(text, at, code)) {
      value += text.slice(chunk, at + 1);
      chunk = at + 2;
      at += 3;
    } else {
      at += 1;
    }
  }
  addText(reader, value + text.slice(chunk, at), start, at);
  return at;
}

/** Reads text up to a sequence or behind the end of the line. */
function readLine(reader: Reader, start: number): number {
  const { text } = reader.cursor;
  let value = "";
  let chunk = start;
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) {
      at += 1;
      break;
    }
    if (code === CARRIAGE_RETURN && !reader.bareReturns && text.charCodeAt(at + 1) !== LINE_FEED) break;
    if (code !== DOLLAR && code !== PERCENT) continue;
    if (startsSequence(text, at)) break;
    if (startsEscapedSequence(text, at, code)) {
      value += text.slice(chunk, at + 1);
      chunk = at + 2;
      at += 2;
    }
  }
  addText(reader, value + text.slice(chunk, at), start, at);
  return at;
}

function addText(reader: Reader, value: string, start: number, end: number): void {
  if (start === end) return;
  const kept = reader.strip ? value.slice(skipSpace(value, 0, value.length)) : value;
  reader.strip = false;
  reader.pieces.push({ kind: "text", value: kept, start, end });
}

/** Reads the `${ … }` or `%{ … }` at `at` and gives the offset after it. */
function readSequence(reader: Reader, at: number): number | null {
  const { cursor, pieces } = reader;
  const { file, text } = cursor;
  const directive = text.charCodeAt(at) === PERCENT;
  const stripBefore = text.charCodeAt(at + 2) === TILDE;
  const before = pieces.at(-1);
  if (stripBefore && before?.kind === "text")
    before.value = before.value.slice(0, skipSpaceBack(before.value, 0, before.value.length));
  const outer = cursor.newlines;
  cursor.newlines = false;
  cursor.open += 1;
  cursor.moveTo(at + (stripBefore ? 3 : 2));
  const content = directive ? readDirective(reader) : reader.parseExpression(cursor);
  if (content === null) return null;
  reader.height = Math.max(reader.height, cursor.height);
  if (cursor.kind !== Token.closeBrace && cursor.kind !== Token.stripBrace)
    return cursor.expectedIn(
      `"}" (a literal "${text.slice(at, at + 2)}" is written "${text[at]}${text.slice(at, at + 2)}")`,
      directive ? "directive" : "interpolation",
      at,
    );
  const { end } = cursor;
  reader.strip = cursor.kind === Token.stripBrace;
  cursor.newlines = outer;
  cursor.open -= 1;
  if ("keyword" in content) pieces.push({ kind: "directive", directive: content, start: at, end });
  else pieces.push({ kind: "interpolation", file, start: at, end, expression: content });
  return end;
}

function readDirective(reader: Reader): Directive | null {
  const { cursor } = reader;
  cursor.height = 1;
  if (cursor.is("if")) {
    cursor.advance();
    const condition = reader.parseExpression(cursor);
    return condition === null ? null : { keyword: "if", condition };
  }
  if (cursor.is("for")) {
    const names = parseForNames(cursor);
    const collection = names === null ? null : reader.parseExpression(cursor);
    return names === null || collection === null ? null : { keyword: "for", names, collection };
  }
  for (const keyword of ["else", "endif", "endfor"] as const) {
    if (!cursor.is(keyword)) continue;
    cursor.advance();
    return { keyword };
  }
  return cursor.expected(
    '"if", "else", "endif", "for" or "endfor" after "%{" (a literal "%{" is written "%%{")',
  );
}

/** Where the heredoc's last line ends, if the line at `start` is that: the marker alone, and a line end. */
function closingLine(
  cursor: Cursor,
  marker: string,
  start: number,
): { readonly end: number; readonly lineEnd: number } | null {
  const { file, text } = cursor;
  const end = lineEnd(text, start);
  // An expression that is parsed alone stops before the line end that its file has there.
  if (end === text.length && !/^\r?\n/.test(file.text.slice(end, end + 2))) return null;
  const first = skipSpace(text, start, end);
  const last = first + marker.length;
  if (!text.startsWith(marker, first) || skipSpace(text, last, end) !== end) return null;
  return { end: last, lineEnd: text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end };
}

function unclosed(text: string, marker: string): string {
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  return lastLine.trim() === marker
    ? `the line ${marker}, which closes this heredoc, is the last one and has no line end; add one`
    : `this heredoc is not closed: expected a line with ${marker} alone`;
}
