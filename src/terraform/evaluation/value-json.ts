import { numberToJson } from "../../hcl/values/number.ts";
import { isOpen, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../json/json.ts";
import type { Path, PathStep } from "../../json/path.ts";

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
  const notes: Notes = { path: [...path], unknown: [], sensitive: [], reveal };
  const json = write(value, notes);
  return { json, unknown: notes.unknown, sensitive: notes.sensitive };
}

interface Notes {
  /** The way to the value that is written; steps come and go. */
  readonly path: PathStep[];
  readonly unknown: Path[];
  readonly sensitive: Path[];
  readonly reveal: boolean;
}

/** No state or plan holds anything nested this deep. */
const MOST_NESTED = 500;

function write(value: Value, notes: Notes): Json {
  if (value.sensitive) {
    notes.sensitive.push([...notes.path]);
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
      return unknown(notes);
    case "list":
    case "set":
    case "tuple":
      if (notes.path.length > MOST_NESTED) return unknown(notes);
      return value.items.map((item, index) => writeAt(index, item, notes));
    case "map":
    case "object":
      if (isOpen(value) || notes.path.length > MOST_NESTED) return unknown(notes);
      return Object.fromEntries(
        Array.from(value.entries, ([key, child]) => [key, writeAt(key, child, notes)] as const),
      );
  }
}

function writeAt(step: PathStep, value: Value, notes: Notes): Json {
  notes.path.push(step);
  const json = write(value, notes);
  notes.path.pop();
  return json;
}

function unknown(notes: Notes): null {
  notes.unknown.push([...notes.path]);
  return null;
}
