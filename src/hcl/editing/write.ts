import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from "../../json/json.ts";
import { quoteString } from "../syntax/escape.ts";
import { escapeTemplate, quoteJsonText } from "../syntax/json-text.ts";
import { type Range, textOf } from "../syntax/source.ts";
import type {
  Attribute,
  Block,
  Body,
  Call,
  Expression,
  ObjectConstructor,
  ObjectItem,
  Template,
  TupleConstructor,
} from "../syntax/syntax.ts";
import { insertCsvRow, removeCsvRow, replaceCsvField } from "./csv-edit.ts";
import { documentOf } from "./document-text.ts";
import type { Edit } from "./edit.ts";
import type { BlockText, ItemText } from "./format.ts";
import { alignedInsert, insertBlock, insertTupleItem } from "./insert.ts";
import {
  insertJsonBlock,
  insertJsonItem,
  insertJsonMember,
  removeJson,
  removeJsonBlock,
  removeJsonItem,
  replaceJsonValue,
} from "./json-edit.ts";
import { fillOnLine, isForOneLine } from "./one-line.ts";
import { removeArgument, removeBlock, removeItem, removeTupleItem } from "./remove.ts";
import { renameItem } from "./rename.ts";
import { renderExpression, renderInline, renderKey } from "./render.ts";
import { replaceValue } from "./replace.ts";
import { editsBetween } from "./text-edits.ts";
import { insertYamlItem, insertYamlPair } from "./yaml-insert.ts";
import { removeYamlItem, removeYamlPair } from "./yaml-remove.ts";
import { replaceYamlKey, replaceYamlValue } from "./yaml-replace.ts";

// Edits by value: each is written in the syntax of the file that it goes to. Where that is an expression in a text of
// JSON, a value can be replaced, and nothing be added or removed.

/** Whether a place is in a file of JSON: code there is text of JSON, or an expression in such a text. */
function isInJson({ file }: Range): boolean {
  return file.path.endsWith(".json");
}

/** The edits that put a value in an expression's place. Null where the file cannot be edited. */
export function writeValue(expression: Expression, value: Json): readonly Edit[] | null {
  switch (documentOf(expression)?.format) {
    case "yaml":
      return replaceYamlValue(expression, value);
    case "csv":
      return replaceCsvField(expression, value);
    case "text":
      return typeof value === "string" ? editsBetween(expression.file, value) : null;
    case "template":
      return writeInTemplate(expression, value);
  }
  const texts = textsOf(expression);
  if (texts !== undefined) return replaceJsonValue(expression, texts, value);
  if (!isInJson(expression)) {
    return replaceValue(expression, (indentation) => renderExpression(value, indentation));
  }
  const { file, start, end } = expression;
  const text = inJsonText(renderInline(value));
  return file.text.slice(start, end) === text ? [] : [{ file: file.path, start, end, text }];
}

/** In a file that is a template: all of it, or an expression in it. */
function writeInTemplate(expression: Expression, value: Json): readonly Edit[] | null {
  const { file, start, end } = expression;
  if (start > 0 || end < file.text.length)
    return replaceValue(expression, (indentation) => renderExpression(value, indentation));
  return typeof value === "string" ? editsBetween(file, escapeTemplate(value)) : null;
}

/** The edits that give an entry of an object another key. Null where the key is computed, or cannot be edited. */
export function writeKey(object: ObjectConstructor, item: ObjectItem, name: string): readonly Edit[] | null {
  const { key } = item;
  const isPlain = key.kind === "template" && key.parts.every(({ kind }) => kind === "text");
  if (!isPlain && key.kind !== "variable") return null;
  const document = documentOf(object);
  if (document?.format === "yaml") return replaceYamlKey(object, key, name);
  const texts = textsOf(key);
  if (texts !== undefined) return replaceJsonValue(key, texts, name);
  if (document !== null || isInJson(object)) return null;
  return renameItem(object, item, key.kind === "template" ? quoteString(name) : renderKey(name));
}

/** What a value looks like where an expression stands. */
export function valueText(place: Range, value: Json): string {
  return isInJson(place) ? printJson(value) : renderExpression(value);
}

/** How text is written that is to stand in a template, among its interpolations. */
export function writeTemplateText(template: Template, text: string): string {
  const document = documentOf(template);
  if (document?.format === "yaml" || document?.format === "csv") return text;
  const isWholeFile = template.start === 0 && template.end === template.file.text.length;
  if (document?.format === "template" && isWholeFile) return escapeTemplate(text);
  if (template.json !== undefined)
    return inJsonText(template.json === "templates" ? escapeTemplate(text) : text);
  const quoted = quoteString(text).slice(1, -1);
  return isInJson(template) ? inJsonText(quoted) : quoted;
}

function inJsonText(text: string): string {
  return quoteJsonText(text).slice(1, -1);
}

function textsOf(node: Expression | Body) {
  return "json" in node ? node.json : undefined;
}

/**
 * The edits that add an argument to a body, or an entry to an object, behind an item of it. Null where that cannot be.
 * @throws RangeError where `after` is not an item of the container.
 */
