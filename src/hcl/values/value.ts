import type { Decimal } from "decimal.js";
import { ExactDecimal, exactNumber, isJsonArray, isNumber, isRawNumber, type Json } from "../../json/json.ts";
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
import { isKnownWithin, isSensitiveWithin } from "./summary.ts";
import { ANY, type Type } from "./type.ts";

export type * from "./model.ts";
export { isKnownWithin, isSensitiveWithin, typeOf } from "./summary.ts";

export const COMPUTED: Origin = { kind: "computed" };

export function stringValue(value: string, origin: Origin = COMPUTED): StringValue {
  return { kind: "string", value, origin, sensitive: false };
}

export function numberValue(value: number | Decimal, origin: Origin = COMPUTED): NumberValue {
  return { kind: "number", value: simplest(value), origin, sensitive: false };
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
  const distinct = new Map<string, Value>();
  let unknowns = 0;
  for (const item of items) {
    const key = isKnownWithin(item) ? identityOf(item) : `unknown ${unknowns++}`;
    if (!distinct.has(key)) distinct.set(key, item);
  }
  return { kind: "set", element, items: inSetOrder([...distinct.values()]), origin, sensitive };
}

export function tupleValue(items: readonly Value[], origin: Origin = COMPUTED): TupleValue {
  return { kind: "tuple", items, origin, sensitive: false };
}

export function mapValue(
  element: Type,
  entries: Iterable<readonly [string, Value]>,
  origin: Origin = COMPUTED,
): MapValue {
  return { kind: "map", element, entries: sorted(entries), origin, sensitive: false };
}

export function objectValue(
  entries: Iterable<readonly [string, Value]>,
  origin: Origin = COMPUTED,
): ObjectValue {
  return { kind: "object", entries: sorted(entries), origin, sensitive: false };
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

/** The number as an exact decimal. */
export function decimalValue(value: NumberValue): Decimal {
  return typeof value.value === "number" ? new ExactDecimal(value.value) : value.value;
}

/** The number as text: all digits, no exponent. */
export function printNumber(value: number | Decimal): string {
  return typeof value === "number" ? String(value) : value.toFixed();
}

function simplest(value: number | Decimal): number | Decimal {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return new ExactDecimal(value);
  }
  if (value.isInteger() && value.abs().lessThanOrEqualTo(Number.MAX_SAFE_INTEGER)) {
    const integer = value.toNumber();
    return integer === 0 ? 0 : integer;
  }
  return value;
}

/** Order of texts by code point, which is the order of their UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return surrogatesLast(left) - surrogatesLast(right);
  }
  return a.length - b.length;
}

/** UTF-16 units in code-point order: a surrogate stands for a code point above every other unit. */
function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The entries in the order of their keys; a map that has it is taken as it is. */
function sorted(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const map = entries instanceof Map ? (entries as Map<string, Value>) : new Map(entries);
  const keys = [...map.keys()];
  if (isInOrder(keys)) return map;
  const inOrder = new Map<string, Value>();
  for (const key of sortedKeys(keys)) {
    const value = map.get(key);
    if (value !== undefined) inOrder.set(key, value);
  }
  return inOrder;
}

const FEW_KEYS = 16;

/** The keys of an object that somebody wrote are few, and each is put in its place sooner than `sort` starts. */
function sortedKeys(keys: string[]): readonly string[] {
  if (keys.length > FEW_KEYS) return keys.sort(compareText);
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] ?? "";
    let at = end;
    for (; at > 0 && compareText(keys[at - 1] ?? "", key) > 0; at -= 1) keys[at] = keys[at - 1] ?? "";
    keys[at] = key;
  }
  return keys;
}

function isInOrder(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1)
    if (compareText(keys[at - 1] ?? "", keys[at] ?? "") > 0) return false;
  return true;
}

/**
 * Order of a set's elements: text by code point, numbers by value, false before true, the rest by how cty writes them
 * for its hash (https://github.com/zclconf/go-cty/blob/main/cty/set_internals.go); what is unknown and null come last.
 */
function inSetOrder(items: readonly Value[]): Value[] {
  const placed = items.map((item) => ({
    item,
    rank: rankInSet(item),
    text: isPrimitive(item) ? "" : orderTextOf(item),
  }));
  placed.sort((a, b) => compareInKind(a.item, b.item) ?? (a.rank - b.rank || compareText(a.text, b.text)));
  return placed.map(({ item }) => item);
}

function isPrimitive({ kind }: Value): boolean {
  return kind === "string" || kind === "number" || kind === "bool";
}

/** Null for what is not ordered by its value. */
function compareInKind(a: Value, b: Value): number | null {
  if (a.kind === "string" && b.kind === "string") return compareText(a.value, b.value);
  if (a.kind === "number" && b.kind === "number") return decimalValue(a).comparedTo(decimalValue(b));
  if (a.kind === "bool" && b.kind === "bool") return Number(a.value) - Number(b.value);
  return null;
}

function rankInSet(value: Value): number {
  if (value.kind === "null") return 2;
  return value.kind === "unknown" ? 1 : 0;
}

function orderTextOf(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return orderTextOfNumber(decimalValue(value));
    case "bool":
      return value.value ? "T" : "F";
    case "null":
      return "~";
    case "unknown":
      return "?";
    case "list":
    case "set":
      return `[${value.items.map((item) => `${orderTextOf(item)};`).join("")}]`;
    case "tuple":
      return `<${value.items.map((item) => `${orderTextOf(item)};`).join("")}>`;
    case "map":
      return `{${Array.from(value.entries, ([key, child]) => `${JSON.stringify(key)}:${orderTextOf(child)};`).join("")}}`;
    case "object":
      return `<${Array.from(value.entries.values(), (child) => `${orderTextOf(child)};`).join("")}>`;
  }
}

/** Ten digits, and an exponent where more would be needed. */
function orderTextOfNumber(number: Decimal): string {
  const rounded = number.toSignificantDigits(10);
  if (rounded.isZero() || (rounded.e >= -4 && rounded.e < 10)) return rounded.toFixed();
  return rounded.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** The same text for equal values of one type. */
export function identityOf(value: Value): string {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return printNumber(value.value);
    case "bool":
      return String(value.value);
    case "null":
      return "null";
    case "unknown":
      return "unknown";
    case "list":
    case "set":
    case "tuple":
      return `[${value.items.map(identityOf).join(",")}]`;
    case "map":
    case "object":
      return `{${[...value.entries].map(([key, child]) => `${JSON.stringify(key)}:${identityOf(child)}`).join(",")}}`;
  }
}

/** Whether two known values are the same, numbers by value, marks and origins aside. Types must agree too. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === "number" && b.kind === "number") {
    return a.value === b.value || decimalValue(a).equals(decimalValue(b));
  }
  if (isSequence(a) && isSequence(b)) {
    return (
      a.items.length === b.items.length && a.items.every((item, index) => equalNext(item, b.items[index]))
    );
  }
  if (isMapping(a) && isMapping(b)) {
    if (a.entries.size !== b.entries.size) return false;
    for (const [key, child] of a.entries) if (!equalNext(child, b.entries.get(key))) return false;
    return true;
  }
  return "value" in a && "value" in b ? a.value === b.value : true;
}

function equalNext(a: Value, b: Value | undefined): boolean {
  return b !== undefined && equalValues(a, b);
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

/** The number as JSON with all its digits. */
export function numberToJson(value: number | Decimal): Json {
  return typeof value === "number" ? value : exactNumber(value.toFixed());
}
