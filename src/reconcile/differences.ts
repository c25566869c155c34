import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { MASK, type PlainValue } from "../terraform/evaluation/value-json.ts";

/** One place where two values differ. */
export type Difference = readonly [path: Path, before: Json, after: Json];

/** Where two values differ, down to single attributes. Sensitive values are masked. */
export function differences(before: PlainValue, after: PlainValue): readonly Difference[] {
  const found: Difference[] = [];
  compare(before.json, after.json, [], found);
  found.push(...unknownChanges(before, after, found));
  const secrets = [...before.sensitive, ...after.sensitive];
  return found.map(([path, was, is]) =>
    touches(path, secrets)
      ? [path, masked(was, path, before.sensitive), masked(is, path, after.sensitive)]
      : [path, was, is],
  );
}

/** Null stands for what is unknown, so that a null that becomes unknown is no difference of the JSON. */
function unknownChanges(
  before: PlainValue,
  after: PlainValue,
  found: readonly Difference[],
): readonly Difference[] {
  if (before.unknown.length === 0 && after.unknown.length === 0) return [];
  const told = new Set(found.map(([path]) => printPath(path)));
  const [was, is] = [before, after].map(
    (side) => new Map(side.unknown.map((path) => [printPath(path), path])),
  );
  const turned = [...(was ?? [])].filter(([text]) => !is?.has(text));
  const came = [...(is ?? [])].filter(([text]) => !was?.has(text));
  return [...turned, ...came].flatMap(([text, path]): Difference[] =>
    told.has(text) || told.has(printPath(path.slice(0, -1))) ? [] : [[path, null, null]],
  );
}

/** A value that is absent stays absent: only what is there is secret. */
function masked(value: Json, path: Path, secrets: readonly Path[]): Json {
  return value === null && !touches(path, secrets) ? null : MASK;
}

function touches(path: Path, secrets: readonly Path[]): boolean {
  return secrets.some((secret) => {
    const length = Math.min(secret.length, path.length);
    return secret.slice(0, length).every((step, index) => step === path[index]);
  });
}

/** Down to single attributes; lists of plain values are one value, lists of blocks of equal length are not. */
function compare(before: Json | undefined, after: Json | undefined, path: Path, found: Difference[]): void {
  if (before !== undefined && after !== undefined && equalJson(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(jsonAt(before, [key]), jsonAt(after, [key]), [...path, key], found);
    }
    return;
  }
  const blocks =
    isJsonArray(before) && isJsonArray(after) && before.length === after.length && before.some(isJsonObject);
  if (blocks) {
    for (const [index, item] of before.entries()) compare(item, after[index], [...path, index], found);
    return;
  }
  found.push([path, before ?? null, after ?? null]);
}
