import type { Range } from "../syntax/source.ts";
import { convert } from "../values/convert.ts";
import { ANY, NUMBER, STRING, type Type } from "../values/type.ts";
import {
  asSensitive,
  isMapping,
  isOpen,
  isSequence,
  type UnknownValue,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { attempt } from "./attempt.ts";
import { EvaluationError } from "./context.ts";
import { didYouMean } from "./suggestion.ts";

/**
 * `object.name`.
 * @throws EvaluationError where the value has no such attribute.
 */
export function getAttribute(object: Value, name: string, at: Range): Value {
  if (object.kind === "unknown") {
    const type = attributeType(object, name, at);
    return asSensitive(unknownValue(type, object.origin), object.sensitive);
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
  throw missing(object.kind, name, shownNames(object, object.entries), at);
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
  if (key.kind === "unknown" && key.type.kind === "any") {
    return asSensitive(unknownValue(ANY, key.origin), sensitive);
  }
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
    const written = key.sensitive ? null : name.value;
    throw missing(collection.kind, written, shownNames(collection, collection.entries), at);
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
    const which = key.sensitive ? "with this sensitive index" : String(position.value);
    throw new EvaluationError(
      collection.sensitive
        ? `there is no element ${which} in the ${collection.kind}, which is sensitive`
        : `there is no element ${which}: the ${collection.kind} has ${countOf(collection.items)}`,
      at,
    );
  }
  return asSensitive(found, sensitive);
}

function countOf({ length }: readonly Value[]): string {
  return length === 1 ? "1 element" : `${length} elements`;
}

function attributeType(object: UnknownValue, name: string, at: Range): Type {
  const { type } = object;
  if (type.kind === "any") return ANY;
  if (type.kind === "map") return type.element;
  if (type.kind !== "object") {
    throw new EvaluationError(`cannot read attribute ${JSON.stringify(name)} of a ${type.kind}`, at);
  }
  const attribute = type.attributes.get(name);
  if (attribute === undefined) throw missing("object", name, shownNames(object, type.attributes), at);
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

/** The names that may be suggested: none where the collection is secret, since they belong to it. */
function shownNames({ sensitive }: Value, names: ReadonlyMap<string, unknown>): Iterable<string> {
  return sensitive ? [] : names.keys();
}

/** `name`: null where it is secret. Then what is close to it would give it away, too. */
function missing(
  kind: "map" | "object",
  name: string | null,
  names: Iterable<string>,
  at: Range,
): EvaluationError {
  const what = kind === "map" ? "map has no element" : "object has no attribute";
  const which =
    name === null ? "with this sensitive key" : `${JSON.stringify(name)}${didYouMean(name, names)}`;
  return new EvaluationError(`the ${what} ${which}`, at);
}
