import type { DocumentText } from "../../hcl/editing/document-text.ts";
import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { callFunction } from "../../hcl/functions/call.ts";
import { createBudget, FunctionError } from "../../hcl/functions/function.ts";
import { childrenOf, type SyntaxNode } from "../../hcl/syntax/nodes.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Expression, ObjectConstructor } from "../../hcl/syntax/syntax.ts";
import { type Origin, stringValue } from "../../hcl/values/value.ts";
import type { PathStep } from "../../json/path.ts";
import { ModuleScope } from "../evaluation/scope.ts";
import { relativePath } from "../source/snapshot.ts";
import { documentExpression } from "./document-tree.ts";

type DocumentOrigin = Extract<Origin, { kind: "document" }>;

/** So many mappings are looked through, those that are merged included. */
const MOST_LOOKED_THROUGH = 1_000_000;

/** Where values that were read from files stand in them. Each file is read once, however many values come out of it. */
export class DocumentPlaces {
  readonly #context: EvaluationContext;
  readonly #trees = new Map<string, Expression | null>();
  readonly #entries = new Map<ObjectConstructor, ReadonlyMap<string, Expression>>();
  #left = MOST_LOOKED_THROUGH;

  constructor(context: EvaluationContext) {
    this.#context = context;
  }

  /** The literals of a value's part of its file; null where that part is not found, or its place not certain. */
  rangesOf(origin: DocumentOrigin): readonly Range[] | null {
    if (origin.format === "text") return null;
    let at = this.#treeOf(origin);
    for (const step of origin.path) {
      if (at === null) return null;
      at = this.#child(at, step);
    }
    return at === null ? null : [...literalsIn(at)];
  }

  #treeOf(origin: DocumentOrigin): Expression | null {
    const key = `${origin.format} ${origin.file}`;
    const known = this.#trees.get(key);
    if (known !== undefined) return known;
    const document = readDocument(origin, this.#context);
    const { scope } = this.#context;
    const tree =
      document?.exact === true && document.text === document.text.normalize() && scope instanceof ModuleScope
        ? scope.documents.tree(document, documentExpression)
        : null;
    this.#trees.set(key, tree);
    return tree;
  }

  /** Of what is merged the last that has the step. */
  #child(parent: Expression, step: PathStep): Expression | null {
    const open = [parent];
    for (let node = open.pop(); node !== undefined && this.#left > 0; node = open.pop()) {
      this.#left -= 1;
      if (node.kind === "parentheses") open.push(node.inner);
      else if (node.kind === "call" && node.name === "merge")
        for (const each of node.arguments) open.push(each);
      else if (node.kind === "tuple") return node.items[Number(step)] ?? null;
      else if (node.kind === "object") {
        const found = this.#entriesOf(node).get(String(step));
        if (found !== undefined) return found;
      }
    }
    return null;
  }

  #entriesOf(object: ObjectConstructor): ReadonlyMap<string, Expression> {
    const known = this.#entries.get(object);
    if (known !== undefined) return known;
    const entries = new Map(object.items.map(({ key, value }) => [textOfKey(key), value]));
    this.#entries.set(object, entries);
    return entries;
  }
}

/** The keys of documents are texts without interpolations. */
function textOfKey(key: Expression): string {
  if (key.kind !== "template") return "";
  return key.parts.map((part) => (part.kind === "text" ? part.value : "")).join("");
}

/** The document that a value was read from; null where it is not there any more. */
export function readDocument(
  { file, format }: DocumentOrigin,
  context: EvaluationContext,
): DocumentText | null {
  const { scope, functions } = context;
  const reads = functions.get("file");
  if (!(scope instanceof ModuleScope) || reads === undefined) return null;
  try {
    const path = stringValue(relativePath(scope.root, file));
    const content = callFunction("file", reads, [path], createBudget(ONE_FILE));
    return content.kind === "string" ? scope.documents.file(file, content.value, format) : null;
  } catch (error) {
    if (error instanceof FunctionError) return null;
    throw error;
  }
}

/** It was read before, and is no more to be counted. */
const ONE_FILE = { steps: 1_000, elements: 1_000, text: Number.MAX_SAFE_INTEGER };

function* literalsIn(expression: SyntaxNode): Generator<SyntaxNode> {
  const open = [expression];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "template" || node.kind === "number" || node.kind === "unary") yield node;
    else open.push(...childrenOf(node));
  }
}
