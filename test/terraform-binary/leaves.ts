import { createHash } from "node:crypto";
import { isJsonArray, isJsonObject, type Json } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import type { ResourceInstance } from "../../src/terraform/evaluation/resource-instance.ts";

/** A value of an instance that is no collection. */
interface Leaf {
  readonly instance: ResourceInstance;
  readonly path: Path;
  readonly value: string | number | boolean;
  /** The leaves are taken in the order of these: any, and the same every time. */
  readonly order: string;
}

/**
 * The known values in an instance's input that are no collections. A change of its other argument replaces it, and then
 * there is no value any more that ignore_changes could keep.
 */
export function leavesOf(instance: ResourceInstance): readonly Leaf[] {
  const { json, unknown } = instance.plain();
  const isUnknown = (path: Path) => unknown.some((other) => printPath(other) === printPath(path));
  return scalars(json, [])
    .filter(({ path }) => path[0] === "input" && !isUnknown(path))
    .map((scalar) => ({
      ...scalar,
      instance,
      order: createHash("sha256")
        .update(`${instance.name} ${printPath(scalar.path)}`)
        .digest("hex"),
    }));
}

function scalars(json: Json, path: Path): readonly Pick<Leaf, "path" | "value">[] {
  if (isJsonArray(json)) return json.flatMap((item, index) => scalars(item, [...path, index]));
  if (isJsonObject(json)) return Object.entries(json).flatMap(([key, item]) => scalars(item, [...path, key]));
  return ["string", "number", "boolean"].includes(typeof json)
    ? [{ path, value: json as Leaf["value"] }]
    : [];
}

/** Another value of the same type. */
export function another(value: Leaf["value"]): Leaf["value"] {
  if (typeof value === "boolean") return !value;
  return typeof value === "number" ? value + 1 : `${value}2`;
}
