import type { Edit } from "../hcl/editing/edit.ts";
import { blockType, writeBlock } from "../hcl/editing/write.ts";
import type { Block, Body } from "../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import { attributeOf, blocksOf } from "../terraform/code/module.ts";
import { isEmpty } from "./wanted.ts";

/** What people keep at the end of a block. */
const CLOSING_BLOCKS = new Set(["lifecycle", "timeouts", "provisioner", "connection"]);
const CLOSING_ATTRIBUTES = new Set(["depends_on", "providers", "tags"]);

/** The item behind which a new attribute goes: the last one, those aside that people keep at the end. */
export function lastAttribute(body: Body, name: string): Body["items"][number] | null {
  const attributes = body.items.filter((item) => item.kind === "attribute");
  const isOpen = (other: string) => !CLOSING_ATTRIBUTES.has(other) || (name === "tags" && other === "tags");
  return attributes.findLast((item) => isOpen(item.name)) ?? attributes.at(-1) ?? null;
}

/** The edits that write a new block behind those of its type, with its attributes in the order those have them. */
export function addBlock(body: Body, type: string, value: JsonObject): readonly Edit[] | null {
  const blocks = body.items.filter((item) => item.kind === "block");
  const sibling = blocks.findLast((block) => blockType(block) === type);
  const open = body.items.findLast((item) => item.kind === "attribute" || !CLOSING_BLOCKS.has(item.type));
  const model = sibling ?? blocks.findLast((block) => resembles(block, value)) ?? null;
  return writeBlock(body, type, contentAs(value, model && contentOf(model)), sibling ?? open ?? null);
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

/** The names of the attributes: first those of the model, in its order. */
function inOrderOf(model: Body | null, value: JsonObject): readonly string[] {
  const names = new Set<string>();
  for (const item of model?.items ?? []) names.add(item.kind === "attribute" ? item.name : blockType(item));
  const own = Object.keys(value);
  return [...[...names].filter((name) => own.includes(name)), ...own.filter((name) => !names.has(name))];
}
