const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** At most 15 digits, which a double holds, written as `JSON.stringify` prints them but for zeros at the end. */
const EXACT_DOUBLE = /(?:-?[1-9]\d{0,14}|(?:0|-?[1-9]\d{0,8})(?:\.\d{1,6})?)(?![\d.eE])/y;

/** What is nested deeper is read by recursion, which ends in an error sooner or later, not so natively. */
const MOST_NESTED = 1000;

/**
 * Whether `JSON.parse` alone reads a text exactly: no number in it loses digits, and nothing is nested very deep. True
 * for most texts, and found out in a fraction of the time that looking at each value takes. Of a text that is no JSON
 * it says nothing.
 */
export function isExactNatively(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at + 1);
      if (at < 0) return false;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > MOST_NESTED) return false;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      EXACT_DOUBLE.lastIndex = at;
      if (!EXACT_DOUBLE.test(text)) return false;
      at = EXACT_DOUBLE.lastIndex - 1;
    }
  }
  return true;
}

/** Where the string that goes on at `start` ends; -1 where it does not. */
function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}
