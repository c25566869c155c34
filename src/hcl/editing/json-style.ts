import { isJsonArray, isJsonObject, type Json, printJson } from "../../json/json.ts";
import type { JsonMember, JsonNode } from "../syntax/json-nodes.ts";
import { escapeTemplate, quoteJsonText } from "../syntax/json-text.ts";
import type { JsonTexts } from "../syntax/syntax.ts";
import { INDENT } from "./format.ts";
import { indentationAt, lineEnding } from "./surroundings.ts";

/** How a file of JSON is laid out, as far as what is written into it should look the same. */
export interface JsonStyle {
  /** Whether members stand on lines of their own. */
  readonly lines: boolean;
  /** Whether elements of arrays do, too. */
  readonly arrayLines: boolean;
  /** One step of indentation. */
  readonly step: string;
  readonly ending: "\n" | "\r\n";
  /** What stands between a name and its value: `: ` or `:`. */
  readonly colon: string;
  /** What stands within the braces of an object on one line: a blank or nothing. */
  readonly pad: string;
}

export function styleOf(root: JsonNode): JsonStyle {
  const { text } = root.file;
  const first = root.kind === "json-object" ? root.members[0] : undefined;
  const lines = first === undefined ? true : text.slice(root.start, first.start).includes("\n");
  const written = first === undefined ? ": " : text.slice(first.name.end, first.value.start);
  return {
    lines,
    arrayLines: lines && /\[[ \t]*\r?\n/.test(text),
    step: (lines && first !== undefined && indentationAt(text, first.start)) || INDENT,
    ending: lineEnding(text, root.start),
    colon: /^:$/.test(written) ? ":" : ": ",
    pad: "",
  };
}

/** The style at a place within these nodes, from the root inward: what is on one line goes on so. */
export function styleWithin(nodes: readonly (JsonNode | JsonMember)[], style: JsonStyle): JsonStyle {
  const around = nodes.findLast((node) => firstWithin(node) !== undefined);
  const first = around === undefined ? undefined : firstWithin(around);
  if (around === undefined || first === undefined) return style;
  const gap = around.file.text.slice(around.start + 1, first.start);
  if (gap.includes("\n")) return style;
  return { ...style, lines: false, arrayLines: false, pad: around.kind === "json-object" ? gap : style.pad };
}

/** What comes first in an object, or in an array of such. */
function firstWithin(node: JsonNode | JsonMember): JsonNode | JsonMember | undefined {
  if (node.kind === "json-object") return node.members[0];
  const [first] = node.kind === "json-array" ? node.items : [];
  return first?.kind === "json-object" || first?.kind === "json-array" ? first : undefined;
}

/** A list of plain values stands on one line as long as that is no wider than this. */
const MAX_LINE = 100;

/** A value as JSON for a place whose line has this indentation; `texts` says what its texts have to mean there. */
export function printJsonValue(value: Json, texts: JsonTexts, style: JsonStyle, indentation: string): string {
  if (typeof value === "string") return printText(value, texts);
  const inner = indentation + style.step;
  if (isJsonArray(value)) {
    const items = value.map((item) => printJsonValue(item, texts, style, inner));
    const isPlain = value.every((item) => !isJsonArray(item) && !isJsonObject(item));
    const line = `[${items.join(separatorOf(style))}]`;
    const isShort = isPlain && line.length <= MAX_LINE && !style.arrayLines;
    return items.length === 0 || !style.lines || isShort
      ? line
      : inLines("[", items, "]", style, indentation);
  }
  if (!isJsonObject(value)) return printJson(value);
  const members = Object.entries(value).map(
    ([name, item]) => `${printText(name, texts)}${style.colon}${printJsonValue(item, texts, style, inner)}`,
  );
  if (members.length === 0) return "{}";
  return style.lines
    ? inLines("{", members, "}", style, indentation)
    : `{${style.pad}${members.join(separatorOf(style))}${style.pad}}`;
}

export function printText(value: string, texts: JsonTexts): string {
  return quoteJsonText(texts === "templates" ? escapeTemplate(value) : value);
}

function inLines(
  open: string,
  parts: readonly string[],
  close: string,
  { step, ending }: JsonStyle,
  indentation: string,
): string {
  const line = `${ending}${indentation}${step}`;
  return `${open}${line}${parts.join(`,${line}`)}${ending}${indentation}${close}`;
}

/** What stands between elements of one line. */
export function separatorOf({ colon }: JsonStyle): string {
  return colon === ":" ? "," : ", ";
}
