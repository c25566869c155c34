import { bindIterator, type EvaluationContext, EvaluationError } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { iterate } from "../../hcl/evaluation/iterate.ts";
import { BudgetExceeded } from "../../hcl/functions/function.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Body, Expression } from "../../hcl/syntax/syntax.ts";
import { sizeOf } from "../../hcl/values/summary.ts";
import {
  asSensitive,
  isUnknownOrOpen,
  type ObjectValue,
  type Origin,
  objectValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { diagnosticOf, type Report } from "../cells/report.ts";
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

interface Group {
  readonly blocks: EvaluatedBlock[];
  unknown: Origin | null;
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
    const diagnostic = diagnosticOf(error, report, null);
    report.add(diagnostic);
    return unknownBody(body, context, { kind: "failed", diagnostic });
  }
}

/**
 * Reports why something has no value.
 * @throws the error where it is about more than that.
 */
function failedBy(error: unknown, report: Report, at: Range): Origin {
  if (error instanceof BudgetExceeded && error.isWhole) throw error;
  const diagnostic = diagnosticOf(error, report, at);
  report.add(diagnostic);
  return { kind: "failed", diagnostic };
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
  let blocks: Map<string, Group> | null = null;
  const contents = before === null ? NO_CONTENTS : writtenContents(before);
  for (const item of body.items) {
    if (item.kind === "attribute") {
      if (top && META_ARGUMENTS.has(item.name)) continue;
      const known = before?.attributes.get(item.name);
      const kept = known?.attribute === item && isWrittenOut(item.value) ? known : null;
      attributes.set(item.name, kept ?? { attribute: item, value: reported(item, context, report, top) });
    } else if (!(top && META_BLOCKS.has(item.type))) {
      blocks ??= new Map();
      addBlock(item, blocks, { context, report, top, known: contents.get(item) });
    }
  }
  return { body, context, attributes, blocks: blocks ?? NO_BLOCKS };
}

interface Surroundings {
  readonly context: EvaluationContext;
  readonly report: Report;
  /** The block stands in a resource itself, and has a share of its own of the budget. */
  readonly top: boolean;
  /** What was in it before. */
  readonly known: EvaluatedBody | undefined;
}

/** Adds a nested block, or those that a `dynamic` one makes, to the others of the type. */
function addBlock(
  block: Block,
  blocks: Map<string, Group>,
  { context, report, top, known }: Surroundings,
): void {
  const isDynamic = block.type === "dynamic";
  const group = groupOf(isDynamic ? (block.labels[0]?.value ?? "") : block.type, blocks);
  const add = () => {
    if (isDynamic) expandDynamic(block, context, report, group);
    else {
      const content = evaluateBody(block.body, context, report, false, known);
      group.blocks.push({ block, dynamic: null, content });
    }
  };
  try {
    if (top) context.budget.share(add);
    else add();
  } catch (error) {
    if (!top) throw error;
    group.unknown ??= failedBy(error, report, block.typeRange);
  }
}

function groupOf(type: string, blocks: Map<string, Group>): Group {
  const known = blocks.get(type);
  if (known !== undefined) return known;
  const group = { blocks: [], unknown: null };
  blocks.set(type, group);
  return group;
}

/** Most bodies have no blocks, and share that they have none. */
const NO_BLOCKS: ReadonlyMap<string, Group> = new Map();

const NO_CONTENTS: ReadonlyMap<Block, EvaluatedBody> = new Map();

/** What is in the nested blocks that are written out. */
function writtenContents({ blocks }: EvaluatedBody): ReadonlyMap<Block, EvaluatedBody> {
  const contents = new Map<Block, EvaluatedBody>();
  for (const group of blocks.values())
    for (const { block, dynamic, content } of group.blocks)
      if (dynamic === null) contents.set(block, content);
  return contents;
}

/** Whether an expression has the same value wherever it is evaluated. */
function isWrittenOut(node: Expression): boolean {
  if (node.kind === "template") return node.parts.every(({ kind }) => kind === "text");
  return node.kind === "number" || node.kind === "keyword";
}

/** A value that many arguments hold is written down as often. */
function held(value: Value, { budget }: EvaluationContext): Value {
  const size = sizeOf(value);
  if (size > LARGE) budget.instances(Math.floor(size / 2));
  return value;
}

/** `top`: the argument stands in a resource itself, and has a share of its own of the budget. */
function reported(attribute: Attribute, context: EvaluationContext, report: Report, top: boolean): Value {
  const { value } = attribute;
  try {
    return top
      ? context.budget.share(() => held(evaluate(value, context), context))
      : evaluate(value, context);
  } catch (error) {
    if (error instanceof BudgetExceeded && !top) throw error.at(value);
    return unknownValue(undefined, failedBy(error, report, value));
  }
}

/** Values of less than so many parts cost what their instance costs. */
const LARGE = 1000;

/** What a block of a `dynamic` one costs, in elements of collections. */
const BLOCK_COST = 20;

/** The blocks that a `dynamic` one makes. Of a sensitive collection everything that they say is sensitive. */
function expandDynamic(dynamic: Block, context: EvaluationContext, report: Report, group: Group): void {
  const read = readDynamic(dynamic, report);
  if (read === null) return;
  const { forEach, iterator, labels, content } = read;
  const collection = reported(forEach, context, report, false);
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
): ObjectValue {
  const entries: (readonly [string, Value])[] = [];
  for (const [name, { value }] of attributes) if (names?.has(name) !== false) entries.push([name, value]);
  for (const [type, group] of blocks)
    if (names?.has(type) !== false) entries.push([type, valueOfBlocks(group)]);
  return objectValue(entries, { kind: "absent", place: body });
}

function valueOfBlocks({ blocks, unknown }: EvaluatedBlocks): Value {
  if (unknown !== null) return unknownValue(undefined, unknown);
  return tupleValue(blocks.map(({ content }) => valueOfBody(content)));
}
