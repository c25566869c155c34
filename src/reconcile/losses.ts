import { documentOf } from "../hcl/editing/document-text.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { referencesIn } from "../hcl/evaluation/references.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import { textOf } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";

/** What is computed in an expression, and would not be any more with edits made. */
export interface Losses {
  /** How many references, calls and `for` expressions. */
  readonly count: number;
  /** Those references of which no value is known, as they are written: nobody can say that they are wrong. */
  readonly unknown: readonly string[];
  /** Whether instances of one block, or of one module, are told apart by it. */
  readonly ofInstance: boolean;
}

const OF_INSTANCE = /^(?:each|count)\./;

const NOTHING: Losses = { count: 0, unknown: [], ofInstance: false };

/** What edits of an expression take away. In documents nothing is computed but by the template around them. */
export function lossesOf({ expression, context }: Located, edits: readonly Edit[]): Losses {
  const { file, start, end } = expression;
  if (documentOf(expression) !== null) return NOTHING;
  const own = edits.filter((edit) => edit.file === file.path && start <= edit.start && edit.end <= end);
  const within = own.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  const after = applyEdits(file.text.slice(start, end), within);
  const lost = [...Map.groupBy(computedIn(expression), ({ written }) => written)].flatMap(
    ([written, nodes]) => nodes.slice(after.split(written).length - 1),
  );
  const unknown = lost.filter(({ node }) => node !== null && isUnknown(node, context));
  const ofInstance = lost.some(({ written }) => OF_INSTANCE.test(written));
  return { count: lost.length, unknown: unknown.map(({ written }) => written), ofInstance };
}

/** The references of an expression of which no value is known, as they are written. */
export function unknownReferences({ expression, context }: Located): readonly string[] {
  if (documentOf(expression) !== null) return [];
  return computedIn(expression).flatMap(({ written, node }) =>
    node !== null && isUnknown(node, context) ? [written] : [],
  );
}

interface Computed {
  readonly written: string;
  /** Of a reference. */
  readonly node: Expression | null;
}

function computedIn(expression: Expression): readonly Computed[] {
  const references = referencesIn(expression).map(({ root, steps }) => {
    const node = steps.at(-1) ?? root;
    return { written: textOf({ ...node, start: root.start }), node };
  });
  const found: Computed[] = [...references];
  const open: SyntaxNode[] = [expression];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "call") found.push({ written: `${next.name}(`, node: null });
    if (next.kind === "for")
      found.push({ written: textOf({ ...next, end: next.collection.end }), node: null });
    open.push(...childrenOf(next));
  }
  return found;
}

function isUnknown(node: Expression, context: Located["context"]): boolean {
  const value = evaluatedOrNull(node, context);
  return value?.kind === "unknown";
}
