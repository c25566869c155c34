import { isJsonArray, isJsonObject, type Json, printJson } from "../../json/json.ts";
import type { Range } from "../syntax/source.ts";
import { type CsvRow, csvRows } from "./csv-rows.ts";
import type { Edit } from "./edit.ts";
import { lineEnding } from "./surroundings.ts";

// Edits of comma-separated values. The places are ranges of fields and rows; null where they are none.

/** The edits that put another value into a field. */
export function replaceCsvField(place: Range, value: Json): readonly Edit[] | null {
  const { file, start, end } = place;
  const field = csvRows(file.text)
    ?.flatMap(({ fields }) => fields)
    .find((each) => each.start === start && each.end === end);
  const text = field === undefined ? null : fieldText(value, field.quoted);
  if (text === null) return null;
  return file.text.slice(start, end) === text ? [] : [{ file: file.path, start, end, text }];
}

/** The edits that add a row as the last one: with a value for each column, and no others. */
export function insertCsvRow(place: Range, value: Json): readonly Edit[] | null {
  const { file } = place;
  const rows = csvRows(file.text) ?? [];
  const [header] = rows;
  const last = rows.at(-1);
  if (header === undefined || last === undefined || !isJsonObject(value)) return null;
  const names = header.fields.map((field) => field.value);
  const given = new Map(Object.entries(value));
  if (given.size !== names.length) return null;
  const quoted = last !== header && last.fields.every((field) => field.quoted);
  const fields = names.map((name) => fieldText(given.get(name) ?? null, quoted));
  if (fields.includes(null)) return null;
  const ending = lineEnding(file.text, header.start);
  const isEnded = file.text[last.end - 1] === "\n";
  const text = isEnded ? `${fields.join(",")}${ending}` : `${ending}${fields.join(",")}`;
  return [{ file: file.path, start: last.end, end: last.end, text }];
}

/** The edits that remove the row that starts at a place. */
export function removeCsvRow(place: Range): readonly Edit[] | null {
  const { file } = place;
  const rows = csvRows(file.text) ?? [];
  const index = rows.findIndex(({ start }) => start === place.start);
  const [row, before] = [rows[index], rows[index - 1]];
  if (row === undefined || before === undefined) return null;
  return [{ file: file.path, ...rangeToRemove(file.text, row, before), text: "" }];
}

/** The last row goes with the line end before it where it has none of its own. */
function rangeToRemove(text: string, row: CsvRow, before: CsvRow): { start: number; end: number } {
  if (text[row.end - 1] === "\n") return { start: row.start, end: row.end };
  return { start: before.fields.at(-1)?.end ?? row.start, end: row.end };
}

function fieldText(value: Json, quoted: boolean): string | null {
  if (value === null || isJsonArray(value) || isJsonObject(value)) return null;
  const text = typeof value === "string" ? value : printJson(value);
  return quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
