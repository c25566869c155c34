/** A string of JSON that was read; `end` is the offset behind its closing quote. */
export type ReadText =
  | { readonly value: string; readonly escaped: boolean; readonly end: number }
  | { readonly error: string; readonly start: number; readonly end: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Reads the string whose opening quote stands at `start`. Halves of surrogate pairs become U+FFFD, as in Go. */
export function readJsonText(text: string, start: number): ReadText {
  let value = "";
  let chunk = start + 1;
  for (let at = start + 1; ; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const escaped = chunk !== start + 1;
      const rest = text.slice(chunk, at);
      return { value: escaped ? (value + rest).toWellFormed() : rest, escaped, end: at + 1 };
    }
    if (code === BACKSLASH) {
      const sequence = readEscape(text, at);
      if (sequence === null) {
        return {
          error: `${JSON.stringify(text.slice(at, at + 2))} is no escape sequence of JSON; there are \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uNNNN`,
          start: at,
          end: Math.min(at + 2, text.length),
        };
      }
      value += text.slice(chunk, at) + sequence.value;
      at = sequence.end;
      chunk = at;
    } else if (code >= 0x20) {
      at += 1;
    } else {
      return Number.isNaN(code) || code === 0x0a || code === 0x0d
        ? { error: 'this string has no closing " on its line', start, end: at }
        : { error: "a control character stands in this string; write it as \\uNNNN", start: at, end: at + 1 };
    }
  }
}

function readEscape(text: string, at: number): { readonly value: string; readonly end: number } | null {
  const letter = text[at + 1] ?? "";
  if (letter === "u") {
    const digits = text.slice(at + 2, at + 6);
    return /^[0-9A-Fa-f]{4}$/.test(digits)
      ? { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 }
      : null;
  }
  const value = ESCAPES.get(letter);
  return value === undefined ? null : { value, end: at + 2 };
}

/**
 * Where each UTF-16 unit of a string's value stands in the text, and behind the last one the place of the closing quote.
 * `start` is the offset of the opening quote of a string that was read without an error.
 */
export function jsonTextOffsets(text: string, start: number): Uint32Array {
  const offsets: number[] = [];
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) {
    offsets.push(at);
    at = text.charCodeAt(at) === BACKSLASH ? (readEscape(text, at)?.end ?? at + 2) : at + 1;
  }
  offsets.push(at);
  return Uint32Array.from(offsets);
}

/** A string of JSON that means exactly `value`, with its quotes; what cannot be seen is escaped. */
export function quoteJsonText(value: string): string {
  return JSON.stringify(value.toWellFormed()).replace(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(""),
  );
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

/** Text in a template that means itself: `${` and `%{` are doubled. */
export function escapeTemplate(value: string): string {
  return value.replace(/[$%](?=\{)/g, "$&$&");
}
