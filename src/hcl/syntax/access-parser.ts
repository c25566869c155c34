import type { ExpressionParser } from "./collection-parser.ts";
import { type Cursor, MAX_DEPTH, MAX_HEIGHT } from "./cursor.ts";
import { parseNumber } from "./number-parser.ts";
import type { Expression, GetAttribute, Index, SplatItem } from "./syntax.ts";
import { Token } from "./token.ts";

/** Reads what follows a term: `.name`, `.0`, `[key]`, `.*` and `[*]`. */
export function parseAccess(
  cursor: Cursor,
  term: Expression,
  parseExpression: ExpressionParser,
): Expression | null {
  let from = term;
  for (;;) {
    let next: Expression | null;
    const { height } = cursor;
    if (cursor.kind === Token.dot) {
      const dot = cursor.start;
      cursor.advance();
      next =
        cursor.kind === Token.star ? parseAttributeSplat(cursor, from, dot) : parseAfterDot(cursor, from);
    } else if (cursor.kind === Token.openBracket) {
      next = parseBracket(cursor, from, parseExpression);
    } else {
      return from;
    }
    if (next === null || !cursor.grow(Math.max(height, cursor.height))) return null;
    from = next;
  }
}

/** `name` or `0` after a dot. */
function parseAfterDot(cursor: Cursor, object: Expression): GetAttribute | Index | null {
  const { file, start, end } = cursor;
  if (cursor.kind === Token.identifier) {
    const name = cursor.name();
    cursor.advance();
    return { kind: "get-attribute", file, start: object.start, end, object, name };
  }
  if (cursor.kind !== Token.number) return cursor.expected('an attribute\'s name after "."');
  const text = cursor.text.slice(start, end);
  if (text.includes(".")) {
    const brackets = text
      .split(".")
      .map((index) => `[${index}]`)
      .join("");
    return cursor.report(`".${text}" cannot index twice; write ${brackets}`, start, end);
  }
  const key = parseNumber(cursor);
  return key === null ? null : { kind: "index", file, start: object.start, end, collection: object, key };
}

/** `.*` and the attributes and indexes written with a dot that belong to it. */
function parseAttributeSplat(cursor: Cursor, source: Expression, dot: number): Expression | null {
  const { file } = cursor;
  const item: SplatItem = { kind: "splat-item", file, start: dot, end: cursor.end, id: dot };
  let each: Expression = item;
  cursor.advance();
  for (let steps = 0; cursor.kind === Token.dot; steps += 1) {
    if (steps >= MAX_HEIGHT) return cursor.tooDeep();
    cursor.advance();
    if (cursor.kind === Token.star)
      return cursor.report('a ".*" cannot stand within another; write "[*]"', cursor.start, cursor.end);
    const next = parseAfterDot(cursor, each);
    if (next === null) return null;
    each = next;
    cursor.height += 1;
  }
  return { kind: "splat", file, start: source.start, end: each.end, id: item.id, source, each };
}

/** `[key]`, or `[*]` with all accessors after it. */
function parseBracket(
  cursor: Cursor,
  collection: Expression,
  parseExpression: ExpressionParser,
): Expression | null {
  const { file, start: opened } = cursor;
  const outer = cursor.newlines;
  cursor.open += 1;
  cursor.advance();
  if (cursor.kind === Token.star) return parseFullSplat(cursor, collection, opened, parseExpression);
  cursor.newlines = false;
  if (cursor.kind === Token.newline) cursor.advance();
  const key = parseExpression(cursor);
  if (key === null) return null;
  if (cursor.kind !== Token.closeBracket) return cursor.expectedIn('"]"', "index", opened);
  const { end } = cursor;
  cursor.leave(outer);
  return { kind: "index", file, start: collection.start, end, collection, key };
}

function parseFullSplat(
  cursor: Cursor,
  source: Expression,
  opened: number,
  parseExpression: ExpressionParser,
): Expression | null {
  const { file } = cursor;
  cursor.advance();
  if (cursor.kind !== Token.closeBracket) return cursor.expected('"]" after "[*"');
  if (cursor.depth >= MAX_DEPTH) return cursor.tooDeep();
  const item: SplatItem = { kind: "splat-item", file, start: opened, end: cursor.end, id: opened };
  cursor.leave(cursor.newlines);
  cursor.height = 1;
  cursor.depth += 1;
  const each = parseAccess(cursor, item, parseExpression);
  cursor.depth -= 1;
  return each === null
    ? null
    : { kind: "splat", file, start: source.start, end: each.end, id: item.id, source, each };
}
