import { isOpen, numberToJson, type Value } from "../hcl/value.ts";
import type { Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";

/** What stands in the place of a sensitive value, in every output. */
export const MASK = "(sensitive)";

/** A value as plain JSON, and the paths where it is unknown (null stands there) or sensitive (a mask stands there). */
export interface PlainValue {
  readonly json: Json;
  readonly unknown: readonly Path[];
  readonly sensitive: readonly Path[];
}

/**
 * A value as plain JSON. `reveal` keeps sensitive values in their places, for comparing; they are listed all the same.
 */
export function toPlain(value: Value, path: Path = [], reveal = false): PlainValue {
  const unknown: Path[] = [];
  const sensitive: Path[] = [];
  const json = write(value, path, { unknown, sensitive, reveal });
  return { json, unknown, sensitive };
}

interface Notes {
  readonly unknown: Path[];
  readonly sensitive: Path[];
  readonly reveal: boolean;
}

function write(value: Value, path: Path, notes: Notes): Json {
  if (value.sensitive) {
    notes.sensitive.push(path);
    if (!notes.reveal) return MASK;
  }
  switch (value.kind) {
    case "string":
    case "bool":
      return value.value;
    case "number":
      return numberToJson(value.value);
    case "null":
      return null;
    case "unknown":
      notes.unknown.push(path);
      return null;
    case "list":
    case "set":
    case "tuple":
      return value.items.map((item, index) => write(item, [...path, index], notes));
    case "map":
    case "object":
      if (isOpen(value)) {
        notes.unknown.push(path);
        return null;
      }
      return Object.fromEntries(
        [...value.entries].map(([key, child]) => [key, write(child, [...path, key], notes)]),
      );
  }
}
