import { documentOf, writtenRange } from "../hcl/editing/document-text.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { BudgetExceeded } from "../hcl/functions/function.ts";
import { childrenOf as childNodes, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import type { Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import { decidingParts } from "../terraform/tracing/deciding.ts";
import { DocumentPlaces } from "../terraform/tracing/document-ranges.ts";
import { OpenValues } from "./open-values.ts";
import { type SensitivePart, sensitiveParts } from "./sensitive-parts.ts";

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
 * the state or a schema alone says so; but for those that are shown openly too (`Bond`). Secrets that are too short to be looked for in texts are found by these places. Where the
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

class Search {
  readonly #evaluation: Evaluation;
  readonly #spans: Spans;
  readonly #places: DocumentPlaces;
  readonly #open: OpenValues;
  readonly #computed: Record<"kept" | "made", Computed>;

  constructor(evaluation: Evaluation, spans: Spans) {
    this.#evaluation = evaluation;
    this.#spans = spans;
    this.#places = new DocumentPlaces(evaluation.root.context);
    this.#open = new OpenValues(evaluation);
    this.#computed = { kept: { places: [], texts: new Set() }, made: { places: [], texts: new Set() } };
  }

  run(): void {
    for (const part of sensitiveParts(this.#evaluation)) this.#collect(part);
    this.#collectComputed(this.#computed.kept, () => false);
    this.#collectComputed(this.#computed.made, (literal) => this.#open.isPart(literal));
  }

  #collect(part: SensitivePart): void {
    const { text, value, bond } = part;
    if (this.#isOpen(part) || !this.#isComputed(value)) return;
    const { places, texts } = this.#computed[bond === "made" ? "made" : "kept"];
    texts.add(text);
    const place = part.located();
    if (place !== null) places.push(place);
  }

  #isOpen(part: SensitivePart): boolean {
    const { text, value, bond } = part;
    if (bond === "own") return false;
    if (this.#open.isWhole(part)) return true;
    const origin = writtenOrigin(value);
    if (bond !== "made" || origin.kind !== "expression" || !isLiteral(origin.at)) return false;
    return this.#open.isWithin(text) && this.#open.isPart(origin.at);
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
  #collectComputed({ places, texts }: Computed, isOpen: (literal: Expression) => boolean): void {
    const { inputs, files } = this.#evaluation;
    const { literals, files: whole, complete } = decidingParts(places, inputs.root, MOST_PLACES);
    this.#spans.addFiles(complete ? whole : files);
    for (const literal of literals) {
      const isInDocument = documentOf(literal) !== null;
      if (!isInDocument && !isOneOf(texts, literal)) continue;
      if (isOpen(literal)) continue;
      if (isInDocument) this.#addInDocument(literal);
      else this.#spans.add(literal);
    }
  }

  #addInDocument(literal: Expression): void {
    const written = placeOf(literal);
    if (written === null) this.#spans.addFiles([literal.file.path]);
    else this.#spans.add(written);
  }
}

/** Values that are computed, and where they come from. */
interface Computed {
  readonly places: Located[];
  readonly texts: Set<string>;
}

/** Whether a text of the code is one of the texts, blanks aside. */
function isOneOf(texts: ReadonlySet<string>, node: Expression): boolean {
  if (node.kind !== "template") return false;
  const parts = node.parts.map((part) => (part.kind === "text" ? part.value : ""));
  return texts.has(parts.join("").trim());
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
