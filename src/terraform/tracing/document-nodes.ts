import type { DocumentText } from "../../hcl/editing/document-text.ts";
import type { Expression, Template, TemplatePart } from "../../hcl/syntax/syntax.ts";

/** A stretch of a document. */
export interface Place {
  readonly file: DocumentText;
  readonly start: number;
  readonly end: number;
}

export function textLiteral(at: Place, value: string): Template {
  const parts: TemplatePart[] = value === "" ? [] : [{ kind: "text", ...at, value }];
  return { kind: "template", ...at, form: "quoted", parts };
}

/**
 * A value that an interpolation writes as a whole, as the call that reads it from what the interpolation gives; null
 * where it is written otherwise.
 */
export function decodedPart(at: Place, decoder: string): Expression | null {
  const [only, ...more] = at.file.written?.computedIn(at.start, at.end) ?? [];
  if (only === undefined || more.length > 0 || only.start !== at.start || only.end !== at.end) return null;
  const { part } = only;
  if (part.kind !== "interpolation") return null;
  const { file, start, end, expression } = part;
  const range = { file, start, end };
  return { kind: "call", ...range, name: decoder, nameRange: range, arguments: [expression], expand: false };
}

/**
 * The inside of a text in parts: what is written of it, and the interpolations among it. `read` gives what a written
 * stretch means. Null where there are none, or one of them does not mean itself.
 */
export function partsAround(
  { file, start, end }: Place,
  read: (text: string) => string | null,
): TemplatePart[] | null {
  const computed = file.written?.computedIn(start, end) ?? [];
  if (computed.length === 0) return null;
  const parts: TemplatePart[] = [];
  let from = start;
  for (const each of computed) {
    const given = file.text.slice(each.start, each.end);
    if (each.start < from || each.end > end || each.part.kind !== "interpolation" || read(given) !== given)
      return null;
    if (!pushText(parts, { file, start: from, end: each.start }, read)) return null;
    const { expression } = each.part;
    parts.push({ kind: "interpolation", file, start: each.start, end: each.end, expression });
    from = each.end;
  }
  return pushText(parts, { file, start: from, end }, read) ? parts : null;
}

function pushText(parts: TemplatePart[], at: Place, read: (text: string) => string | null): boolean {
  if (at.start === at.end) return true;
  const value = read(at.file.text.slice(at.start, at.end));
  if (value !== null) parts.push({ kind: "text", ...at, value });
  return value !== null;
}
