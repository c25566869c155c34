import { documentOf, writtenRange } from "../hcl/editing/document-text.ts";
import { childrenOf as childNodes, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import type { Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import { DocumentPlaces } from "../terraform/tracing/document-ranges.ts";
import { ComputedSecrets } from "./computed-secrets.ts";
import { isLiteral } from "./literal-text.ts";
import { OpenValues } from "./open-values.ts";
import { type SensitivePart, sensitiveParts } from "./sensitive-parts.ts";
import { withinBudget } from "./within-budget.ts";

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

/**
 * The literals behind everything that stacks mark as sensitive: of variables, locals, outputs and instances, also where
 * the state or a schema alone says so; but for those that are shown openly too (`Bond`). Secrets that are too short to be
 * looked for in texts are found by these places. Where the place of one in a document is not certain, that is the whole
 * file; where to look is too much, all files of the stack.
 */
export function sensitiveLiterals(evaluations: Iterable<Evaluation>): SensitiveLiterals {
  const spans = new Spans();
  for (const evaluation of evaluations) {
    const search = withinBudget(() => withWholeBudget(evaluation, () => new Search(evaluation, spans).run()));
    if (search === null) spans.addFiles(evaluation.files);
  }
  return spans.byFile();
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
  readonly #computed: ComputedSecrets;

  constructor(evaluation: Evaluation, spans: Spans) {
    this.#evaluation = evaluation;
    this.#spans = spans;
    this.#places = new DocumentPlaces(evaluation.root.context);
    this.#open = new OpenValues(evaluation);
    this.#computed = new ComputedSecrets(this.#open);
  }

  run(): this {
    for (const part of sensitiveParts(this.#evaluation))
      if (!this.#isOpen(part) && this.#isComputed(part.value)) this.#computed.add(part);
    this.#collectComputed();
    return this;
  }

  #isOpen(part: SensitivePart): boolean {
    if (part.bond === "own") return false;
    if (this.#open.isWhole(part)) return true;
    const origin = writtenOrigin(part.value);
    if (part.bond !== "made" || origin.kind !== "expression" || !isLiteral(origin.at)) return false;
    return this.#open.showsLiteral(origin.at);
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
    if (origin.kind !== "expression") return origin.kind === "computed" || value.kind === "unknown";
    for (const node of literalsIn(origin.at)) this.#spans.add(writtenRange(node));
    return !isLiteral(origin.at);
  }

  #collectComputed(): void {
    const { literals, files, complete } = this.#computed.find();
    this.#spans.addFiles(complete ? files : this.#evaluation.files);
    for (const literal of literals) {
      if (documentOf(literal) !== null) this.#addInDocument(literal);
      else for (const node of literalsIn(literal)) this.#spans.add(writtenRange(node));
    }
  }

  #addInDocument(literal: Expression): void {
    const written = placeOf(literal);
    if (written === null) this.#spans.addFiles([literal.file.path]);
    else this.#spans.add(written);
  }
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
