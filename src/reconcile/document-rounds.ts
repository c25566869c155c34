import { DocumentText } from "../hcl/editing/document-text.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { editsBetween } from "../hcl/editing/text-edits.ts";
import { childrenOf, type SyntaxNode } from "../hcl/syntax/nodes.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { canonicalJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { documentExpression } from "../terraform/tracing/document-tree.ts";
import { wayTo } from "./window.ts";

const MOST_ROUNDS = 400;

/** So many characters are read again at most for one change. */
const MOST_READ = 2_000_000;

/** Whether a change of a part of a document takes too many rounds: that part is written anew as a whole then. */
export function takesTooLong(document: DocumentText, current: Json, wanted: Json): boolean {
  const most = Math.min(MOST_ROUNDS - 1, Math.floor(MOST_READ / Math.max(1, document.text.length)));
  return roundsFor(current, wanted, Math.max(1, most)) > most;
}

/** How many edits make one value another; parts that take more than `most` are written anew, which is one. */
function roundsFor(current: Json, wanted: Json, most: number): number {
  if (isJsonObject(current) && isJsonObject(wanted)) {
    const names = new Set([...Object.keys(current), ...Object.keys(wanted)]);
    let rounds = 0;
    for (const name of names) {
      const [before, after] = [own(current, name), own(wanted, name)];
      const inner = before === undefined || after === undefined ? 1 : roundsFor(before, after, most);
      rounds += inner > most ? 1 : inner;
    }
    return rounds;
  }
  if (isJsonArray(current) && isJsonArray(wanted)) {
    const left = new Map<string, number>();
    for (const item of current) count(left, item, 1);
    for (const item of wanted) count(left, item, -1);
    let [gone, come] = [0, 0];
    for (const number of left.values()) {
      gone += Math.max(0, number);
      come += Math.max(0, -number);
    }
    return Math.max(gone, come);
  }
  return canonicalJson(current) === canonicalJson(wanted) ? 0 : 1;
}

function count(left: Map<string, number>, item: Json, change: number): void {
  const text = canonicalJson(item);
  left.set(text, (left.get(text) ?? 0) + change);
}

function own(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

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
  const way = root === null ? null : wayTo(root, node, 0);
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

function follow(root: SyntaxNode, way: readonly number[]): SyntaxNode | undefined {
  return way.reduce<SyntaxNode | undefined>(
    (at, index) => (at === undefined ? at : childrenOf(at)[index]),
    root,
  );
}
