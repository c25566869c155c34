import { equalValues } from "../../hcl/values/equality.ts";
import { isMapping, isSequence, type Origin, type Value } from "../../hcl/values/value.ts";
import type { Path, PathStep } from "../../json/path.ts";

type Document = Extract<Origin, { kind: "document" }>;

/** The part of a value at a path; null where there is none. */
export function valueAt(value: Value, path: Path): Value | null {
  let at: Value | null = value;
  for (const step of path) {
    if (at === null) return null;
    at = childAt(at, step);
  }
  return at;
}

function childAt(value: Value, step: PathStep): Value | null {
  if (isMapping(value)) return value.entries.get(String(step)) ?? null;
  if (!isSequence(value)) return null;
  return value.items[Number(step)] ?? null;
}

/**
 * Whether two values are the same one, made at the same place. An expression that is evaluated again makes new objects,
 * so equal values of one expression count as the same; conversions of `a` are seen through.
 */
export function isSameValue(a: Value, b: Value): boolean {
  for (
    let from: Value | null = a;
    from !== null;
    from = from.origin.kind === "conversion" ? from.origin.from : null
  ) {
    if (from === b) return true;
    const { origin } = from;
    if (origin.kind === "document" && b.origin.kind === "document") {
      if (isSamePlace(origin, b.origin) && equalValues(from, b)) return true;
    }
    if (origin.kind === "expression" && b.origin.kind === "expression" && origin.at === b.origin.at) {
      if (equalValues(from, b)) return true;
    }
  }
  return false;
}

function isSamePlace(a: Document, b: Document): boolean {
  return (
    a.file === b.file &&
    a.format === b.format &&
    a.path.length === b.path.length &&
    a.path.every((step, index) => step === b.path[index])
  );
}

const MOST_VISITED = 20_000;

/** The way from `value` to the part that is the same value as `part`; null where it is not in it. */
export function findWithin(value: Value, part: Value): Path | null {
  const open: { value: Value; path: Path }[] = [{ value, path: [] }];
  let visited = 0;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    visited += 1;
    if (visited > MOST_VISITED) return null;
    const { value: here, path } = next;
    if (isSameValue(part, here) || isSameValue(here, part)) return path;
    if (isMapping(here))
      for (const [key, child] of here.entries) open.push({ value: child, path: [...path, key] });
    if (isSequence(here))
      for (const [index, child] of here.items.entries()) open.push({ value: child, path: [...path, index] });
  }
  return null;
}
