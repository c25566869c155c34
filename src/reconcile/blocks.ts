import type { Edit } from "../hcl/editing/edit.ts";
import { blockType, writeBlock } from "../hcl/editing/write.ts";
import type { Block, Body } from "../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import { attributeOf, blocksOf } from "../terraform/code/module.ts";
import type { EvaluatedBlock } from "../terraform/evaluation/evaluated-body.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { isEmpty } from "./meaning-key.ts";
import { rewrite } from "./rewrite.ts";
import { means } from "./wanted.ts";

/** What people keep at the end of a block. */
const CLOSING_BLOCKS = new Set(["lifecycle", "timeouts", "provisioner", "connection"]);
const CLOSING_ATTRIBUTES = new Set(["depends_on", "providers", "tags"]);

/** The arguments of a statement of `aws_iam_policy_document`, in the order in which everybody writes them. */
const STATEMENT = ["sid", "effect", "actions", "not_actions", "resources", "not_resources"];

function isStatement(names: readonly string[]): boolean {
  return names.includes("actions") || names.includes("not_actions");
}

/** The item behind which a new attribute goes: the last one, those aside that people keep at the end. */
export function lastAttribute(body: Body, name: string): Body["items"][number] | null {
  const attributes = body.items.filter((item) => item.kind === "attribute");
  if (STATEMENT.includes(name) && isStatement(attributes.map((item) => item.name))) {
    const before = STATEMENT.slice(0, STATEMENT.indexOf(name));
    return attributes.findLast((item) => before.includes(item.name)) ?? null;
  }
  const isOpen = (other: string) => !CLOSING_ATTRIBUTES.has(other) || (name === "tags" && other === "tags");
  return attributes.findLast((item) => isOpen(item.name)) ?? attributes.at(-1) ?? null;
}

/** The `dynamic` block that alone makes the blocks of a type, perhaps none now; null where others are written out. */
export function onlyDynamic(body: Body, type: string): Block | null {
  const blocks = body.items.filter((item) => item.kind === "block");
  const siblings = blocks.filter((block) => blockType(block) === type);
  return siblings.every((block) => block.type === "dynamic") ? (siblings.at(-1) ?? null) : null;
}

/**
 * The edits that write a new block behind those of its type, with its attributes in the order those have them. Null where
 * a `dynamic` block makes all of that type: one that is written out would be out of place.
 */
export function addBlock(body: Body, type: string, value: JsonObject): readonly Edit[] | null {
  if (onlyDynamic(body, type) !== null) return null;
  const blocks = body.items.filter((item) => item.kind === "block");
  const sibling = blocks.findLast((block) => blockType(block) === type);
  const open = body.items.findLast((item) => item.kind === "attribute" || !CLOSING_BLOCKS.has(item.type));
  const model = sibling ?? blocks.findLast((block) => resembles(block, value)) ?? null;
  return writeBlock(body, type, contentAs(value, model && contentOf(model)), sibling ?? open ?? null);
}

/** The edits that give all arguments of a block other values; null where one is not written out in it. */
export function rewriteArguments(
  { dynamic, content }: EvaluatedBlock,
  value: JsonObject,
): readonly Edit[] | null {
  const edits = Object.entries(value).map(([name, wanted]) => {
    const given = content.attributes.get(name);
    if (given === undefined || dynamic !== null) return null;
    if (means(toPlain(given.value, [], true).json, wanted)) return [];
    return rewrite({ expression: given.attribute.value, context: content.context, path: [] }, wanted);
  });
  return edits.includes(null) ? null : edits.flatMap((each) => each ?? []);
}

function contentOf(block: Block): Body | null {
  return block.type === "dynamic" ? (blocksOf(block.body, "content")[0]?.body ?? null) : block.body;
}

/** A block of another type that has mostly the same attributes, as `egress` beside `ingress`. */
function resembles(block: Block, value: JsonObject): boolean {
  const body = contentOf(block);
  const names = Object.keys(value);
  return body !== null && names.filter((name) => attributeOf(body, name) !== null).length * 2 > names.length;
}

/** What a block holds as code would have it: what only repeats a default is left out. */
function contentAs(value: JsonObject, model: Body | null): JsonObject {
  const items = inOrderOf(model, value).flatMap((name): (readonly [string, Json])[] => {
    const inner = jsonAt(value, [name]) ?? null;
    if (isEmpty(inner) && typeof inner !== "number") return [];
    if (!isJsonArray(inner) || !inner.some(isJsonObject)) return [[name, inner]];
    const [nested] = model === null ? [] : blocksOf(model, name);
    return [[name, inner.filter(isJsonObject).map((each) => contentAs(each, nested?.body ?? null))]];
  });
  return Object.fromEntries(items);
}

/** The names of the attributes: first those of the model, in its order. Those of a statement have their own places. */
function inOrderOf(model: Body | null, value: JsonObject): readonly string[] {
  const names = new Set<string>();
  for (const item of model?.items ?? []) names.add(item.kind === "attribute" ? item.name : blockType(item));
  const own = Object.keys(value);
  const known = [...names].filter((name) => own.includes(name));
  if (!isStatement(own)) return [...known, ...own.filter((name) => !names.has(name))];
  for (const [index, name] of own.entries()) {
    const before = own[index - 1];
    if (!names.has(name)) known.splice(before === undefined ? 0 : known.indexOf(before) + 1, 0, name);
  }
  return known;
}
