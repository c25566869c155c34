import { isSpace, normalized, skipSpace } from "./characters.ts";
import type { ForNames } from "./collection-parser.ts";
import { type Cursor, MAX_DEPTH } from "./cursor.ts";
import type { Expression, Interpolation, TemplatePart } from "./syntax.ts";

/** What stands in `%{ … }`. */
export type Directive = OpeningDirective | { readonly keyword: "else" | "endif" | "endfor" };

type OpeningDirective =
  | { readonly keyword: "if"; readonly condition: Expression }
  | { readonly keyword: "for"; readonly names: ForNames; readonly collection: Expression };

/** A template's text as it was cut: sequences, and between them text, of which a heredoc has a piece a line. */
export type Piece = TextPiece | Interpolation | DirectivePiece;

interface TextPiece {
  readonly kind: "text";
  readonly start: number;
  readonly end: number;
  value: string;
}

interface DirectivePiece {
  readonly kind: "directive";
  readonly start: number;
  readonly end: number;
  readonly directive: Directive;
}

/**
 * Removes from the lines of a `<<-` heredoc the indentation that all of them have. As in HashiCorp's implementation
 * this looks at the written pieces after `~` was applied: a line that starts with a sequence has no indentation, a
 * blank one does not count, and a line whose line feed was stripped does not make the next piece the start of a line.
 */
export function removeIndentation(pieces: readonly Piece[]): void {
  let least = Number.POSITIVE_INFINITY;
  let lineStart = true;
  const starts: TextPiece[] = [];
  for (const piece of pieces) {
    if (lineStart) {
      lineStart = false;
      if (piece.kind !== "text") {
        least = 0;
      } else if (!isBlankLine(piece.value)) {
        least = Math.min(least, skipSpace(piece.value, 0, piece.value.length));
        starts.push(piece);
      }
    }
    if (piece.kind === "text" && piece.value.endsWith("\n")) lineStart = true;
  }
  for (const piece of starts) piece.value = piece.value.slice(least);
}

function isBlankLine(value: string): boolean {
  if (!value.endsWith("\n")) return false;
  for (let at = 0; at < value.length; at += 1) if (!isSpace(value.charCodeAt(at))) return false;
  return true;
}

/** An `if` or `for` directive whose end was not reached yet. */
interface Frame {
  readonly start: number;
  readonly end: number;
  readonly directive: OpeningDirective;
  /** The parts of the clause being read. */
  parts: TemplatePart[];
  /** The parts before the `else`, once there was one. */
  beforeElse: TemplatePart[] | null;
}

interface Tree {
  readonly parts: readonly TemplatePart[];
  /** How deep directives stand in one another. */
  readonly levels: number;
}

/** Puts the pieces between `if` and `endif`, `for` and `endfor` into these, and joins texts; null after an error. */
export function treeOf(cursor: Cursor, pieces: readonly Piece[]): Tree | null {
  const stack: Frame[] = [];
  const root: TemplatePart[] = [];
  let parts = root;
  let levels = 0;
  for (const piece of pieces) {
    if (piece.kind === "text") {
      addText(cursor, parts, piece);
    } else if (piece.kind === "interpolation") {
      parts.push(piece);
    } else if ("condition" in piece.directive || "names" in piece.directive) {
      if (stack.length >= MAX_DEPTH) return cursor.tooDeep();
      parts = [];
      stack.push({ start: piece.start, end: piece.end, directive: piece.directive, parts, beforeElse: null });
      levels = Math.max(levels, stack.length);
    } else {
      const frame = stack.at(-1);
      const problem = mismatch(frame, piece.directive.keyword);
      if (frame === undefined || problem !== null)
        return cursor.report(problem ?? "", piece.start, piece.end);
      if (piece.directive.keyword === "else") {
        frame.beforeElse = frame.parts;
        parts = [];
        frame.parts = parts;
      } else {
        stack.pop();
        parts = stack.at(-1)?.parts ?? root;
        parts.push(close(cursor, frame, piece.end));
      }
    }
  }
  const open = stack.at(-1);
  if (open === undefined) return { parts: root.slice(), levels };
  const { keyword } = open.directive;
  return cursor.report(`this "%{ ${keyword} }" has no "%{ end${keyword} }"`, open.start, open.end);
}

function addText(cursor: Cursor, parts: TemplatePart[], piece: TextPiece): void {
  const { file } = cursor;
  const before = parts.at(-1);
  if (before?.kind !== "text") {
    parts.push({ kind: "text", file, start: piece.start, end: piece.end, value: normalized(piece.value) });
    return;
  }
  const value = before.value + normalized(piece.value);
  parts[parts.length - 1] = { kind: "text", file, start: before.start, end: piece.end, value };
}

/** Why this directive cannot stand here, or null. */
function mismatch(frame: Frame | undefined, keyword: "else" | "endif" | "endfor"): string | null {
  if (frame === undefined) return `"%{ ${keyword} }" ends nothing: no directive is open here`;
  const opened = frame.directive.keyword;
  if (keyword !== "else")
    return keyword === `end${opened}`
      ? null
      : `expected "%{ end${opened} }" for the "%{ ${opened} }" before it, found "%{ ${keyword} }"`;
  if (opened === "for") return '"%{ for }" has no "%{ else }"';
  return frame.beforeElse === null ? null : 'this "%{ if }" has a second "%{ else }"';
}

function close(cursor: Cursor, frame: Frame, end: number): TemplatePart {
  const { file } = cursor;
  const { directive, start } = frame;
  if (directive.keyword === "for") {
    const { names, collection } = directive;
    return {
      kind: "for-directive",
      file,
      start,
      end,
      keyName: names.key,
      valueName: names.value,
      collection,
      parts: frame.parts,
    };
  }
  const hasElse = frame.beforeElse !== null;
  return {
    kind: "if",
    file,
    start,
    end,
    condition: directive.condition,
    // biome-ignore lint/suspicious/noThenProperty: the tree's name for it; nodes are never awaited
    then: frame.beforeElse ?? frame.parts,
    else: hasElse ? frame.parts : [],
  };
}
