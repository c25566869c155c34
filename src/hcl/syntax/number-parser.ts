import type { Cursor } from "./cursor.ts";
import type { NumberLiteral } from "./syntax.ts";

const DIGITS = /^\d+$/;
const NUMBER = /^\d+(?:\.\d*)?(?:[eE][+-]?(\d+))?$/;

/** An exponent of more digits is refused: nobody means such a number, and its digits would fill the memory. */
const MAX_EXPONENT_DIGITS = 4;

/** Reads the number at the cursor; null after an error. */
export function parseNumber(cursor: Cursor): NumberLiteral | null {
  const { file, start, end } = cursor;
  const text = cursor.text.slice(start, end);
  if (DIGITS.test(text)) {
    cursor.advance();
    return { kind: "number", file, start, end, text };
  }
  const parts = NUMBER.exec(text);
  if (parts === null) return cursor.report(`${text} is not a number`, start, end);
  const exponent = parts[1]?.replace(/^0+/, "") ?? "";
  if (exponent.length > MAX_EXPONENT_DIGITS)
    return cursor.report(
      `the exponent of ${text} is out of range; it may have ${MAX_EXPONENT_DIGITS} digits`,
      start,
      end,
    );
  cursor.advance();
  return { kind: "number", file, start, end, text };
}
