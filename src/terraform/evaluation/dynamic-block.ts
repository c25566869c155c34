import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";
import type { Attribute, Block, Expression } from "../../hcl/syntax/syntax.ts";
import { ConversionError, convert } from "../../hcl/values/convert.ts";
import { STRING } from "../../hcl/values/type.ts";
import type { Report } from "../cells/report.ts";
import { attributeOf, blocksOf } from "../code/module.ts";

/** What a `dynamic` block says (https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks). */
export interface DynamicBlock {
  /** Of the blocks that it makes. */
  readonly type: string;
  readonly forEach: Attribute;
  /** The name of the element of which a block is made. */
  readonly iterator: string;
  readonly labels: readonly Expression[];
  readonly content: Block;
}

const ARGUMENTS = ["for_each", "iterator", "labels"];

/** What belongs to Terraform itself cannot be made. */
const NOT_MADE = new Set(["lifecycle", "provisioner", "connection"]);

/** Reads a `dynamic` block; null where that says no blocks, and all that is wrong with it is reported. */
export function readDynamic(block: Block, report: Report): DynamicBlock | null {
  const error = (message: string, range: Range) => report.add({ severity: "error", message, range });
  const [label, ...more] = block.labels;
  if (label === undefined || more.length > 0) {
    error("a dynamic block needs 1 label, the type of the blocks that it makes", block.typeRange);
    return null;
  }
  if (NOT_MADE.has(label.value)) {
    error(`${label.value} blocks cannot be dynamic`, block.typeRange);
    return null;
  }
  const forEach = attributeOf(block.body, "for_each");
  const [content, second] = blocksOf(block.body, "content");
  if (forEach === null || content === undefined) {
    error("a dynamic block needs for_each and a content block", block.typeRange);
    return null;
  }
  if (second !== undefined) error("a dynamic block has one content block", second.typeRange);
  for (const item of block.body.items) {
    const problem = strangeness(item);
    if (problem !== null) error(problem, item.kind === "attribute" ? item : item.typeRange);
  }
  return {
    type: label.value,
    forEach,
    iterator: iteratorOf(block, label.value, error),
    labels: labelsOf(block, error),
    content,
  };
}

function strangeness(item: Attribute | Block): string | null {
  if (item.kind === "block") {
    if (item.type === "content") return null;
    return `a dynamic block has no ${JSON.stringify(item.type)} block; nested blocks stand in its content`;
  }
  if (ARGUMENTS.includes(item.name)) return null;
  return `a dynamic block has no argument ${JSON.stringify(item.name)}${didYouMean(item.name, ARGUMENTS)}`;
}

function iteratorOf(block: Block, type: string, error: (message: string, range: Range) => void): string {
  const iterator = attributeOf(block.body, "iterator")?.value;
  if (iterator === undefined) return type;
  if (iterator.kind === "variable") return iterator.name;
  error("iterator needs a name alone, without quotes", iterator);
  return type;
}

function labelsOf(block: Block, error: (message: string, range: Range) => void): readonly Expression[] {
  const labels = attributeOf(block.body, "labels")?.value;
  if (labels === undefined) return [];
  if (labels.kind === "tuple") return labels.items;
  error("labels needs a list that is written out", labels);
  return [];
}

/**
 * The first label of a made block that Terraform would refuse: it needs texts that are known and may be seen.
 * @throws EvaluationError where one cannot be evaluated.
 */
export function refusedLabel(labels: readonly Expression[], context: EvaluationContext): Diagnostic | null {
  for (const label of labels) {
    const problem = labelProblem(label, context);
    if (problem !== null) return { severity: "error", message: `a label ${problem}`, range: label };
  }
  return null;
}

function labelProblem(label: Expression, context: EvaluationContext): string | null {
  try {
    const value = convert(evaluate(label, context), STRING);
    if (value.sensitive) return "cannot be sensitive";
    if (value.kind === "unknown") return "must be known before an apply";
    return value.kind === "null" ? "cannot be null" : null;
  } catch (error) {
    if (error instanceof ConversionError) return `must be a string: ${error.message}`;
    throw error;
  }
}
