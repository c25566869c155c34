import { isCollection, isMap, isNode, isSeq, type Node } from "yaml";
import { isJsonArray, isJsonObject, type Json, printJson } from "../../json/json.ts";
import type { Range } from "../syntax/source.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, indentationAt, startsLine } from "./surroundings.ts";
import {
  columnOf,
  endOfItem,
  isFlow,
  itemsOf,
  quotesOf,
  spanOf,
  startOfItem,
  type YamlCollection,
  type YamlItem,
} from "./yaml-nodes.ts";
import { commaAfter, type Found, find, isComment, splice } from "./yaml-place.ts";
import { replaceYamlValue } from "./yaml-replace.ts";
import { yamlAfter, yamlInline, yamlString } from "./yaml-text.ts";

// The places are ranges of the syntax tree that was made of a document; null where they are none of its own.

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
  if (behind === undefined || isNode(behind)) return replaceYamlValue(place, { [name]: value });
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
    return isPlain
      ? splice(found, spanOf(node).start, spanOf(node).end, yamlInline([value], style, found.flow))
      : replaceYamlValue(place, [value]);
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
  if (isInlineLike(found, value)) return ` ${yamlInline(value, style, false)}`;
  return typeof value === "string" && !value.includes("\n")
    ? ` ${yamlString(value, quotesLike(found), style, false)}`
    : yamlAfter(value, indentation, style, inList);
}

/** Whether a collection stands on one line as all its neighbours of the same kind do. */
function isInlineLike({ node, text }: Found, value: Json): boolean {
  if (!isJsonObject(value) && !isJsonArray(value)) return false;
  const all = isMap(node) ? node.items.map((pair) => pair.value) : isSeq(node) ? node.items : [];
  const alike = all
    .filter((each) => isCollection(each))
    .filter((each) => isMap(each) === isJsonObject(value) && each.items.length > 0);
  const isInline = (each: YamlCollection) => {
    const { start, end } = spanOf(each);
    return isFlow(each) && !text.slice(start, end).includes("\n");
  };
  return alike.length > 0 && alike.every(isInline);
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
