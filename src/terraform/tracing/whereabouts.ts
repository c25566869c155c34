import type { Located } from "../../hcl/evaluation/context.ts";
import type { Attribute, Block } from "../../hcl/syntax/syntax.ts";
import type { Path } from "../../json/path.ts";
import type { EvaluatedBlock, EvaluatedBody } from "../evaluation/evaluated-body.ts";
import type { ResourceInstance } from "../evaluation/resource-instance.ts";

/** Where a value of an instance is written, or would be. */
export type Whereabouts =
  /** An argument of the block, or of a block in it. */
  | {
      readonly kind: "argument";
      readonly located: Located;
      readonly at: Attribute;
      readonly body: EvaluatedBody;
    }
  /** No argument: it would stand in this body, which is that of `block`. */
  | {
      readonly kind: "absent";
      readonly body: EvaluatedBody;
      readonly block: Block;
      readonly name: string;
      readonly rest: Path;
    }
  /** A nested block, or (index beyond the last, `made` null) a place for one. */
  | {
      readonly kind: "block";
      readonly parent: EvaluatedBody;
      readonly block: Block;
      readonly type: string;
      readonly index: number;
      readonly made: EvaluatedBlock | null;
    };

/** Where a path of an instance is written in its block. */
export function whereabouts(instance: ResourceInstance, path: Path): Whereabouts {
  return within(instance.body(), instance.block, path);
}

function within(body: EvaluatedBody, block: Block, path: Path): Whereabouts {
  const [first, ...rest] = path;
  const name = String(first);
  const attribute = body.attributes.get(name);
  if (attribute !== undefined) {
    const at = attribute.attribute;
    const located = { expression: at.value, context: body.context, path: rest };
    return { kind: "argument", located, at, body };
  }
  const group = body.blocks.get(name);
  const [index, ...inside] = rest;
  if (group === undefined) {
    return typeof index === "number" && inside.length === 0
      ? { kind: "block", parent: body, block, type: name, index, made: null }
      : { kind: "absent", body, block, name, rest };
  }
  const position = Number(index ?? 0);
  const made = group.blocks[position];
  if (made !== undefined && inside.length > 0) return within(made.content, made.block, inside);
  return { kind: "block", parent: body, block, type: name, index: position, made: made ?? null };
}
