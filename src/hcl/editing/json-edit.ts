import type { Json, JsonObject } from "../../json/json.ts";
import {
  type JsonArrayNode,
  type JsonMember,
  type JsonNode,
  type JsonObjectNode,
  jsonNodesAround,
} from "../syntax/json-nodes.ts";
import { parseJsonTree } from "../syntax/json-parser.ts";
import type { Range } from "../syntax/source.ts";
import type { JsonTexts } from "../syntax/syntax.ts";
import { documentOf } from "./document-text.ts";
import type { Edit } from "./edit.ts";
import {
  type JsonStyle,
  printJsonValue,
  printText,
  separatorOf,
  styleOf,
  styleWithin,
} from "./json-style.ts";
import { indentationAt } from "./surroundings.ts";

// Edits of JSON. The places are ranges of the syntax tree that was made of it; null where they are none of the file's.

/** The edits that put another value in the place of one. */
export function replaceJsonValue(place: Range, texts: JsonTexts, value: Json): readonly Edit[] | null {
  const found = nodesAt(place);
  if (found === null) return null;
  const { file, start, end } = place;
  const text = printJsonValue(value, texts, found.style, indentationAt(file.text, start));
  return file.text.slice(start, end) === text ? [] : [splice(place, start, end, text)];
}

/** The edits that add a property to the object at a place, behind the one that `after` is in, else as the last. */
export function insertJsonMember(
  object: Range,
  after: Range | null,
  texts: JsonTexts,
  name: string,
  value: Json,
): readonly Edit[] | null {
  const found = nodesAt(after ?? object);
  const objects = found?.nodes.filter((node) => node.kind === "json-object") ?? [];
  const node = objects.find(({ start, end }) => start >= object.start - 1 && end <= object.end + 1);
  const into = node ?? lastObjectIn(object, found?.nodes ?? []);
  if (found === null || into === null) return null;
  const previous =
    after === null
      ? undefined
      : into.members.find(({ start, end }) => start <= after.start && after.end <= end);
  const write = (indentation: string) =>
    `${printText(name, texts)}${found.style.colon}${printJsonValue(value, texts, found.style, indentation)}`;
  return insert(into, into.members, previous ?? into.members.at(-1) ?? null, write, found.style);
}

/** An array of objects stands for the body that all of them make together. */
function lastObjectIn(place: Range, nodes: readonly (JsonNode | JsonMember)[]): JsonObjectNode | null {
  const array = nodes.findLast((node) => node.kind === "json-array" && node.start >= place.start - 1);
  const last = array?.kind === "json-array" ? array.items.at(-1) : undefined;
  return last?.kind === "json-object" ? last : null;
}

/** The edits that add an element to the array at a place, behind another of its elements, else as the first. */
export function insertJsonItem(
  array: Range,
  after: Range | null,
  texts: JsonTexts,
  value: Json,
): readonly Edit[] | null {
  const found = nodesAt(array);
  const node = found?.nodes.findLast((each) => each.kind === "json-array");
  if (found === null || node?.kind !== "json-array") return null;
  const previous = after === null ? null : (node.items.find(({ start }) => start === after.start) ?? null);
  return insertItem(node, previous, texts, value, found.style);
}

function insertItem(
  node: JsonArrayNode,
  after: JsonNode | null,
  texts: JsonTexts,
  value: Json,
  style: JsonStyle,
): readonly Edit[] {
  const model = after ?? node.items[0];
  const own = model === undefined ? style : styleWithin([model], style);
  const write = (indentation: string) => printJsonValue(value, texts, own, indentation);
  return insert(node, node.items, after, write, { ...style, lines: style.arrayLines });
}

/**
 * The edits that add a block of a type beside one that is there, or (`sibling` null) as a property of the object at a
 * place. Where the one that is there stands alone, both become an array.
 */
export function insertJsonBlock(
  object: Range,
  sibling: Range | null,
  after: Range | null,
  type: string,
  block: JsonObject,
): readonly Edit[] | null {
  return insertJsonBlocks(object, sibling, after, "templates", type, [block]);
}

/** The same for several blocks. */
export function insertJsonBlocks(
  object: Range,
  sibling: Range | null,
  after: Range | null,
  texts: JsonTexts,
  type: string,
  blocks: readonly JsonObject[],
): readonly Edit[] | null {
  if (sibling === null) return insertJsonMember(object, after, texts, type, [...blocks]);
  const found = nodesAt(sibling);
  if (found === null) return null;
  const place = placeIn(found.nodes);
  if (place?.array) {
    const { array, item } = place;
    const last = item ?? array.items.at(-1) ?? null;
    return blocks.flatMap((block) => insertItem(array, last, texts, block, found.style));
  }
  const only = place?.member.value;
  if (only?.kind !== "json-object") return null;
  const indentation = indentationAt(only.file.text, only.start);
  const written = blocks.map((block) => `, ${printJsonValue(block, texts, found.style, indentation)}`);
  return [
    splice(only, only.start, only.start, "["),
    splice(only, only.end, only.end, `${written.join("")}]`),
  ];
}

