import { Cursor, MAX_DEPTH } from "./cursor.ts";
import { parseExpressionAt } from "./expression-parser.ts";
import { lineEnd } from "./lexer.ts";
import { columnOf, skipItem } from "./recovery.ts";
import type { Diagnostic, SourceFile } from "./source.ts";
import type { Attribute, Block, Body, Expression, Label, ParsedFile, TemplatePart } from "./syntax.ts";
import { parseLabel, parseWholeTemplate } from "./template-parser.ts";
import { Token } from "./token.ts";

/**
 * Parses a file in HCL's native syntax. It never throws: an error is a diagnostic, the item that has it is left out,
 * and the items around it are there.
 */
export function parse(file: SourceFile): ParsedFile {
  const plain = parseBodyOf(file, false);
  if (!plain.unclosed) return { body: plain.body, diagnostics: plain.cursor.diagnostics };
  // A forgotten brace makes one block swallow the rest of the file. Read again, trusting the indentation instead.
  const indented = parseBodyOf(file, true);
  const better = indented.cursor.diagnostics.length <= plain.cursor.diagnostics.length ? indented : plain;
  return { body: better.body, diagnostics: better.cursor.diagnostics };
}

/**
 * Parses one expression; `start` and `end` bound it in the file's text, and its ranges are the file's. Line ends do not
 * count in it, as within parentheses.
 */
export function parseExpression(
  file: SourceFile,
  start: number = textStart(file),
  end: number = file.text.length,
): { readonly expression: Expression | null; readonly diagnostics: readonly Diagnostic[] } {
  const cursor = new Cursor(file, start, end);
  cursor.newlines = false;
  cursor.advance();
  const expression = parseExpressionAt(cursor);
  if (expression !== null && cursor.kind !== Token.end) {
    cursor.expected("the end of the value");
    return { expression: null, diagnostics: cursor.diagnostics };
  }
  return { expression, diagnostics: cursor.diagnostics };
}

/**
 * Parses a file that is a template as a whole, as `templatefile` reads it, or the stretch of it from `start` to `end`.
 * With an error there are no parts.
 */
