import { DocumentText, documentOf, writtenBy } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { reorderItems } from "../hcl/editing/reorder.ts";
import { editsBetween } from "../hcl/editing/text-edits.ts";
import {
  eraseElement,
  eraseItem,
  writeElement,
  writeEntry,
  writeTemplateText,
  writeValue,
} from "../hcl/editing/write.ts";
import type { EvaluationContext, Located } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import type {
  Expression,
  ObjectConstructor,
  Template,
  TemplatePart,
  TupleConstructor,
} from "../hcl/syntax/syntax.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import { keyText } from "../terraform/tracing/branch.ts";
import { isOnOtherBranch } from "../terraform/tracing/directive-branches.ts";
import { type TakenParts, takenParts } from "../terraform/tracing/template-texts.ts";
import { editRepeatedly } from "./compose.ts";
import { rewriteHeredoc } from "./heredoc.ts";
import { likeLiteral, likeSiblings } from "./like-siblings.ts";
import { nextInAnyOrder, nextInOrder } from "./list-steps.ts";
import { RewritingWork } from "./rewriting-work.ts";
import { IN_ANY_ORDER, IN_ORDER, means } from "./wanted.ts";

/** In which order elements of lists are to stand: those that are right as they do now, or all as they are wanted. */
export type Order = "kept" | "wanted";

/**
 * The edits of an expression itself that make it say what is wanted: a literal is replaced, a list or object keeps the
 * elements that are right already, a template its interpolations. What takes more than the work that is left is written
 * anew as a whole. Null where the expression computes its value.
 */
export function rewrite(
  { expression, context, path }: Located,
  wanted: Json,
  order: Order = "kept",
  work = new RewritingWork(),
): readonly Edit[] | null {
  return path.length > 0 ? null : rewriteExpression(expression, context, wanted, { order, work });
}

interface Manner {
  readonly order: Order;
  readonly work: RewritingWork;
}

function rewriteExpression(
  node: Expression,
  context: EvaluationContext,
  wanted: Json,
  manner: Manner,
): readonly Edit[] | null {
  const { work } = manner;
  switch (node.kind) {
    case "number":
    case "keyword":
      return replaceLiteral(node, wanted);
    case "template":
      return rewriteTemplate(node, context, wanted);
    case "unary":
      return node.operand.kind === "number" ? replaceLiteral(node, wanted) : null;
    case "tuple":
      return isJsonArray(wanted)
        ? inRounds(node, context, wanted, work, (current) => nextOfTuple(current, context, wanted, manner))
        : replaceLiteral(node, wanted);
    case "object":
      return isJsonObject(wanted)
        ? inRounds(node, context, wanted, work, (current) => nextOfObject(current, context, wanted, manner))
        : replaceLiteral(node, wanted);
    case "parentheses":
      return isAlias(node)
        ? replaceLiteral(node, wanted)
        : rewriteExpression(node.inner, context, wanted, manner);
    default:
      return null;
  }
}

function inRounds<Node extends Expression>(
  node: Node,
  context: EvaluationContext,
  wanted: Json,
  work: RewritingWork,
  next: (node: Node) => readonly Edit[] | null,
): readonly Edit[] | null {
  return work.spend(
    node,
    plainOf(node, context),
    wanted,
    () => editRepeatedly(node, next, work.trees),
    () => replaceLiteral(node, wanted),
  );
}

/** An alias in a document of YAML as a value of its own. Null for anything else. */
export function rewriteAlias({ expression, path }: Located, wanted: Json): readonly Edit[] | null {
  return path.length === 0 && isAlias(expression) ? replaceLiteral(expression, wanted) : null;
}

function isAlias(node: Expression): boolean {
  return node.kind === "parentheses" && documentOf(node)?.format === "yaml";
}

/** A heredoc as a quoted string, for what a heredoc cannot say. Null for anything else. */
export function rewriteAsText({ expression, path }: Located, wanted: Json): readonly Edit[] | null {
  if (path.length > 0 || expression.kind !== "template" || expression.form === "quoted") return null;
  return expression.parts.every((part) => part.kind === "text") ? replaceLiteral(expression, wanted) : null;
}

/**
 * A text with interpolations as a plain text, for a value of which the interpolated part is what changed: it no longer
 * follows that part. Null for anything else: a text that chooses or repeats is more than what it gives now.
 */
export function rewriteWithoutInterpolation(
  { expression, path }: Located,
  wanted: Json,
): readonly Edit[] | null {
  if (path.length > 0 || expression.kind !== "template" || typeof wanted !== "string") return null;
  const mixed = expression.parts.length > 1 && expression.parts.some((part) => part.kind !== "text");
  if (documentOf(expression)?.format === "template" || hasDirectives(expression)) return null;
  return mixed && expression.form === "quoted" ? replaceLiteral(expression, wanted) : null;
}

/** Whether edits put text where a template has none, beside what is filled in or repeated. */
export function isBesidePart({ expression }: Located, edits: readonly Edit[] | null): boolean {
  if (expression.kind !== "template" || edits === null) return false;
  const parts = expression.parts.flatMap(withBranches);
  const borders = ({ start, end }: Edit, ...kinds: readonly TemplatePart["kind"][]) =>
    start === end &&
    parts.some((part) => kinds.includes(part.kind) && (part.start === end || part.end === end));
  return edits.some((edit) => borders(edit, "interpolation", "for-directive") && !borders(edit, "text"));
}

/** A part, and those of both branches of an `%{ if }`. */
function withBranches(part: TemplatePart): readonly TemplatePart[] {
  return part.kind === "if" ? [...part.then, ...part.else].flatMap(withBranches) : [part];
}