/** The edits that put another text in the place of the one that a range is in. */
export function replaceJsonText(place: Range, texts: JsonTexts, value: string): readonly Edit[] | null {
  const node = nodesAt(place)?.nodes.at(-1);
  return node?.kind === "json-text" ? [splice(node, node.start, node.end, printText(value, texts))] : null;
}

/** The edits that remove what stands at a place: a property, or an element of an array; with the last one the property. */
export function removeJson(place: Range): readonly Edit[] | null {
  const found = nodesAt(place);
  const target = found === null ? null : placeIn(found.nodes);
  if (target === null) return null;
  const { object, member, array, item } = target;
  return array !== null && item !== null && array.items.length > 1
    ? [remove(array, array.items, item)]
    : [remove(object, object.members, member)];
}

/** The edits that remove a block, and what is around it that would be empty then: Terraform wants labels in there. */
export function removeJsonBlock(block: Range): readonly Edit[] | null {
  const nodes = nodesAt(block)?.nodes ?? [];
  // The name of the block is the last node; the member that it names holds the block.
  let at = nodes.findLastIndex((node) => node.kind === "json-member");
  if (at < 1) return null;
  for (let outer = at - 1; outer > 0; outer -= 1) {
    const node = nodes[outer];
    const isOnly =
      node?.kind === "json-member" ||
      (node?.kind === "json-object" && node.members.length === 1) ||
      (node?.kind === "json-array" && node.items.length === 1);
    if (!isOnly) break;
    at = outer;
  }
  const [container, item] = [nodes[at - 1], nodes[at]];
  if (item === undefined) return null;
  if (container?.kind === "json-object") return [remove(container, container.members, item)];
  return container?.kind === "json-array" ? [remove(container, container.items, item)] : null;
}

/** The edits that remove an element of an array, and leave the array, were it empty. */
export function removeJsonItem(place: Range): readonly Edit[] | null {
  const nodes = nodesAt(place)?.nodes ?? [];
  const item = nodes.at(-1);
  const array = nodes.at(-2);
  if (array?.kind !== "json-array" || item === undefined || item.kind === "json-member") return null;
  return [remove(array, array.items, item)];
}

interface Target {
  readonly object: JsonObjectNode;
  readonly member: JsonMember;
  /** The array that is the member's value, and the element of it that is meant; null where there is none. */
  readonly array: JsonArrayNode | null;
  readonly item: JsonNode | null;
}

/** The property that nodes lead to last, and the element of its array where they lead to one. */
function placeIn(nodes: readonly (JsonNode | JsonMember)[]): Target | null {
  const at = nodes.findLastIndex((node) => node.kind === "json-member");
  const [object, member, value, item] = nodes.slice(Math.max(0, at - 1));
  if (object?.kind !== "json-object" || member?.kind !== "json-member") return null;
  const array = member.value.kind === "json-array" ? member.value : null;
  const element = value === array && item !== undefined && item.kind !== "json-member" ? item : null;
  return { object, member, array, item: element };
}

/** The nodes around a place, from the root inward, and the style of the file. */
function nodesAt(place: Range): { nodes: (JsonNode | JsonMember)[]; style: JsonStyle } | null {
  const root = rootOf(place);
  if (root === null) return null;
  const nodes = jsonNodesAround(root, place.start, place.end);
  return { nodes, style: styleWithin(nodes, styleOf(root)) };
}

/** A document is parsed once. */
function rootOf(place: Range): JsonNode | null {
  const document = documentOf(place);
  if (document !== null) return document.json;
  const { root, diagnostics } = parseJsonTree(place.file);
  return diagnostics.length > 0 ? null : root;
}

function insert(
  container: JsonNode,
  items: readonly (JsonNode | JsonMember)[],
  after: JsonNode | JsonMember | null,
  write: (indentation: string) => string,
  style: JsonStyle,
): readonly Edit[] {
  const { text } = container.file;
  const [first] = items;
  if (first === undefined) return [fill(container, write, style)];
  const ownLines = text.slice(container.start, first.start).includes("\n");
  const indentation = indentationAt(text, ownLines ? first.start : container.start);
  const written = write(indentation);
  const between = ownLines ? `,${style.ending}${indentation}` : separatorOf(style);
  return after === null
    ? [splice(container, first.start, first.start, `${written}${between}`)]
    : [splice(container, after.end, after.end, `${between}${written}`)];
}

/** What was empty gets its first element: on a line of its own, where the file has such. */
function fill(container: JsonNode, write: (indentation: string) => string, style: JsonStyle): Edit {
  const { file, start, end } = container;
  const outer = indentationAt(file.text, start);
  const inner = outer + style.step;
  const text = style.lines ? `${style.ending}${inner}${write(inner)}${style.ending}${outer}` : write(outer);
  return splice(container, start + 1, end - 1, text);
}

function remove(
  container: JsonNode,
  items: readonly (JsonNode | JsonMember)[],
  item: JsonNode | JsonMember,
): Edit {
  const index = items.indexOf(item);
  const [previous, next] = [items[index - 1], items[index + 1]];
  if (next !== undefined) return splice(container, item.start, next.start, "");
  if (previous !== undefined) return splice(container, previous.end, item.end, "");
  return splice(container, container.start + 1, container.end - 1, "");
}

function splice({ file }: Range, start: number, end: number, text: string): Edit {
  return { file: file.path, start, end, text };
}
