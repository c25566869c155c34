import { equalJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import type { PathStep } from "../json/path.ts";
import { meansSameJson } from "./json-texts.ts";
import { Elements, isEmpty, scalarText } from "./meaning-key.ts";

/** What should stand at a path: a value, or nothing. */
export type Wanted = { readonly value: Json } | "absent";

/** Whether the order of elements means something: in the value itself, and in its parts. */
export interface ElementOrder {
  readonly counts: boolean;
  within(step: PathStep): ElementOrder;
}

export const IN_ORDER: ElementOrder = { counts: true, within: () => IN_ORDER };

export const IN_ANY_ORDER: ElementOrder = { counts: false, within: () => IN_ANY_ORDER };

/**
 * Whether a value of the code means what is wanted: Terraform converts `"8080"`, `8080` and `true`, `"true"` to what the
 * provider's schema says, an attribute of a block that is left out means its empty value, texts of JSON are compared by what
 * they hold, and policies by what they allow. Elements may stand in any order where `order` does not say otherwise.
 */
export function means(given: Json | undefined, wanted: Json, order: ElementOrder = IN_ANY_ORDER): boolean {
  if (given === undefined || given === null) return isEmpty(wanted);
  if (wanted === null) return isEmpty(given);
  if (isJsonArray(given) && isJsonArray(wanted)) return sameElements(given, wanted, order);
  if (isJsonObject(given) && isJsonObject(wanted)) {
    const keys = new Set([...Object.keys(given), ...Object.keys(wanted)]);
    return [...keys].every((key) => means(own(given, key), own(wanted, key) ?? null, order.within(key)));
  }
  if (isJsonArray(given) || isJsonArray(wanted) || isJsonObject(given) || isJsonObject(wanted)) return false;
  if (equalJson(given, wanted) || scalarText(given) === scalarText(wanted)) return true;
  return meansSameJson(given, wanted);
}

function sameElements(given: readonly Json[], wanted: readonly Json[], order: ElementOrder): boolean {
  if (given.length !== wanted.length) return false;
  if (order.counts)
    return given.every((item, index) => means(item, wanted[index] ?? null, order.within(index)));
  const left = new Elements(wanted);
  return given.every(
    (item, index) => left.take(item, (other) => means(item, other, order.within(index))) !== null,
  );
}

function own(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
