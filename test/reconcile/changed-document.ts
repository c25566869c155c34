import fc from "fast-check";
import { isJsonArray, isJsonObject, type Json, printJson } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";
import type { Wanted } from "../../src/reconcile/wanted.ts";

const text = fc.constantFrom(
  "new",
  "two new",
  "it's",
  "a: b",
  "no",
  "12",
  "e\u0301".normalize(),
  " x",
  "${x}",
  "l1\nl2\n",
);
/** Live values that no document has yet. */
export const newScalar: fc.Arbitrary<Json> = fc.oneof(text, fc.integer({ min: 100, max: 999 }), fc.boolean());
/** A value as it is once what is wanted stands at a path. */
export function changed(json: Json, [step, ...rest]: Path, wanted: Wanted): Json {
  if (step === undefined) return wanted === "absent" ? null : wanted.value;
  const isGone = rest.length === 0 && wanted === "absent";
  if (isJsonArray(json)) {
    const index = Number(step);
    if (isGone) return json.toSpliced(index, 1);
    return json.toSpliced(index, 1, changed(json[index] ?? null, rest, wanted));
  }
  const entries = new Map(Object.entries(isJsonObject(json) ? json : {}));
  if (isGone) entries.delete(String(step));
  else entries.set(String(step), changed(entries.get(String(step)) ?? null, rest, wanted));
  return Object.fromEntries(entries);
}

/** Names in order, without what says no more than leaving it out; scalars as texts, since quoted ones stay texts. */
export function asTold(json: Json): Json {
  if (isJsonArray(json)) return json.map(asTold);
  if (!isJsonObject(json)) return json === null ? null : String(json);
  const entries = Object.entries(json)
    .map(([name, item]) => [name, asTold(item)] as const)
    .filter(([, item]) => item !== null && !["[]", "{}"].includes(printJson(item)));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