/** Numbers and booleans that the code writes as text stay text, and the other way round where that says the same. */
function replaceLiteral(node: Expression, wanted: Json): readonly Edit[] | null {
  return writeValue(node, likeLiteral(node, wanted));
}

function rewriteTemplate(node: Template, context: EvaluationContext, wanted: Json): readonly Edit[] | null {
  if (node.parts.every((part) => part.kind === "text")) {
    const kept = node.form !== "quoted" && typeof wanted === "string" ? rewriteHeredoc(node, wanted) : null;
    return kept ?? replaceLiteral(node, wanted);
  }
  const taken = typeof wanted === "string" ? takenParts(node, context) : null;
  if (typeof wanted !== "string" || taken === null) return null;
  if (isOnOtherBranch({ expression: node, context }, wanted)) return null;
  const isOfLines = node.form !== "quoted" || documentOf(node)?.format === "template";
  return isOfLines || hasDirectives(node)
    ? rewriteLines(node, taken, wanted)
    : rewriteTexts(node, taken.texts, wanted);
}

function hasDirectives({ parts }: Template): boolean {
  return parts.some(({ kind }) => kind === "if" || kind === "for-directive");
}

/** Writes the lines that differ, and keeps what is computed in them. */
function rewriteLines(node: Template, taken: TakenParts, wanted: string): readonly Edit[] | null {
  const written = writtenBy(node, taken);
  if (written === null) return null;
  const text = new DocumentText(node.file.path, written.text, "text", written);
  const edits = editsBetween(text, wanted).map((edit) => written.editsFor(edit, true));
  return edits.includes(null) ? null : edits.flatMap((own) => own ?? []);
}

/** Keeps the interpolations, in their order, and writes what is wanted around them. */
function rewriteTexts(node: Template, texts: readonly string[], wanted: string): readonly Edit[] | null {
  const edits: Edit[] = [];
  let rest = wanted;
  let gapStart = node.parts[0]?.start ?? node.end;
  let gapText = "";
  let before = "";
  for (const [index, part] of node.parts.entries()) {
    const text = texts[index] ?? "";
    if (part.kind === "text") {
      gapText = text;
      continue;
    }
    const found = placeOf(text, gapText, rest);
    if (found === -1 || isGlued(gapText, rest.slice(0, found), before, text)) return null;
    edits.push(...gap(node, gapStart, part.start, rest.slice(0, found)));
    rest = rest.slice(found + text.length);
    gapStart = part.end;
    gapText = "";
    before = text;
  }
  if (isGlued(gapText, rest, before, "")) return null;
  edits.push(...gap(node, gapStart, node.parts.at(-1)?.end ?? node.end, rest));
  return edits;
}

/**
 * Whether new text stands at an interpolated one as if it were of the same word (`${var.environment}uction`), where a
 * separator stood, or nothing.
 */
export function isGlued(was: string, is: string, before: string, after: string): boolean {
  const [first, last] = [/^[\p{L}\p{N}]/u, /[\p{L}\p{N}]$/u];
  if (was === is || is === "") return false;
  const atStart = last.test(before) && first.test(is) && !first.test(was);
  const atEnd = first.test(after) && last.test(is) && !last.test(was);
  return atStart || atEnd;
}

/** Where an interpolated text stands in what is wanted: behind the same text as before, else at its only place. */
function placeOf(text: string, before: string, rest: string): number {
  if (rest.startsWith(before + text)) return before.length;
  const found = text === "" ? -1 : rest.indexOf(text);
  return found !== -1 && rest.indexOf(text, found + 1) === -1 ? found : -1;
}

function gap(node: Template, start: number, end: number, text: string): Edit[] {
  const written = writeTemplateText(node, text);
  return node.file.text.slice(start, end) === written
    ? []
    : [{ file: node.file.path, start, end, text: written }];
}

/** The next edit towards the wanted elements. */
function nextOfTuple(
  node: TupleConstructor,
  context: EvaluationContext,
  wanted: readonly Json[],
  manner: Manner,
): readonly Edit[] | null {
  const given = node.items.map((item) => plainOf(item, context));
  const step = manner.order === "wanted" ? nextInOrder(given, wanted) : nextInAnyOrder(given, wanted);
  if (step === null) return [];
  if (step.kind === "reorder") return reorderItems(node, step.order);
  if (step.kind === "insert") {
    return node.items.length === 0
      ? replaceLiteral(node, wanted)
      : writeElement(node, likeSiblings(node.items, context, step.value), node.items[step.behind] ?? null);
  }
  const odd = node.items[step.at];
  if (odd === undefined) return null;
  if (step.kind === "remove") return eraseElement(node, odd);
  return rewriteExpression(odd, context, step.value, manner) ?? replaceLiteral(odd, step.value);
}

/** The next edit towards the wanted entries. */
function nextOfObject(
  node: ObjectConstructor,
  context: EvaluationContext,
  wanted: JsonObject,
  manner: Manner,
): readonly Edit[] | null {
  const left = new Map(Object.entries(wanted));
  for (const item of node.items) {
    const key = keyText(item.key, context);
    if (key === null) return null;
    const value = left.get(key);
    if (value === undefined) return eraseItem(node, item);
    left.delete(key);
    if (!means(plainOf(item.value, context), value, manner.order === "wanted" ? IN_ORDER : IN_ANY_ORDER))
      return rewriteExpression(item.value, context, value, manner) ?? replaceLiteral(item.value, value);
  }
  for (const [key, value] of left)
    if (value !== null) return writeEntry(node, key, value, node.items.at(-1) ?? null);
  return [];
}

function plainOf(node: Expression, context: EvaluationContext): Json {
  return toPlain(evaluate(node, context), [], true).json;
}
