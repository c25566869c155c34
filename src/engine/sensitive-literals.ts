import { documentOf, writtenRange } from "../hcl/editing/document-text.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import { childrenOf as childNodes, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { printNumber } from "../hcl/values/number.ts";
import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import type { Path, PathStep } from "../json/path.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import { valueOfBody } from "../terraform/evaluation/evaluated-body.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import { decidingParts } from "../terraform/tracing/deciding.ts";
import { DocumentPlaces } from "../terraform/tracing/document-ranges.ts";
import { whereabouts } from "../terraform/tracing/trace.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";

/** Where a literal stands in its file: UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Something in it is secret, and its place in it is not known. */
  readonly uncertain?: boolean;
}

/** By file, in the order of the file, the literals that sensitive values are written as. They do not overlap. */
export type SensitiveLiterals = ReadonlyMap<string, readonly Span[]>;

/** A whole file. */
const EVERYTHING: Span = { start: 0, end: Number.MAX_SAFE_INTEGER, uncertain: true };

/** So many places of a stack are looked at for where computed secrets come from. */
const MOST_PLACES = 50_000;

/**
 * The literals behind everything that stacks mark as sensitive: of variables, locals, outputs and instances, also where
 * the state alone says so. Secrets that are too short to be looked for in texts are found by these places. Where the
 * place of one in a document is not certain, that is the whole file; where to look is too much, all files of the stack.
 */
export function sensitiveLiterals(evaluations: Iterable<Evaluation>): SensitiveLiterals {
  const spans = new Spans();
  for (const evaluation of evaluations) {
    try {
      withWholeBudget(evaluation, () => new Search(evaluation, spans).run());
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      spans.addFiles(evaluation.files);
    }
  }
  return spans.byFile();
}

function isTooMuch(error: unknown): boolean {
  return error instanceof BudgetExceeded || error instanceof RangeError;
}

class Spans {
  readonly #found = new Map<string, Map<number, Span>>();

  add({ file, start, end }: Range): void {
    this.#add(file.path, { start, end });
  }

  addFiles(paths: Iterable<string>): void {
    for (const path of paths) this.#add(path, EVERYTHING);
  }

  #add(path: string, span: Span): void {
    const spans = this.#found.get(path) ?? new Map<number, Span>();
    this.#found.set(path, spans);
    if ((spans.get(span.start)?.end ?? span.start) < span.end) spans.set(span.start, span);
  }

  byFile(): SensitiveLiterals {
    return new Map([...this.#found].map(([path, spans]) => [path, withoutOverlaps([...spans.values()])]));
  }
}

/** A part of a value. */
interface Part {
  readonly value: Value;
  readonly path: Path;
  /** The path ends at a set that the part is in. */
  readonly settled: boolean;
}

/** A part that is marked, and where what is at a path comes from; null where no expression gives it. */
interface Marked extends Part {
  readonly located: (path: Path) => Located | null;
}

class Search {
  readonly #evaluation: Evaluation;
  readonly #spans: Spans;
  readonly #places: DocumentPlaces;
  readonly #computed: Located[] = [];
  readonly #texts = new Set<string>();

  constructor(evaluation: Evaluation, spans: Spans) {
    this.#evaluation = evaluation;
    this.#spans = spans;
    this.#places = new DocumentPlaces(evaluation.root.context);
  }

  run(): void {
    for (const marked of markedIn(this.#evaluation)) this.#collect(marked);
    this.#collectComputed();
  }

  #collect({ located, ...marked }: Marked): void {
    const open: Part[] = [marked];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { value, path } = next;
      const parts = partsOf(next);
      for (const part of parts) open.push(part);
      const text = textOf(value);
      if (text === null || !this.#isComputed(value)) continue;
      this.#texts.add(text);
      const place = located(path);
      if (place !== null) this.#computed.push(place);
    }
  }

  /** Notes where a value is written. Whether something takes part in it that is not found so. */
  #isComputed(value: Value): boolean {
    const origin = writtenOrigin(value);
    if (origin.kind === "document") {
      const ranges = this.#places.rangesOf(origin);
      if (ranges === null) this.#spans.addFiles([origin.file]);
      for (const range of ranges ?? []) this.#spans.add(range);
      return false;
    }
    if (origin.kind !== "expression") return origin.kind === "computed";
    for (const node of literalsIn(origin.at)) this.#spans.add(writtenRange(node));
    return !isLiteral(origin.at);
  }

  /** What is read from documents on the way to values that are computed. */
  #collectComputed(): void {
    const { inputs, files } = this.#evaluation;
    const { literals, files: whole, complete } = decidingParts(this.#computed, inputs.root, MOST_PLACES);
    this.#spans.addFiles(complete ? whole : files);
    for (const literal of literals) {
      if (documentOf(literal) !== null) this.#addInDocument(literal);
      else if (this.#isSecret(literal)) this.#spans.add(literal);
    }
  }

  #addInDocument(literal: Expression): void {
    const written = placeOf(literal);
    if (written === null) this.#spans.addFiles([literal.file.path]);
    else this.#spans.add(written);
  }

  /** Whether a text of the code is a secret, blanks aside. */
  #isSecret(node: Expression): boolean {
    if (node.kind !== "template") return false;
    const texts = node.parts.map((part) => (part.kind === "text" ? part.value : ""));
    return this.#texts.has(texts.join("").trim());
  }
}

