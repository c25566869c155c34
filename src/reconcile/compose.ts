import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { SourceFile } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { parseSource } from "../terraform/source/parse-source.ts";

const MOST_ROUNDS = 400;

/**
 * The edits that come of editing one node again and again: `next` says what else has to change, of the node as it is by
 * then, and nothing once it is right. Edits of neighbours touch each other (commas, alignment), so that they cannot all
 * be made at once. Null where `next` knows none, or never ends.
 */
export function editRepeatedly<Node extends Expression>(
  node: Node,
  next: (node: Node) => readonly Edit[] | null,
): readonly Edit[] | null {
  const way = wayTo(node);
  if (way === null) return null;
  let current = node;
  let first: readonly Edit[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const edits = next(current);
    if (edits === null) return null;
    if (edits.length === 0) return round <= 1 ? first : spliceBetween(node.file, current.file.text);
    if (round === 0) first = edits;
    const file = { path: node.file.path, text: applyEdits(current.file.text, edits) };
    const found = follow(parseSource(file).body, way);
    if (found?.kind !== node.kind) return null;
    current = found as Node;
  }
  return null;
}

/** The one splice that makes a file another text: what both start and end with stays. */
export function spliceBetween({ path, text }: SourceFile, after: string): readonly Edit[] {
  if (text === after) return [];
  const shorter = Math.min(text.length, after.length);
  let start = 0;
  while (start < shorter && text[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && text.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [{ file: path, start, end: text.length - tail, text: after.slice(start, after.length - tail) }];
}

/** Which child leads to the node, from the file's body inward. */
function wayTo(node: Expression): readonly number[] | null {
  const way: number[] = [];
  let at: SyntaxNode = parseSource(node.file).body;
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

function follow(body: SyntaxNode, way: readonly number[]): SyntaxNode | undefined {
  return way.reduce<SyntaxNode | undefined>(
    (at, index) => (at === undefined ? at : childrenOf(at)[index]),
    body,
  );
}
