import { type DocumentText, writtenRange } from "../../hcl/editing/document-text.ts";
import type { EvaluationContext, Located } from "../../hcl/evaluation/context.ts";
import { callFunction } from "../../hcl/functions/call.ts";
import { createBudget, FunctionError } from "../../hcl/functions/function.ts";
import { childrenOf, type SyntaxNode } from "../../hcl/syntax/nodes.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import { type Origin, stringValue } from "../../hcl/values/value.ts";
import { ModuleScope } from "../evaluation/scope.ts";
import { relativePath } from "../source/snapshot.ts";
import { branchesOf } from "./branches.ts";
import { documentExpression } from "./document-tree.ts";

type DocumentOrigin = Extract<Origin, { kind: "document" }>;

const MOST_HOPS = 200;

/**
 * Where a value that was read from a file stands in it: the literals of its part, or the whole file where that part is
 * not found. None for a file that was not read.
 */
export function documentRanges(origin: DocumentOrigin, context: EvaluationContext): readonly Range[] {
  const { scope } = context;
  const document = readDocument(origin, context);
  if (document === null || !(scope instanceof ModuleScope)) return [];
  const whole = { file: document, start: 0, end: document.text.length };
  const tree = scope.documents.tree(document, documentExpression);
  if (tree === null || origin.format === "text") return [whole];
  let at: Located = { expression: tree, context: { ...context, names: null }, path: origin.path };
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const next = branchesOf(at).find(({ carries }) => carries);
    if (next === undefined) break;
    at = next.to;
  }
  return at.path.length > 0 ? [whole] : [...literalsIn(at.expression)].map(writtenRange);
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
