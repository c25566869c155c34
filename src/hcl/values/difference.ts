import { replacedKeys } from "./replaced-entries.ts";
import { sameType } from "./type.ts";
import { isMapping, isSequence, type MappingValue, type SequenceValue, type Value } from "./value.ts";

/**
 * Whether two values are the same in everything that an expression could tell: content, type, marks, and what is not
 * known of them. Where they were made does not count.
 */
export function isSameContent(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (!isSameShell(a, b)) return false;
  if (isMapping(a) && isMapping(b)) {
    if (a.entries.size !== b.entries.size) return false;
    for (const key of replacedKeys(a.entries, b.entries) ?? a.entries.keys()) {
      if (!isSameAt(a, b, key)) return false;
    }
    return true;
  }
  if (isSequence(a) && isSequence(b)) {
    return (
      a.items === b.items ||
      (a.items.length === b.items.length && a.items.every((item, index) => isSameItem(item, b.items[index])))
    );
  }
  if (a.kind === "number" && b.kind === "number") {
    return a.value === b.value || (typeof a.value === "object" && a.value.eq(b.value));
  }
  return "value" in a && "value" in b ? a.value === b.value : true;
}

/**
 * The keys (positions, as texts) at which two collections differ, one without the entry included; null where they differ
 * as a whole.
 */
export function differingKeys(before: Value, after: Value): ReadonlySet<string> | null {
  if (!isSameShell(before, after)) return null;
  if (isMapping(before) && isMapping(after)) return differingEntries(before, after);
  if (isSequence(before) && isSequence(after) && before.kind !== "set") return differingItems(before, after);
  return null;
}

function differingEntries(before: MappingValue, after: MappingValue): ReadonlySet<string> {
  const found = new Set<string>();
  const few = replacedKeys(before.entries, after.entries);
  for (const key of few ?? before.entries.keys()) if (!isSameAt(before, after, key)) found.add(key);
  if (few === null) for (const key of after.entries.keys()) if (!before.entries.has(key)) found.add(key);
  return found;
}

function differingItems(before: SequenceValue, after: SequenceValue): ReadonlySet<string> {
  const found = new Set<string>();
  for (let index = 0; index < Math.max(before.items.length, after.items.length); index += 1) {
    const [was, is] = [before.items[index], after.items[index]];
    if (was === undefined || !isSameItem(was, is)) found.add(String(index));
  }
  return found;
}

function isSameAt(a: MappingValue, b: MappingValue, key: string): boolean {
  const own = a.entries.get(key);
  return own !== undefined && isSameItem(own, b.entries.get(key));
}

function isSameItem(a: Value, b: Value | undefined): boolean {
  return b !== undefined && isSameContent(a, b);
}

/** The same apart from what stands in them. */
function isSameShell(a: Value, b: Value): boolean {
  if (a.kind !== b.kind || a.sensitive !== b.sensitive) return false;
  if ("element" in a && "element" in b) return sameType(a.element, b.element);
  if (a.kind === "object" && b.kind === "object") return a.open === b.open;
  if (a.kind === "null" && b.kind === "null") return sameType(a.type, b.type);
  if (a.kind === "unknown" && b.kind === "unknown")
    return sameType(a.type, b.type) && a.notNull === b.notNull;
  return true;
}
