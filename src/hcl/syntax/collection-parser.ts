import type { Cursor } from "./cursor.ts";
import type { Expression, For, ObjectConstructor, ObjectItem, TupleConstructor } from "./syntax.ts";
import { Token } from "./token.ts";

/** How the parser of a larger construct reads the expressions in it. */
export type ExpressionParser = (cursor: Cursor) => Expression | null;

/** The names of `for k, v in …`; `key` is null where there is one name. */
export interface ForNames {
  readonly key: string | null;
  readonly value: string;
}

/** Reads what starts with `[` or `{` where a value stands: a tuple, an object or a `for` expression. */
export function parseCollection(cursor: Cursor, parseExpression: ExpressionParser): Expression | null {
  const { start } = cursor;
  const braces = cursor.kind === Token.openBrace;
  const outer = cursor.enter();
  let collection: Expression | null;
  if (cursor.is("for")) collection = parseFor(cursor, parseExpression, start, braces);
  else if (braces) collection = parseObject(cursor, parseExpression, start);
  else collection = parseTuple(cursor, parseExpression, start);
  if (collection === null) return null;
  cursor.leave(outer);
  return cursor.grow(cursor.height) ? collection : null;
}

function parseTuple(
  cursor: Cursor,
  parseExpression: ExpressionParser,
  start: number,
): TupleConstructor | null {
  const { file } = cursor;
  const items: Expression[] = [];
  let height = 1;
  while (cursor.kind !== Token.closeBracket) {
    if (cursor.kind === Token.end) return cursor.expectedIn('"]"', "list", start);
    const item = parseExpression(cursor);
    if (item === null) return null;
    items.push(item);
    height = Math.max(height, cursor.height);
    if (cursor.kind === Token.comma) cursor.advance();
    else if (cursor.kind !== Token.closeBracket) return cursor.expectedIn('"," or "]"', "list", start);
  }
  cursor.height = height;
  return { kind: "tuple", file, start, end: cursor.end, items: items.slice() };
}

function parseObject(
  cursor: Cursor,
  parseExpression: ExpressionParser,
  start: number,
): ObjectConstructor | null {
  const { file } = cursor;
  const items: ObjectItem[] = [];
  let height = 1;
  cursor.newlines = true;
  for (;;) {
    while (cursor.kind === Token.newline) cursor.advance();
    if (cursor.kind === Token.closeBrace) break;
    if (cursor.kind === Token.end) return cursor.expectedIn('"}"', "object", start);
    const key = parseExpression(cursor);
    if (key === null) return null;
    height = Math.max(height, cursor.height);
    if (cursor.kind !== Token.equal && cursor.kind !== Token.colon)
      return cursor.expectedIn('"=" and a value after the key', "object", start);
    cursor.advance();
    const value = parseExpression(cursor);
    if (value === null) return null;
    height = Math.max(height, cursor.height);
    items.push({ kind: "item", file, start: key.start, end: value.end, key, value });
    if (cursor.kind === Token.comma || cursor.kind === Token.newline) cursor.advance();
    else if (cursor.kind !== Token.closeBrace)
      return cursor.expectedIn('the end of the line, "," or "}"', "object", start);
  }
  cursor.height = height;
  return { kind: "object", file, start, end: cursor.end, items: items.slice() };
}

function parseFor(
  cursor: Cursor,
  parseExpression: ExpressionParser,
  start: number,
  braces: boolean,
): For | null {
  const { file } = cursor;
  const names = parseForNames(cursor);
  if (names === null) return null;
  const collection = parseExpression(cursor);
  if (collection === null) return null;
  let { height } = cursor;
  if (cursor.kind !== Token.colon) return cursor.expected('":" after the collection of "for"');
  cursor.advance();
  const first = parseExpression(cursor);
  if (first === null) return null;
  height = Math.max(height, cursor.height);
  const second = parseArrowValue(cursor, parseExpression, braces);
  if (second === null) return null;
  height = Math.max(height, cursor.height);
  const grouping = cursor.kind === Token.ellipsis;
  if (grouping && !braces)
    return cursor.report('"..." groups the values of an object; a list has none', cursor.start, cursor.end);
  if (grouping) cursor.advance();
  let condition: Expression | null = null;
  if (cursor.is("if")) {
    cursor.advance();
    condition = parseExpression(cursor);
    if (condition === null) return null;
    height = Math.max(height, cursor.height);
  }
  if (cursor.kind !== (braces ? Token.closeBrace : Token.closeBracket))
    return cursor.expectedIn(condition === null ? closers(braces) : closer(braces), '"for"', start);
  cursor.height = height;
  return {
    kind: "for",
    file,
    start,
    end: cursor.end,
    keyName: names.key,
    valueName: names.value,
    collection,
    key: second === "none" ? null : first,
    value: second === "none" ? first : second,
    condition,
    grouping,
  };
}

function closer(braces: boolean): string {
  return braces ? '"}"' : '"]"';
}

function closers(braces: boolean): string {
  return braces ? '"...", "if" or "}"' : '"if" or "]"';
}

/** `=> value`, which an object has and a list has not. */
function parseArrowValue(
  cursor: Cursor,
  parseExpression: ExpressionParser,
  braces: boolean,
): Expression | "none" | null {
  if (cursor.kind !== Token.arrow)
    return braces ? cursor.expected('"=>" and a value: a "for" within braces makes an object') : "none";
  if (!braces)
    return cursor.report(
      '"=>" makes an object: write the "for" within braces instead of brackets',
      cursor.start,
      cursor.end,
    );
  cursor.advance();
  return parseExpression(cursor);
}

/** Reads `for k, v in`; the cursor stands at the `for`. */
export function parseForNames(cursor: Cursor): ForNames | null {
  cursor.advance();
  if (cursor.kind !== Token.identifier) return cursor.expected('a name after "for"');
  const first = cursor.name();
  let second: string | null = null;
  cursor.advance();
  if (cursor.kind === Token.comma) {
    cursor.advance();
    if (cursor.kind !== Token.identifier) return cursor.expected("a second name after the comma");
    second = cursor.name();
    cursor.advance();
  }
  if (!cursor.is("in")) return cursor.expected('"in" after the names of "for"');
  cursor.advance();
  return second === null ? { key: null, value: first } : { key: first, value: second };
}
