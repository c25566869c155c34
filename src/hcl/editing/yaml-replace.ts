import { isMap, isNode, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { isJsonArray, isJsonObject, type Json } from "../../json/json.ts";
import type { Range } from "../syntax/source.ts";
import type { Edit } from "./edit.ts";
import { endOfLine, indentationAt } from "./surroundings.ts";
import { editsBetween } from "./text-edits.ts";
import { otherBlockText } from "./yaml-block-text.ts";
import { headOf, type YamlHead } from "./yaml-head.ts";
import { columnOf, endOfItem, isFlow, quotesOf, spanOf } from "./yaml-nodes.ts";
import { type Found, find, isComment, splice } from "./yaml-place.ts";
import { type YamlStyle, yamlAfter, yamlInline, yamlItems, yamlPairs, yamlString } from "./yaml-text.ts";

/** The edits that put another value in the place of one. */
export function replaceYamlValue(place: Range, value: Json): readonly Edit[] | null {
  const found = find(place);
  if (found === null) return null;
  const { node, style, flow } = found;
  if (typeof value === "string" && isScalar(node)) {
    return isBlockScalar(node)
      ? replaceBlockText(found, node, value)
      : replaceInline(found, yamlString(value, quotesOf(node), style, flow));
  }
  const isNested = (isJsonObject(value) || isJsonArray(value)) && !flow;
  return isNested ? replaceWithLines(found, value) : replaceInline(found, yamlInline(value, style, flow));
}

/** The edits that write another key in the place of one of a mapping's; null where it is no text on its line. */
export function replaceYamlKey(mapping: Range, key: Range, name: string): readonly Edit[] | null {
  const found = find(mapping);
  if (found === null || !isMap(found.node)) return null;
  const { node, style } = found;
  const keys = node.items.map((pair) => pair.key).filter(isScalar);
  const written = keys.find((each) => spanOf(each).start === key.start);
  if (written === undefined || isBlockScalar(written)) return null;
  const { start, end } = spanOf(written);
  const text = yamlString(name, quotesOf(written), style, found.flow || isFlow(node));
  return text.includes("\n") ? null : splice(found, start, end, text);
}

function isBlockScalar(node: Node): node is Scalar {
  return isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
}

function replaceBlockText(found: Found, node: Scalar, value: string): readonly Edit[] {
  const { document, text, style, flow } = found;
  const { start, end } = spanOf(node);
  const body = text.slice(text.indexOf("\n", start) + 1, end);
  const indented = /^([ ]+)\S/m.exec(body)?.[1] ?? indentationAt(text, start) + style.step;
  const own = text.slice(start, end);
  const block = otherBlockText(node, own, value, indented, style) ?? yamlString(value, "plain", style, flow);
  const [header, ...lines] = block.split(style.ending);
  const written = [`${header}${commentIn(text.slice(start, endOfLine(text, start)))}`, ...lines];
  const now = ended(text, end, written.join(style.ending), style);
  return editsBetween(document, text.slice(0, start) + now + text.slice(end));
}

/** The comment at the end of what follows a value on its line, with the blanks before it. */
function commentIn(rest: string): string {
  return /[ \t]+#.*$/.exec(rest)?.[0] ?? "";
}

/** What takes the place of something that ended its line ends it too. */
function ended(text: string, end: number, written: string, { ending }: YamlStyle): string {
  return text[end - 1] === "\n" && !written.endsWith("\n") ? written + ending : written;
}

/** On one line, behind the key or dash of what was there. What is said there of the value stays. */
export function replaceInline(found: Found, written: string): readonly Edit[] {
  const { text, node, style } = found;
  const { start, end } = spanOf(node);
  const head = headOf(found);
  if (head !== null && start === end) return splice(found, head.end, head.end, ` ${written}`);
  if (head === null || !hasOwnLines(node)) return splice(found, start, endOfValue(found), written);
  const to = endOfValue(found);
  return splice(found, head.end, to, ended(text, to, ` ${written}${commentOf(found, head)}`, style));
}

/** Whether a value goes on over lines below its key. */
function hasOwnLines(node: Node): boolean {
  return isBlockScalar(node) || ((isMap(node) || isSeq(node)) && node.flow !== true);
}

/** Where a value ends: a block with what is said of its last part. */
function endOfValue({ text, node }: Found): number {
  const end = endOfItem(text, node);
  const eol = endOfLine(text, end);
  const isLast = hasOwnLines(node) && text[end - 1] !== "\n" && isComment(text.slice(end, eol));
  return isLast ? eol : end;
}

/** What is said of a value on the line that it starts on, behind its key or dash. */
function commentOf({ text, node }: Found, head: YamlHead): string {
  if (!isBlockScalar(node)) return head.comment;
  const { start } = spanOf(node);
  return commentIn(text.slice(start, endOfLine(text, start)));
}

/** A collection on lines of its own. */
function replaceWithLines(found: Found, value: Json): readonly Edit[] {
  const { text, node, style, parents } = found;
  const owner = parents.at(-1);
  if (owner === undefined) {
    const lines = isJsonObject(value)
      ? yamlPairs(value, "", style)
      : yamlItems(isJsonArray(value) ? value : [], "", style);
    const written = lines === "" ? yamlInline(value, style, false) : lines;
    const to = endOfValue(found);
    return splice(found, spanOf(node).start, to, ended(text, to, written, style));
  }
  const head = headOf(found);
  if (head === null) return replaceInline(found, yamlInline(value, style, false));
  const inList = isNode(owner);
  const indentation = columnOf(text, spanOf(inList ? owner : (owner.key as Node)).start);
  const written = yamlAfter(value, indentation, style, inList);
  if (hasOwnLines(node)) {
    const to = endOfValue(found);
    const lines = withComment(written, commentOf(found, head), indentation, style);
    return splice(found, head.end, to, ended(text, to, lines, style));
  }
  // What stood on one line has what is said of it behind it, or, where nothing stood, behind the key.
  const { end } = spanOf(node);
  const eol = endOfLine(text, end);
  const rest = text.slice(Math.max(end, head.end), eol);
  const comment = isComment(rest) ? rest : head.comment;
  const to = comment === "" ? Math.max(end, head.end) : eol;
  return splice(found, head.end, to, withComment(written, comment, indentation, style));
}

/** A value behind its key or dash, with a comment on that line. */
function withComment(written: string, comment: string, indentation: string, { ending }: YamlStyle): string {
  if (comment === "") return written;
  if (!written.includes("\n")) return written + comment;
  return written.startsWith(ending)
    ? comment + written
    : `${comment}${ending}${indentation}  ${written.trimStart()}`;
}
