import { parseAccess } from "./access-parser.ts";
import { parseCollection } from "./collection-parser.ts";
import { type Cursor, MAX_DEPTH } from "./cursor.ts";
import { parseNumber } from "./number-parser.ts";
import type { BinaryOperator, Expression, Unary } from "./syntax.ts";
import { parseHeredoc, parseQuoted } from "./template-parser.ts";
import { Token } from "./token.ts";

interface Operator {
  readonly operator: BinaryOperator;
  readonly precedence: number;
}

/** The binary operators by kind of token, in the order of the kinds from `Token.or` on. */
const OPERATORS: readonly Operator[] = [
  { operator: "||", precedence: 1 },
  { operator: "&&", precedence: 2 },
  { operator: "==", precedence: 3 },
  { operator: "!=", precedence: 3 },
  { operator: "<", precedence: 4 },
  { operator: "<=", precedence: 4 },
  { operator: ">", precedence: 4 },
  { operator: ">=", precedence: 4 },
  { operator: "+", precedence: 5 },
  { operator: "-", precedence: 5 },
  { operator: "*", precedence: 6 },
  { operator: "/", precedence: 6 },
  { operator: "%", precedence: 6 },
];

/** Reads an expression; null after an error was reported. */
export function parseExpressionAt(cursor: Cursor): Expression | null {
  if (cursor.depth >= MAX_DEPTH) return cursor.tooDeep();
  cursor.depth += 1;
  const condition = parseBinary(cursor, 1);
  const expression =
    condition !== null && cursor.kind === Token.question ? parseConditional(cursor, condition) : condition;
  cursor.depth -= 1;
  return expression;
}

function parseConditional(cursor: Cursor, condition: Expression): Expression | null {
  const { file } = cursor;
  let { height } = cursor;
  cursor.advance();
  const consequent = parseExpressionAt(cursor);
  if (consequent === null) return null;
  height = Math.max(height, cursor.height);
  if (cursor.kind !== Token.colon) return cursor.expected('":" and the value for the other case');
  cursor.advance();
  const alternative = parseExpressionAt(cursor);
  if (alternative === null) return null;
  if (!cursor.grow(Math.max(height, cursor.height))) return null;
  return {
    kind: "conditional",
    file,
    start: condition.start,
    end: alternative.end,
    condition,
    // biome-ignore lint/suspicious/noThenProperty: the tree's name for it; nodes are never awaited
    then: consequent,
    else: alternative,
  };
}

function parseBinary(cursor: Cursor, minimum: number): Expression | null {
  let left = parseOperand(cursor);
  if (left === null) return null;
  for (;;) {
    if (cursor.kind < Token.or) return left;
    const operator = OPERATORS[cursor.kind - Token.or];
    if (operator === undefined || operator.precedence < minimum) return left;
    const { height } = cursor;
    cursor.advance();
    const right = parseBinary(cursor, operator.precedence + 1);
    if (right === null || !cursor.grow(Math.max(height, cursor.height))) return null;
    left = {
      kind: "binary",
      file: cursor.file,
      start: left.start,
      end: right.end,
      operator: operator.operator,
      left,
      right,
    };
  }
}

function parseOperand(cursor: Cursor): Expression | null {
  if (cursor.kind === Token.minus) return parseUnary(cursor, "-");
  if (cursor.kind === Token.bang) return parseUnary(cursor, "!");
  const term = parseTerm(cursor);
  return term === null ? null : parseAccess(cursor, term, parseExpressionAt);
}

function parseUnary(cursor: Cursor, operator: Unary["operator"]): Expression | null {
  if (cursor.depth >= MAX_DEPTH) return cursor.tooDeep();
  const { start } = cursor;
  cursor.depth += 1;
  cursor.advance();
  const operand = parseOperand(cursor);
  cursor.depth -= 1;
  if (operand === null || !cursor.grow(cursor.height)) return null;
  return { kind: "unary", file: cursor.file, start, end: operand.end, operator, operand };
}

function parseTerm(cursor: Cursor): Expression | null {
  cursor.height = 1;
  switch (cursor.kind) {
    case Token.identifier:
      return parseName(cursor);
    case Token.quote:
      return parseQuoted(cursor, parseExpressionAt);
    case Token.number:
      return parseNumber(cursor);
    case Token.openBracket:
    case Token.openBrace:
      return parseCollection(cursor, parseExpressionAt);
    case Token.openParenthesis:
      return parseParentheses(cursor);
    case Token.heredoc:
      return parseHeredoc(cursor, parseExpressionAt);
    default:
      return cursor.expected("a value");
  }
}

function parseParentheses(cursor: Cursor): Expression | null {
  const { file, start } = cursor;
  const outer = cursor.enter();
  const inner = parseExpressionAt(cursor);
  if (inner === null) return null;
  if (cursor.kind !== Token.closeParenthesis) return cursor.expectedIn('")"', "parenthesis", start);
  const { end } = cursor;
  cursor.leave(outer);
  return cursor.grow(cursor.height) ? { kind: "parentheses", file, start, end, inner } : null;
}

/** A variable, a keyword or a call. */
function parseName(cursor: Cursor): Expression | null {
  const { file, start, end } = cursor;
  const name = cursor.name();
  cursor.advance();
  if (cursor.kind === Token.openParenthesis || cursor.kind === Token.doubleColon)
    return parseCall(cursor, name, start, end);
  switch (name) {
    case "true":
      return { kind: "keyword", file, start, end, value: true };
    case "false":
      return { kind: "keyword", file, start, end, value: false };
    case "null":
      return { kind: "keyword", file, start, end, value: null };
    default:
      return { kind: "variable", file, start, end, name };
  }
}

function parseCall(cursor: Cursor, first: string, start: number, firstEnd: number): Expression | null {
  const { file } = cursor;
  let name = first;
  let nameEnd = firstEnd;
  while (cursor.kind === Token.doubleColon) {
    cursor.advance();
    if (cursor.kind !== Token.identifier) return cursor.expected(`a function's name after "${name}::"`);
    name += `::${cursor.text.slice(cursor.start, cursor.end)}`;
    nameEnd = cursor.end;
    cursor.advance();
  }
  if (cursor.kind !== Token.openParenthesis) return cursor.expected(`"(" after the function's name ${name}`);
  const opened = cursor.start;
  const outer = cursor.enter();
  const list: Expression[] = [];
  let expand = false;
  let height = 1;
  while (cursor.kind !== Token.closeParenthesis) {
    if (cursor.kind === Token.end) return cursor.expectedIn('")"', `call of ${name}`, opened);
    const argument = parseExpressionAt(cursor);
    if (argument === null) return null;
    list.push(argument);
    height = Math.max(height, cursor.height);
    if (cursor.kind === Token.ellipsis) {
      expand = true;
      cursor.advance();
      if (cursor.kind !== Token.closeParenthesis) return cursor.expected('")" after "..."');
    } else if (cursor.kind === Token.comma) {
      cursor.advance();
    } else if (cursor.kind !== Token.closeParenthesis) {
      return cursor.expectedIn('"," or ")"', `call of ${name}`, opened);
    }
  }
  const { end } = cursor;
  cursor.leave(outer);
  if (!cursor.grow(height)) return null;
  const nameRange = { file, start, end: nameEnd };
  return { kind: "call", file, start, end, name, nameRange, arguments: list.slice(), expand };
}
