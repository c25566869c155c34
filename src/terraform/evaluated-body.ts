import { bindIterator, type EvaluationContext, EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { iterate } from "../hcl/evaluation/iterate.ts";
import type { Attribute, Block, Body } from "../hcl/syntax/syntax.ts";
import {
  asSensitive,
  isUnknownOrOpen,
  type Origin,
  objectValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../hcl/values/value.ts";
import { diagnosticOf, type Report } from "./cell.ts";
import { attributeOf, blocksOf } from "./module.ts";

/** The inside of a resource block with its values; nested blocks by type, in source order, `dynamic` ones expanded. */
export interface EvaluatedBody {
  readonly body: Body;
  readonly context: EvaluationContext;
  readonly attributes: ReadonlyMap<string, EvaluatedAttribute>;
  readonly blocks: ReadonlyMap<string, EvaluatedBlocks>;
}

export interface EvaluatedAttribute {
  readonly attribute: Attribute;
  readonly value: Value;
}

export interface EvaluatedBlocks {
  readonly blocks: readonly EvaluatedBlock[];
  /** A `dynamic` block among them has a `for_each` that is not known: which blocks there are is not known either. */
  readonly unknown: Origin | null;
}

export interface EvaluatedBlock {
  readonly block: Block;
  /** The `dynamic` block that made it; null where it is written out. */
  readonly dynamic: Block | null;
  readonly content: EvaluatedBody;
}

/** Arguments and blocks that belong to Terraform itself and say nothing about the resource. */
const META_ARGUMENTS = new Set(["count", "for_each", "provider", "depends_on"]);
const META_BLOCKS = new Set(["lifecycle", "provisioner", "connection"]);

/** Evaluates the block of a resource instance. An argument that fails is reported and unknown; the others stay. */
export function evaluateResourceBody(body: Body, context: EvaluationContext, report: Report): EvaluatedBody {
  try {
    return evaluateBody(body, context, report, true);
  } catch (error) {
    const diagnostic = diagnosticOf(error);
    report.add(diagnostic);
    return unknownBody(body, context, { kind: "failed", diagnostic });
  }
}

/** A body of which nothing is known but what it sets. */
function unknownBody(body: Body, context: EvaluationContext, origin: Origin): EvaluatedBody {
  const attributes = new Map<string, EvaluatedAttribute>();
  const blocks = new Map<string, EvaluatedBlocks>();
  for (const item of body.items) {
    if (item.kind === "attribute") {
      if (!META_ARGUMENTS.has(item.name)) {
        attributes.set(item.name, { attribute: item, value: unknownValue(undefined, origin) });
      }
      continue;
    }
    const type = item.type === "dynamic" ? (item.labels[0]?.value ?? "") : item.type;
    if (!META_BLOCKS.has(type)) blocks.set(type, { blocks: [], unknown: origin });
  }
  return { body, context, attributes, blocks };
}

function evaluateBody(body: Body, context: EvaluationContext, report: Report, top: boolean): EvaluatedBody {
  const attributes = new Map<string, EvaluatedAttribute>();
  const blocks = new Map<string, { blocks: EvaluatedBlock[]; unknown: Origin | null }>();
  function groupOf(type: string): { blocks: EvaluatedBlock[]; unknown: Origin | null } {
    const known = blocks.get(type);
    if (known !== undefined) return known;
    const group = { blocks: [], unknown: null };
    blocks.set(type, group);
    return group;
  }
  for (const item of body.items) {
    if (item.kind === "attribute") {
      if (top && META_ARGUMENTS.has(item.name)) continue;
      attributes.set(item.name, { attribute: item, value: reported(item, context, report) });
    } else if (item.type === "dynamic") {
      expandDynamic(item, context, report, groupOf(item.labels[0]?.value ?? ""));
    } else if (!(top && META_BLOCKS.has(item.type))) {
      const content = evaluateBody(item.body, context, report, false);
      groupOf(item.type).blocks.push({ block: item, dynamic: null, content });
    }
  }
  return { body, context, attributes, blocks };
}

function reported(attribute: Attribute, context: EvaluationContext, report: Report): Value {
  try {
    return evaluate(attribute.value, context);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    report.add(error.diagnostic);
    return unknownValue(undefined, { kind: "failed", diagnostic: error.diagnostic });
  }
}

/** https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks */
function expandDynamic(
  dynamic: Block,
  context: EvaluationContext,
  report: Report,
  group: { blocks: EvaluatedBlock[]; unknown: Origin | null },
): void {
  const forEach = attributeOf(dynamic.body, "for_each");
  const [content] = blocksOf(dynamic.body, "content");
  if (forEach === null || content === undefined) {
    const message = "a dynamic block needs for_each and a content block";
    report.add({ severity: "error", message, range: dynamic.typeRange });
    return;
  }
  const collection = reported(forEach, context, report);
  if (isUnknownOrOpen(collection)) {
    group.unknown ??= collection.origin;
    return;
  }
  const name = iteratorName(dynamic);
  try {
    for (const { key, value, step } of iterate(collection, forEach.value)) {
      context.budget.elements(1);
      const source = { expression: forEach.value, context, path: [step] };
      const { sensitive } = collection;
      const element = { key: asSensitive(key, sensitive), value: asSensitive(value, sensitive) };
      const inner = bindIterator(context, name, element, source);
      group.blocks.push({
        block: content,
        dynamic,
        content: evaluateBody(content.body, inner, report, false),
      });
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    report.add(error.diagnostic);
  }
}

function iteratorName(dynamic: Block): string {
  const iterator = attributeOf(dynamic.body, "iterator")?.value;
  return iterator?.kind === "variable" ? iterator.name : (dynamic.labels[0]?.value ?? "");
}

/** The arguments and blocks as one object; blocks are lists of objects. */
export function valueOfBody({ attributes, blocks, body }: EvaluatedBody): Value {
  const entries: (readonly [string, Value])[] = [...attributes].map(([name, { value }]) => [name, value]);
  for (const [type, group] of blocks) entries.push([type, valueOfBlocks(group)]);
  return objectValue(entries, { kind: "absent", place: body });
}

export function valueOfBlocks({ blocks, unknown }: EvaluatedBlocks): Value {
  if (unknown !== null) return unknownValue(undefined, unknown);
  return tupleValue(blocks.map(({ content }) => valueOfBody(content)));
}
