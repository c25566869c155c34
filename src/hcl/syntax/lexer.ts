import { identifierEnd, isDigit } from "./characters.ts";
import { Token, type TokenKind } from "./token.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const HASH = 0x23;
const AMPERSAND = 0x26;
const STAR = 0x2a;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const EQUAL = 0x3d;
const GREATER = 0x3e;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const BAR = 0x7c;
const CLOSE_BRACE = 0x7d;
const TILDE = 0x7e;

/** The tokens of one character that start no longer token, by character code. */
const SINGLE = singleTokens();

function singleTokens(): Uint8Array {
  const kinds = new Uint8Array(128);
  const tokens = [
    ['"', Token.quote],
    ["{", Token.openBrace],
    ["}", Token.closeBrace],
    ["[", Token.openBracket],
    ["]", Token.closeBracket],
    ["(", Token.openParenthesis],
    [")", Token.closeParenthesis],
    [",", Token.comma],
    ["?", Token.question],
    ["+", Token.plus],
    ["-", Token.minus],
    ["*", Token.star],
    ["%", Token.percent],
  ] as const;
  for (const [character, kind] of tokens) kinds[character.charCodeAt(0)] = kind;
  return kinds;
}

/**
 * Reads one token at a time. Strings and heredocs are opened only: their insides belong to the template parser, which
 * moves the lexer behind them.
 */
export class Lexer {
  readonly text: string;
  kind: TokenKind = Token.end;
  start: number;
  end: number;
  /** Whether a line's end is a token; within brackets it is white space. */
  newlines = true;

  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
    this.end = start;
  }

  /** Reads the token that starts at or after `offset`. */
  moveTo(offset: number): void {
    this.end = offset;
    this.advance();
  }

  /** Reads the next token. At the end of the text it stays there. */
  advance(): void {
    const { text } = this;
    let at = this.end;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === SPACE || code === TAB) {
        at += 1;
      } else if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED)) {
        const width = code === LINE_FEED ? 1 : 2;
        if (this.newlines) {
          this.start = at;
          this.#take(Token.newline, width);
          return;
        }
        at += width;
      } else {
        const after = commentEnd(text, at, code);
        if (after === at) {
          this.start = at;
          this.#read(code, at);
          return;
        }
        at = after;
      }
    }
  }

  /** Whether the token is this name. */
  is(name: string): boolean {
    return (
      this.kind === Token.identifier &&
      this.end - this.start === name.length &&
      this.text.startsWith(name, this.start)
    );
  }

  #take(kind: TokenKind, length: number): void {
    this.kind = kind;
    this.end = this.start + length;
  }

  #read(code: number, at: number): void {
    const { text } = this;
    const identifier = identifierEnd(text, at);
    if (identifier > at) this.#take(Token.identifier, identifier - at);
    else if (isDigit(code)) this.#take(Token.number, numberEnd(text, at) - at);
    else this.#readMark(code, text.charCodeAt(at + 1), at);
  }

  #readMark(code: number, next: number, at: number): void {
    const single = SINGLE[code] ?? 0;
    if (single !== 0) this.#take(single, 1);
    else if (code === EQUAL && next === EQUAL) this.#take(Token.equalTo, 2);
    else if (code === EQUAL && next === GREATER) this.#take(Token.arrow, 2);
    else if (code === EQUAL) this.#take(Token.equal, 1);
    else if (code === DOT && next === DOT && this.text.charCodeAt(at + 2) === DOT)
      this.#take(Token.ellipsis, 3);
    else if (code === DOT) this.#take(Token.dot, 1);
    else if (code === COLON)
      this.#take(next === COLON ? Token.doubleColon : Token.colon, next === COLON ? 2 : 1);
    else this.#readOperator(code, next, at);
  }

  #readOperator(code: number, next: number, at: number): void {
    if (code === BANG && next === EQUAL) this.#take(Token.notEqualTo, 2);
    else if (code === BANG) this.#take(Token.bang, 1);
    else if (code === LESS && next === EQUAL) this.#take(Token.lessOrEqual, 2);
    else if (code === LESS) this.#readLess(at);
    else if (code === GREATER && next === EQUAL) this.#take(Token.greaterOrEqual, 2);
    else if (code === GREATER) this.#take(Token.greater, 1);
    else if (code === AMPERSAND && next === AMPERSAND) this.#take(Token.and, 2);
    else if (code === BAR && next === BAR) this.#take(Token.or, 2);
    else if (code === TILDE && next === CLOSE_BRACE) this.#take(Token.stripBrace, 2);
    else if (at >= this.text.length) this.#take(Token.end, this.text.length - at);
    else if (code === SLASH && next === STAR) this.#take(Token.invalid, this.text.length - at);
    else if (code === SLASH) this.#take(Token.slash, 1);
    else this.#take(Token.invalid, (this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }

  #readLess(at: number): void {
    const end = heredocMarkerEnd(this.text, at);
    if (end === -1) this.#take(Token.less, 1);
    else this.#take(Token.heredoc, end - at);
  }
}

/** The offset after the comment that starts at `at`, or `at` where none does or it is not closed. */
function commentEnd(text: string, at: number, code: number): number {
  if (code === HASH) return lineEnd(text, at);
  if (code !== SLASH) return at;
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) return lineEnd(text, at);
  if (next !== STAR) return at;
  const close = text.indexOf("*/", at + 2);
  return close === -1 ? at : close + 2;
}

/** The offset of the next line feed, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** The end of `<<NAME` or `<<-NAME`, which the line has to end with; -1 where it is something else. */
function heredocMarkerEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== LESS) return -1;
  const name = text.charCodeAt(at + 2) === MINUS ? at + 3 : at + 2;
  const end = identifierEnd(text, name);
  if (end === name) return -1;
  const code = text.charCodeAt(end);
  if (code === LINE_FEED) return end;
  return code === CARRIAGE_RETURN && text.charCodeAt(end + 1) === LINE_FEED ? end : -1;
}

/** Digits, points and exponents as far as they go; what is no number of those (`1.2.3`) is the parser's to refuse. */
function numberEnd(text: string, start: number): number {
  let end = start + 1;
  let at = end;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      at += 1;
      end = at;
    } else if (code === DOT) {
      at += 1;
    } else if (code === UPPER_E || code === LOWER_E) {
      const sign = text.charCodeAt(at + 1);
      const digit = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
      if (!isDigit(text.charCodeAt(digit))) return end;
      at = digit + 1;
      end = at;
    } else {
      return end;
    }
  }
}
