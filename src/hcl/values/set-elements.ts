import type { Decimal } from "decimal.js";
import type { Value } from "./model.ts";
import { decimalValue, printNumber } from "./number.ts";
import { isKnownWithin } from "./summary.ts";
import { compareText } from "./text-order.ts";

/** What a set of these values holds: each known one once, in the set's order. */
export function setElements(items: readonly Value[]): Value[] {
  const distinct = new Map<string, Value>();
  let unknowns = 0;
  for (const item of items) {
    const key = isKnownWithin(item) ? identityOf(item) : `unknown ${unknowns++}`;
    if (!distinct.has(key)) distinct.set(key, item);
  }
  return inSetOrder([...distinct.values()]);
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
