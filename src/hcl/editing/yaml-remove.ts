import { isMap, isNode, isSeq, type Node, type Pair, visit } from "yaml";
import type { Range } from "../syntax/source.ts";
import { type DocumentText, documentOf } from "./document-text.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, startOfLine, startsLine } from "./surroundings.ts";
import { dashOf } from "./yaml-head.ts";
import {
  columnOf,
  endOfItem,
  isFlow,
  itemsOf,
  spanOf,
  startOfItem,
  styleOfYaml,
  type YamlCollection,
  type YamlItem,
} from "./yaml-nodes.ts";
import { commaAfter, type Found, find, isComment, splice } from "./yaml-place.ts";
import { replaceInline } from "./yaml-replace.ts";

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
  const found: Found = {
    document,
    text,
    style: styleOfYaml(document, spanOf(node).start),
    node,
    parents,
    flow,
  };
  const items = itemsOf(node);
  if (items.length === 1) return replaceInline(found, isMap(node) ? "{}" : "[]");
  const index = items.indexOf(item);
  const [previous, next] = [items[index - 1], items[index + 1]];
  const [start, end] = [startOfItem(text, item), endOfItem(text, item)];
  if (isFlow(node)) {
    const lines = removeOwnLines(found, item, previous, next);
    if (lines !== null) return lines;
    if (next !== undefined) return splice(found, start, startOfItem(text, next), "");
    return previous === undefined ? null : splice(found, endOfItem(text, previous), end, "");
  }
  return removeLines(found, item, index, next);
}

/** An element of `[…]` or `{…}` that has its lines to itself, with the comments about it; null where it has not. */
function removeOwnLines(
  { document, text }: Found,
  item: YamlItem,
  previous: YamlItem | undefined,
  next: YamlItem | undefined,
): readonly Edit[] | null {
  const [start, end] = [startOfItem(text, item), endOfItem(text, item)];
  const comma = commaAfter(text, end);
  const eol = endOfLine(text, end);
  const rest = text.slice(comma ?? end, eol);
  if (!startsLine(text, start) || !(rest.trim() === "" || isComment(rest))) return null;
  if (text[eol] === undefined || (comma === null && next !== undefined)) return null;
  const line = commentsAbove(text, startOfLine(text, start), columnOf(text, start).length);
  const removed = { file: document.path, start: line, end: eol + lineEndAt(text, eol), text: "" };
  if (comma !== null) return [removed];
  const before = previous === undefined ? null : endOfItem(text, previous);
  const own = before === null ? null : commaAfter(text, before);
  if (own === null || own > line) return null;
  return [{ file: document.path, start: own - 1, end: own, text: "" }, removed];
}

/** With its lines, and comments above that begin where it does. */
function removeLines(
  found: Found,
  item: YamlItem,
  index: number,
  next: YamlItem | undefined,
): readonly Edit[] {
  const { text } = found;
  const start = startOfLines(found, item);
  // The first pair of a mapping in a list stands behind the list's dash, which stays; so does the dash of a list in one.
  const to = endOfLines(text, item);
  if (index === 0 && !startsLine(text, start)) {
    const rest = next === undefined ? "" : text.slice(to, startOfLines(found, next));
    return splice(found, start, to + rest.length - rest.trimStart().length, "");
  }
  const line = startOfLine(text, start);
  const from = index === 0 ? line : commentsAbove(text, line, columnOf(text, start).length);
  // The last line of a file that does not end with a line end takes the one before it along.
  if (to === text.length && text[to - 1] !== "\n" && from > 0) {
    return splice(found, text[from - 2] === "\r" ? from - 2 : from - 1, to, "");
  }
  return splice(found, to === text.length ? emptyLinesAbove(text, from) : from, to, "");
}

/** Where an item of a block begins: an element of a list with its dash. */
function startOfLines({ text, node }: Found, item: YamlItem): number {
  const dash = isNode(item) ? dashOf({ node: item, parents: [node] }) : null;
  return dash ?? startOfItem(text, item);
}

function endOfLines(text: string, item: YamlItem): number {
  const end = endOfItem(text, item);
  const eol = endOfLine(text, end);
  return text[end - 1] === "\n" ? end : eol + lineEndAt(text, eol);
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
