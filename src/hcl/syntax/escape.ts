/** An escape sequence of a quoted string that was read, or why it could not be; `end` is the offset after it. */
export type Escape =
  | { readonly value: string; readonly end: number }
  | { readonly error: string; readonly end: number };

const HEX = /^[0-9A-Fa-f]+$/;

/** Reads the escape sequence whose backslash stands at `at`. */
export function readEscape(text: string, at: number): Escape {
  const end = at + 2;
  switch (text[at + 1]) {
    case "n":
      return { value: "\n", end };
    case "r":
      return { value: "\r", end };
    case "t":
      return { value: "\t", end };
    case '"':
      return { value: '"', end };
    case "\\":
      return { value: "\\", end };
    case "u":
      return readUnicode(text, at, 4);
    case "U":
      return readUnicode(text, at, 8);
    default:
      return { error: `${JSON.stringify(text.slice(at, end))} ${ADVICE}`, end };
  }
}

const ADVICE =
  'is no escape sequence; there are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN, and a backslash itself is \\\\';

function readUnicode(text: string, at: number, digits: number): Escape {
  const end = at + 2 + digits;
  const hex = text.slice(at + 2, end);
  if (hex.length !== digits || !HEX.test(hex))
    return { error: `\\${text[at + 1]} needs ${digits} hexadecimal digits`, end: at + 2 };
  const point = Number.parseInt(hex, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    return { error: `there is no character U+${hex}`, end };
  return { value: String.fromCodePoint(point), end };
}

/** A quoted string that means exactly `value`; nothing in it is a template. */
export function quoteString(value: string): string {
  const escaped = value
    .toWellFormed()
    // What cannot be seen, or turns the direction of text, is written so that a reviewer sees it.
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029"\\]|[$%](?=\{)/gu, escapeCharacter);
  return `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    case '"':
      return '\\"';
    case "\\":
      return "\\\\";
    case "$":
    case "%":
      return character + character;
    default:
      return escapeCodePoint(character.codePointAt(0) ?? 0);
  }
}

function escapeCodePoint(point: number): string {
  const hex = point.toString(16);
  return point > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
