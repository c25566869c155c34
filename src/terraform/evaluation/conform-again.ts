import { ConversionError } from "../../hcl/values/convert.ts";
import { ReplacedEntries, replacedKeys } from "../../hcl/values/replaced-entries.ts";
import { hasAny } from "../../hcl/values/type.ts";
import { isMapping, type Value } from "../../hcl/values/value.ts";
import { conform, type TypeConstraint } from "../code/type-constraint.ts";

/**
 * `conform` for a value of which a few elements were replaced. `before` is what the constraint made of it before that;
 * elements that stayed the same objects keep what was made of them.
 * @throws ConversionError where it does not fit.
 */
export function conformAgain(before: Value, value: Value, constraint: TypeConstraint): Value {
  return changed(before, value, constraint) ?? conform(value, constraint);
}

/** Null where all of it has to be looked at; so too where an element does not fit, as the message names its place. */
function changed(before: Value, value: Value, constraint: TypeConstraint): Value | null {
  try {
    for (const was of conversions(before)) {
      const made = again(before, was, value, constraint);
      if (made !== null) return made;
    }
    return null;
  } catch (error) {
    if (error instanceof ConversionError) return null;
    throw error;
  }
}

/** The value, and what it was converted from, step by step: one of them is what the constraint was given. */
function* conversions(value: Value): Generator<Value> {
  let at = value;
  yield at;
  while (at.origin.kind === "conversion") {
    at = at.origin.from;
    yield at;
  }
}

/** The value that conversions started from. */
export function writtenValue(value: Value): Value {
  return [...conversions(value)].at(-1) ?? value;
}

/** Null where everything has to be looked at: the type is open, or the elements are not known one by one. */
function again(before: Value, was: Value, is: Value, constraint: TypeConstraint): Value | null {
  if (was === is) return before;
  const { type, defaults } = constraint;
  if ((type.kind !== "map" && type.kind !== "object") || type.kind !== before.kind || hasAny(type))
    return null;
  if (!isMapping(was) || !isMapping(is) || was.sensitive !== is.sensitive) return null;
  const keys = replacedKeys(was.entries, is.entries);
  if (keys === null) return null;
  const replaced = new Map<string, Value>();
  for (const key of keys) {
    const inner = "element" in type ? type.element : type.attributes.get(key)?.type;
    // What the type leaves out of an object is there neither before nor after.
    if (inner === undefined) continue;
    const part = { type: inner, defaults: defaults?.element ?? defaults?.attributes.get(key) ?? null };
    const [old, written, now] = [before.entries.get(key), was.entries.get(key), is.entries.get(key)];
    // Null may mean a default.
    if (old === undefined || written === undefined || now === undefined || now.kind === "null") return null;
    replaced.set(key, again(old, written, now, part) ?? conform(now, part));
  }
  const entries = new ReplacedEntries(before.entries, replaced);
  return { ...before, entries, origin: { kind: "conversion", from: is } };
}
