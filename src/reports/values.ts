import type { Reading } from "../drift/model.ts";
import { isJsonArray, isJsonObject, isNumber, type Json, parseJson } from "../json/json.ts";
import { code, type Markdown, md } from "./markdown.ts";
import { SENSITIVE } from "./redaction.ts";

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const DEEPEST = 50;

/**
 * A value on one line, written as Terraform code writes it: `"t3.large"`, `{ from_port = 22, protocol = "tcp" }`. Of an
 * object, what is null or empty is left out, unless nothing else is in it. Text that is a JSON document shows as
 * `jsonencode(…)`. Not safe to print: needs `code` or `visible`.
 */
export function valueText(value: Json, depth = 0): string {
  if (typeof value === "string") return textValue(value, depth);
  if (isNumber(value)) return typeof value === "number" ? String(value) : value.rawJSON;
  if (depth >= DEEPEST) return "…";
  if (isJsonArray(value)) return `[${value.map((item) => valueText(item, depth + 1)).join(", ")}]`;
  if (!isJsonObject(value)) return String(value);
  const entries = Object.entries(value);
  const set = entries.filter(([, item]) => !isEmpty(item));
  const shown = (set.length > 0 ? set : entries).map(
    ([key, item]) => `${PLAIN_NAME.test(key) ? key : JSON.stringify(key)} = ${valueText(item, depth + 1)}`,
  );
  return shown.length === 0 ? "{}" : `{ ${shown.join(", ")} }`;
}

function textValue(value: string, depth: number): string {
  const document = jsonDocument(value);
  return document === null ? JSON.stringify(value) : `jsonencode(${valueText(document, depth + 1)})`;
}

/** The object or list that a text holds as JSON, such as a policy; null where it holds none. */
export function jsonDocument(value: string): Json {
  if (!/^\s*[[{]/.test(value)) return null;
  try {
    return parseJson(value);
  } catch {
    return null;
  }
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "") return true;
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** What people read where there is no value to show. */
function readingWords(reading: Exclude<Reading, { known: Json }>): string {
  if (typeof reading === "object") return SENSITIVE;
  return { unknown: "not known yet", absent: "not set", unread: "not readable" }[reading];
}

/** A reading on one line of plain text. Needs `visible`. */
export function readingText(reading: Reading): string {
  if (typeof reading === "object" && "known" in reading) return valueText(reading.known);
  return readingWords(reading);
}

/** A reading as inline Markdown, values as code. */
export function readingMarkdown(reading: Reading): Markdown {
  if (typeof reading === "object" && "known" in reading) return code(valueText(reading.known));
  return md`*${readingWords(reading) as Markdown}*`;
}
