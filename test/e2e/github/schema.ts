import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";

/** Follows `$ref`. */
export type Resolve = (schema: Json | undefined) => JsonObject;

/** The keywords of the description: those that are checked, and those that change nothing about what is valid. */
const KEYWORDS = new Set([
  "$ref",
  "additionalProperties",
  "allOf",
  "anyOf",
  "default",
  "deprecated",
  "description",
  "enum",
  "example",
  "examples",
  "externalDocs",
  "format",
  "items",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minProperties",
  "minimum",
  "nullable",
  "oneOf",
  "pattern",
  "properties",
  "readOnly",
  "required",
  "title",
  "type",
  "uniqueItems",
]);

/**
 * What is wrong with a value by a schema of OpenAPI 3.0, as sentences; empty when nothing is. Stricter than the
 * specification in one thing: properties that the schema does not name are wrong, since GitHub would silently ignore
 * them. Of `oneOf` at least one must fit: GitHub's alternatives overlap.
 */
export function problemsOf(value: Json, schema: JsonObject, resolve: Resolve, at = "body"): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword) && !keyword.startsWith("x-"))
      throw new Error(`unknown keyword ${keyword} at ${at}`);
  }
  if (value === null) return allowsNull(schema) ? [] : [`${at} must not be null`];
  return [
    ...typeProblems(value, schema, at),
    ...limitProblems(value, schema, at),
    ...objectProblems(value, schema, resolve, at),
    ...itemProblems(value, schema, resolve, at),
    ...alternativeProblems(value, schema, resolve, at),
  ];
}

function allowsNull(schema: JsonObject): boolean {
  return schema["nullable"] === true || listOf(schema["enum"]).includes(null);
}

function typeProblems(value: Json, schema: JsonObject, at: string): string[] {
  const type = schema["type"];
  const is: Readonly<Record<string, boolean>> = {
    array: isJsonArray(value),
    boolean: typeof value === "boolean",
    integer: typeof value === "number" && Number.isSafeInteger(value),
    number: typeof value === "number",
    object: isJsonObject(value),
    string: typeof value === "string",
  };
  if (typeof type === "string" && is[type] !== true) return [`${at} must be of type ${type}`];
  const allowed = listOf(schema["enum"]);
  if (allowed.length > 0 && !allowed.includes(value)) return [`${at} must be one of ${allowed.join(", ")}`];
  if (typeof value !== "string") return [];
  if (
    schema["format"] === "date-time" &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
  ) {
    return [`${at} must be a time such as 2030-01-02T03:04:05Z`];
  }
  const pattern = schema["pattern"];
  return typeof pattern === "string" && !new RegExp(pattern).test(value)
    ? [`${at} must match ${pattern}`]
    : [];
}

function limitProblems(value: Json, schema: JsonObject, at: string): string[] {
  const problems: string[] = [];
  const check = (size: number, least: string, most: string, unit: string) => {
    const [min, max] = [schema[least], schema[most]];
    if (typeof min === "number" && size < min) problems.push(`${at} must have at least ${min} ${unit}`);
    if (typeof max === "number" && size > max) problems.push(`${at} must have at most ${max} ${unit}`);
  };
  if (typeof value === "string") check(value.length, "minLength", "maxLength", "characters");
  if (isJsonArray(value)) check(value.length, "minItems", "maxItems", "items");
  if (typeof value === "number") check(value, "minimum", "maximum", "as its value");
  return problems;
}

function objectProblems(value: Json, schema: JsonObject, resolve: Resolve, at: string): string[] {
  if (!isJsonObject(value)) return [];
  const problems: string[] = [];
  for (const name of listOf(schema["required"])) {
    if (!Object.hasOwn(value, String(name))) problems.push(`${at}.${String(name)} is required`);
  }
  const properties = schema["properties"];
  const named = isJsonObject(properties) ? properties : {};
  const others = schema["additionalProperties"];
  const known = knownProperties(schema, resolve);
  for (const [name, item] of Object.entries(value)) {
    const place = `${at}.${name}`;
    if (Object.hasOwn(named, name)) problems.push(...problemsOf(item, resolve(named[name]), resolve, place));
    else if (isJsonObject(others)) problems.push(...problemsOf(item, resolve(others), resolve, place));
    else if (others !== true && known !== null && !known.has(name)) problems.push(`${place} is not known`);
  }
  return problems;
}

/** The names that a schema and its alternatives know; null where it takes anything. */
function knownProperties(schema: JsonObject, resolve: Resolve): ReadonlySet<string> | null {
  const parts = alternatives(schema).flat().map(resolve);
  const all = [schema, ...parts].map((part) => part["properties"]);
  const names = all.flatMap((properties) => (isJsonObject(properties) ? Object.keys(properties) : []));
  return names.length === 0 ? null : new Set(names);
}

function itemProblems(value: Json, schema: JsonObject, resolve: Resolve, at: string): string[] {
  if (!isJsonArray(value) || schema["items"] === undefined) return [];
  const items = resolve(schema["items"]);
  return value.flatMap((item, index) => problemsOf(item, items, resolve, `${at}[${index}]`));
}

function alternativeProblems(value: Json, schema: JsonObject, resolve: Resolve, at: string): string[] {
  const [all, any, one] = alternatives(schema);
  const inherited = isJsonObject(schema["properties"]) ? { additionalProperties: true } : {};
  const tried = (part: Json) => problemsOf(value, { ...resolve(part), ...inherited }, resolve, at);
  const problems = all.flatMap(tried);
  for (const options of [any, one]) {
    const results = options.map(tried);
    if (results.length > 0 && !results.some((result) => result.length === 0))
      problems.push(...results.flat());
  }
  return problems;
}

function alternatives(schema: JsonObject): [readonly Json[], readonly Json[], readonly Json[]] {
  return [listOf(schema["allOf"]), listOf(schema["anyOf"]), listOf(schema["oneOf"])];
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}
