import { decimalOf, equalJson, isJsonArray, isJsonObject, isNumber, type Json } from "../json/json.ts";
import { meansSameJson } from "./json-texts.ts";

/** What should stand at a path: a value, or nothing. */
export type Wanted = { readonly value: Json } | "absent";

/**
 * Whether a value of the code means what is wanted: Terraform converts `"8080"`, `8080` and `true`, `"true"` to what the
 * provider's schema says, an attribute of a block that is left out means its empty value, texts of JSON are compared by what
 * they hold, and policies by what they allow.
 */
export function means(given: Json | undefined, wanted: Json): boolean {
  if (given === undefined || given === null) return isEmpty(wanted);
  if (wanted === null) return isEmpty(given);
  if (isJsonArray(given) && isJsonArray(wanted)) return sameElements(given, wanted);
  if (isJsonObject(given) && isJsonObject(wanted)) {
    const keys = new Set([...Object.keys(given), ...Object.keys(wanted)]);
    return [...keys].every((key) => means(own(given, key), own(wanted, key) ?? null));
  }
  if (isJsonArray(given) || isJsonArray(wanted) || isJsonObject(given) || isJsonObject(wanted)) return false;
  if (equalJson(given, wanted) || scalarText(given) === scalarText(wanted)) return true;
  return meansSameJson(given, wanted);
}

/** In order, or (sets have none, and the code's order stays) in any. */
function sameElements(given: readonly Json[], wanted: readonly Json[]): boolean {
  if (given.length !== wanted.length) return false;
  const left = [...wanted];
  return given.every((item) => {
    const found = left.findIndex((candidate) => means(item, candidate));
    if (found === -1) return false;
    left.splice(found, 1);
    return true;
  });
}

function own(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A value that says no more than leaving the attribute out. */
export function isEmpty(value: Json): boolean {
  if (value === null || value === "" || value === false) return true;
  if (isNumber(value)) return decimalOf(value).isZero();
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

function scalarText(value: Json): string {
  return isNumber(value) ? decimalOf(value).toFixed() : String(value);
}
