import { equalValues } from "../values/equality.ts";
import { couldBeSame, hasAny, sameType } from "../values/type.ts";
import {
  childrenOf,
  isKnownWithin,
  isMapping,
  isOpen,
  isSequence,
  typeOf,
  type Value,
} from "../values/value.ts";

/**
 * Whether the language holds two values for equal, or null where that is not known yet. Values of different types
 * differ, but null equals null (cty's `Value.Equals`).
 */
export function isEqual(a: Value, b: Value): boolean | null {
  if (a.kind === "null" || b.kind === "null") {
    const other = a.kind === "null" ? b : a;
    return other.kind === "unknown" && other.notNull !== true ? null : other.kind === "null";
  }
  const [left, right] = [typeOf(a), typeOf(b)];
  if (isRecorded(a) || isRecorded(b)) return couldBeSame(left, right) ? null : false;
  if (isKnownWithin(a) && isKnownWithin(b)) return sameType(left, right) && equalValues(a, b);
  if (isEmpty(a) !== isEmpty(b) && a.kind === b.kind) return false;
  if (hasAny(left) || hasAny(right)) return couldBeSame(left, right) ? null : false;
  if (a.kind === "unknown" && b.kind === "unknown") return null;
  if (!sameType(left, right)) return false;
  return a.kind === "unknown" || b.kind === "unknown" ? null : areEqualParts(a, b);
}

/**
 * Whether a collection comes from the state as it is: without the provider's schema nobody knows whether a list there is
 * a list, a set or a tuple, and those are never equal.
 */
function isRecorded(value: Value): boolean {
  if (!isSequence(value) && !isMapping(value)) return false;
  if (value.origin.kind === "state") return true;
  for (const child of childrenOf(value)) if (isRecorded(child)) return true;
  return false;
}

function isEmpty(value: Value): boolean {
  for (const _ of childrenOf(value)) return false;
  return !isOpen(value);
}

/** The first part that is not equal decides in what has an order, as in cty; elsewhere any that is certain to differ. */
function areEqualParts(a: Value, b: Value): boolean | null {
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
  if (found.includes(false)) return false;
  return found.includes(null) ? null : true;
}

function isEqualTo(a: Value, b: Value | undefined): boolean | null {
  return b === undefined ? false : isEqual(a, b);
}
