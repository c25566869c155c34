import type { Value } from "./model.ts";
import { ReplacedEntries } from "./replaced-entries.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, objectOf, STRING, setOf, type Type, tupleOf } from "./type.ts";

/**
 * What is asked of whole values again and again: how large they are, whether anything in them is marked or unknown,
 * and their type. Values are immutable and share their parts, so what was found out of a large part is kept with it:
 * however often a value occurs in others, it is walked once.
 */

/** What stands in a collection, tuple or object. */
type Parts = ReadonlyMap<string, Value> | readonly Value[];

const SENSITIVE = 1;
const UNKNOWN = 2;
/** Flags and size are one number: this many sizes, plus the flags. */
const STRIDE = 4;
/** What is small is walked again sooner than it is found. */
const FEW = 16;

// By what holds the parts: a value and the same with a mark share them. Nothing can tell whether an answer was kept.
const summaries = new WeakMap<Parts, number>();
const types = new WeakMap<Parts, Type>();

/** How many values the value consists of, itself included; parts count as often as they occur. */
export function sizeOf(value: Value): number {
  const parts = partsOf(value);
  return parts === null ? 1 : Math.floor(summaryOf(parts) / STRIDE);
}

/** Whether the value or anything in it is marked. */
export function isSensitiveWithin(value: Value): boolean {
  if (value.sensitive) return true;
  const parts = partsOf(value);
  return parts !== null && (summaryOf(parts) & SENSITIVE) !== 0;
}

/** Whether neither the value nor anything in it is unknown. */
export function isKnownWithin(value: Value): boolean {
  if ((flagsOf(value) & UNKNOWN) !== 0) return false;
  const parts = partsOf(value);
  return parts === null || (summaryOf(parts) & UNKNOWN) === 0;
}

export function typeOf(value: Value): Type {
  switch (value.kind) {
    case "string":
      return STRING;
    case "number":
      return NUMBER;
    case "bool":
      return BOOL;
    case "null":
    case "unknown":
      return value.type;
    case "list":
      return listOf(value.element);
    case "set":
      return setOf(value.element);
    case "map":
      return mapOf(value.element);
    case "tuple": {
      const { items } = value;
      return keptType(items, () => tupleOf(items.map(typeOf)));
    }
    case "object": {
      if (value.open === true) return ANY;
      const { entries } = value;
      return keptType(entries, () => objectOf(Array.from(entries, ([name, child]) => [name, typeOf(child)])));
    }
  }
}

function keptType(parts: Parts, compute: () => Type): Type {
  const known = types.get(parts);
  if (known !== undefined) return known;
  const type = compute();
  if (summaryOf(parts) / STRIDE > FEW) types.set(parts, type);
  return type;
}

function partsOf(value: Value): Parts | null {
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return value.items;
    case "map":
    case "object":
      return value.entries;
    default:
      return null;
  }
}

/** Of the value itself, without its parts. */
function flagsOf(value: Value): number {
  const unknown = value.kind === "unknown" || (value.kind === "object" && value.open === true);
  return (value.sensitive ? SENSITIVE : 0) | (unknown ? UNKNOWN : 0);
}

/** Size of the parts and of what holds them, and the flags of all of them. */
function summaryOf(parts: Parts): number {
  const flat = flatSummaryOf(parts);
  if (flat !== null) return flat;
  const known = summaries.get(parts);
  if (known !== undefined) return known;
  const summary = parts instanceof ReplacedEntries ? replacedSummary(parts) : walkedSummary(parts);
  if (summary / STRIDE > FEW) summaries.set(parts, summary);
  return summary;
}

/** Null for what has many parts or parts of parts. */
function flatSummaryOf(parts: Parts): number | null {
  const count = Array.isArray(parts) ? parts.length : (parts as ReadonlyMap<string, Value>).size;
  if (count > FEW) return null;
  let flags = 0;
  // A loop of its own for maps: this runs for every value, and an iterator of either kind would be made anew each time.
  if (parts instanceof Map) {
    for (const child of parts.values() as MapIterator<Value>) {
      if (partsOf(child) !== null) return null;
      flags |= flagsOf(child);
    }
  } else {
    for (const child of Array.isArray(parts) ? (parts as readonly Value[]) : [...parts.values()]) {
      if (partsOf(child) !== null) return null;
      flags |= flagsOf(child);
    }
  }
  return (1 + count) * STRIDE + flags;
}

function walkedSummary(parts: Parts): number {
  let size = 1;
  let flags = 0;
  parts.forEach((child: Value) => {
    const inner = partsOf(child);
    const summary = inner === null ? STRIDE : summaryOf(inner);
    size += Math.floor(summary / STRIDE);
    flags |= flagsOf(child) | (summary % STRIDE);
  });
  return size * STRIDE + flags;
}

/** Of a map with a few values replaced: without a look at the others, unless a replaced one had a flag. */
function replacedSummary(parts: ReplacedEntries<string, Value>): number {
  const base = summaryOf(parts.base);
  if (base % STRIDE !== 0) return walkedSummary(parts);
  let size = Math.floor(base / STRIDE);
  let flags = 0;
  for (const [key, child] of parts.replaced) {
    size += sizeOf(child) - sizeOf(parts.base.get(key) ?? child);
    flags |= isSensitiveWithin(child) ? SENSITIVE : 0;
    flags |= isKnownWithin(child) ? 0 : UNKNOWN;
  }
  return size * STRIDE + flags;
}
