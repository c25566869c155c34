import { Decimal } from "decimal.js";
import { isExactNatively } from "./native-reading.ts";

/**
 * A JSON value. Numbers that a double cannot hold with all their digits, or that `JSON.stringify` would print with an
 * exponent, are a `RawNumber`, so that what was read is what is printed.
 */
export type Json = null | boolean | number | RawNumber | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** What `JSON.rawJSON` makes: `JSON.stringify` prints its text as it is. */
export interface RawNumber {
  readonly rawJSON: string;
}

interface ExactJson {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

const exact = JSON as unknown as ExactJson;

/** Digits enough for every number Terraform computes (its own precision is 512 bits, about 154 digits). */
export const ExactDecimal = Decimal.clone({ precision: 160, toExpNeg: -9e15, toExpPos: 9e15 });

const SIMPLE_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/;

export function isRawNumber(value: unknown): value is RawNumber {
  return exact.isRawJSON(value);
}

/** The number that `source` (decimal, an exponent allowed) writes, with all its digits. */
export function exactNumber(source: string): number | RawNumber {
  if (SIMPLE_NUMBER.test(source)) {
    const simple = Number(source);
    if (String(simple) === source) return simple;
  }
  const digits = new ExactDecimal(source).toFixed();
  const double = Number(digits);
  return String(double) === digits ? double : exact.rawJSON(digits === "-0" ? "0" : digits);
}

/**
 * Reads JSON with exact numbers.
 * @throws SyntaxError where the text is not JSON; the message names the position.
 */
export function parseJson(text: string): Json {
  if (isExactNatively(text)) return JSON.parse(text) as Json;
  return exact.parse(text, (_key, value, context) =>
    typeof value === "number" && context.source !== undefined ? exactNumber(context.source) : value,
  ) as Json;
}

/** Prints JSON with all digits of every number. `indent` is the number of spaces a level; 0 prints one line. */
export function printJson(value: Json, indent = 0): string {
  return JSON.stringify(value, null, indent);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Equal as JSON: numbers by value, objects whatever the order of their keys. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return false;
  if (isNumber(a) && isNumber(b)) return decimalOf(a).equals(decimalOf(b));
  if (isJsonArray(a) && isJsonArray(b)) {
    return a.length === b.length && a.every((item, index) => equalJson(item, b[index] as Json));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key] as Json, b[key] as Json))
  );
}

/** The same text for equal values: keys sorted, no spaces, numbers without trailing zeros. For hashing and set order. */
export function canonicalJson(value: Json): string {
  if (isNumber(value)) return decimalOf(value).toFixed();
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`);
  return `{${entries.join(",")}}`;
}

export function isNumber(value: Json): value is number | RawNumber {
  return typeof value === "number" || isRawNumber(value);
}

export function decimalOf(value: number | RawNumber): Decimal {
  return new ExactDecimal(typeof value === "number" ? value : value.rawJSON);
}

/** The part of a JSON value at a path; undefined where there is none. */
export function jsonAt(json: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let at = json;
  for (const step of path) {
    if (isJsonArray(at)) at = at[Number(step)];
    else at = isJsonObject(at) && Object.hasOwn(at, String(step)) ? at[String(step)] : undefined;
  }
  return at;
}
