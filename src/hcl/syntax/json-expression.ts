import { normalized } from "./characters.ts";
import type { JsonNode, JsonNumber, JsonObjectNode, JsonText } from "./json-nodes.ts";
import { jsonTextOffsets } from "./json-text.ts";
import { parseExpression, parseTemplate } from "./parser.ts";
import { relocated, relocatedRange } from "./relocate.ts";
import type { Diagnostic, SourceFile } from "./source.ts";
import { positionAt } from "./source.ts";
import type { Expression, JsonTexts, ObjectItem, Template, TemplatePart, Unary } from "./syntax.ts";

/**
 * How a value of JSON is read (https://github.com/hashicorp/hcl/blob/main/json/spec.md#expressions): its texts as
 * templates, as they are, or (`references`) each as an expression of the native syntax, such as a traversal or a type.
 * Of `flags` a text may be `"true"` or `"false"`.
 */
export type JsonMeaning = JsonTexts | "references" | "flags";

/** The expression that a value means; null after an error was reported. */
export function expressionOf(
  node: JsonNode,
  meaning: JsonMeaning,
  diagnostics: Diagnostic[],
): Expression | null {
  const { file, start, end } = node;
  const json = meaning === "templates" ? meaning : "plain";
  switch (node.kind) {
    case "json-text":
      return textExpression(node, meaning, diagnostics);
    case "json-number":
      return numberExpression(node, json);
    case "json-keyword":
      return { kind: "keyword", file, start, end, json, value: node.value };
    case "json-array": {
      const items: Expression[] = [];
      for (const item of node.items) {
        const expression = expressionOf(item, meaning, diagnostics);
        if (expression === null) return null;
        items.push(expression);
      }
      return { kind: "tuple", file, start, end, json, items };
    }
    case "json-object":
      return objectExpression(node, meaning, json, diagnostics);
  }
}

/** The native syntax has no negative numbers, but a sign before them; so has the tree. */
function numberExpression({ file, start, end, text }: JsonNumber, json: JsonTexts): Expression {
  if (!text.startsWith("-")) return { kind: "number", file, start, end, json, text };
  const operand = { kind: "number", file, start: start + 1, end, text: text.slice(1) } as const;
  return { kind: "unary", file, start, end, json, operator: "-", operand } satisfies Unary;
}

function objectExpression(
  { file, start, end, members }: JsonObjectNode,
  meaning: JsonMeaning,
  json: JsonTexts,
  diagnostics: Diagnostic[],
): Expression | null {
  const items: ObjectItem[] = [];
  const names = new Map<string, JsonText>();
  for (const member of members) {
    const key = textExpression(member.name, meaning, diagnostics);
    const value = key === null ? null : expressionOf(member.value, meaning, diagnostics);
    if (key === null || value === null) return null;
    const earlier = isPlainKey(key) ? names.get(member.name.value) : undefined;
    if (earlier !== undefined) {
      const { line } = positionAt(file.text, earlier.start);
      const message = `the object has ${JSON.stringify(member.name.value)} already, on line ${line}`;
      diagnostics.push({ severity: "error", message, range: member.name });
      return null;
    }
    names.set(member.name.value, member.name);
    items.push({ kind: "item", file, start: member.start, end: member.end, key, value });
  }
  return { kind: "object", file, start, end, json, items };
}

function isPlainKey(key: Expression): boolean {
  return key.kind !== "template" || key.parts.every((part) => part.kind === "text");
}

/** A text as what it is meant to be; null after an error was reported. */
function textExpression(node: JsonText, meaning: JsonMeaning, diagnostics: Diagnostic[]): Expression | null {
  if (meaning === "references") return referenceExpression(node, diagnostics);
  if (meaning === "flags") return flagExpression(node);
  const parts = meaning === "templates" ? templateParts(node, diagnostics) : plainParts(node);
  return parts === null ? null : textTemplate(node, meaning, parts);
}

function flagExpression(node: JsonText): Expression {
  const { file, start, end, value } = node;
  if (value !== "true" && value !== "false") return plainText(node);
  return { kind: "keyword", file, start, end, json: "plain", value: value === "true" };
}

/** A text that means itself. */
function plainText(node: JsonText): Template {
  return textTemplate(node, "plain", plainParts(node));
}

function textTemplate(
  { file, start, end }: JsonText,
  json: JsonTexts,
  parts: readonly TemplatePart[],
): Template {
  return { kind: "template", file, start, end, json, form: "quoted", parts };
}

function plainParts({ file, start, end, value }: JsonText): readonly TemplatePart[] {
  if (value === "") return [];
  return [{ kind: "text", file, start: start + 1, end: end - 1, value: normalized(value) }];
}

function templateParts(node: JsonText, diagnostics: Diagnostic[]): readonly TemplatePart[] | null {
  if (!/[$%]\{/.test(node.value)) return plainParts(node);
  const found = inside(node, (file, start, end) => parseTemplate(file, start, end));
  diagnostics.push(...found.diagnostics);
  return found.diagnostics.length > 0 ? null : found.parts;
}

/** `"*"` is no expression, but once meant everything in `ignore_changes`. */
function referenceExpression(node: JsonText, diagnostics: Diagnostic[]): Expression | null {
  if (node.value === "*") return plainText(node);
  const { expression, diagnostics: problems } = inside(node, (file, start, end) =>
    parseExpression(file, start, end),
  );
  diagnostics.push(...problems);
  return expression;
}

/**
 * Reads what stands in a text, with ranges in the file. Where the text has escapes it is read by itself, and each range
 * is taken to the escapes that it came from.
 */
function inside<Result extends { readonly diagnostics: readonly Diagnostic[] }>(
  node: JsonText,
  read: (file: SourceFile, start: number, end: number) => Result,
): Result {
  const { file, start, end, value, escaped } = node;
  if (!escaped) return read(file, start + 1, end - 1);
  const offsets = jsonTextOffsets(file.text, start);
  const place = { file, at: (offset: number) => offsets[offset] ?? end - 1 };
  const result = read({ path: file.path, text: value }, 0, value.length);
  const diagnostics = result.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    range: diagnostic.range && relocatedRange(diagnostic.range, place),
  }));
  return { ...relocated(result, place), diagnostics };
}
