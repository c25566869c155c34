import { asSensitive, isMapping, isSequence, type Value } from "../../hcl/values/value.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";
import type { Path, PathStep } from "../../json/path.ts";
import aws from "./aws.json" with { type: "json" };
import azurerm from "./azurerm.json" with { type: "json" };
import google from "./google.json" with { type: "json" };
import random from "./random.json" with { type: "json" };
import tls from "./tls.json" with { type: "json" };

/**
 * Names of attributes, from the resource down through its blocks. An element of a list or set is no step of its own:
 * `user.password` is the password of each `user`.
 */
export type AttributeNames = readonly string[];

type Table = Readonly<Record<string, string>>;

/**
 * What the schemas of providers call sensitive or write-only, by type, as paths with blanks between them. These are
 * facts of the schemas that the providers publish (`terraform providers schema -json`, and the declarations in their
 * sources), of all the `versions` that each file names together: what one of them calls sensitive is in.
 */
const PROVIDERS: readonly { readonly resources: Table; readonly data: Table }[] = [
  aws,
  azurerm,
  google,
  random,
  tls,
];

/** What a type's schema calls sensitive. Nothing where it calls nothing so, and where the schema is not at hand. */
export function sensitiveAttributes(mode: "managed" | "data", type: string): readonly AttributeNames[] {
  for (const { resources, data } of PROVIDERS) {
    const table = mode === "managed" ? resources : data;
    if (Object.hasOwn(table, type)) return (table[type] ?? "").split(" ").map((names) => names.split("."));
  }
  return [];
}

/** Where such attributes stand in the attributes of an instance. */
export function sensitivePathsIn(attributes: JsonObject, names: readonly AttributeNames[]): Path[] {
  const found: Path[] = [];
  for (const each of names) collect(attributes, each, [], found);
  return found;
}

/** No deeper than the names: lists in lists have no names between them. */
function collect(json: Json, names: AttributeNames, path: readonly PathStep[], into: Path[]): void {
  const [name, ...rest] = names;
  if (name === undefined) {
    if (json !== null) into.push(path);
  } else if (isJsonObject(json)) {
    if (Object.hasOwn(json, name)) collect(json[name] ?? null, rest, [...path, name], into);
  } else if (isJsonArray(json)) {
    json.forEach((item, index) => {
      if (isJsonObject(item)) collect(item, names, [...path, index], into);
    });
  }
}

/** A value with the mark on what stands at the names in it. What is null holds no secret. */
export function markedAt(value: Value, names: AttributeNames): Value {
  const [name, ...rest] = names;
  if (name === undefined) return value.kind === "null" ? value : asSensitive(value);
  if (isMapping(value)) {
    const child = value.entries.get(name);
    if (child === undefined) return value;
    const marked = markedAt(child, rest);
    return marked === child ? value : { ...value, entries: new Map([...value.entries, [name, marked]]) };
  }
  if (!isSequence(value)) return value;
  const items = value.items.map((item) => (isMapping(item) ? markedAt(item, names) : item));
  if (items.every((item, index) => item === value.items[index])) return value;
  // A set has the marks of its elements.
  return value.kind === "set" ? asSensitive(value) : { ...value, items };
}
