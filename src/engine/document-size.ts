import { isJsonArray, isJsonObject, type Json, printJson } from "../json/json.ts";

/** A text of V8 has 512 Mi characters at most, and one of that size is hardly read by anybody. */
export const MOST_CHARACTERS = 256 * 1024 * 1024;

const INDENT = 2;

/**
 * How many characters `printJson` with an indentation of 2 prints of a value at a depth, without its own
 * indentation; some number above `most` where it is more than that. Where everything is nested deeply, most of them are spaces.
 */
export function printedSize(json: Json, most: number, depth = 0): number {
  const inside = (depth + 1) * INDENT;
  // Each part has a line's end and a comma; the last one has no comma, but the closing bracket a line of its own.
  const ends = 2 + depth * INDENT;
  if (isJsonArray(json)) {
    let size = json.length === 0 ? 2 : ends;
    for (const item of json) {
      size += inside + 2 + printedSize(item, most - size, depth + 1);
      if (size > most) break;
    }
    return size;
  }
  if (!isJsonObject(json)) return printJson(json).length;
  const entries = Object.entries(json);
  let size = entries.length === 0 ? 2 : ends;
  for (const [name, item] of entries) {
    size += inside + printJson(name).length + 4 + printedSize(item, most - size, depth + 1);
    if (size > most) break;
  }
  return size;
}
