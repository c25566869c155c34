import { DocumentText } from "../hcl/editing/document-text.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { editsBetween } from "../hcl/editing/text-edits.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { documentExpression } from "../terraform/tracing/document-tree.ts";

const MOST_ROUNDS = 400;

/**
 * What `editRepeatedly` does, in a document: its edits are those of the lines that differ, so that what a template
 * computes between them is kept.
 */
export function editDocument<Node extends Expression>(
  document: DocumentText,
  node: Node,
  next: (node: Node) => readonly Edit[] | null,
): readonly Edit[] | null {
  const root = documentExpression(document);
  const way = root === null ? null : wayTo(root, node);
  if (way === null) return null;
  let [current, text]: [Node, string] = [node, document.text];
  let first: readonly Edit[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const edits = next(current);
    if (edits === null) return null;
    if (edits.length === 0) return round <= 1 ? first : editsBetween(document, text);
    if (round === 0) first = edits;
    text = applyEdits(text, edits);
    // What a template computed is text from here on.
    const now = documentExpression(new DocumentText(document.path, text, document.format));
    const found = now === null ? undefined : follow(now, way);
    if (found?.kind !== node.kind) return null;
    current = found as Node;
  }
  return null;
}

/** Which child leads to the node, from the root inward. */
function wayTo(root: SyntaxNode, node: Expression): readonly number[] | null {
  const way: number[] = [];
  let at = root;
  while (at.start !== node.start || at.end !== node.end || at.kind !== node.kind) {
    const children = childrenOf(at);
    const index = children.findIndex((child) => child.start <= node.start && node.end <= child.end);
    const child = children[index];
    if (child === undefined) return null;
    way.push(index);
    at = child;
  }
  return way;
}

function follow(root: SyntaxNode, way: readonly number[]): SyntaxNode | undefined {
  return way.reduce<SyntaxNode | undefined>(
    (at, index) => (at === undefined ? at : childrenOf(at)[index]),
    root,
  );
}
