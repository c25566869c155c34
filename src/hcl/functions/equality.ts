import { hasAny, sameType } from "../values/type.ts";
import { equalValues, isKnownWithin, isMapping, isSequence, typeOf, type Value } from "../values/value.ts";

/**
 * Whether the language holds two values for equal, or null where that is not known yet. Values of different types
 * differ, but null equals null (cty's `Value.Equals`).
 */
export function isEqual(a: Value, b: Value): boolean | null {
  if (a.kind === "unknown" || b.kind === "unknown") return couldBeEqual(a, b) ? null : false;
  if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
  if (isKnownWithin(a) && isKnownWithin(b)) return sameType(typeOf(a), typeOf(b)) && equalValues(a, b);
  return areEqualParts(a, b);
}

function couldBeEqual(a: Value, b: Value): boolean {
  if (a.kind === "null" || b.kind === "null") return true;
  const left = typeOf(a);
  const right = typeOf(b);
  return hasAny(left) || hasAny(right) || sameType(left, right);
}

/** The first part that is not equal decides, as in cty; in an object any that is unknown. */
function areEqualParts(a: Value, b: Value): boolean | null {
  if (a.kind !== b.kind) return false;
  if (isSequence(a) && isSequence(b)) {
    if (a.kind === "set") return null;
    if (a.items.length !== b.items.length) return false;
    for (const [index, item] of a.items.entries()) {
      const equal = isEqualTo(item, b.items[index]);
      if (!equal) return equal;
    }
    return true;
  }
  if (!isMapping(a) || !isMapping(b) || a.entries.size !== b.entries.size) return false;
  const found = Array.from(a.entries, ([key, child]) => isEqualTo(child, b.entries.get(key)));
  return found.includes(null) ? null : !found.includes(false);
}

function isEqualTo(a: Value, b: Value | undefined): boolean | null {
  return b === undefined ? false : isEqual(a, b);
}
