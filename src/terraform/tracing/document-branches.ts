import { DocumentText, documentOf, writtenBy } from "../../hcl/editing/document-text.ts";
import { applyEdits } from "../../hcl/editing/edit.ts";
import { attempt } from "../../hcl/evaluation/attempt.ts";
import { bind, type EvaluationContext, EvaluationError, type Located } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { callFunction } from "../../hcl/functions/call.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Call, Expression, Template } from "../../hcl/syntax/syntax.ts";
import { isMapping, stringValue, type Value } from "../../hcl/values/value.ts";
import type { Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { ModuleScope } from "../evaluation/scope.ts";
import type { StackDocuments } from "../evaluation/stack-documents.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { joinPath } from "../source/snapshot.ts";
import { type Branch, carry, evaluatedOrNull } from "./branch.ts";
import { type Branching, lastFrom } from "./carried.ts";
import { documentExpression } from "./document-tree.ts";
import { takenParts } from "./template-texts.ts";

type Format = "json" | "yaml" | "csv" | "template";

const DECODED: ReadonlyMap<string, Format> = new Map([
  ["jsondecode", "json"],
  ["yamldecode", "yaml"],
  ["csvdecode", "csv"],
]);

/** Functions that write what others read: each undoes the other. */
const UNDONE_BY: ReadonlyMap<string, string> = new Map([
  ["jsonencode", "jsondecode"],
  ["yamlencode", "yamldecode"],
  ["base64encode", "base64decode"],
  ["base64decode", "base64encode"],
]);

/**
 * The ways on from a call that reads a file, or decodes, encodes or trims a text: into the file, to the place in the
 * text, to what was encoded. Null for any other call.
 */
export function documentBranches(
  node: Call,
  context: EvaluationContext,
  path: Path,
  branchesOf: Branching,
): Branch[] | null {
  const [argument] = node.arguments;
  if (argument === undefined || node.expand) return null;
  const format = DECODED.get(node.name);
  if (format !== undefined) {
    const to = decoded({ expression: argument, context, path: [] }, format, path, branchesOf);
    return to === null ? [] : [carry(documentOf(to.expression) === null ? "element" : "document", to, node)];
  }
  if (node.name === "file" || node.name === "templatefile") {
    const to = path.length > 0 ? null : fileContent(node, argument, context);
    return to === null ? [] : [carry("document", to, node)];
  }
  if (node.name === "templatestring")
    return path.length > 0 ? [] : templateBranches(node, argument, context, branchesOf);
  const invert = path.length > 0 ? null : inverseOf(node, argument, context);
  return invert === null
    ? null
    : [carry("part", { expression: argument, context, path: [] }, argument, { invert })];
}

/** The content of a file as an expression: its text, or the template that it is with the variables that it is given. */
function fileContent(node: Call, argument: Expression, context: EvaluationContext): Located | null {
  const named = evaluate(argument, context);
  const content = node.name === "file" ? evaluate(node, context) : templateText(named, context);
  const { scope } = context;
  if (named.kind !== "string" || content?.kind !== "string" || !(scope instanceof ModuleScope)) return null;
  const place = joinPath(scope.root, named.value);
  if (place === null) return null;
  const format = node.name === "file" ? "text" : "template";
  const expression = treeOf(scope.documents.file(place, content.value, format), scope.documents);
  if (expression === null) return null;
  if (format === "text") return { expression, context: withoutNames(context), path: [] };
  return { expression, context: templateContext(node.arguments[1], context), path: [] };
}

/** The template that a text is, where it is written as one; else the text. */
function templateBranches(
  node: Call,
  argument: Expression,
  context: EvaluationContext,
  branchesOf: Branching,
): Branch[] {
  const source = lastFrom(
    { expression: argument, context, path: [] },
    branchesOf,
    ({ kind }) => kind !== "part",
  );
  const tree =
    source.expression.kind === "template" ? treeIn(source.expression, source.context, "template") : null;
  if (tree !== null) {
    const to = { expression: tree, context: templateContext(node.arguments[1], context), path: [] };
    return [carry("document", to, node)];
  }
  const text = evaluatedOrNull(argument, context);
  if (text?.kind !== "string") return [];
  const invert = (wanted: Json) =>
    typeof wanted === "string"
      ? templateFor(text.value, templateContext(node.arguments[1], context), wanted)
      : null;
  return [carry("part", { expression: argument, context, path: [] }, argument, { invert })];
}

/** The text of a template that gives what is wanted, with all that is filled in; null where that is not clear. */
function templateFor(text: string, context: EvaluationContext, wanted: string): string | null {
  const document = new DocumentText("template", text, "template");
  const template = documentExpression(document);
  const taken = template?.kind === "template" ? takenParts(template, context) : null;
  const written = template?.kind === "template" && taken !== null ? writtenBy(template, taken) : null;
  const whole = { file: document.path, start: 0, end: written?.text.length ?? 0, text: wanted };
  const edits = written?.editsFor(whole, true) ?? null;
  return edits === null ? null : applyEdits(text, edits);
}

/** The text of a template's file as it is. */
function templateText(path: Value, context: EvaluationContext): Value | null {
  const definition = context.functions.get("file");
  return definition === undefined ? null : callFunction("file", definition, [path], context.budget);
}

const NOTHING_KNOWN = {
  resolve(): never {
    throw new EvaluationError("a template knows its variables alone", null);
  },
};

/** In a template's file there are the variables that the call gives, and nothing else. */
function templateContext(variables: Expression | undefined, context: EvaluationContext): EvaluationContext {
  let inner: EvaluationContext = { ...context, scope: NOTHING_KNOWN, names: null };
  const values = variables === undefined ? null : evaluate(variables, context);
  if (variables === undefined || values === null || !isMapping(values)) return inner;
  for (const [name, value] of values.entries) {
    inner = bind(inner, name, value, { expression: variables, context, path: [name] });
  }
  return inner;
}

function withoutNames(context: EvaluationContext): EvaluationContext {
  return { ...context, names: null };
}

/** The part at a path of what is decoded from a text: where it is written in the document, or what was encoded. */
function decoded(text: Located, format: Format, path: Path, branchesOf: Branching): Located | null {
  // A template, or whatever computes the text.
  const source = lastFrom(text, branchesOf, ({ kind }) => kind !== "part");
  const { expression, context } = source;
  if (expression.kind === "call") {
    const [encoded] = expression.arguments;
    const isSame =
      (expression.name === "jsonencode" && format !== "csv") ||
      (expression.name === "yamlencode" && format === "yaml");
    return isSame && encoded !== undefined ? { expression: encoded, context, path } : null;
  }
  if (expression.kind === "template") {
    const tree = treeIn(expression, context, format);
    return tree === null ? null : { expression: tree, context, path };
  }
  // A number or boolean that stands for itself.
  return expression.kind === "number" || expression.kind === "keyword" ? { ...source, path } : null;
}

/** What a text is as a document, as an expression; null where it is none. */
export function treeIn(template: Template, context: EvaluationContext, format: Format): Expression | null {
  const documents = documentsIn(context);
  const taken = takenParts(template, context);
  if (taken === null) return null;
  const outer = documentOf(template);
  const text = taken.texts.join("").normalize();
  if (outer?.format === "text") {
    const document =
      documents?.file(outer.path, text, format) ??
      new DocumentText(outer.path, text, format, null, outer.exact);
    return treeOf(document, documents);
  }
  const written = writtenBy(template, taken);
  if (written === null || written.text !== text) return null;
  const document = new DocumentText(template.file.path, text, format, written);
  return treeOf(documents?.given(template, document) ?? document, documents);
}

function treeOf(document: DocumentText, documents: StackDocuments | null): Expression | null {
  return documents === null ? documentExpression(document) : documents.tree(document, documentExpression);
}

function documentsIn({ scope }: EvaluationContext): StackDocuments | null {
  return scope instanceof ModuleScope ? scope.documents : null;
}

/** What the argument of a call has to be so that the call gives what is wanted; null for any other function. */
function inverseOf(
  node: Call,
  argument: Expression,
  context: EvaluationContext,
): ((wanted: Json) => Json | null) | null {
  const { name } = node;
  const undo = UNDONE_BY.get(name);
  if (undo !== undefined) return (wanted) => decodedBy(undo, wanted, context, node);
  if (name !== "chomp" && name !== "trimspace") return null;
  return (wanted) => {
    const given = evaluatedOrNull(argument, context);
    if (given?.kind !== "string" || typeof wanted !== "string") return null;
    const text = given.value;
    if (name === "chomp") return wanted + text.slice(withoutLineEnds(text));
    const inner = text.trimStart();
    return text.slice(0, text.length - inner.length) + wanted + inner.slice(inner.trimEnd().length);
  };
}

/** How long a text is without the line ends that it ends with. */
function withoutLineEnds(text: string): number {
  let end = text.length;
  while (text[end - 1] === "\n" || text[end - 1] === "\r") end -= 1;
  return end;
}

function decodedBy(name: string, wanted: Json, context: EvaluationContext, at: Range): Json | null {
  const definition = context.functions.get(name);
  if (definition === undefined || typeof wanted !== "string") return null;
  const { budget } = context;
  const value = attempt(() => callFunction(name, definition, [stringValue(wanted)], budget), at);
  return value.kind === "unknown" ? null : toPlain(value, [], true).json;
}
