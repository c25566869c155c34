import { quoteString, readEscape } from "../syntax/escape.ts";
import { escapeTemplate, quoteJsonText } from "../syntax/json-text.ts";
import type { SourceFile } from "../syntax/source.ts";
import type { Template, TemplatePart, TextPart } from "../syntax/syntax.ts";
import type { Edit } from "./edit.ts";
import { indentationAt, lineEnding, skipBlanks, startOfLine } from "./surroundings.ts";
import { type Mark, marksIn } from "./template-marks.ts";
import { wordEdits } from "./word-edits.ts";

/** How text of a template stands in its file: as it is, or with what means something there escaped. */
export type Escaping = "template" | "quoted" | "heredoc" | "indented-heredoc" | "json" | "json-template";

/** A stretch of the text that a template gives, and the part of the template that it comes from. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly part: TemplatePart;
  /** Where each of its characters is written, and what follows the last; null where the text is computed. */
  readonly offsets: readonly number[] | null;
}

/**
 * The text that a template gives, with where in its file each part of it is written: what of it stands there as text can
 * be edited by its place in the result.
 */
export class WrittenText {
  readonly text: string;
  readonly file: SourceFile;
  readonly #escaping: Escaping;
  readonly #stretches: readonly Stretch[];
  readonly #template: Template;
  readonly #marks: readonly Mark[];

  /** `parts`: those of the template that give its text, as far as branches are taken; `texts`: what each of them gives. */
  constructor(
    template: Template,
    escaping: Escaping,
    texts: readonly string[],
    parts: readonly TemplatePart[] = template.parts,
  ) {
    this.text = texts.join("");
    this.file = template.file;
    this.#template = template;
    this.#escaping = escaping;
    this.#marks = marksIn(template.parts, new Set(parts));
    const stretches: Stretch[] = [];
    let start = 0;
    for (const [index, part] of parts.entries()) {
      const end = start + (texts[index] ?? "").length;
      const offsets = part.kind === "text" ? offsetsOf(part, escaping, template) : null;
      stretches.push({ start, end, part, offsets });
      start = end;
    }
    this.#stretches = stretches;
  }

  /** Whether the same parts give the same texts. */
  isLike(other: WrittenText | null): boolean {
    if (other === null || other.#template !== this.#template || other.text !== this.text) return false;
    if (other.#stretches.length !== this.#stretches.length) return false;
    return this.#stretches.every(({ end, part }, index) => {
      const own = other.#stretches[index];
      return own?.end === end && own.part === part;
    });
  }

