import { isJsonArray, isJsonObject, type Json } from "../../json/json.ts";
import type { Path, PathStep } from "../../json/path.ts";

export interface SensitivePaths {
  /** Each is sensitive with everything inside it; the empty path means the whole resource. */
  readonly paths: readonly Path[];
  /** Some entry was not understood, so that more than it named was taken as sensitive. */
  readonly widened: boolean;
}

/**
 * Reads `sensitive_attributes` of a state: a list of paths, each a list of steps `{"type": "get_attr", "value": name}`
 * or `{"type": "index", "value": {"value": key, "type": …}}`. From a step on that is not understood (an element of a
 * set has no index), everything inside is sensitive: too much rather than too little.
 */
export function readSensitivePaths(list: Json | undefined): SensitivePaths {
  if (list === undefined || list === null) return { paths: [], widened: false };
  if (!isJsonArray(list)) return { paths: [[]], widened: true };
  const read = list.map(readPath);
  return { paths: read.map(({ path }) => path), widened: read.some(({ whole }) => !whole) };
}

function readPath(steps: Json): { path: Path; whole: boolean } {
  if (!isJsonArray(steps)) return { path: [], whole: false };
  const path: PathStep[] = [];
  for (const step of steps) {
    const read = readStep(step);
    if (read === null) return { path, whole: false };
    path.push(read);
  }
  return { path, whole: path.length > 0 };
}

function readStep(step: Json): PathStep | null {
  if (!isJsonObject(step)) return null;
  const { type, value } = step;
  if (type === "get_attr") return typeof value === "string" ? value : null;
  if (type !== "index" || !isJsonObject(value)) return null;
  const key = value["value"];
  if (typeof key === "string") return key;
  return typeof key === "number" && Number.isSafeInteger(key) && key >= 0 ? key : null;
}
