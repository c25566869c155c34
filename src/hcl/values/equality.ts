import { decimalValue } from "./number.ts";
import { isMapping, isSequence, type Value } from "./value.ts";

/** Whether two known values are the same, numbers by value, marks and origins aside. Types must agree too. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === "number" && b.kind === "number") {
    return a.value === b.value || decimalValue(a).equals(decimalValue(b));
  }
  if (isSequence(a) && isSequence(b)) {
    return (
      a.items.length === b.items.length && a.items.every((item, index) => equalNext(item, b.items[index]))
    );
  }
  if (isMapping(a) && isMapping(b)) {
    if (a.entries.size !== b.entries.size) return false;
    for (const [key, child] of a.entries) if (!equalNext(child, b.entries.get(key))) return false;
    return true;
  }
  return "value" in a && "value" in b ? a.value === b.value : true;
}

function equalNext(a: Value, b: Value | undefined): boolean {
  return b !== undefined && equalValues(a, b);
}
