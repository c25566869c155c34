import { bindIterator, type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { iterate } from "../../hcl/evaluation/iterate.ts";
import type { Attribute, Block, Body, Expression } from "../../hcl/syntax/syntax.ts";
import {
  asSensitive,
  isUnknownOrOpen,
  type Origin,
  objectValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { diagnosticOf, type Report } from "../cells/cell.ts";
import { readDynamic, refusedLabel } from "./dynamic-block.ts";

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

/**
 * Evaluates the block of a resource instance. An argument that fails is reported and unknown; the others stay. What is
 * written out, and was so in `before` too, is not evaluated again.
 */
export function evaluateResourceBody(
  body: Body,
  context: EvaluationContext,
  report: Report,
  before: EvaluatedBody | null = null,
): EvaluatedBody {
  try {
    return evaluateBody(body, context, report, true, before);
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

function evaluateBody(
  body: Body,
  context: EvaluationContext,
  report: Report,
  top: boolean,
  before: EvaluatedBody | null = null,
): EvaluatedBody {
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
      const known = before?.attributes.get(item.name);
      const kept = known?.attribute === item && isWrittenOut(item.value) ? known : null;
      attributes.set(item.name, kept ?? { attribute: item, value: reported(item, context, report) });
    } else if (item.type === "dynamic") {
      expandDynamic(item, context, report, groupOf(item.labels[0]?.value ?? ""));
    } else if (!(top && META_BLOCKS.has(item.type))) {
      const known = before?.blocks.get(item.type)?.blocks.find(({ block }) => block === item)?.content;
      const content = evaluateBody(item.body, context, report, false, known ?? null);
      groupOf(item.type).blocks.push({ block: item, dynamic: null, content });
    }
  }
  return { body, context, attributes, blocks };
}

/** Whether an expression has the same value wherever it is evaluated. */
function isWrittenOut(node: Expression): boolean {
  if (node.kind === "template") return node.parts.every(({ kind }) => kind === "text");
  return node.kind === "number" || node.kind === "keyword";
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

/** What a block of a `dynamic` one costs, in elements of collections. */
const BLOCK_COST = 20;

/** The blocks that a `dynamic` one makes. Of a sensitive collection everything that they say is sensitive. */
function expandDynamic(
  dynamic: Block,
  context: EvaluationContext,
  report: Report,
  group: { blocks: EvaluatedBlock[]; unknown: Origin | null },
): void {
  const read = readDynamic(dynamic, report);
  if (read === null) return;
  const { forEach, iterator, labels, content } = read;
  const collection = reported(forEach, context, report);
  if (isUnknownOrOpen(collection)) {
    group.unknown ??= collection.origin;
    return;
  }
  const { sensitive } = collection;
  try {
    for (const { key, value, step } of iterate(collection, forEach.value)) {
      context.budget.elements(BLOCK_COST);
      const source = { expression: forEach.value, context, path: [step] };
      const element = { key: asSensitive(key, sensitive), value: asSensitive(value, sensitive) };
      const inner = bindIterator(context, iterator, element, source);
      const refused = refusedLabel(labels, inner);
      if (refused !== null) report.add(refused);
      const made = evaluateBody(content.body, inner, report, false);
      group.blocks.push({ block: content, dynamic, content: sensitive ? sensitiveBody(made) : made });
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    report.add(error.diagnostic);
  }
}

function sensitiveBody(made: EvaluatedBody): EvaluatedBody {
  const attributes = Array.from(
    made.attributes,
    ([name, { attribute, value }]) => [name, { attribute, value: asSensitive(value, true) }] as const,
  );
  return { ...made, attributes: new Map(attributes) };
}

/** The arguments and blocks (all, or those with certain names) as one object; blocks are lists of objects. */
export function valueOfBody(
  { attributes, blocks, body }: EvaluatedBody,
  names: ReadonlySet<string> | null = null,
): Value {
  const entries: (readonly [string, Value])[] = [];
  for (const [name, { value }] of attributes) if (names?.has(name) !== false) entries.push([name, value]);
  for (const [type, group] of blocks)
    if (names?.has(type) !== false) entries.push([type, valueOfBlocks(group)]);
  return objectValue(entries, { kind: "absent", place: body });
}

export function valueOfBlocks({ blocks, unknown }: EvaluatedBlocks): Value {
  if (unknown !== null) return unknownValue(undefined, unknown);
  return tupleValue(blocks.map(({ content }) => valueOfBody(content)));
}
