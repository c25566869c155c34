import type { PathStep } from "../../json/path.ts";
import type { Range } from "../syntax/source.ts";
import { isMapping, isSequence, numberValue, stringValue, type Value } from "../values/value.ts";
import { EvaluationError } from "./context.ts";

/** One element: `step` is the way to it from the collection. */
export interface Element {
  readonly key: Value;
  readonly value: Value;
  readonly step: PathStep;
}

/**
 * The elements of a known collection: keyed by position in a list, by name in a map; each element of a set is its own
 * key.
 * @throws EvaluationError where the value has no elements.
 */
export function* iterate(collection: Value, at: Range): Generator<Element> {
  if (collection.kind === "null") throw new EvaluationError("cannot iterate: the value is null", at);
  if (isMapping(collection)) {
    for (const [name, value] of collection.entries) yield { key: stringValue(name), value, step: name };
    return;
  }
  if (!isSequence(collection)) throw new EvaluationError(`cannot iterate over a ${collection.kind}`, at);
  for (const [index, value] of collection.items.entries()) {
    yield { key: collection.kind === "set" ? value : numberValue(index), value, step: index };
  }
}
