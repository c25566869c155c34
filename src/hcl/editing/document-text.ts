import type { Document } from "yaml";
import type { JsonNode } from "../syntax/json-nodes.ts";
import { parseJsonTree } from "../syntax/json-parser.ts";
import type { Range, SourceFile } from "../syntax/source.ts";
import type { Template, TemplatePart } from "../syntax/syntax.ts";
import { parseYamlText } from "../syntax/yaml-parse.ts";
import type { Edit } from "./edit.ts";
import { type Escaping, WrittenText } from "./written-text.ts";

/** How a document is read: as text, as a template, or as values of JSON, YAML or CSV. */
export type DocumentFormat = "text" | "template" | "json" | "yaml" | "csv";

/**
 * A text that values are read from: a file, or what a template gives (a heredoc of JSON, a file with parts that are
 * filled in). Ranges in it are those of the text; where a template gives it, they lead on to what is written.
 */
export class DocumentText implements SourceFile {
  readonly path: string;
  readonly text: string;
  readonly format: DocumentFormat;
  /** The template that gives the text; null where the text is the file's own. */
  readonly written: WrittenText | null;
  /** False where the file's own text is another one than that which is read from it: places in the two differ. */
  readonly exact: boolean;
  #json: JsonNode | null | undefined;
  #yaml: Document.Parsed | null | undefined;

  constructor(
    path: string,
    text: string,
    format: DocumentFormat,
    written: WrittenText | null = null,
    exact = true,
  ) {
    this.path = path;
    this.text = text;
    this.format = format;
    this.written = written;
    this.exact = exact;
  }

  /** The text as JSON; null where it is none. */
  get json(): JsonNode | null {
    if (this.#json === undefined) {
      const { root, diagnostics } = parseJsonTree(this);
      this.#json = diagnostics.length > 0 ? null : root;
    }
    return this.#json;
  }

  /** The text as one document of YAML; null where it is none. */
  get yaml(): Document.Parsed | null {
    if (this.#yaml === undefined) this.#yaml = parseYaml(this.text);
    return this.#yaml;
  }
}

/** The document that a range is one of; null for code. */
export function documentOf({ file }: Range): DocumentText | null {
  return file instanceof DocumentText ? file : null;
}

/** Whether places in a document are those of the file that it is written in. */
export function hasExactPlaces(range: Range): boolean {
  const document = documentOf(range);
  if (document === null) return true;
  return document.written === null
    ? document.exact
    : hasExactPlaces({ file: document.written.file, start: 0, end: 0 });
}

function parseYaml(text: string): Document.Parsed | null {
  try {
    const [document, ...others] = parseYamlText(text, true);
    return document === undefined || others.length > 0 || document.errors.length > 0 ? null : document;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Where something is written: for a place in a text that a template gives, the place in the template. */
export function writtenRange(range: Range): Range {
  const document = documentOf(range);
  if (document === null || document.written === null) return range;
  const { written } = document;
  const place = written.rangeOf(range.start, range.end);
  const [computed] = written.computedIn(range.start, range.end);
  if (place !== null) return writtenRange({ file: written.file, ...place });
  if (computed !== undefined) return writtenRange(computed.part);
  return writtenRange({ file: written.file, start: 0, end: 0 });
}

/**
 * The edits of files that edits of a document come down to; the edits as they are where it is a file. `strict`: nothing
 * that a template computes may be replaced. Null where an edit is none of what is written, or the file's places are not
 * known.
 */
export function editsOfFile(
  file: SourceFile,
  edits: readonly Edit[] | null,
  strict = false,
): readonly Edit[] | null {
  if (edits === null || !(file instanceof DocumentText)) return edits;
  if (file.written === null) return file.exact ? edits : null;
  const made: Edit[] = [];
  for (const edit of edits) {
    const own = file.written.editsFor(edit, strict);
    if (own === null) return null;
    made.push(...own);
  }
  return editsOfFile(file.written.file, made, strict);
}

/** The parts that give a template's text, and what each of them gives. */
export interface GivenTexts {
  readonly parts: readonly TemplatePart[];
  readonly texts: readonly string[];
}

/** The text that a template gives by its parts, with the places of these; null for one in a text that has no such. */
export function writtenBy(template: Template, { parts, texts }: GivenTexts): WrittenText | null {
  const escaping = escapingOf(template);
  return escaping === null ? null : new WrittenText(template, escaping, texts, parts);
}

function escapingOf(template: Template): Escaping | null {
  const document = documentOf(template);
  if (document?.format === "template" || document?.format === "json") return document.format;
  if (document !== null) return null;
  if (template.json !== undefined) return template.json === "plain" ? "json" : "json-template";
  // An expression within a text of JSON is escaped twice.
  return template.file.path.endsWith(".json") ? null : template.form;
}
