import { csvRows } from "../../hcl/editing/csv-rows.ts";
import type { DocumentText } from "../../hcl/editing/document-text.ts";
import type { JsonNode, JsonObjectNode, JsonText } from "../../hcl/syntax/json-nodes.ts";
import { readJsonText } from "../../hcl/syntax/json-text.ts";
import { parseTemplate } from "../../hcl/syntax/parser.ts";
import type { Expression, ObjectItem, TemplatePart } from "../../hcl/syntax/syntax.ts";
import { decodedPart, type Place, partsAround, textLiteral } from "./document-nodes.ts";
import { yamlExpression } from "./yaml-tree.ts";

/** Documents of more characters are not followed into. */
export const LARGEST_DOCUMENT = 1_000_000;

/**
 * What a document says as an expression, each part of which is the range that it was read from; null where it is not
 * what its format says, or too large. What a template computes in it stands in it as that computation.
 */
export function documentExpression(document: DocumentText): Expression | null {
  if (document.text.length > LARGEST_DOCUMENT) return null;
  switch (document.format) {
    case "json":
      return document.json === null ? null : jsonExpression(document, document.json);
    case "yaml":
      return yamlExpression(document);
    case "csv":
      return csvExpression(document);
    case "text":
      return textLiteral(place(document, 0, document.text.length), document.text);
    case "template":
      return templateExpression(document);
  }
}

function place(file: DocumentText, start: number, end: number): Place {
  return { file, start, end };
}

function templateExpression(file: DocumentText): Expression | null {
  const { parts, diagnostics } = parseTemplate(file);
  if (diagnostics.some(({ severity }) => severity === "error")) return null;
  return { kind: "template", ...place(file, 0, file.text.length), form: "quoted", parts };
}

function jsonExpression(document: DocumentText, node: JsonNode): Expression | null {
  const { start, end } = node;
  const at = place(document, start, end);
  const computed = decodedPart(at, "jsondecode");
  if (computed !== null) return computed;
  switch (node.kind) {
    case "json-text":
      return jsonText(document, node);
    case "json-number": {
      if (!node.text.startsWith("-")) return { kind: "number", ...at, json: "plain", text: node.text };
      const operand = { kind: "number", ...at, start: start + 1, text: node.text.slice(1) } as const;
      return { kind: "unary", ...at, json: "plain", operator: "-", operand };
    }
    case "json-keyword":
      return { kind: "keyword", ...at, json: "plain", value: node.value };
    case "json-array": {
      const items = node.items.map((item) => jsonExpression(document, item));
      if (items.includes(null)) return null;
      return { kind: "tuple", ...at, json: "plain", items: items.filter((item) => item !== null) };
    }
    case "json-object":
      return jsonObject(document, node);
  }
}

/** Null where a name stands in it twice: which of the two counts is not for an edit to rely on. */
function jsonObject(document: DocumentText, { start, end, members }: JsonObjectNode): Expression | null {
  if (new Set(members.map(({ name }) => name.value)).size < members.length) return null;
  const items: ObjectItem[] = [];
  for (const member of members) {
    const value = jsonExpression(document, member.value);
    if (value === null) return null;
    const at = place(document, member.start, member.end);
    items.push({ kind: "item", ...at, key: jsonText(document, member.name), value });
  }
  return { kind: "object", ...place(document, start, end), json: "plain", items };
}

function jsonText(document: DocumentText, { start, end, value }: JsonText): Expression {
  const at = place(document, start, end);
  const parts = partsAround(place(document, start + 1, end - 1), (text) => {
    const read = readJsonText(`"${text}"`, 0);
    return "value" in read ? read.value : null;
  });
  return { kind: "template", ...at, json: "plain", form: "quoted", parts: parts ?? plainParts(at, value) };
}

function plainParts({ file, start, end }: Place, value: string): TemplatePart[] {
  return value === "" ? [] : [{ kind: "text", file, start: start + 1, end: end - 1, value }];
}

function csvExpression(document: DocumentText): Expression | null {
  const [header, ...rows] = csvRows(document.text) ?? [];
  if (header === undefined || document.written !== null) return null;
  const items = rows.map(({ start, end, fields }): Expression => {
    const entries = fields.map((field, column): ObjectItem => {
      const at = place(document, field.start, field.end);
      const key = textLiteral(at, header.fields[column]?.value ?? "");
      return { kind: "item", ...at, key, value: textLiteral(at, field.value) };
    });
    return { kind: "object", ...place(document, start, end), items: entries };
  });
  return { kind: "tuple", ...place(document, 0, document.text.length), items };
}