export function parseTemplate(
  file: SourceFile,
  start: number = textStart(file),
  end: number = file.text.length,
): {
  readonly parts: readonly TemplatePart[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const cursor = new Cursor(file, start, end);
  const parts = parseWholeTemplate(cursor, start, parseExpressionAt);
  return { parts: parts ?? [], diagnostics: cursor.diagnostics };
}

/** A byte order mark is no part of the language. */
function textStart(file: SourceFile): number {
  return file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

const FEW_ITEMS = 8;

/** One reading of a file. */
interface Reading {
  readonly cursor: Cursor;
  /** Whether a line that stands no deeper than a block's own ends that block. */
  readonly indented: boolean;
  unclosed: boolean;
  /** The attribute that was read last, if its value does not parse. */
  unread: string | null;
}

/** The block that a body belongs to. */
interface Header {
  readonly type: string;
  readonly start: number;
  readonly column: number;
  /** The offset after the opening brace. */
  readonly inside: number;
}

function parseBodyOf(file: SourceFile, indented: boolean): Reading & { readonly body: Body } {
  const start = textStart(file);
  const cursor = new Cursor(file, start, file.text.length);
  const reading: Reading = { cursor, indented, unclosed: false, unread: null };
  cursor.advance();
  const body = parseBody(reading, start, null);
  return { ...reading, body };
}

/** Reads items up to the closing brace of the body's block, or the end of the text where `header` is null. */
function parseBody(reading: Reading, start: number, header: Header | null): Body {
  const { cursor } = reading;
  const { file } = cursor;
  const items: (Attribute | Block)[] = [];
  const names = new AttributeNames(items);
  let unread: string[] | null = null;
  while (cursor.kind !== Token.end && !cursor.exhausted) {
    if (cursor.kind === Token.newline) {
      cursor.advance();
    } else if (cursor.kind === Token.closeBrace && header !== null) {
      return { kind: "body", file, start, end: cursor.start, items: items.slice(), ...without(unread) };
    } else if (header !== null && reading.indented && endsByIndentation(cursor, header)) {
      reportUnclosed(cursor, header, ` before line ${cursor.lineOf(cursor.start)}`);
      return { kind: "body", file, start, end: cursor.start, items, ...without(unread) };
    } else {
      reading.unread = null;
      const item = parseItem(reading, header !== null);
      if (item === null && reading.unread !== null) {
        unread ??= [];
        unread.push(reading.unread);
      }
      if (item !== null && isNew(cursor, item, names)) items.push(item);
    }
  }
  if (header !== null && cursor.kind === Token.end) {
    reading.unclosed = true;
    reportUnclosed(cursor, header, "");
  }
  return { kind: "body", file, start, end: cursor.start, items, ...without(unread) };
}

function without(unread: readonly string[] | null): Pick<Body, "unread"> | null {
  return unread && { unread };
}

/** The attributes of a body by name. Of a few, looking at each is quicker than a map. */
class AttributeNames {
  readonly #items: readonly (Attribute | Block)[];
  #first: Map<string, Attribute> | null = null;
  #mapped = 0;

  /** `items` are those that were read, as they come. */
  constructor(items: readonly (Attribute | Block)[]) {
    this.#items = items;
  }

  /** The attribute that has a name already. */
  earlier(name: string): Attribute | null {
    if (this.#items.length > FEW_ITEMS) return this.#byName().get(name) ?? null;
    for (const item of this.#items) if (item.kind === "attribute" && item.name === name) return item;
    return null;
  }

  #byName(): ReadonlyMap<string, Attribute> {
    this.#first ??= new Map();
    for (const item of this.#items.slice(this.#mapped))
      if (item.kind === "attribute") this.#first.set(item.name, item);
    this.#mapped = this.#items.length;
    return this.#first;
  }
}

function endsByIndentation(cursor: Cursor, header: Header): boolean {
  return (
    cursor.kind === Token.identifier &&
    /^[ \t]*$/.test(cursor.text.slice(cursor.start - columnOf(cursor.text, cursor.start), cursor.start)) &&
    columnOf(cursor.text, cursor.start) <= header.column
  );
}

function reportUnclosed(cursor: Cursor, header: Header, where: string): void {
  cursor.report(`this ${header.type} block is not closed${where}: expected "}"`, header.start, header.inside);
}

/** Reports a second attribute of one name, which is left out. */
function isNew(cursor: Cursor, item: Attribute | Block, names: AttributeNames): boolean {
  if (item.kind === "block") return true;
  const earlier = names.earlier(item.name);
  if (earlier === null) return true;
  const { start, end } = item.nameRange;
  cursor.report(
    `${item.name} is already set on line ${cursor.lineOf(earlier.start)}; an attribute can be set once`,
    start,
    end,
  );
  return false;
}

/** Reads an attribute or block with the line end after it; null after an error. */
function parseItem(reading: Reading, nested: boolean): Attribute | Block | null {
  const { cursor } = reading;
  const { start, depth } = cursor;
  cursor.open = 0;
  const item = parseAttributeOrBlock(reading);
  if (item !== null && endsLine(cursor, item, nested)) return item;
  cursor.depth = depth;
  skipItem(cursor, start, nested, item === null);
  return item;
}

function endsLine(cursor: Cursor, item: Attribute | Block, nested: boolean): boolean {
  if (cursor.kind === Token.newline || cursor.kind === Token.end) return true;
  // The line of the next item ended the block, which has no closing brace.
  if (item.kind === "block" && cursor.start === item.body.end) return true;
  if (nested && cursor.kind === Token.closeBrace) {
    const what = item.kind === "block" ? "block" : "attribute";
    cursor.report(
      `expected a line end after this ${what}; only a block with one attribute stands on one line`,
      cursor.start,
      cursor.end,
    );
  } else if (item.kind === "attribute" && cursor.kind === Token.comma) {
    cursor.report('attributes are separated by line ends, not by ","', cursor.start, cursor.end);
  } else {
    cursor.expected(item.kind === "block" ? "a line end after the block" : "a line end after the value");
  }
  return false;
}

function parseAttributeOrBlock(reading: Reading): Attribute | Block | null {
  const { cursor } = reading;
  const { start, end } = cursor;
  if (cursor.kind === Token.quote)
    return cursor.report("the name of an attribute or block stands without quotes here", start, end);
  if (cursor.kind === Token.closeBrace)
    return cursor.report('this "}" closes nothing; is there one too many before it?', start, end);
  if (cursor.kind !== Token.identifier) return cursor.expected("an attribute or a block");
  const name = cursor.name();
  cursor.advance();
  switch (cursor.kind) {
    case Token.equal:
      reading.unread = name;
      return parseAttribute(cursor, name, start, end);
    case Token.quote:
    case Token.identifier:
    case Token.openBrace:
      return parseBlock(reading, name, start, end);
    default:
      return cursor.expected(`"=" and a value, or a block's labels and "{", after ${name}`);
  }
}

function parseAttribute(cursor: Cursor, name: string, start: number, nameEnd: number): Attribute | null {
  const { file } = cursor;
  cursor.advance();
  const value = parseExpressionAt(cursor);
  if (value === null) return null;
  const nameRange = { file, start, end: nameEnd };
  return { kind: "attribute", file, start, end: value.end, name, nameRange, value };
}

function parseBlock(reading: Reading, type: string, start: number, typeEnd: number): Block | null {
  const { cursor } = reading;
  const { file } = cursor;
  const labels = parseLabels(cursor, type);
  if (labels === null) return null;
  if (cursor.depth >= MAX_DEPTH) return cursor.tooDeep();
  const header: Header = { type, start, column: columnOf(cursor.text, start), inside: cursor.end };
  cursor.open += 1;
  cursor.advance();
  const multiline =
    cursor.kind === Token.newline || cursor.kind === Token.closeBrace || cursor.kind === Token.end;
  cursor.depth += 1;
  const body = multiline ? parseBody(reading, header.inside, header) : parseLineBody(cursor, header);
  cursor.depth -= 1;
  if (body === null) return null;
  const closed = cursor.kind === Token.closeBrace;
  const end = closed ? cursor.end : body.end;
  if (closed) cursor.advance();
  const typeRange = { file, start, end: typeEnd };
  return { kind: "block", file, start, end, type, typeRange, labels, body };
}

/** Reads a block's labels up to its brace. */
function parseLabels(cursor: Cursor, type: string): readonly Label[] | null {
  const { file } = cursor;
  const labels: Label[] = [];
  for (;;) {
    const { start, end } = cursor;
    if (cursor.kind === Token.openBrace) return labels.slice();
    if (cursor.kind === Token.identifier) {
      labels.push({ kind: "label", file, start, end, value: cursor.name() });
      cursor.advance();
    } else if (cursor.kind === Token.quote) {
      const label = parseLabel(cursor);
      if (label === null) return null;
      labels.push(label);
    } else if (
      cursor.kind === Token.newline &&
      /^[ \t]*\{/.test(cursor.text.slice(end, lineEnd(cursor.text, end)))
    ) {
      cursor.advance();
      return cursor.report(
        `the "{" of the ${type} block belongs on the line of its name`,
        cursor.start,
        cursor.end,
      );
    } else if (cursor.kind === Token.equal) {
      return cursor.report(`a block such as ${type} has no "="; write ${type} { … }`, start, end);
    } else {
      return cursor.expected(`"{" or a label of the ${type} block`);
    }
  }
}

/** The inside of a block on one line: one attribute. */
function parseLineBody(cursor: Cursor, header: Header): Body | null {
  const { file, start, end } = cursor;
  if (cursor.kind !== Token.identifier) return cursor.expected('an attribute, a line end or "}"');
  const name = cursor.name();
  cursor.advance();
  if (cursor.kind !== Token.equal)
    return cursor.expected(`"=" after ${name}: a block on one line holds one attribute and no block`);
  const item = parseAttribute(cursor, name, start, end);
  if (item === null) return null;
  if (cursor.kind !== Token.closeBrace)
    return cursor.expected(
      `"}" on the same line: a block whose first attribute stands beside its brace, as in this ${header.type}, holds only that`,
    );
  return { kind: "body", file, start: header.inside, end: cursor.start, items: [item] };
}
