import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type Scalar, visit } from "yaml";
import { isJsonArray, isJsonObject, type Json, printJson } from "../../json/json.ts";
import type { Range } from "../syntax/source.ts";
import { type DocumentText, documentOf } from "./document-text.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, indentationAt, startOfLine, startsLine } from "./surroundings.ts";
import { editsBetween } from "./text-edits.ts";
import {
  columnOf,
  endOfItem,
  isFlow,
  itemsOf,
  nodeAt,
  spanOf,
  startOfItem,
  styleOfYaml,
  type YamlCollection,
  type YamlItem,
} from "./yaml-nodes.ts";
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

/** A collection or scalar of a document, and what is around it. */
interface Found {
  readonly document: DocumentText;
  readonly text: string;
  readonly style: YamlStyle;
  readonly node: Node;
  readonly parents: readonly (Node | Pair)[];
  readonly flow: boolean;
}

function find(place: Range): Found | null {
  const document = documentOf(place);
  const found = document === null ? null : nodeAt(document, place);
  if (document === null || found === null) return null;
  const flow = found.parents.some((parent) => isNode(parent) && isFlow(parent));
  return { document, text: document.text, style: styleOfYaml(document), ...found, flow };
}

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
  const block = yamlBlockText(value, indented, style);
  const written = ended(text, end, block ?? yamlString(value, "plain", style, flow), style);
  return editsBetween(document, text.slice(0, start) + written + text.slice(end));
}

/** What takes the place of something that ended its line ends it too. */
function ended(text: string, end: number, written: string, { ending }: YamlStyle): string {
  return text[end - 1] === "\n" && !written.endsWith("\n") ? written + ending : written;
}

/** On one line, behind the key or dash of what was there. */
function replaceInline(found: Found, written: string): readonly Edit[] {
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
  const between = startsLine(text, start) ? `,${style.ending}${indentationAt(text, start)}` : ", ";
  return splice(found, end, end, between + written);
}

function insertLines(found: Found, behind: YamlItem, lines: string): readonly Edit[] {
  const { text, style } = found;
  const end = endOfItem(text, behind);
  if (text[end - 1] === "\n") return splice(found, end, end, `${lines}${style.ending}`);
  const at = endOfLine(text, end);
  return splice(found, at, at, `${style.ending}${lines}`);
}

/** The edits that remove a pair of a mapping: the one whose key starts where the place does. */
export function removeYamlPair(place: Range): readonly Edit[] | null {
  const document = documentOf(place);
  if (document?.yaml == null) return null;
  let target: { node: YamlCollection; parents: readonly (Node | Pair)[]; item: Pair } | null = null;
  visit(document.yaml, {
    Pair(_key, pair, parents) {
      const map = parents.at(-1);
      if (!isMap(map) || !isNode(pair.key) || spanOf(pair.key).start !== place.start) return undefined;
      target = { node: map, parents: parents.slice(0, -1) as (Node | Pair)[], item: pair };
      return visit.BREAK;
    },
  });
  return removeItem(document, target);
}

/** The edits that remove an element of a list. */
export function removeYamlItem(place: Range): readonly Edit[] | null {
  const found = find(place);
  const list = found?.parents.at(-1);
  if (found === null || !isSeq(list)) return null;
  return removeItem(found.document, { node: list, parents: found.parents.slice(0, -1), item: found.node });
}

interface Target {
  readonly node: YamlCollection;
  readonly parents: readonly (Node | Pair)[];
  readonly item: YamlItem;
}

function removeItem(document: DocumentText, target: Target | null): readonly Edit[] | null {
  if (target === null) return null;
  const { node, item } = target;
  const parents = target.parents.filter((parent) => !("contents" in parent));
  const { text } = document;
  const flow = parents.some((parent) => isNode(parent) && isFlow(parent));
  const found: Found = { document, text, style: styleOfYaml(document), node, parents, flow };
  const items = itemsOf(node);
  if (items.length === 1) return replaceInline(found, isMap(node) ? "{}" : "[]");
  const index = items.indexOf(item);
  const [previous, next] = [items[index - 1], items[index + 1]];
  const [start, end] = [startOfItem(text, item), endOfItem(text, item)];
  if (isFlow(node)) {
    if (next !== undefined) return splice(found, start, startOfItem(text, next), "");
    return previous === undefined ? null : splice(found, endOfItem(text, previous), end, "");
  }
  return removeLines(found, item, index, next);
}

/** With its lines, and comments above that begin where it does. */
function removeLines(
  found: Found,
  item: YamlItem,
  index: number,
  next: YamlItem | undefined,
): readonly Edit[] {
  const { text, node } = found;
  const inList = isNode(item);
  const column = spanOf(isNode(item) ? node : (item.key as Node)).start;
  const depth = columnOf(text, column).length;
  const line = startOfLine(text, startOfItem(text, item));
  // The first pair of a mapping in a list stands behind the list's dash, which stays.
  const isBehindDash = index === 0 && !inList && !startsLine(text, startOfItem(text, item));
  const isInnerDash = index === 0 && inList && !startsLine(text, spanOf(node).start);
  if (isBehindDash || isInnerDash) {
    const from = isInnerDash ? spanOf(node).start : startOfItem(text, item);
    const to =
      next === undefined
        ? from
        : isInnerDash
          ? dashBefore(text, startOfItem(text, next))
          : startOfItem(text, next);
    return splice(found, from, to, "");
  }
  const from = index === 0 ? line : commentsAbove(text, line, depth);
  const end = endOfItem(text, item);
  const to = text[end - 1] === "\n" ? end : endOfLine(text, end) + lineEndAt(text, endOfLine(text, end));
  // The last line of a file that does not end with a line end takes the one before it along.
  if (to === text.length && text[to - 1] !== "\n" && from > 0) {
    return splice(found, text[from - 2] === "\r" ? from - 2 : from - 1, to, "");
  }
  return splice(found, to === text.length ? emptyLinesAbove(text, from) : from, to, "");
}

/** No empty lines are left at the end of a file. */
function emptyLinesAbove(text: string, line: number): number {
  if (line === 0) return line;
  let at = line;
  for (let above = startOfLine(text, at - 1); above < at; above = startOfLine(text, at - 1)) {
    if (text.slice(above, at).trim() !== "") break;
    at = above;
  }
  return at;
}

function dashBefore(text: string, at: number): number {
  return text.lastIndexOf("-", at - 1);
}

function lineEndAt(text: string, at: number): number {
  if (text.startsWith("\r\n", at)) return 2;
  return text[at] === "\n" ? 1 : 0;
}

/** Where the comment lines start that stand right above a line, as deep as what it holds. */
function commentsAbove(text: string, line: number, depth: number): number {
  let at = line;
  while (at > 0) {
    const above = startOfLine(text, at - 1);
    const isComment = text[above + depth] === "#" && text.slice(above, above + depth).trim() === "";
    if (!isComment || above >= at) break;
    at = above;
  }
  return at;
}

function splice({ document, text }: Found, start: number, end: number, written: string): readonly Edit[] {
  return text.slice(start, end) === written ? [] : [{ file: document.path, start, end, text: written }];
}

/** Whether a place is an alias, which stands for a value that is written elsewhere. */
export function isYamlAlias(place: Range): boolean {
  const found = find(place);
  return found !== null && isAlias(found.node);
}
