import type { Decimal } from "decimal.js";
import { ExactDecimal, isJsonArray, isNumber, isRawNumber, type Json } from "../../json/json.ts";
import type {
  BoolValue,
  ListValue,
  MappingValue,
  MapValue,
  NullValue,
  NumberValue,
  ObjectValue,
  Origin,
  SequenceValue,
  SetValue,
  StringValue,
  TupleValue,
  UnknownValue,
  Value,
} from "./model.ts";
import { simplestNumber } from "./number.ts";
import { setElements } from "./set-elements.ts";
import { isSensitiveWithin } from "./summary.ts";
import { inKeyOrder, mapInKeyOrder } from "./text-order.ts";
import { ANY, type Type } from "./type.ts";

export type * from "./model.ts";
export { isKnownWithin, isSensitiveWithin, typeOf } from "./summary.ts";

export const COMPUTED: Origin = { kind: "computed" };

export function stringValue(value: string, origin: Origin = COMPUTED): StringValue {
  return { kind: "string", value, origin, sensitive: false };
}

export function numberValue(value: number | Decimal, origin: Origin = COMPUTED): NumberValue {
  return { kind: "number", value: simplestNumber(value), origin, sensitive: false };
}

/** The number that digits write, with or without sign, point and exponent. */
export function numberFromText(text: string, origin: Origin = COMPUTED): NumberValue {
  return numberValue(FEW_DIGITS.test(text) ? Number(text) : new ExactDecimal(text), origin);
}

const FEW_DIGITS = /^\d{1,15}$/;

export function boolValue(value: boolean, origin: Origin = COMPUTED): BoolValue {
  return { kind: "bool", value, origin, sensitive: false };
}

export function nullValue(type: Type = ANY, origin: Origin = COMPUTED): NullValue {
  return { kind: "null", type, origin, sensitive: false };
}

export function unknownValue(type: Type = ANY, origin: Origin = COMPUTED): UnknownValue {
  return { kind: "unknown", type, origin, sensitive: false };
}

/** The value with the promise that it is not null; only an unknown one needs it. */
export function notNull(value: Value): Value {
  return value.kind === "unknown" && value.notNull !== true ? { ...value, notNull: true } : value;
}

export function listValue(element: Type, items: readonly Value[], origin: Origin = COMPUTED): ListValue {
  return { kind: "list", element, items, origin, sensitive: false };
}

/** Removes what is there twice and sorts. The mark of a marked element moves to the set, as in cty. */
export function setValue(element: Type, items: readonly Value[], origin: Origin = COMPUTED): SetValue {
  const sensitive = items.some(isSensitiveWithin);
  return { kind: "set", element, items: setElements(items), origin, sensitive };
}

export function tupleValue(items: readonly Value[], origin: Origin = COMPUTED): TupleValue {
  return { kind: "tuple", items, origin, sensitive: false };
}

export function mapValue(
  element: Type,
  entries: Iterable<readonly [string, Value]>,
  origin: Origin = COMPUTED,
): MapValue {
  return { kind: "map", element, entries: inKeyOrder(entries), origin, sensitive: false };
}

export function objectValue(
  entries: Iterable<readonly [string, Value]>,
  origin: Origin = COMPUTED,
): ObjectValue {
  return { kind: "object", entries: inKeyOrder(entries), origin, sensitive: false };
}

/** An object of names and the values beside them; of equal names the last one counts. The lists may be reordered. */
export function objectOfParts(names: string[], values: Value[], origin: Origin = COMPUTED): ObjectValue {
  return { kind: "object", entries: mapInKeyOrder(names, values), origin, sensitive: false };
}

export function withOrigin<V extends Value>(value: V, origin: Origin): V {
  return { ...value, origin };
}

/** The same value, marked secret. What was marked already is handed through. */
export function asSensitive<V extends Value>(value: V, sensitive = true): V {
  return value.sensitive || !sensitive ? value : { ...value, sensitive: true };
}

export function asNonsensitive<V extends Value>(value: V): V {
  return value.sensitive ? { ...value, sensitive: false } : value;
}

export function isSequence(value: Value): value is SequenceValue {
  return value.kind === "list" || value.kind === "set" || value.kind === "tuple";
}

export function isMapping(value: Value): value is MappingValue {
  return value.kind === "map" || value.kind === "object";
}

/** An object of which not all attributes are known. */
export function isOpen(value: Value): boolean {
  return value.kind === "object" && value.open === true;
}

/** Whether not even the elements of the value are known. */
export function isUnknownOrOpen(value: Value): value is UnknownValue | ObjectValue {
  return value.kind === "unknown" || isOpen(value);
}

/** What stands inside a collection, tuple or object; nothing for any other value. */
export function childrenOf(value: Value): Iterable<Value> {
  if (isSequence(value)) return value.items;
  if (isMapping(value)) return value.entries.values();
  return [];
}

/** The value without marks, at any depth. */
export function unmarkDeep(value: Value): Value {
  if (!isSensitiveWithin(value)) return value;
  const bare = asNonsensitive(value);
  if (isSequence(bare)) return { ...bare, items: bare.items.map(unmarkDeep) };
  if (!isMapping(bare)) return bare;
  return { ...bare, entries: new Map([...bare.entries].map(([key, child]) => [key, unmarkDeep(child)])) };
}

/**
 * A JSON value as Terraform reads one (`jsondecode`, state): objects and tuples of what stands in them. `originOf`
 * gives each part its origin.
 */
export function fromJson(
  json: Json,
  originOf: (path: readonly (string | number)[]) => Origin,
  path: readonly (string | number)[] = [],
): Value {
  const origin = originOf(path);
  if (json === null) return nullValue(ANY, origin);
  if (typeof json === "string") return stringValue(json, origin);
  if (typeof json === "boolean") return boolValue(json, origin);
  if (isNumber(json)) return numberValue(isRawNumber(json) ? new ExactDecimal(json.rawJSON) : json, origin);
  if (isJsonArray(json)) {
    return tupleValue(
      json.map((item, index) => fromJson(item, originOf, [...path, index])),
      origin,
    );
  }
  const entries = Object.entries(json).map(
    ([key, item]) => [key, fromJson(item as Json, originOf, [...path, key])] as const,
  );
  return objectValue(entries, origin);
}
