import type { z } from "zod";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Path, PathStep } from "../json/path.ts";

/** Entries of lists that stand in for those that cannot be read, so that the others keep their numbers. */
const STAND_INS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["rules", { name: "?", match: { type: "?" }, verdict: "revert" }],
  ["ignore", { match: { type: "?" } }],
  ["tolerances", { match: { attribute: "?" }, within: 0 }],
  ["freeze", { from: "2000-01-01", until: "2000-01-02" }],
]);

/** A key has to be there, then what holds it, and so on; nothing stands deeper than this. */
const MOST_ROUNDS = 8;
/** Where more is refused, nobody misses what else is wrong. */
const MOST_REFUSED = 100;

/** What is left of a file without what its schema refuses. */
export interface ReadableParts<T> {
  readonly written: T;
  /** Whether only keys of the file itself that nobody knows were left out, so that the rest says what it said. */
  readonly isExact: boolean;
}

/**
 * What a file says in those parts that can be read, to find what else is wrong there. Keys that a schema refuses are
 * left out, and entries of lists have something that says nothing in their place, so that every path stays the same.
 * Null where nothing is left.
 */
export function readableParts<Schema extends z.ZodObject>(
  value: Json,
  schema: Schema,
): ReadableParts<z.infer<Schema>> | null {
  if (!isJsonObject(value)) return null;
  let left: JsonObject = value;
  let isExact = true;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const read = schema.safeParse(left);
    if (read.success) return { written: read.data, isExact };
    const { issues } = read.error;
    const refused = issues.flatMap(refusedPaths);
    if (refused.length > MOST_REFUSED) return null;
    isExact &&= issues.every(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
    left = refused.reduce(withoutKey, left);
  }
  return null;
}

function refusedPaths(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path.map((step): PathStep => (typeof step === "number" ? step : String(step)));
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

/** The file without what stands at a path; the one key that it has to have is set right. */
function withoutKey(file: JsonObject, path: Path): JsonObject {
  if (path.length === 1 && path[0] === "version") {
    return Object.fromEntries([...Object.entries(file), ["version", 1]]);
  }
  // Another mistake may have taken the key away already.
  if (!Object.hasOwn(file, String(path[0]))) return file;
  const left = withoutPart(file, path);
  return isJsonObject(left) ? left : file;
}

/** Undefined where nothing is left: what is missing takes with it what has to hold it. */
function withoutPart(value: Json | undefined, path: Path, list = ""): Json | undefined {
  const [first, ...rest] = path;
  if (value === undefined || first === undefined) return undefined;
  if (isJsonObject(value)) {
    const key = String(first);
    if (!Object.hasOwn(value, key)) return undefined;
    const part = withoutPart(value[key], rest, key);
    const entries = Object.entries(value).flatMap(([each, own]): [string, Json][] => {
      if (each !== key) return [[each, own]];
      return part === undefined ? [] : [[each, part]];
    });
    return Object.fromEntries(entries);
  }
  if (!isJsonArray(value) || typeof first !== "number") return undefined;
  const part = withoutPart(value[first], rest) ?? standIn(list, first);
  return part === undefined ? undefined : value.with(first, part);
}

function standIn(list: string, index: number): Json | undefined {
  // Two stacks of one folder would be a mistake, and one of a place of its own is none.
  return list === "stacks" ? { path: `?${index}` } : STAND_INS.get(list);
}
