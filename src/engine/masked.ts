import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { MASK } from "../terraform/evaluation/value-json.ts";

/** What the code says of an instance, for output: every sensitive value is a mask. */
export function maskedAttributes(instance: ResourceInstance): JsonObject {
  const { json, sensitive } = instance.plain();
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
