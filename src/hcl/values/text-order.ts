import type { Value } from "./model.ts";

/** Order of texts by code point, which is the order of their UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return surrogatesLast(left) - surrogatesLast(right);
  }
  return a.length - b.length;
}

/** UTF-16 units in code-point order: a surrogate stands for a code point above every other unit. */
function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The entries in the order of their keys; a map that has it is taken as it is. */
export function inKeyOrder(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const map = entries instanceof Map ? (entries as Map<string, Value>) : new Map(entries);
  const keys = [...map.keys()];
  if (isInOrder(keys)) return map;
  if (keys.length <= FEW_KEYS) return mapInKeyOrder(keys, [...map.values()]);
  const inOrder = new Map<string, Value>();
  for (const key of keys.sort(compareText)) {
    const value = map.get(key);
    if (value !== undefined) inOrder.set(key, value);
  }
  return inOrder;
}

const FEW_KEYS = 16;

/**
 * A map of keys and the values beside them, in the order of the keys; of equal keys the last one counts. It is for the
 * few that somebody wrote: each is put in its place, which takes less than to sort a map. Both lists end up in order.
 */
export function mapInKeyOrder(keys: string[], values: Value[]): ReadonlyMap<string, Value> {
  const map = new Map<string, Value>();
  if (keys.length > FEW_KEYS) {
    for (let at = 0; at < keys.length; at += 1) map.set(keys[at] as string, values[at] as Value);
    return inKeyOrder(map);
  }
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] as string;
    if (compareText(keys[end - 1] as string, key) <= 0) continue;
    const value = values[end] as Value;
    let at = end;
    for (; at > 0 && compareText(keys[at - 1] as string, key) > 0; at -= 1) {
      keys[at] = keys[at - 1] as string;
      values[at] = values[at - 1] as Value;
    }
    keys[at] = key;
    values[at] = value;
  }
  for (let at = 0; at < keys.length; at += 1) map.set(keys[at] as string, values[at] as Value);
  return map;
}

function isInOrder(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if (compareText(keys[at - 1] ?? "", keys[at] ?? "") > 0) return false;
  return true;
}
