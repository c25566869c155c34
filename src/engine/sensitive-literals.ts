import { writtenRange } from "../hcl/editing/document-text.ts";
import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import { childrenOf as childNodes, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Range } from "../hcl/syntax/source.ts";
import { writtenOrigin } from "../hcl/values/convert.ts";
import { childrenOf, type Origin, type Value } from "../hcl/values/value.ts";
import { valueOfBody } from "../terraform/evaluation/evaluated-body.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import { documentRanges } from "../terraform/tracing/document-ranges.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";

/** Where a literal stands in its file: UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** By file, in the order of the file, the literals that sensitive values are written as. They do not overlap. */
export type SensitiveLiterals = ReadonlyMap<string, readonly Span[]>;

/**
 * The literals behind everything that stacks mark as sensitive: of variables, locals, outputs and instances, also where
 * the state alone says so. Secrets that are too short to be looked for in texts are found by these places.
 */
export function sensitiveLiterals(evaluations: Iterable<Evaluation>): SensitiveLiterals {
  const found = new Map<string, Map<number, Span>>();
  for (const evaluation of evaluations) {
    for (const value of sensitiveValues(evaluation)) collect(value, evaluation, found);
  }
  return new Map([...found].map(([path, spans]) => [path, withoutOverlaps([...spans.values()])]));
}

function* sensitiveValues(evaluation: Evaluation): Generator<Value> {
  for (const instance of evaluation.instances.values()) {
    const { sensitive } = instance.content.written();
    if (sensitive.length === 0) continue;
    const body = valueOfBody(instance.body());
    for (const path of sensitive) {
      const value = valueAt(body, path);
      if (value !== null) yield value;
    }
  }
  for (const module of modulesFrom(evaluation.root)) {
    for (const node of module.named()) {
      const value = valueOrNull(() => node.value());
      if (value !== null) yield* marked(value);
    }
  }
}

/** What costs more than evaluation may was not evaluated for the instances either. */
function valueOrNull(evaluate: () => Value): Value | null {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof RangeError) return null;
    throw error;
  }
}

/** The parts of a value that are marked, outermost first. */
function* marked(value: Value): Generator<Value> {
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.sensitive) yield next;
    else open.push(...childrenOf(next));
  }
}

function collect(sensitive: Value, { root }: Evaluation, into: Map<string, Map<number, Span>>): void {
  const open = [sensitive];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const children = [...childrenOf(value)];
    open.push(...children);
    const origin = writtenOrigin(value);
    if (children.length > 0) continue;
    for (const { file, start, end } of rangesOf(origin, root.context)) {
      const spans = into.get(file.path) ?? new Map<number, Span>();
      into.set(file.path, spans);
      if ((spans.get(start)?.end ?? start) < end) spans.set(start, { start, end });
    }
  }
}

function* rangesOf(origin: Origin, context: EvaluationContext): Generator<Range> {
  if (origin.kind === "document") yield* documentRanges(origin, context);
  else if (origin.kind === "expression") for (const node of literalsIn(origin.at)) yield writtenRange(node);
}

function* literalsIn(expression: SyntaxNode): Generator<SyntaxNode> {
  const open = [expression];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "template" || node.kind === "number") yield node;
    else open.push(...childNodes(node));
  }
}

/** Of spans inside of others, the outer ones. */
function withoutOverlaps(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  }
  return kept;
}
