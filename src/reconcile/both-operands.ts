import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import { writeEntry } from "../hcl/editing/write.ts";
import type { EvaluationContext } from "../hcl/evaluation/context.ts";
import type { Binary, Body, Expression } from "../hcl/syntax/syntax.ts";
import { parseSource } from "../terraform/source/parse-source.ts";
import { evaluatedOrNull } from "../terraform/tracing/branch.ts";
import { lastAttribute } from "./blocks.ts";
import type { Candidate } from "./candidate.ts";
import { spliceBetween } from "./compose.ts";
import type { Wanted } from "./wanted.ts";

/** Of two searches of which both results are needed, so many of each are tried with each other. */
const MOST_PAIRED = 4;

/** `a && b` is true once both are, `a || b` false: whether that is wanted, and neither is it yet. */
export function isNeededOfBoth(node: Expression, context: EvaluationContext, wanted: Wanted): node is Binary {
  const ofBoth = wanted === "absent" ? null : wanted.value;
  if (node.kind !== "binary" || typeof ofBoth !== "boolean") return false;
  if (node.operator !== (ofBoth ? "&&" : "||")) return false;
  return [node.left, node.right].every((operand) => {
    const value = evaluatedOrNull(operand, context);
    return value?.kind === "bool" && value.value !== ofBoth;
  });
}

/** Two edits as one. */
export interface Pair extends Candidate {
  readonly alone: boolean;
}

/** Each of the best on one side with each of the best on the other; none where the two best are in each other's way. */
export function pairsOf(left: readonly Candidate[], right: readonly Candidate[]): readonly Pair[] {
  const [ours, theirs] = [bestOf(left), bestOf(right)];
  const pairs = ours.flatMap((one) => theirs.map((other) => pairOf(one, other)));
  return pairs[0] === null ? [] : pairs.filter((pair) => pair !== null);
}

function bestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.cost - b.cost).slice(0, MOST_PAIRED);
}

function pairOf(one: Candidate, other: Candidate): Pair | null {
  const edits = standApart(one.edits, other.edits)
    ? [...one.edits, ...other.edits]
    : addedTogether(one, other);
  if (edits === null) return null;
  return { edits, cost: one.cost + other.cost, alone: one.alone === true || other.alone === true };
}

/** Whether edits do not move each other's lines: they are in other files, or all of words in their lines. */
function standApart(some: readonly Edit[], others: readonly Edit[]): boolean {
  const files = new Set(some.map(({ file }) => file));
  const near = others.some(({ file }) => files.has(file)) ? [...some, ...others] : [];
  return near.every(({ start, end, text }) => end > start && /^\S+$/.test(text));
}

/** Two lines that come to stand in the same place: the second is written behind the first. */
function addedTogether(one: Candidate, other: Candidate): readonly Edit[] | null {
  const { body } = one.added ?? {};
  if (body === undefined || other.added === undefined || other.added.body !== body) return null;
  const { file, start } = body;
  const { body: root } = parseSource({ path: file.path, text: applyEdits(file.text, one.edits) });
  const edited = bodiesIn(root).find((each) => each.start === start);
  const { name, value } = other.added;
  const edits = edited === undefined ? null : writeEntry(edited, name, value, lastAttribute(edited, name));
  return edits === null ? null : spliceBetween(file, applyEdits(root.file.text, edits));
}

function bodiesIn(body: Body): readonly Body[] {
  const inner = body.items.flatMap((item) => (item.kind === "block" ? bodiesIn(item.body) : []));
  return [body, ...inner];
}