  /** The parts of the template that compute what stands within a range of the text. */
  computedIn(start: number, end: number): readonly { start: number; end: number; part: TemplatePart }[] {
    return this.#stretches.filter(
      (stretch) => stretch.offsets === null && stretch.start < end && stretch.end > start,
    );
  }

  /** Where in the file a range of the text is written; null where it starts or ends in what is computed. */
  rangeOf(start: number, end: number): { readonly start: number; readonly end: number } | null {
    const [from, to] = [this.#placeOf(start, "start"), this.#placeOf(end, start === end ? "start" : "end")];
    return from === null || to === null || to < from ? null : { start: from, end: to };
  }

  /**
   * The edits of the file that an edit of the text comes down to. Computed stretches that stand in what it writes too
   * are kept; `strict`: it may not replace any of them. Null where it starts or ends within one.
   */
  editsFor(edit: Edit, strict: boolean): readonly Edit[] | null {
    const edits: Edit[] = [];
    let [from, rest] = [edit.start, edit.text];
    const kept = this.#stretches.filter(
      ({ offsets, start, end }) => offsets === null && start >= edit.start && end <= edit.end && start < end,
    );
    for (const { start, end } of kept) {
      const found = placeIn(this.text.slice(start, end), this.text.slice(from, start), rest);
      if (found === -1 && strict) return null;
      if (found === -1) continue;
      edits.push({ ...edit, start: from, end: start, text: rest.slice(0, found) });
      rest = rest.slice(found + end - start);
      from = end;
    }
    edits.push({ ...edit, start: from, end: edit.end, text: rest });
    const written = edits
      .filter(({ start, end, text }) => this.text.slice(start, end) !== text)
      .map((each) => this.#written(each) ?? this.#apart(each));
    return written.includes(null) ? null : written.flatMap((each) => each ?? []);
  }

  /** An edit on both sides of a directive, as one of each side, word by word. Null where no word tells the sides apart. */
  #apart(edit: Edit): readonly Edit[] | null {
    if (this.#marks.length === 0) return null;
    const words = wordEdits(this.text.slice(edit.start, edit.end), edit.text);
    const edits = words
      .map((each) => ({ ...edit, ...each, start: each.start + edit.start, end: each.end + edit.start }))
      .flatMap((each) => (each.text === "" ? this.#withoutText(each) : [each]));
    if (edits.length < 2) return null;
    const written = edits.map((each) => this.#written(each));
    return written.includes(null) ? null : written.flatMap((each) => each ?? []);
  }

  /** What takes text away, in each part by itself. */
  #withoutText(edit: Edit): readonly Edit[] {
    return this.#stretches.flatMap(({ start, end }) => {
      const [from, to] = [Math.max(start, edit.start), Math.min(end, edit.end)];
      return from < to ? [{ ...edit, start: from, end: to }] : [];
    });
  }

  /** Null where that would take directives away. */
  #written({ start, end, text }: Edit): readonly Edit[] | null {
    const range = this.#isOfWordBefore(start, end, text) ? this.#behind(start) : this.rangeOf(start, end);
    if (range === null) return null;
    const edit = { file: this.file.path, ...range, text: this.#escaped(text, range.start) };
    const made = this.#escaping === "indented-heredoc" ? this.#inLines(edit) : edit;
    return this.#marks.some((mark) => mark.start < made.end && mark.end > made.start) ? null : [made];
  }

  /** Whether text that is put between two parts goes on with a word of the first one. */
  #isOfWordBefore(start: number, end: number, text: string): boolean {
    if (start !== end || this.#marks.length === 0) return false;
    const isBetween = this.#stretches.some((each) => each.start === start);
    return isBetween && ENDS_IN_WORD.test(this.text.slice(0, start)) && STARTS_WITH_WORD.test(text);
  }

  #behind(offset: number): { readonly start: number; readonly end: number } | null {
    const place = this.#placeOf(offset, "end");
    return place === null ? null : { start: place, end: place };
  }

  /** Places at the start of a line stand behind its indentation, aside from the one behind the last line. */
  #inLines(edit: Edit): Edit {
    const { text } = this.file;
    const lineStart = startOfLine(text, edit.start);
    const indentation = text.slice(lineStart, edit.start);
    const isFromStart = indentation !== "" && indentation === this.#indentation();
    const endsLine = edit.text === "" ? isFromStart : edit.text.endsWith("\n");
    if (!endsLine) return edit;
    // Lines that come behind the last one.
    if (edit.end === lineStart && /^[^\r\n]/.test(edit.text)) {
      return { ...edit, text: this.#indentation() + edit.text };
    }
    if (edit.end > 0 && text[edit.end - 1] === "\n") {
      return isFromStart && edit.end > edit.start
        ? { ...edit, start: lineStart, text: edit.text === "" ? "" : indentation + edit.text }
        : edit;
    }
    const behind = text.slice(startOfLine(text, edit.end), edit.end);
    return edit.text !== "" && behind !== "" && behind === this.#indentation()
      ? { ...edit, text: edit.text + behind }
      : edit;
  }

  #escaped(text: string, at: number): string {
    switch (this.#escaping) {
      case "template":
        return escapeTemplate(text);
      case "quoted":
        return quoteString(text).slice(1, -1);
      case "json":
        return quoteJsonText(text).slice(1, -1);
      case "json-template":
        return quoteJsonText(escapeTemplate(text)).slice(1, -1);
      case "heredoc":
      case "indented-heredoc": {
        const ending = lineEnding(this.file.text, at);
        const indentation = this.#escaping === "heredoc" ? "" : this.#indentation();
        return escapeTemplate(text)
          .replace(/\r?\n(?!\r?\n|$)/g, `${ending}${indentation}`)
          .replace(/\r?\n/g, ending);
      }
    }
  }

  /** What `<<-` takes off each line: how much less of it the text has. */
  #indentation(): string {
    const { text } = this.file;
    for (const { part, offsets, start } of this.#stretches) {
      for (const [index, offset] of offsets?.entries() ?? []) {
        if (part.kind !== "text" || offset >= part.end || text[offset - 1] === undefined) continue;
        const line = indentationAt(text, offset);
        const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
        const first = index === 0 || this.text[start + index - 1] === "\n";
        if (
          first &&
          offset >= lineStart &&
          text.slice(offset, part.end).trim() !== "" &&
          text[offset] !== "\n"
        )
          return line.slice(0, offset - lineStart);
      }
    }
    return indentationAt(text, this.#template.start);
  }

  /** Where an offset of the text stands in the file: of one between two stretches that of the one it belongs to. */
  #placeOf(offset: number, side: "start" | "end"): number | null {
    const written = this.#stretches.filter(({ offsets }) => offsets !== null);
    const inside = (each: Stretch) =>
      side === "start"
        ? each.start <= offset && offset < each.end
        : each.start < offset && offset <= each.end;
    const found = written.find(inside) ?? written.find(({ start, end }) => start <= offset && offset <= end);
    if (found !== undefined) return found.offsets?.[offset - found.start] ?? null;
    const computed = this.#stretches.find(({ start, end }) => start === offset || end === offset);
    if (computed === undefined) return this.#stretches.length === 0 ? this.#template.start + 1 : null;
    return computed.start === offset ? computed.part.start : computed.part.end;
  }
}

