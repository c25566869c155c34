import {
  decimalOf,
  isJsonArray,
  isJsonObject,
  isNumber,
  type Json,
  type JsonObject,
} from "../../json/json.ts";
import { quoteString } from "../syntax/escape.ts";
import { formatAttributes, INDENT } from "./format.ts";

/** A list of plain values stands on one line as long as that is no wider than this. */
const MAX_LINE = 100;

const BARE_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** As a bare key `for` would start a `for` expression, and the others read like what they do not mean. */
const QUOTED_KEYS: ReadonlySet<string> = new Set(["for", "true", "false", "null"]);

/**
 * A value as `terraform fmt` would write it: one that evaluates to exactly this value, with all digits of its numbers
 * and without templates in its strings. `indentation` is that of the line on which it starts.
 */
export function renderExpression(value: Json, indentation = ""): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoteString(value);
  if (isNumber(value)) return decimalOf(value).toFixed();
  if (isJsonArray(value)) return renderTuple(value, indentation);
  return renderObject(value, indentation);
}

/** The same on one line. */
export function renderInline(value: Json): string {
  if (isJsonArray(value)) return `[${value.map(renderInline).join(", ")}]`;
  if (!isJsonObject(value)) return renderExpression(value);
  const entries = Object.entries(value).map(([key, inner]) => `${renderKey(key)} = ${renderInline(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** The name of an attribute or the key of an object: bare where it is an identifier, else quoted. */
export function renderKey(name: string): string {
  return BARE_KEY.test(name) && !QUOTED_KEYS.has(name) ? name : quoteString(name);
}

function renderTuple(items: readonly Json[], indentation: string): string {
  const plain = items.every((item) => !isJsonArray(item) && !isJsonObject(item));
  if (plain) {
    const line = `[${items.map((item) => renderExpression(item)).join(", ")}]`;
    if (line.length <= MAX_LINE) return line;
  }
  const inner = indentation + INDENT;
  const lines = items.map((item) => `${inner}${renderExpression(item, inner)},\n`);
  return `[\n${lines.join("")}${indentation}]`;
}

function renderObject(object: JsonObject, indentation: string): string {
  const inner = indentation + INDENT;
  const items = Object.entries(object).map(([key, value]) => ({
    name: renderKey(key),
    value: renderExpression(value, inner),
  }));
  if (items.length === 0) return "{}";
  return `{\n${formatAttributes(items, inner).join("\n")}\n${indentation}}`;
}
