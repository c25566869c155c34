import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { DocumentText } from "./document-text.ts";
import { lineEnding, startOfLine } from "./surroundings.ts";
import type { YamlStyle } from "./yaml-text.ts";

export type YamlCollection = YAMLMap | YAMLSeq;
export type YamlItem = Pair | Node;

/** Where a node is written, without its tag and anchor, comments and the line end of a plain value. */
export function spanOf(node: Node): { readonly start: number; readonly end: number } {
  const [start = 0, end = 0] = node.range ?? [];
  return { start, end };
}

/** The nodes that a range is exactly that of, the outermost first, and what each is in. */
export function nodeAt(
  document: DocumentText,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly node: Node; readonly parents: readonly (Node | Pair)[] } | null {
  const { yaml } = document;
  if (yaml === null) return null;
  let found: { node: Node; parents: readonly (Node | Pair)[] } | null = null;
  visit(yaml, (_key, node, parents) => {
    if (found !== null) return visit.BREAK;
    if (!isNode(node)) return undefined;
    const span = spanOf(node);
    if (span.start === start && span.end === end && !(isScalar(node) && _key === "key")) {
      found = {
        node,
        parents: parents.filter((parent) => isCollection(parent) || isPair(parent)) as (Node | Pair)[],
      };
      return visit.BREAK;
    }
    const [, , whole = 0] = node.range ?? [];
    return isCollection(node) && (span.start > start || whole < end) ? visit.SKIP : undefined;
  });
  return found;
}

function isPair(node: unknown): node is Pair {
  return typeof node === "object" && node !== null && "key" in node && !isNode(node);
}

/** The first offset of an item: of a pair its key's, tags and anchors before it included. */
export function startOfItem(text: string, item: YamlItem): number {
  const node = isNode(item) ? item : (item.key as Node);
  let { start } = spanOf(node);
  // A tag or anchor stands before its node, on the same line.
  for (let word = wordBefore(text, start); /[&!]/.test(text[word] ?? ""); word = wordBefore(text, start))
    start = word;
  return start;
}

/** Where the word starts that stands before an offset, blanks between; the offset itself where there is none. */
function wordBefore(text: string, at: number): number {
  let end = at;
  while (text[end - 1] === " " || text[end - 1] === "\t") end -= 1;
  let start = end;
  while (start > 0 && /[^\s,[\]{}]/.test(text[start - 1] ?? "")) start -= 1;
  return end === at || start === end ? -1 : start;
}

/** The offset behind the last character of an item's value; of a block scalar that is a line's start. */
export function endOfItem(text: string, item: YamlItem): number {
  const node = isNode(item) ? item : (item.value as Node | null);
  if (node === null) return isNode(item) ? 0 : endOfKey(text, item);
  if (isNode(item) || isScalar(node) || isAlias(node)) {
    const { end } = spanOf(node);
    return end > 0 || isNode(item) ? lastOf(text, node) : endOfKey(text, item);
  }
  return lastOf(text, node);
}

function endOfKey(text: string, { key }: Pair): number {
  const { end } = spanOf(key as Node);
  return text[end] === ":" ? end + 1 : end;
}

/** Where a node ends: a block collection with its last item. */
function lastOf(text: string, node: Node): number {
  if (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1) as YamlItem | undefined;
    if (last !== undefined) return endOfItem(text, last);
  }
  return spanOf(node).end;
}

/** The quotes that a text stands in. */
export function quotesOf(node: unknown): "plain" | "'" | '"' {
  if (!isScalar(node)) return "plain";
  if (node.type === "QUOTE_DOUBLE") return '"';
  return node.type === "QUOTE_SINGLE" ? "'" : "plain";
}

export function itemsOf(collection: YamlCollection): readonly YamlItem[] {
  return collection.items as readonly YamlItem[];
}

export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true;
}

/** How far to the right an offset stands on its line, as blanks. */
export function columnOf(text: string, offset: number): string {
  return " ".repeat(offset - startOfLine(text, offset));
}

/** What a document looks like, by its own examples; of what differs within one, by the one nearest to a place. */
export function styleOfYaml(document: DocumentText, place: number): YamlStyle {
  const { text, yaml } = document;
  let step: string | null = null;
  let deepLists: boolean | null = null;
  let [single, double] = [0, 0];
  const pads = { map: " ", list: "" };
  const nearest = { map: Number.POSITIVE_INFINITY, list: Number.POSITIVE_INFINITY };
  if (yaml !== null)
    visit(yaml, {
      Scalar(_key, { type }) {
        if (type === "QUOTE_SINGLE") single += 1;
        if (type === "QUOTE_DOUBLE") double += 1;
      },
      Collection(_key, node) {
        const [kind, pad] = [isMap(node) ? ("map" as const) : ("list" as const), padOf(text, node)];
        const distance = Math.abs(spanOf(node).start - place);
        if (pad === null || distance >= nearest[kind]) return;
        [pads[kind], nearest[kind]] = [pad, distance];
      },
      Pair(_key, { key, value }) {
        if (!isNode(key) || !isCollection(value) || value.flow === true || value.items.length === 0) return;
        const deeper = columnOf(text, spanOf(value).start).length - columnOf(text, spanOf(key).start).length;
        if (isSeq(value)) deepLists ??= deeper > 0;
        if (isMap(value) && deeper > 0) step ??= " ".repeat(deeper);
      },
    });
  const ending = lineEnding(text, 0);
  const quote = single > double ? "'" : '"';
  return { quote, step: step ?? "  ", deepLists: deepLists ?? true, ending, pads };
}

/** What stands within the brackets of a collection on one line; null for any other. */
function padOf(text: string, node: YamlCollection): string | null {
  const { start, end } = spanOf(node);
  if (node.flow !== true || node.items.length === 0 || text.slice(start, end).includes("\n")) return null;
  return text[start + 1] === " " ? " " : "";
}
