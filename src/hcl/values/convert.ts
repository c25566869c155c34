import { hasCertainType } from "./certain-type.ts";
import { narrow } from "./narrow.ts";
import { printNumber } from "./number.ts";
import {
  ANY,
  type CollectionType,
  couldBeSame,
  hasAny,
  listOf,
  mapOf,
  printType,
  STRING,
  sameType,
  setOf,
  type Type,
  withoutOptional,
} from "./type.ts";
import { unify } from "./unify.ts";
import {
  asSensitive,
  boolValue,
  isKnownWithin,
  isMapping,
  isOpen,
  isSequence,
  listValue,
  mapValue,
  notNull,
  nullValue,
  numberFromText,
  type Origin,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "./value.ts";
import { writtenOrigin } from "./written-origin.ts";

/** A value that cannot be what is asked for. The message says what is required, never what the value is. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}

/**
 * The value as the wanted type, by cty's rules (https://github.com/zclconf/go-cty/blob/main/docs/convert.md). A value,
 * and any part of one, that already has its type is handed through as the same object; what changes keeps its origin
 * behind a `conversion`.
 * @throws ConversionError where there is no such conversion.
 */
export function convert(value: Value, wanted: Type): Value {
  if (wanted.kind === "any") return value;
  if (value.kind === "unknown") return fitUnknown(value, wanted);
  if (value.kind === "null") {
    if (sameType(value.type, wanted)) return value;
    return asSensitive(nullValue(narrow(wanted, value.type), conversionOf(value)), value.sensitive);
  }
  const converted = value.sensitive ? convertSecret(value, wanted) : convertKnown(value, wanted);
  return converted === value ? value : asSensitive(converted, value.sensitive);
}

/** Errors name the elements that they are about, and the keys of a secret collection are secret, too. */
function convertSecret(value: Value, wanted: Type): Value {
  try {
    return convertKnown(value, wanted);
  } catch (error) {
    if (!(error instanceof ConversionError) || !(isMapping(value) || isSequence(value))) throw error;
    throw new ConversionError(`this sensitive ${value.kind} does not fit`);
  }
}

function fitUnknown(value: Value & { kind: "unknown" }, wanted: Type): Value {
  if (sameType(value.type, wanted)) return value;
  const impossible = isPrimitive(value.type)
    ? !isPrimitive(wanted) || isNumberAndBool(value.type, wanted)
    : value.type.kind !== "any" && isPrimitive(wanted);
  if (impossible) throw new ConversionError(required(wanted));
  const fitting = asSensitive(unknownValue(narrow(wanted, value.type), value.origin), value.sensitive);
  return value.notNull ? notNull(fitting) : fitting;
}

function isPrimitive({ kind }: Type): boolean {
  return kind === "string" || kind === "number" || kind === "bool";
}

function isNumberAndBool(a: Type, b: Type): boolean {
  return (a.kind === "number" && b.kind === "bool") || (a.kind === "bool" && b.kind === "number");
}

function convertKnown(value: Value, wanted: Type): Value {
  switch (wanted.kind) {
    case "string":
      return toText(value);
    case "number":
      return toNumber(value);
    case "bool":
      return toBool(value);
    case "list":
      return toList(value, wanted.element);
    case "set":
      return toSet(value, wanted.element);
    case "map":
      return toMap(value, wanted.element);
    case "tuple":
      return toTuple(value, wanted);
    case "object":
      return toObject(value, wanted);
    case "any":
      return value;
  }
}

function conversionOf(from: Value): Origin {
  return { kind: "conversion", from };
}

function toText(value: Value): Value {
  if (value.kind === "string") return value;
  if (value.kind === "number") return stringValue(printNumber(value.value), conversionOf(value));
  if (value.kind === "bool") return stringValue(String(value.value), conversionOf(value));
  throw new ConversionError(required(STRING));
}

const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?$/;

function toNumber(value: Value): Value {
  if (value.kind === "number") return value;
  if (value.kind === "string" && NUMBER_TEXT.test(value.value)) {
    return numberFromText(value.value, conversionOf(value));
  }
  throw new ConversionError("a number is required");
}

const BOOL_TEXT = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function toBool(value: Value): Value {
  if (value.kind === "bool") return value;
  const meant = value.kind === "string" ? BOOL_TEXT.get(value.value) : undefined;
  if (meant === undefined) throw new ConversionError("a bool is required");
  return boolValue(meant, conversionOf(value));
}

function toList(value: Value, element: Type): Value {
  if (!isSequence(value)) throw new ConversionError(required(listOf(element)));
  const common = convertElements(
    value.items,
    null,
    element,
    value.kind === "tuple" ? "list of a tuple" : "list",
  );
  if (value.kind === "list" && isAsBefore(value, value.items, common)) return value;
  // Elements of a set that are not known may turn out to be the same.
  if (value.kind === "set" && value.items.length > 1 && !isKnownWithin(value)) {
    return unknownValue(listOf(common.element), conversionOf(value));
  }
  return listValue(common.element, common.values, conversionOf(value));
}

function toSet(value: Value, element: Type): Value {
  if (!isSequence(value)) throw new ConversionError(required(setOf(element)));
  const common = convertElements(value.items, null, element, "set");
  if (value.kind === "set" && isAsBefore(value, value.items, common)) return value;
  return setValue(common.element, common.values, conversionOf(value));
}

function toMap(value: Value, element: Type): Value {
  if (!isMapping(value)) throw new ConversionError(required(mapOf(element)));
  if (isOpen(value)) return unknownValue(mapOf(element), conversionOf(value));
  const keys = [...value.entries.keys()];
  const given = [...value.entries.values()];
  const common = convertElements(given, keys, element, "map");
  if (value.kind === "map" && isAsBefore(value, given, common)) return value;
  const entries = keys.map((key, index) => [key, common.values[index] ?? nullValue()] as const);
  return mapValue(common.element, entries, conversionOf(value));
}

function toTuple(value: Value, wanted: Type & { kind: "tuple" }): Value {
  if (!isSequence(value) || value.kind === "set" || value.items.length !== wanted.elements.length) {
    throw new ConversionError(required(wanted));
  }
  const items = value.items.map((item, index) =>
    within(`element ${index}`, () => convert(item, wanted.elements[index] ?? ANY)),
  );
  if (value.kind === "tuple" && items.every((item, index) => item === value.items[index])) return value;
  return tupleValue(items, conversionOf(value));
}

function toObject(value: Value, wanted: Type & { kind: "object" }): Value {
  if (!isMapping(value)) throw new ConversionError(required(wanted));
  let changed = value.kind === "map" || isOpen(value) || value.entries.size !== wanted.attributes.size;
  const entries = [...wanted.attributes].map(([name, attribute]) => {
    const given = value.entries.get(name);
    if (given === undefined) {
      if (isOpen(value)) return [name, unknownValue(attribute.type, value.origin)] as const;
      if (!attribute.optional) throw new ConversionError(`attribute ${JSON.stringify(name)} is required`);
      changed = true;
      return [name, nullValue(attribute.type, absentFrom(value))] as const;
    }
    const converted = within(`attribute ${JSON.stringify(name)}`, () => convert(given, attribute.type));
    if (converted !== given) changed = true;
    return [name, converted] as const;
  });
  return changed ? objectValue(entries, conversionOf(value)) : value;
}

/** What an attribute that an object leaves out is: absent from where the object was written. */
function absentFrom(value: Value): Origin {
  const origin = writtenOrigin(value);
  return { kind: "absent", place: origin.kind === "expression" ? origin.at : null };
}

type Collection = CollectionType["kind"] | "list of a tuple";

/** The elements of a collection in their one type. */
interface Elements {
  readonly element: Type;
  readonly values: readonly Value[];
}

/** Whether a collection has these elements and their type already. */
function isAsBefore(value: { readonly element: Type }, items: readonly Value[], made: Elements): boolean {
  if (items.length === 0 && made.element.kind === "any") return true;
  return sameType(value.element, made.element) && items.every((item, index) => item === made.values[index]);
}

/**
 * Elements as a collection of the wanted type has them. Each is first made what the type says; what it leaves open is
 * then the type that the elements have in common.
 */
function convertElements(
  given: readonly Value[],
  keys: readonly string[] | null,
  element: Type,
  collection: Collection,
): Elements {
  const convertAll = (values: readonly Value[], type: Type) =>
    values.map((value, index) =>
      within(`element ${JSON.stringify(keys?.[index] ?? index)}`, () => convert(value, type)),
    );
  const values = convertAll(given, element);
  if (values.length === 0 || !hasAny(element)) return { element, values };
  const types = values.map(typeOf);
  const certain = values.every(hasCertainType);
  const common = unify(types, certain);
  if (common === null) throw differing(collection);
  if (staysAsMade(collection, element)) {
    if (certain) return { element: oneType(types, collection), values };
    if (!types.every((type) => couldBeSame(type, common))) throw differing(collection);
  }
  const made = convertAll(values, common);
  if (!certain) return { element: common, values: made };
  if (common.kind === "any" && element.kind === "any" && collection !== "map") {
    if (!types.every(({ kind }) => kind === "any")) throw differing(collection);
  }
  return { element: oneType(made.map(typeOf), collection), values: made };
}

/** Whether elements are refused that have come out in different types: those of tuples, and most of maps, are unified. */
function staysAsMade(collection: Collection, element: Type): boolean {
  if (element.kind === "any" || collection === "list of a tuple") return false;
  return collection !== "map" || element.kind === "tuple";
}

/** The type that all of these are, but for `any` itself. */
function oneType(types: readonly Type[], collection: Collection): Type {
  const [first = ANY, ...rest] = types.filter(({ kind }) => kind !== "any").map(withoutOptional);
  if (!rest.every((type) => sameType(first, type))) throw differing(collection);
  return first;
}

function differing(collection: Collection): ConversionError {
  const kind = collection === "list of a tuple" ? "list" : collection;
  return new ConversionError(`all ${kind} elements must have the same type`);
}

function within<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new ConversionError(`${where}: ${error.message}`);
  }
}

const ARTICLES = { string: "a string", number: "a number", bool: "a bool", any: "a value" } as const;

function required(type: Type): string {
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
    case "any":
      return `${ARTICLES[type.kind]} is required`;
    case "object":
      return "an object is required";
    default:
      return `${printType(type)} is required`;
  }
}
