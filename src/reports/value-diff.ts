import { diffLines } from "diff";
import type { Change, Reading } from "../drift/model.ts";
import { isJsonArray, isJsonObject, type Json, printJson } from "../json/json.ts";
import { jsonDocument, readingText } from "./values.ts";

/** A value longer than this is cut in a table's cell, so its difference is shown by lines. */
const LONG = 240;
/** Finding the shortest difference takes time with the square of the edits; beyond this both values show whole. */
const MOST_EDITS = 2_000;

/**
 * What differs between the code's and the cloud's value, line by line with `-` and `+`, where one of them is too long
 * for a table; JSON documents are printed with one value a line. Null where the table shows all there is.
 */
export function valueDiff(change: Change): string | null {
  const long = [change.desired, change.observed].some((reading) => readingText(reading).length > LONG);
  const desired = lines(change.desired);
  const observed = lines(change.observed);
  if (!long || desired === null || observed === null) return null;
  const parts = diffLines(desired, observed, { maxEditLength: MOST_EDITS }) ?? [
    { value: desired, removed: true, added: false },
    { value: observed, removed: false, added: true },
  ];
  return parts
    .flatMap(({ value, added, removed }) => marked(value, added ? "+" : removed ? "-" : " "))
    .join("\n");
}

function marked(value: string, mark: string): readonly string[] {
  return value
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${mark}${line}`);
}

function lines(reading: Reading): string | null {
  if (reading === "absent") return "";
  if (typeof reading !== "object" || !("known" in reading)) return null;
  const document = documentOf(reading.known);
  if (document !== null) return `${printJson(document, 2)}\n`;
  return typeof reading.known === "string"
    ? `${reading.known.replace(/\n$/, "")}\n`
    : `${printJson(reading.known)}\n`;
}

function documentOf(value: Json): Json {
  if (typeof value === "string") return jsonDocument(value);
  return isJsonArray(value) || isJsonObject(value) ? value : null;
}
