import { parseJson } from "../json/json.ts";

/** Type numbers of PostgreSQL (pg_type.dat). */
const BIGINT = 20;
const JSON_TEXT = 114;

/**
 * How columns are read, on both kinds of database: `bigint` as a number (GitHub's ids are far below 2^53), `json` with
 * exact numbers.
 */
export const columnParsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [BIGINT, safeInteger],
  [JSON_TEXT, parseJson],
]);

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the number ${text} in the database is too large`);
  return number;
}
