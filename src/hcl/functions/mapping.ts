import { ConversionError, convert } from "../values/convert.ts";
import { compareText } from "../values/text-order.ts";
import { ANY, listOf, mapOf, objectOf, STRING, sameType, type Type, tupleOf } from "../values/type.ts";
import {
  asSensitive,
  isSequence,
  listValue,
  mapValue,
  objectValue,
  stringValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import {
  anythingParameter,
  argumentAt,
  mappingAt,
  parameter,
  partsParameter,
  sequenceAt,
} from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

const keys: FunctionDefinition = {
  parameters: [parameter("inputMap", ANY, { allowUnknown: "all", allowSensitive: true })],
  call(args, budget) {
    const mapping = argumentAt(args, 0);
    if (mapping.kind === "unknown") return asSensitive(keysOfUnknown(mapping.type), mapping.sensitive);
    const { entries } = mappingAt(args, 0);
    budget.elements(entries.size);
    const names = Array.from(entries.keys(), (name) => stringValue(name));
    return asSensitive(
      mapping.kind === "map" ? listValue(STRING, names) : tupleValue(names),
      mapping.sensitive,
    );
  },
};

/** An object's attributes are known from its type alone. */
function keysOfUnknown(type: Type): Value {
  if (type.kind === "any") return unknownValue();
  if (type.kind === "map") return unknownValue(listOf(STRING));
  if (type.kind !== "object") throw new FunctionError("a map or object is required", 0);
  const names = [...type.attributes.keys()].sort(compareText);
  return tupleValue(names.map((name) => stringValue(name)));
}

const lookup: FunctionDefinition = {
  parameters: [
    parameter("inputMap", ANY, { allowUnknown: "all", allowSensitive: true }),
    parameter("key", STRING, { allowUnknown: "all", allowSensitive: true }),
  ],
  variadic: anythingParameter("default"),
  call(args) {
    if (args.length > 3) throw new FunctionError("takes a map, a key and one default", 3);
    const mapping = argumentAt(args, 0);
    const key = argumentAt(args, 1);
    const otherwise = args[2] === undefined ? null : asElement(args[2], typeOf(mapping));
    const sensitive = mapping.sensitive || key.sensitive;
    if (mapping.kind === "unknown" || key.kind !== "string") {
      return asSensitive(unknownValue(lookupType(mapping, key, otherwise)), sensitive);
    }
    const found = mappingAt(args, 0).entries.get(key.value) ?? otherwise;
    if (found !== null) return asSensitive(found, sensitive);
    throw new FunctionError(
      sensitive
        ? "there is no such key; give a default as third argument"
        : `there is no key ${JSON.stringify(key.value)}; give a default as third argument`,
      1,
    );
  },
};

function asElement(value: Value, mapping: Type): Value {
  if (mapping.kind !== "map") return value;
  try {
    return convert(value, mapping.element);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new FunctionError(`must have the type of the map's elements: ${error.message}`, 2);
  }
}

function lookupType(mapping: Value, key: Value, otherwise: Value | null): Type {
  const type = typeOf(mapping);
  if (type.kind === "map") return type.element;
  if (type.kind === "any") return ANY;
  if (type.kind !== "object") throw new FunctionError("a map or object is required", 0);
  if (key.kind !== "string") return ANY;
  return type.attributes.get(key.value)?.type ?? (otherwise === null ? ANY : typeOf(otherwise));
}

const merge: FunctionDefinition = {
  parameters: [],
  variadic: parameter("maps", ANY, { allowNull: true, allowUnknown: "top", allowSensitive: true }),
  returns: (args) => mergedMapType(args) ?? ANY,
  call(args, budget) {
    const merged = new Map<string, Value>();
    for (const [index, arg] of args.entries()) {
      if (arg.kind === "null") checkNullMapping(arg.type, index);
      else {
        const { entries } = mappingAt(args, index);
        budget.elements(entries.size);
        for (const [key, value] of entries) merged.set(key, value);
      }
    }
    const type = mergedMapType(args);
    const result = type?.kind === "map" ? mapValue(type.element, merged) : objectValue(merged);
    return asSensitive(
      result,
      args.some((arg) => arg.sensitive && arg.kind !== "null"),
    );
  },
};

function checkNullMapping(type: Type, index: number): void {
  if (type.kind === "any" || type.kind === "map" || type.kind === "object") return;
  throw new FunctionError("a map or object is required", index);
}

/** Maps of one type make a map of that type; everything else makes an object. */
function mergedMapType(args: readonly Value[]): Type | null {
  const [first, ...rest] = args;
  if (first === undefined) return null;
  const type = mapTypeOf(first);
  if (type === null) return null;
  const alike = rest.every((arg) => {
    const other = mapTypeOf(arg);
    return other !== null && sameType(type, other);
  });
  return alike ? type : null;
}

/** The type of a map, found without walking through an object's. */
function mapTypeOf(value: Value): Type | null {
  if (value.kind === "map") return mapOf(value.element);
  const isTyped = value.kind === "null" || value.kind === "unknown";
  return isTyped && value.type.kind === "map" ? value.type : null;
}

const transpose: FunctionDefinition = {
  parameters: [parameter("values", mapOf(listOf(STRING)))],
  returns: mapOf(listOf(STRING)),
  call(args, budget) {
    const turned = new Map<string, Value[]>();
    for (const [key, list] of mappingAt(args, 0).entries) {
      if (!isSequence(list)) throw new FunctionError(`the list at ${JSON.stringify(key)} is null`, 0);
      budget.elements(list.items.length);
      for (const item of list.items) {
        if (item.kind !== "string") {
          throw new FunctionError(`the list at ${JSON.stringify(key)} has a null element`, 0);
        }
        const keysOfItem = turned.get(item.value) ?? [];
        keysOfItem.push(stringValue(key));
        turned.set(item.value, keysOfItem);
      }
    }
    const entries = [...turned].map(([key, items]) => [key, listValue(STRING, items)] as const);
    return mapValue(listOf(STRING), entries);
  },
};

const values: FunctionDefinition = {
  parameters: [partsParameter("mapping")],
  returns: (args) => {
    const type = typeOf(argumentAt(args, 0));
    if (type.kind === "map") return listOf(type.element);
    if (type.kind !== "object") return ANY;
    const attributes = [...type.attributes].sort(([a], [b]) => compareText(a, b));
    return tupleOf(attributes.map(([, attribute]) => attribute.type));
  },
  call(args, budget) {
    const mapping = mappingAt(args, 0);
    budget.elements(mapping.entries.size);
    const items = [...mapping.entries.values()];
    const list = mapping.kind === "map" ? listValue(mapping.element, items) : tupleValue(items);
    return asSensitive(list, mapping.sensitive);
  },
};

const zipmap: FunctionDefinition = {
  parameters: [
    parameter("keys", listOf(STRING), { allowUnknown: "top", allowSensitive: true }),
    partsParameter("values"),
  ],
  returns: (args) => zipmapType(argumentAt(args, 0), typeOf(argumentAt(args, 1))),
  call(args, budget) {
    const names = sequenceAt(args, 0);
    const items = sequenceAt(args, 1);
    if (items.kind === "set") throw new FunctionError("a list or tuple is required, not a set", 1);
    const sensitive = names.sensitive || items.sensitive || names.items.some((name) => name.sensitive);
    if (names.items.some((name) => name.kind === "unknown")) {
      return asSensitive(unknownValue(zipmapType(names, typeOf(items))), sensitive);
    }
    if (names.items.length !== items.items.length) {
      throw new FunctionError(
        `there are ${items.items.length} values for ${names.items.length} keys; give one value for each key`,
        1,
      );
    }
    budget.elements(items.items.length);
    const entries = names.items.map((name, index) => {
      if (name.kind !== "string") throw new FunctionError(`element ${index} is null; a key must not be`, 0);
      return [name.value, argumentAt(items.items, index)] as const;
    });
    const zipped = items.kind === "list" ? mapValue(items.element, entries) : objectValue(entries);
    return asSensitive(zipped, sensitive);
  },
};

function zipmapType(names: Value, type: Type): Type {
  if (type.kind === "list") return mapOf(type.element);
  if (type.kind !== "tuple" || !isSequence(names)) return ANY;
  const attributes: [string, Type][] = [];
  for (const [index, name] of names.items.entries()) {
    if (name.kind !== "string") return ANY;
    attributes.push([name.value, type.elements[index] ?? ANY]);
  }
  return objectOf(attributes);
}

/** Functions of maps and objects. */
export const MAPPING_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ keys, lookup, merge, transpose, values, zipmap }),
);
