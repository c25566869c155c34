/** The kinds of token; numbers, since the lexer is the busiest part. The binary operators stand together, from `or` to `percent`. */
export const Token = {
  end: 0,
  newline: 1,
  identifier: 2,
  number: 3,
  quote: 4,
  heredoc: 5,
  openBrace: 6,
  closeBrace: 7,
  /** `~}` */
  stripBrace: 8,
  openBracket: 9,
  closeBracket: 10,
  openParenthesis: 11,
  closeParenthesis: 12,
  equal: 13,
  colon: 14,
  doubleColon: 15,
  comma: 16,
  dot: 17,
  ellipsis: 18,
  arrow: 19,
  question: 20,
  bang: 21,
  or: 22,
  and: 23,
  equalTo: 24,
  notEqualTo: 25,
  less: 26,
  lessOrEqual: 27,
  greater: 28,
  greaterOrEqual: 29,
  plus: 30,
  minus: 31,
  star: 32,
  slash: 33,
  percent: 34,
  invalid: 35,
};

export type TokenKind = number;

const HINTS: ReadonlyMap<string, string> = new Map([
  ["'", "strings stand in double quotes"],
  ["`", 'a text of several lines is written as a heredoc, such as "<<EOT"'],
  [";", "items are separated by line ends or commas"],
  ["&", 'the logical and is "&&"'],
  ["|", 'the logical or is "||"'],
  ["~", 'the logical not is "!"'],
  ["^", "there are no operators on bits"],
  ["“", "use straight double quotes"],
  ["”", "use straight double quotes"],
  ["\r", "lines end with a line feed, or with carriage return and line feed"],
]);

/** How a message names the token that stands at `[start, end)`, with a hint where a mistake is a common one. */
export function describeToken(kind: TokenKind, text: string, start: number, end: number): string {
  const written = text.slice(start, Math.min(end, start + 40));
  switch (kind) {
    case Token.end:
      return "the end of the text";
    case Token.newline:
      return "the end of the line";
    case Token.identifier:
      return `the name ${JSON.stringify(written)}`;
    case Token.number:
      return `the number ${written}`;
    case Token.quote:
      return "a string";
    case Token.heredoc:
      return "a heredoc";
    case Token.invalid:
      return describeInvalid(written);
    default:
      return `"${written}"`;
  }
}

function describeInvalid(written: string): string {
  if (written.startsWith("/*")) return 'a comment that no "*/" closes';
  const character = String.fromCodePoint(written.codePointAt(0) ?? 0);
  const hint = HINTS.get(character);
  const shown = `the character ${JSON.stringify(character)}`;
  return hint === undefined ? shown : `${shown} (${hint})`;
}