export function writeEntry(
  container: Body | ObjectConstructor,
  name: string,
  value: Json,
  after: Attribute | Block | ObjectItem | null,
): readonly Edit[] | null {
  if (container.kind === "body" && container.merged !== undefined) {
    const [base] = container.merged;
    if (base === undefined) return null;
    const item = base.items.find((each) => each === after) ?? base.items.findLast(isAttribute) ?? null;
    return writeEntry(base, name, value, item);
  }
  if (container.kind === "object" && documentOf(container)?.format === "yaml")
    return insertYamlPair(container, after, name, value);
  if (container.json !== undefined) {
    return insertJsonMember(container, after, container.json, name, value);
  }
  if (isInJson(container)) return null;
  if (container.kind === "body") {
    return alignedInsert(container, name, (indentation) => renderExpression(value, indentation), after);
  }
  const isOneLine = isForOneLine(container);
  if (isOneLine && container.items.length === 0)
    return [fillOnLine(container, `${renderKey(name)} = ${renderInline(value)}`)];
  const text = (indentation: string) =>
    isOneLine ? renderInline(value) : renderExpression(value, indentation);
  return alignedInsert(container, renderKey(name), text, after);
}

/**
 * The edits that add an element to a list, behind another. Null where that cannot be.
 * @throws RangeError where `after` is not an element of the list.
 */
export function writeElement(
  tuple: TupleConstructor,
  value: Json,
  after: Expression | null,
): readonly Edit[] | null {
  const format = documentOf(tuple)?.format;
  if (format === "yaml") return insertYamlItem(tuple, after, value);
  if (format === "csv") return insertCsvRow(tuple, value);
  if (tuple.json !== undefined) return insertJsonItem(tuple, after, tuple.json, value);
  if (isInJson(tuple)) return null;
  // What stands beside elements on one line each stands on one, too.
  const isOneLine = after !== null && after.kind === "object" && !textOf(after).includes("\n");
  const text = (indentation: string) =>
    isOneLine ? renderInline(value) : renderExpression(value, indentation);
  return insertTupleItem(tuple, text, after);
}

/**
 * The edits that add a block behind an item of a body; lists of objects in its value are blocks in it. In a body that
 * was merged it goes to the file that has the blocks of its type, for those of other files do not count.
 * @throws RangeError where `after` is not an item of the body.
 */
export function writeBlock(
  body: Body,
  type: string,
  value: JsonObject,
  after: Attribute | Block | null,
): readonly Edit[] | null {
  const sibling = after?.kind === "block" && blockType(after) === type ? after : null;
  if (body.merged !== undefined) {
    const home = sibling === null ? body.merged[0] : homeOf(body, sibling);
    return home === undefined ? null : writeBlock(home, type, value, sibling ?? home.items.at(-1) ?? null);
  }
  if (body.json !== undefined) {
    return sibling?.type === "dynamic" ? null : insertJsonBlock(body, sibling, after, type, value);
  }
  return isInJson(body) ? null : insertBlock(body, blockText(type, value), after);
}

/** The edits that remove an attribute, a block or an item of an object; null where that cannot be. */
export function eraseItem(
  container: Body | ObjectConstructor,
  item: Attribute | Block | ObjectItem,
): readonly Edit[] | null {
  if (documentOf(container)?.format === "yaml") return removeYamlPair(item);
  const home = container.kind === "body" && item.kind !== "item" ? homeOf(container, item) : container;
  if (home === undefined) return null;
  if (home.json !== undefined) return removeJson(item);
  return isInJson(home) ? null : removeItem(home, item);
}

/**
 * The edits that remove a block of a file with the comment above it, in JSON with the objects around it that would be
 * empty then. Null where that cannot be.
 */
export function eraseBlock(body: Body, block: Block): readonly Edit[] | null {
  if (body.json !== undefined) return removeJsonBlock(block);
  return isInJson(body) ? null : removeBlock(body, block);
}

/** The edits that remove an element of a list; null where that cannot be. */
export function eraseElement(tuple: TupleConstructor, item: Expression): readonly Edit[] | null {
  const format = documentOf(tuple)?.format;
  if (format === "yaml") return removeYamlItem(item);
  if (format === "csv") return removeCsvRow(item);
  if (tuple.json !== undefined) return removeJsonItem(item);
  return isInJson(tuple) ? null : removeTupleItem(tuple, item);
}

/** The edits that remove an argument of a call. Null where it is to be expanded, or stands in a text of JSON. */
export function eraseArgument(call: Call, argument: Expression): readonly Edit[] | null {
  if (documentOf(call) !== null || isInJson(call)) return null;
  return call.expand && argument === call.arguments.at(-1) ? null : removeArgument(call, argument);
}

/** The body that an item was written in, where several were merged. */
function homeOf(body: Body, item: Attribute | Block): Body | undefined {
  return body.merged === undefined ? body : body.merged.find(({ items }) => items.includes(item));
}

function isAttribute(item: Attribute | Block): item is Attribute {
  return item.kind === "attribute";
}

/** A `dynamic` block makes blocks of the type that is its label. */
export function blockType(block: Block): string {
  return block.type === "dynamic" ? (block.labels[0]?.value ?? "") : block.type;
}

function blockText(type: string, value: JsonObject): BlockText {
  const items = Object.entries(value).flatMap(([name, inner]): ItemText[] =>
    isJsonArray(inner) && inner.some(isJsonObject)
      ? inner.filter(isJsonObject).map((each) => blockText(name, each))
      : [{ name: renderKey(name), value: renderExpression(inner, "") }],
  );
  return { type, labels: [], items };
}