function* markedIn(evaluation: Evaluation): Generator<Marked> {
  for (const instance of evaluation.instances.values()) {
    const { sensitive } = instance.content.written();
    if (sensitive.length === 0) continue;
    const body = valueOfBody(instance.body());
    const located = (path: Path) => {
      const place = whereabouts(instance, path);
      return place.kind === "argument" ? place.located : null;
    };
    for (const path of sensitive) {
      const value = valueAt(body, path);
      if (value !== null) yield { value, ...orderedPath(body, path), located };
    }
  }
  for (const module of modulesFrom(evaluation.root)) {
    for (const node of module.named()) {
      const value = valueOrNull(() => node.value());
      if (value === null) continue;
      const located = (path: Path) => {
        const definition = node.definition()?.located;
        return definition === undefined ? null : { ...definition, path: [...definition.path, ...path] };
      };
      for (const part of markedParts(value)) yield { ...part, located };
    }
  }
}

/** What costs more than evaluation may was not evaluated for the instances either. */
function valueOrNull(evaluate: () => Value): Value | null {
  try {
    return evaluate();
  } catch (error) {
    if (isTooMuch(error)) return null;
    throw error;
  }
}

/** The parts of a value that are marked, outermost first. */
function* markedParts(value: Value): Generator<Part> {
  const open: Part[] = [{ value, path: [], settled: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.value.sensitive) yield next;
    else for (const part of partsOf(next)) open.push(part);
  }
}

function partsOf({ value, path, settled }: Part): Part[] {
  const stay = settled || value.kind === "set";
  const at = (step: PathStep) => (stay ? path : [...path, step]);
  if (isMapping(value))
    return [...value.entries].map(([key, each]) => ({ value: each, path: at(key), settled: stay }));
  if (!isSequence(value)) return [];
  return value.items.map((each, index) => ({ value: each, path: at(index), settled: stay }));
}

/** A path as far as it leads through no set: in what is written, the elements of one have another order. */
function orderedPath(value: Value, path: Path): { readonly path: Path; readonly settled: boolean } {
  let at: Value | null = value;
  for (const [index, step] of path.entries()) {
    if (at?.kind === "set") return { path: path.slice(0, index), settled: true };
    at = at === null ? null : valueAt(at, [step]);
  }
  return { path, settled: false };
}

function textOf(value: Value): string | null {
  if (value.kind === "number") return printNumber(value.value);
  return value.kind === "string" && value.value.trim() !== "" ? value.value.trim() : null;
}

function isLiteral(node: Expression): boolean {
  if (node.kind === "template") return node.parts.every((part) => part.kind === "text");
  if (node.kind === "unary") return node.operand.kind === "number";
  return node.kind === "number" || node.kind === "keyword";
}

/** Where a place in a document is written; null where that is not certain. */
function placeOf(range: Range): Range | null {
  const document = documentOf(range);
  if (document === null) return range;
  const { written, exact } = document;
  if (written === null) return exact ? range : null;
  const place = written.rangeOf(range.start, range.end);
  return place === null ? null : placeOf({ file: written.file, ...place });
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
