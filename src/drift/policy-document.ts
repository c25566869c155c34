import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../json/json.ts";
import { compareText } from "./order.ts";

const NAMED_LISTS = new Set(["Action", "NotAction", "Resource", "NotResource"]);
const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
/** No policy is near this deep (AWS allows 20 KB at most); deeper input is compared as text. */
const MAX_DEPTH = 32;

/**
 * A policy in the one form that all its ways of writing share (IAM User Guide, "Grammar of the IAM JSON policy
 * language"): decoded where it is URL-encoded, a single statement or value as a list of one, lists and statements
 * sorted, actions and condition keys without regard to case, `arn:aws:iam::ID:root` as the account id, `"*"` as
 * `{"AWS": "*"}`. A missing `Version` stays missing: it means an older version of the language.
 * Null where the text is no JSON object.
 */
export function normalPolicy(text: string): JsonObject | null {
  const document = readPolicy(text);
  if (document === null) return null;
  return mapObject(document, (name, value) =>
    name === "Statement" ? sorted(listOf(value).map(normalStatement)) : value,
  );
}

/** A policy as it is written, decoded where it is URL-encoded. Null where the text is no JSON object, or too deep. */
export function readPolicy(text: string): JsonObject | null {
  const document = readDocument(text);
  return document === null || isTooDeep(document, MAX_DEPTH) ? null : document;
}

function readDocument(text: string): JsonObject | null {
  try {
    const value = parseJson(/^\s*%7B/i.test(text) ? decodeURIComponent(text) : text);
    return isJsonObject(value) ? value : null;
  } catch {
    // Not JSON, not URL-encoded, or nested deeper than the reader goes: the caller compares it as text.
    return null;
  }
}

function isTooDeep(value: Json, left: number): boolean {
  if (left === 0) return true;
  if (isJsonArray(value)) return value.some((item) => isTooDeep(item, left - 1));
  return isJsonObject(value) && Object.values(value).some((item) => isTooDeep(item, left - 1));
}

/** A statement in the form that `normalPolicy` gives it. */
export function normalStatement(statement: Json): Json {
  if (!isJsonObject(statement)) return statement;
  const named = Object.entries(statement).filter(([name, value]) => name !== "Sid" || value !== "");
  return mapObject(Object.fromEntries(named), normalElement);
}

/** A member of a statement in the form that `normalPolicy` gives it. */
export function normalElement(name: string, value: Json): Json {
  if (NAMED_LISTS.has(name)) {
    const folds = name.endsWith("Action");
    return sorted(
      listOf(value).map((item) => (folds && typeof item === "string" ? item.toLowerCase() : item)),
    );
  }
  if (name === "Principal" || name === "NotPrincipal") return normalPrincipal(value);
  return name === "Condition" && isJsonObject(value) ? mapObject(value, normalCondition) : value;
}

function normalPrincipal(value: Json): Json {
  const byKind = value === "*" ? { AWS: "*" } : value;
  if (!isJsonObject(byKind)) return byKind;
  return mapObject(byKind, (_kind, names) => sorted(listOf(names).map(normalPrincipalName)));
}

function normalPrincipalName(name: Json): Json {
  return typeof name === "string" ? (ROOT.exec(name)?.[1] ?? name) : name;
}

function normalCondition(_operator: string, keys: Json): Json {
  if (!isJsonObject(keys)) return keys;
  const folded = Object.entries(keys).map(
    ([key, values]) => [key.toLowerCase(), sorted(listOf(values).map(textOfScalar))] as const,
  );
  const distinct = new Set(folded.map(([key]) => key)).size === folded.length;
  return distinct ? Object.fromEntries(folded) : keys;
}

function textOfScalar(value: Json): Json {
  if (typeof value === "string" || value === null || isJsonArray(value) || isJsonObject(value)) return value;
  return canonicalJson(value);
}

function listOf(value: Json): readonly Json[] {
  return isJsonArray(value) ? value : [value];
}

function sorted(values: readonly Json[]): readonly Json[] {
  const byText = new Map(values.map((value) => [canonicalJson(value), value]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

function mapObject(object: JsonObject, map: (name: string, value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]));
}
