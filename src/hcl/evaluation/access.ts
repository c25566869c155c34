import type { Range } from "../syntax/source.ts";
import { convert } from "../values/convert.ts";
import { ANY, NUMBER, STRING, type Type } from "../values/type.ts";
import { asSensitive, isMapping, isOpen, isSequence, unknownValue, type Value } from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { EvaluationError } from "./context.ts";
import { didYouMean } from "./suggestion.ts";

/**
 * `object.name`.
 * @throws EvaluationError where the value has no such attribute.
 */
export function getAttribute(object: Value, name: string, at: Range): Value {
  if (object.kind === "unknown") {
    return asSensitive(unknownValue(attributeType(object.type, name, at), object.origin), object.sensitive);
  }
  if (object.kind === "null") {
    throw new EvaluationError(`cannot read attribute ${JSON.stringify(name)}: the value is null`, at);
  }
  if (!isMapping(object)) {
    const hint = isSequence(object) ? "; select an element first, or use [*] for all of them" : "";
    throw new EvaluationError(`cannot read attribute ${JSON.stringify(name)} of a ${object.kind}${hint}`, at);
  }
  const found = object.entries.get(name);
  if (found !== undefined) return asSensitive(found, object.sensitive);
  if (isOpen(object)) return asSensitive(unknownValue(ANY, object.origin), object.sensitive);
  throw missing(object.kind, name, object.entries.keys(), at);
}

/**
 * `collection[key]`.
 * @throws EvaluationError where the collection has no such element.
 */
export function getIndex(collection: Value, key: Value, at: Range): Value {
  // An object's attribute does not take over the mark of its name, an element that of its key.
  const sensitive = collection.sensitive || (key.sensitive && collection.kind !== "object");
  if (collection.kind === "null") throw new EvaluationError("cannot index: the value is null", at);
  if (key.kind === "null") throw new EvaluationError("cannot index: the key is null", at);
  if (collection.kind === "unknown") {
    return asSensitive(unknownValue(elementType(collection.type, key), collection.origin), sensitive);
  }
  if (isMapping(collection)) {
    const name = attempt(() => convert(key, STRING), at);
    if (name.kind !== "string") {
      return asSensitive(unknownValue(typeWithin(collection, key), key.origin), sensitive);
    }
    const found = collection.entries.get(name.value);
    if (found !== undefined) return asSensitive(found, sensitive);
    if (isOpen(collection)) return asSensitive(unknownValue(ANY, collection.origin), sensitive);
    throw missing(collection.kind, name.value, collection.entries.keys(), at);
  }
  if (collection.kind === "set") {
    throw new EvaluationError(
      "cannot index a set: its elements have no order; convert it with tolist first",
      at,
    );
  }
  if (!isSequence(collection)) throw new EvaluationError(`cannot index a ${collection.kind}`, at);
  const position = attempt(() => convert(key, NUMBER), at);
  if (position.kind !== "number") {
    return asSensitive(unknownValue(typeWithin(collection, key), key.origin), sensitive);
  }
  const found = typeof position.value === "number" ? collection.items[position.value] : undefined;
  if (found === undefined) {
    const count = collection.items.length === 1 ? "1 element" : `${collection.items.length} elements`;
    throw new EvaluationError(
      `there is no element ${String(position.value)}: the ${collection.kind} has ${count}`,
      at,
    );
  }
  return asSensitive(found, sensitive);
}

function attributeType(type: Type, name: string, at: Range): Type {
  if (type.kind === "any") return ANY;
  if (type.kind === "map") return type.element;
  if (type.kind !== "object") {
    throw new EvaluationError(`cannot read attribute ${JSON.stringify(name)} of a ${type.kind}`, at);
  }
  const attribute = type.attributes.get(name);
  if (attribute === undefined) throw missing("object", name, type.attributes.keys(), at);
  return attribute.type;
}

/** The type of the element that an unknown key selects. */
function typeWithin(collection: Value, key: Value): Type {
  const typed = key.kind === "unknown" && key.type.kind !== "any";
  return typed && (collection.kind === "map" || collection.kind === "list") ? collection.element : ANY;
}

function elementType(type: Type, key: Value): Type {
  if ("element" in type) return type.element;
  if (type.kind === "object" && key.kind === "string") return type.attributes.get(key.value)?.type ?? ANY;
  if (type.kind === "tuple" && key.kind === "number") return type.elements[Number(key.value)] ?? ANY;
  return ANY;
}

function missing(kind: "map" | "object", name: string, names: Iterable<string>, at: Range): EvaluationError {
  const what = kind === "map" ? "map has no element" : "object has no attribute";
  return new EvaluationError(`the ${what} ${JSON.stringify(name)}${didYouMean(name, names)}`, at);
}
