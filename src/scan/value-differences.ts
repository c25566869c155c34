import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import type { Path, PathStep } from "../json/path.ts";

const MOST_PATHS = 50;

/** The paths at which two values differ, as deep as both have the same shape; at most fifty. */
export function differences(was: Json, is: Json): Path[] {
  const found: Path[] = [];
  const open: { readonly path: Path; readonly was: Json | undefined; readonly is: Json | undefined }[] = [
    { path: [], was, is },
  ];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { path, was: a, is: b } = next;
    if (found.length >= MOST_PATHS) return found;
    if (sameJson(a, b)) continue;
    const steps = sharedSteps(a, b);
    if (steps === null) found.push(path);
    else
      for (const step of steps) {
        open.push({ path: [...path, step], was: jsonAt(a, [step]), is: jsonAt(b, [step]) });
      }
  }
  return found;
}

/** Nothing is the same as nothing alone. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}

function sharedSteps(a: Json | undefined, b: Json | undefined): readonly PathStep[] | null {
  if (isJsonArray(a) && isJsonArray(b)) return [...(a.length > b.length ? a : b).keys()];
  if (!isJsonObject(a) || !isJsonObject(b)) return null;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}
