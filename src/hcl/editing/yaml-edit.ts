import { isMap, isNode, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { isJsonArray, isJsonObject, type Json, printJson } from "../../json/json.ts";
import type { Range } from "../syntax/source.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, indentationAt, startsLine } from "./surroundings.ts";
import { editsBetween } from "./text-edits.ts";
import {
  columnOf,
  endOfItem,
  isFlow,
  itemsOf,
  spanOf,
  startOfItem,
  type YamlCollection,
  type YamlItem,
} from "./yaml-nodes.ts";
import { commaAfter, type Found, find, isComment, splice } from "./yaml-place.ts";
import {
  type YamlStyle,
  yamlAfter,
  yamlBlockText,
  yamlInline,
  yamlItems,
  yamlPairs,
  yamlString,
} from "./yaml-text.ts";

// Edits of YAML. The places are ranges of the syntax tree that was made of it; null where they are none of its own.

/** The edits that put another value in the place of one. */
export function replaceYamlValue(place: Range, value: Json): readonly Edit[] | null {
  const found = find(place);
  if (found === null) return null;
  const { node, style, flow, text } = found;
  const { start, end } = spanOf(node);
  if (typeof value === "string" && isScalar(node)) {
    if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")
      return replaceBlockText(found, node, value);
    return splice(
      found,
      start,
      end,
      blankBefore(text, start) + yamlString(value, quotesOf(node), style, flow),
    );
  }
  const isNested = (isJsonObject(value) || isJsonArray(value)) && !flow;
  return isNested ? replaceWithLines(found, value) : replaceInline(found, yamlInline(value, style, flow));
}

function quotesOf(node: unknown): "plain" | "'" | '"' {
  if (!isScalar(node)) return "plain";
  if (node.type === "QUOTE_DOUBLE") return '"';
  return node.type === "QUOTE_SINGLE" ? "'" : "plain";
}

/** A value that is not there at all stands right behind the colon or dash. */
function blankBefore(text: string, at: number): string {
  return at > 0 && /[^\s[{,]/.test(text[at - 1] ?? "") && /[:-]/.test(text[at - 1] ?? "") ? " " : "";
}

function replaceBlockText(found: Found, node: Scalar, value: string): readonly Edit[] {
  const { document, text, style, flow } = found;
  const { start, end } = spanOf(node);
  const body = text.slice(text.indexOf("\n", start) + 1, end);
  const indented = /^([ ]+)\S/m.exec(body)?.[1] ?? indentationAt(text, start) + style.step;
  const block = yamlBlockText(value, indented, style) ?? yamlString(value, "plain", style, flow);
  const [comment] = /[ \t]#.*$/.exec(text.slice(start, endOfLine(text, start))) ?? [""];
  const [header, ...lines] = block.split(style.ending);
  const written = ended(text, end, [`${header}${comment}`, ...lines].join(style.ending), style);
  return editsBetween(document, text.slice(0, start) + written + text.slice(end));
}

/** What takes the place of something that ended its line ends it too. */
function ended(text: string, end: number, written: string, { ending }: YamlStyle): string {
  return text[end - 1] === "\n" && !written.endsWith("\n") ? written + ending : written;
}

/** On one line, behind the key or dash of what was there. */
export function replaceInline(found: Found, written: string): readonly Edit[] {
  const { text, node, style } = found;
  const { start } = spanOf(node);
  const end = endOfItem(text, node);
  const opened = isBlockCollection(node) ? behindKey(found) : null;
  if (opened !== null) return splice(found, opened, end, ended(text, end, ` ${written}`, style));
  return splice(found, start, end, ended(text, end, blankBefore(text, start) + written, style));
}

function isBlockCollection(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

/** The offset behind the colon or dash before a value; null where a tag, an anchor or a comment stands between. */
function behindKey({ text, node }: Found): number | null {
  const { start } = spanOf(node);
  const before = /[:-]\s*$/.exec(text.slice(0, start));
  return before === null ? null : before.index + 1;
}

/** A collection on lines of its own. */
function replaceWithLines(found: Found, value: Json): readonly Edit[] {
  const { text, node, style, parents } = found;
  const end = endOfItem(text, node);
  const owner = parents.at(-1);
  if (owner === undefined) {
    const { start } = spanOf(node);
    const lines = isJsonObject(value)
      ? yamlPairs(value, "", style)
      : yamlItems(isJsonArray(value) ? value : [], "", style);
    return splice(
      found,
      start,
      end,
      ended(text, end, lines === "" ? yamlInline(value, style, false) : lines, style),
    );
  }
  const opened = behindKey(found);
  if (opened === null) return replaceInline(found, yamlInline(value, style, false));
  const inList = isNode(owner);
  const indentation = inList
    ? columnOf(text, spanOf(owner).start)
    : columnOf(text, spanOf(owner.key as Node).start);
  return splice(found, opened, end, ended(text, end, yamlAfter(value, indentation, style, inList), style));
}

/** The edits that add a pair to the mapping at a place, behind the one whose key starts where `after` does, else as the last. */
export function insertYamlPair(
  place: Range,
  after: Range | null,
  name: string,
  value: Json,
): readonly Edit[] | null {
  const found = find(place);
  if (found === null || !isMap(found.node)) return null;
  const { node, style } = found;
  const items = itemsOf(node);
  const previous = items.find((item) => !isNode(item) && spanOf(item.key as Node).start === after?.start);
  const behind = previous ?? items.at(-1);
  if (behind === undefined || isNode(behind)) {
    return found.flow
      ? splice(found, spanOf(node).start, spanOf(node).end, yamlInline({ [name]: value }, style, true))
      : replaceWithLines(found, { [name]: value });
  }
  const key = yamlString(name, quotesOf(behind.key), style, isFlow(node));
  if (isFlow(node)) {
    const isJson = quotesOf(behind.key) === '"';
    return insertInFlow(found, behind, `${key}: ${isJson ? printJson(value) : inlineLike(found, value)}`);
  }
  const indentation = columnOf(found.text, spanOf(behind.key as Node).start);
  return insertLines(found, behind, `${indentation}${key}:${afterLike(found, value, indentation, false)}`);
}

/** The edits that add an element to the list at a place, behind the one that `after` is, else as the last. */
export function insertYamlItem(place: Range, after: Range | null, value: Json): readonly Edit[] | null {
  const found = find(place);
  if (found === null || !isSeq(found.node)) return null;
  const { node, style } = found;
  const items = itemsOf(node);
  const behind = items.find((item) => isNode(item) && spanOf(item).start === after?.start) ?? items.at(-1);
  if (behind === undefined) {
    const isPlain = !isJsonObject(value) && !isJsonArray(value);
    return found.flow || isPlain
      ? splice(found, spanOf(node).start, spanOf(node).end, yamlInline([value], style, found.flow))
      : replaceWithLines(found, [value]);
  }
  if (isFlow(node)) return insertInFlow(found, behind, inlineLike(found, value));
  const indentation = columnOf(found.text, spanOf(node).start);
  return insertLines(found, behind, `${indentation}-${afterLike(found, value, indentation, true)}`);
}

/** A text in the quotes that all its neighbours stand in. */
function quotesLike({ node }: Found): "plain" | "'" | '"' {
  const items = isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];
  const quotes = new Set(items.map(quotesOf));
  const [only = "plain"] = quotes;
  return quotes.size === 1 ? only : "plain";
}

function inlineLike(found: Found, value: Json): string {
  const { style } = found;
  return typeof value === "string"
    ? yamlString(value, quotesLike(found), style, true)
    : yamlInline(value, style, true);
}

function afterLike(found: Found, value: Json, indentation: string, inList: boolean): string {
  const { style } = found;
  return typeof value === "string" && !value.includes("\n")
    ? ` ${yamlString(value, quotesLike(found), style, false)}`
    : yamlAfter(value, indentation, style, inList);
}

function insertInFlow(found: Found, behind: YamlItem, written: string): readonly Edit[] {
  const { text, style } = found;
  const [start, end] = [startOfItem(text, behind), endOfItem(text, behind)];
  const line = startsLine(text, start) ? `${style.ending}${indentationAt(text, start)}` : null;
  const comma = commaAfter(text, end);
  const eol = endOfLine(text, end);
  const isLast = itemsOf(found.node as YamlCollection).at(-1) === behind;
  // A comment behind an element is about that one.
  if (line !== null && isComment(text.slice(comma ?? end, eol)) && (comma !== null || isLast)) {
    const { path } = found.document;
    const added = { file: path, start: eol, end: eol, text: `${line}${written}${comma === null ? "" : ","}` };
    return comma === null ? [{ file: path, start: end, end, text: "," }, added] : [added];
  }
  return splice(found, end, end, (line === null ? ", " : `,${line}`) + written);
}

function insertLines(found: Found, behind: YamlItem, lines: string): readonly Edit[] {
  const { text, style } = found;
  const end = endOfItem(text, behind);
  if (text[end - 1] === "\n") return splice(found, end, end, `${lines}${style.ending}`);
  const at = endOfLine(text, end);
  return splice(found, at, at, `${style.ending}${lines}`);
}
