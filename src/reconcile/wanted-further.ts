import type { Located } from "../hcl/evaluation/context.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import type { Branch } from "../terraform/tracing/branch.ts";
import { carriedOn } from "../terraform/tracing/towards.ts";
import type { Wanted } from "./wanted.ts";

/** Whether a branch leads to what stands as an element of a list or object in the code, and refers to something else. */
export function isPartOf({ to }: Branch, { expression }: Located): boolean {
  const isReference = ["variable", "get-attribute", "index"].includes(to.expression.kind);
  return isReference && (expression.kind === "object" || expression.kind === "tuple");
}

/** Whether a value has lists of which the elements could stand in another order. */
export function isInOrder(value: Json): boolean {
  if (isJsonArray(value)) return value.length > 1 || value.some(isInOrder);
  return isJsonObject(value) && Object.values(value).some(isInOrder);
}

/** A text of which the value is wanted that it writes. */
export function isDecoded(wanted: Wanted, further: Wanted): further is { readonly value: Json } {
  if (wanted === "absent" || further === "absent") return false;
  return typeof wanted.value === "string" && (isJsonObject(further.value) || isJsonArray(further.value));
}

/** What is wanted at the end of a branch; null where nothing there gives it. */
export function invert(branch: Branch, wanted: Wanted): Wanted | null {
  if (wanted === "absent") {
    const goesWith = branch.carries || branch.kind === "collection";
    return goesWith && branch.to.path.length > 0 ? wanted : null;
  }
  const value = carriedOn(branch, wanted.value);
  return value === undefined ? null : { value };
}
