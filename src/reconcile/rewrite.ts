import type { EvaluationContext, Located } from "../hcl/context.ts";
import type { Edit } from "../hcl/edit.ts";
import { quoteString } from "../hcl/escape.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { alignedInsert, insertTupleItem } from "../hcl/insert.ts";
import { removeItem, removeTupleItem } from "../hcl/remove.ts";
import { renderExpression, renderKey } from "../hcl/render.ts";
import type { Expression, ObjectConstructor, Template, TupleConstructor } from "../hcl/syntax.ts";
import { isJsonArray, isJsonObject, isNumber, type Json, type JsonObject } from "../json/json.ts";
import { keyText, partTexts } from "../terraform/branches.ts";
import { toPlain } from "../terraform/value-json.ts";
import { means } from "./wanted.ts";

/**
 * The edits of an expression itself that make it say what is wanted: a literal is replaced, a list or object keeps the
 * elements that are right already, a template its interpolations. Null where the expression computes its value.
 */
export function rewrite({ expression, context, path }: Located, wanted: Json): readonly Edit[] | null {
  if (path.length > 0) return null;
  switch (expression.kind) {
    case "number":
    case "keyword":
      return [replace(expression, literal(expression, wanted))];
    case "template":
      return rewriteTemplate(expression, context, wanted);
    case "unary":
      return expression.operand.kind === "number"
        ? [replace(expression, literal(expression.operand, wanted))]
        : null;
    case "tuple":
      return isJsonArray(wanted)
        ? rewriteTuple(expression, context, wanted)
        : [replaceWhole(expression, wanted)];
    case "object":
      return isJsonObject(wanted)
        ? rewriteObject(expression, context, wanted)
        : [replaceWhole(expression, wanted)];
    case "parentheses":
      return rewrite({ expression: expression.inner, context, path }, wanted);
    default:
      return null;
  }
}

function replace(node: Expression, text: string): Edit {
  return { file: node.file.path, start: node.start, end: node.end, text };
}

function replaceWhole(node: Expression, wanted: Json): Edit {
  return replace(node, renderExpression(wanted, indentationOf(node)));
}

function indentationOf(node: Expression): string {
  const line = node.file.text.slice(node.file.text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Numbers and booleans that the code writes as text stay text, and the other way round where that says the same. */
function literal(node: Expression, wanted: Json): string {
  if (node.kind === "template" && (isNumber(wanted) || typeof wanted === "boolean")) {
    return `"${renderExpression(wanted)}"`;
  }
  if (node.kind === "number" && typeof wanted === "string" && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(wanted))
    return wanted;
  return renderExpression(wanted, indentationOf(node));
}

function rewriteTemplate(node: Template, context: EvaluationContext, wanted: Json): readonly Edit[] | null {
  if (node.parts.every((part) => part.kind === "text")) return [replace(node, literal(node, wanted))];
  if (typeof wanted !== "string" || node.form !== "quoted") return null;
  const texts = partTexts(node, context);
  return texts === null ? null : rewriteTexts(node, texts, wanted);
}

/** Keeps the interpolations, in their order, and writes what is wanted around them. */
function rewriteTexts(node: Template, texts: readonly string[], wanted: string): readonly Edit[] | null {
  const edits: Edit[] = [];
  let rest = wanted;
  let gapStart = node.start + 1;
  for (const [index, part] of node.parts.entries()) {
    if (part.kind === "text") continue;
    const value = texts[index] ?? "";
    const found = value === "" ? -1 : rest.indexOf(value);
    if (found === -1 || rest.indexOf(value, found + 1) !== -1) return null;
    edits.push(...gap(node, gapStart, part.start, rest.slice(0, found)));
    rest = rest.slice(found + value.length);
    gapStart = part.end;
  }
  edits.push(...gap(node, gapStart, node.end - 1, rest));
  return edits;
}

function gap(node: Template, start: number, end: number, text: string): Edit[] {
  const written = quoteString(text).slice(1, -1);
  return node.file.text.slice(start, end) === written
    ? []
    : [{ file: node.file.path, start, end, text: written }];
}

function rewriteTuple(
  node: TupleConstructor,
  context: EvaluationContext,
  wanted: readonly Json[],
): readonly Edit[] {
  const current = node.items.map((item) => toPlain(evaluate(item, context), [], true).json);
  const missing = [...wanted];
  const surplus: Expression[] = [];
  for (const [index, item] of node.items.entries()) {
    const found = missing.findIndex((candidate) => means(current[index], candidate));
    if (found === -1) surplus.push(item);
    else missing.splice(found, 1);
  }
  const edits: Edit[] = [];
  for (const item of surplus) {
    const next = missing.shift();
    if (next === undefined) edits.push(...removeTupleItem(node, item));
    else
      edits.push(...(rewrite({ expression: item, context, path: [] }, next) ?? [replaceWhole(item, next)]));
  }
  const last = node.items.at(-1) ?? null;
  if (missing.length > 0 && last === null) return [replaceWhole(node, wanted)];
  for (const value of missing) {
    edits.push(...insertTupleItem(node, (indentation) => renderExpression(value, indentation), last));
  }
  return edits;
}

function rewriteObject(
  node: ObjectConstructor,
  context: EvaluationContext,
  wanted: JsonObject,
): readonly Edit[] | null {
  const edits: Edit[] = [];
  const left = new Map(Object.entries(wanted));
  for (const item of node.items) {
    const key = keyText(item.key, context);
    if (key === null) return null;
    const value = left.get(key);
    if (value === undefined) {
      edits.push(...removeItem(node, item));
      continue;
    }
    left.delete(key);
    if (means(toPlain(evaluate(item.value, context), [], true).json, value)) continue;
    const inside = rewrite({ expression: item.value, context, path: [] }, value);
    if (inside === null) return null;
    edits.push(...inside);
  }
  for (const [key, value] of left) edits.push(...insertEntry(node, key, value));
  return edits;
}

/** The edits that add an entry behind the last one of an object. */
export function insertEntry(node: ObjectConstructor, key: string, value: Json): readonly Edit[] {
  return alignedInsert(
    node,
    renderKey(key),
    (indentation) => renderExpression(value, indentation),
    node.items.at(-1) ?? null,
  );
}
