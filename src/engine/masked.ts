import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { MASK, type PlainValue } from "../terraform/evaluation/value-json.ts";
import { LONGER_THAN_CHANCE } from "./open-values.ts";

/** What the code says of an instance, for output: every sensitive value is a mask. */
export function maskedAttributes(instance: ResourceInstance): JsonObject {
  return maskedObject(instance.plain());
}

/**
 * What the code says of an instance, with the secrets of a state sensitive too, where `nonsensitive()` has taken their
 * mark away: the secret as it is, a text that has a long one, a map with such a key.
 * @param secrets texts
 */
export function withSecretsMarked(instance: ResourceInstance, secrets: ReadonlySet<string>): PlainValue {
  const plain = instance.plain();
  if (secrets.size === 0) return plain;
  const long = [...secrets].filter((text) => text.length >= LONGER_THAN_CHANCE);
  const hasLong = (text: string) => long.some((secret) => text.includes(secret));
  const found = [...pathsOf(instance.content.value(), secrets, hasLong)];
  return found.length === 0 ? plain : { ...plain, sensitive: [...plain.sensitive, ...found] };
}

function* pathsOf(
  value: Value,
  secrets: ReadonlySet<string>,
  hasLong: (text: string) => boolean,
  path: Path = [],
): Generator<Path> {
  if (value.kind === "string") {
    const isSecret = writtenOrigin(value).kind === "state" && secrets.has(value.value);
    if (isSecret || hasLong(value.value)) yield path;
  } else if (isSequence(value)) {
    for (const [index, item] of value.items.entries())
      yield* pathsOf(item, secrets, hasLong, [...path, index]);
  } else if (isMapping(value)) {
    if ([...value.entries.keys()].some(hasLong)) yield path;
    else for (const [key, item] of value.entries) yield* pathsOf(item, secrets, hasLong, [...path, key]);
  }
}

/** The attributes of an instance with masks where they are sensitive. */
export function maskedObject({ json, sensitive }: PlainValue): JsonObject {
  if (!isJsonObject(json)) return {};
  // An instance that is sensitive as a whole still has attributes, which are.
  const paths = sensitive.flatMap((path) =>
    path.length > 0 ? [path] : Object.keys(json).map((name) => [name]),
  );
  const masked = masks(json, paths);
  return isJsonObject(masked) ? masked : {};
}

function masks(json: Json, paths: readonly Path[]): Json {
  if (paths.length === 0) return json;
  if (paths.some((path) => path.length === 0)) return MASK;
  if (isJsonArray(json)) return json.map((item, index) => masks(item, below(paths, index)));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, masks(item, below(paths, key))]));
}

function below(paths: readonly Path[], step: string | number): Path[] {
  return paths.filter(([first]) => first === step).map((path) => path.slice(1));
}

/**
 * Where something is unknown or sensitive, for output: none of the paths leads below a sensitive value, since the keys
 * of a sensitive map are as secret as what they lead to.
 */
export function visiblePaths({ unknown, sensitive }: PlainValue): Pick<PlainValue, "unknown" | "sensitive"> {
  const masked = new Set(sensitive.map(printPath));
  const isVisible = (path: Path) => !path.some((_, length) => masked.has(printPath(path.slice(0, length))));
  const once = new Map(sensitive.map((path) => [printPath(path), path])).values();
  return { unknown: unknown.filter(isVisible), sensitive: [...once].filter(isVisible) };
}
