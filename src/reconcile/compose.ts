import { DocumentText } from "../hcl/editing/document-text.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { editsBetween } from "../hcl/editing/text-edits.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { SourceFile } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { parseSource } from "../terraform/source/parse-source.ts";
import { documentExpression } from "../terraform/tracing/document-tree.ts";
import { commonEnd, commonStart } from "./common-ends.ts";
import { wayTo, windowAround } from "./window.ts";

/** So often a node is edited at most. */
export const MOST_ROUNDS = 400;

/**
 * The edits that come of editing one node again and again: `next` says what else has to change, of the node as it is by
 * then, and nothing once it is right. Edits of neighbours touch each other (commas, alignment), so that they cannot all
 * be made at once. Null where `next` knows none, or never ends.
 */
export function editRepeatedly<Node extends Expression>(
  node: Node,
  next: (node: Node) => readonly Edit[] | null,
  trees = new RecentTrees(),
): readonly Edit[] | null {
  const { file, root, offset } = surroundingsOf(node, trees);
  const way = root === null ? null : wayTo(root, node, offset);
  if (root === null || way === null) return null;
  let current = follow(root, way);
  let first: readonly Edit[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (current?.kind !== node.kind) return null;
    const { text } = current.file;
    const edits = next(current as Node);
    if (edits === null) return null;
    if (edits.length === 0) return moved(round <= 1 ? first : editsTo(file, text), offset);
    if (round === 0) first = edits;
    const now = trees.of(edited(file, applyEdits(text, edits)));
    current = now === null ? undefined : follow(now, way);
  }
  return null;
}

/** What is parsed again with each edit: a document as a whole, of code the lines around the node. */
function surroundingsOf(
  node: Expression,
  trees: RecentTrees,
): {
  readonly file: SourceFile;
  readonly root: SyntaxNode | null;
  readonly offset: number;
} {
  const { file } = node;
  const isNative = !(file instanceof DocumentText) && !file.path.endsWith(".json");
  return (isNative ? windowAround(node) : null) ?? { file, root: trees.of(file), offset: 0 };
}

function moved(edits: readonly Edit[], offset: number): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, start: edit.start + offset, end: edit.end + offset }));
}

/** The one splice that makes a file another text: what both start and end with stays. */
export function spliceBetween({ path, text }: SourceFile, after: string): readonly Edit[] {
  if (text === after) return [];
  const start = commonStart(text, after);
  const tail = commonEnd(text, after, Math.min(text.length, after.length) - start);
  return [{ file: path, start, end: text.length - tail, text: after.slice(start, after.length - tail) }];
}

/** A document stays one; what a template computes in it is text from then on. */
function edited(file: SourceFile, text: string): SourceFile {
  return file instanceof DocumentText
    ? new DocumentText(file.path, text, file.format)
    : { path: file.path, text };
}

function rootOf(file: SourceFile): SyntaxNode | null {
  return file instanceof DocumentText ? documentExpression(file) : parseSource(file).body;
}

/** Where a part of a value is made right within the value, both read the same texts, one right after the other. */
const MOST_TREES = 4;

/** The trees of the texts that were read last. */
export class RecentTrees {
  #last: readonly { readonly file: SourceFile; readonly root: SyntaxNode | null }[] = [];

  of(file: SourceFile): SyntaxNode | null {
    const known = this.#last.find((each) => isSameText(each.file, file));
    if (known !== undefined) return known.root;
    const root = rootOf(file);
    this.#last = [{ file, root }, ...this.#last].slice(0, MOST_TREES);
    return root;
  }
}

/** A text that a template gives is one of its own, whatever it says. */
function isSameText(a: SourceFile, b: SourceFile): boolean {
  if (a === b) return true;
  if (a.path !== b.path || a.text !== b.text) return false;
  const [one, other] = [a, b].map((file) => (file instanceof DocumentText ? file : null));
  if (!one || !other) return one === other;
  return one.format === other.format && [one, other].every(({ written, exact }) => written === null && exact);
}

function editsTo(file: SourceFile, after: string): readonly Edit[] {
  return file instanceof DocumentText ? editsBetween(file, after) : spliceBetween(file, after);
}

function follow(root: SyntaxNode, way: readonly number[]): SyntaxNode | undefined {
  return way.reduce<SyntaxNode | undefined>(
    (at, index) => (at === undefined ? at : childrenOf(at)[index]),
    root,
  );
}
