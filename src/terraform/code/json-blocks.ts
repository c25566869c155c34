import type { Attribute, Block, Body, Expression, ObjectConstructor } from "../../hcl/syntax/syntax.ts";
import type { BlockShapes } from "./block-shapes.ts";
import { literalText } from "./literal.ts";

/**
 * A resource, data source or provider as if it were written in the native syntax: of its properties with objects, those
 * that are nested blocks become such. What Terraform itself knows to be a block is one already.
 */
export function withNestedBlocks(block: Block, shapes: BlockShapes): Block {
  if (block.body.json === undefined) return block;
  const [type = "", ...rest] = block.labels.map(({ value }) => value);
  const owner = block.type === "resource" && rest.length > 0 ? type : `${block.type}.${type}`;
  return { ...block, body: bodyWith(block.body, { shapes, owner, path: [] }) };
}

interface Place {
  readonly shapes: BlockShapes;
  readonly owner: string;
  readonly path: readonly string[];
}

/** Arguments and blocks that belong to Terraform itself. */
const META_ARGUMENTS = new Set(["count", "for_each", "provider", "depends_on"]);
const META_BLOCKS = new Set(["lifecycle", "provisioner", "connection"]);

function bodyWith(body: Body, place: Place): Body {
  const items = body.items.flatMap((item): readonly (Attribute | Block)[] => {
    const isTop = place.path.length === 0;
    if (item.kind === "attribute") {
      return (isTop && META_ARGUMENTS.has(item.name) ? null : blocksOf(item, place)) ?? [item];
    }
    if (item.type !== "dynamic") {
      return [isTop && META_BLOCKS.has(item.type) ? item : inside(item, item.type, place)];
    }
    const type = item.labels[0]?.value ?? "";
    const parts = item.body.items.map((part) => (part.kind === "block" ? inside(part, type, place) : part));
    return [{ ...item, body: { ...item.body, items: parts } }];
  });
  return { ...body, items };
}

function inside(block: Block, type: string, place: Place): Block {
  return { ...block, body: bodyWith(block.body, { ...place, path: [...place.path, type] }) };
}

/** The blocks that a property stands for; null where it is an argument. */
function blocksOf({ name, nameRange, value, start }: Attribute, place: Place): readonly Block[] | null {
  const inner = { ...place, path: [...place.path, name] };
  const isBlock = (node: Expression, alone: boolean): node is ObjectConstructor =>
    node.kind === "object" && place.shapes.isBlock(place.owner, inner.path, node, alone);
  const blockOf = (node: ObjectConstructor, from: number): Block => ({
    kind: "block",
    file: node.file,
    start: from,
    end: node.end,
    type: name,
    typeRange: nameRange,
    labels: [],
    body: bodyWith(bodyOf(node), inner),
  });
  if (isBlock(value, true)) return [blockOf(value, start)];
  if (value.kind !== "tuple" || value.items.length === 0) return null;
  const nodes = value.items.filter((node) => isBlock(node, false));
  return nodes.length === value.items.length ? nodes.map((node) => blockOf(node, node.start)) : null;
}

/** An object as the body of a block. `dynamic` is what makes more blocks, whatever the block. */
function bodyOf({ file, start, end, json, items }: ObjectConstructor): Body {
  const parts = items.flatMap((item): readonly (Attribute | Block)[] => {
    const name = literalText(item.key) ?? "";
    if (name === "//") return [];
    if (name === "dynamic") return dynamicBlocks(item.value);
    const { start: from, end: to } = item.key;
    return [
      {
        kind: "attribute",
        file,
        start: item.start,
        end: item.end,
        name,
        nameRange: { file, start: from, end: to },
        value: item.value,
      },
    ];
  });
  return { kind: "body", file, start: start + 1, end: end - 1, ...(json && { json }), items: parts };
}

/** `{"setting": {"for_each": …, "content": {…}}}`, or arrays of such, at either level. */
function dynamicBlocks(node: Expression): Block[] {
  return objectsOf(node).flatMap(({ items }) =>
    items.flatMap(({ key, value }) => {
      const { file, start, end } = key;
      const label = { kind: "label", file, start, end, value: literalText(key) ?? "" } as const;
      return objectsOf(value).map((inner): Block => {
        const body = bodyOf(inner);
        const parts = body.items.flatMap((part): readonly (Attribute | Block)[] => {
          if (part.kind === "block") return [part];
          if (part.name === "iterator") return [{ ...part, value: nameIn(part.value) }];
          return part.name === "content"
            ? objectsOf(part.value).map((content) => contentBlock(part, content))
            : [part];
        });
        return {
          kind: "block",
          file,
          start,
          end: inner.end,
          type: "dynamic",
          typeRange: { file, start, end },
          labels: [label],
          body: { ...body, items: parts },
        };
      });
    }),
  );
}

/** A text that is meant as a name. */
function nameIn(value: Expression): Expression {
  const { file, start, end } = value;
  const name = literalText(value);
  return name === undefined ? value : { kind: "variable", file, start, end, name };
}

function contentBlock({ file, start, nameRange }: Attribute, content: ObjectConstructor): Block {
  return {
    kind: "block",
    file,
    start,
    end: content.end,
    type: "content",
    typeRange: nameRange,
    labels: [],
    body: bodyOf(content),
  };
}

function objectsOf(node: Expression): readonly ObjectConstructor[] {
  const nodes = node.kind === "tuple" ? node.items : [node];
  return nodes.filter((item) => item.kind === "object");
}