const ENDS_IN_WORD = /[\p{L}\p{N}]$/u;
const STARTS_WITH_WORD = /^[\p{L}\p{N}]/u;

/** Where a kept text stands in what is to be written: behind the same text as before, else at its only place. */
function placeIn(text: string, before: string, rest: string): number {
  if (rest.startsWith(before + text)) return before.length;
  const found = rest.indexOf(text);
  return found !== -1 && rest.indexOf(text, found + 1) === -1 ? found : -1;
}

/**
 * Where each character of a part's value is written. Escapes are one character's place, and blanks that are in the file
 * alone (indentation, what `~` strips) are passed over. Null where the two cannot be brought together.
 */
function offsetsOf(part: TextPart, escaping: Escaping, template: Template): readonly number[] | null {
  const { value, file, start, end } = part;
  const { text } = file;
  const offsets: number[] = [];
  let at = start;
  for (let index = 0; index < value.length; ) {
    if (escaping === "indented-heredoc" && isLineStart(text, at, template)) {
      at += Math.max(0, skipBlanks(text, at) - at - (skipBlanks(value, index) - index));
    }
    const unit = unitAt(text, at, escaping);
    if (at < end && value.startsWith(unit.value, index)) {
      for (let count = 0; count < unit.value.length; count += 1) offsets.push(at);
      index += unit.value.length;
      at = unit.end;
    } else if (at < end && /\s/.test(text[at] ?? "")) at += 1;
    else return null;
  }
  offsets.push(at);
  return at <= end ? offsets : null;
}

function isLineStart(text: string, at: number, template: Template): boolean {
  return at > template.start && text[at - 1] === "\n";
}

/** What is read at a place as one: a character, or an escape sequence. */
function unitAt(
  text: string,
  at: number,
  escaping: Escaping,
): { readonly value: string; readonly end: number } {
  const isTemplate = escaping !== "json";
  if (isTemplate && (text.startsWith("$${", at) || text.startsWith("%%{", at)))
    return { value: text[at] ?? "", end: at + 2 };
  if (text[at] === "\\" && escaping === "quoted") {
    const sequence = readEscape(text, at);
    return "value" in sequence ? sequence : { value: "\\", end: at + 1 };
  }
  if (text[at] === "\\" && (escaping === "json" || escaping === "json-template")) {
    const sequence = /\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])/y;
    sequence.lastIndex = at;
    const [written] = sequence.exec(text) ?? [];
    if (written !== undefined) return { value: String(JSON.parse(`"${written}"`)), end: at + written.length };
  }
  return { value: text[at] ?? "", end: at + 1 };
}
