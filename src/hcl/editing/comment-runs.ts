import { childrenOf, type SyntaxNode } from "../syntax/nodes.ts";
import { parse } from "../syntax/parser.ts";
import type { Body } from "../syntax/syntax.ts";
import { columnsOf } from "./format.ts";
import { endOfLine, startOfLine } from "./surroundings.ts";

/** A comment behind code, on one line. */
interface CommentBehind {
  readonly lineStart: number;
  /** The columns of the code before it; not a number where that starts on a line above. */
  readonly width: number;
  /** The blanks before it. */
  readonly start: number;
  readonly end: number;
}

/** Comments behind code on lines that follow each other: `terraform fmt` aligns them. */
export interface CommentRun {
  /** Where its first line starts and the last one ends. */
  readonly start: number;
  readonly end: number;
  readonly comments: readonly CommentBehind[];
}

/** Blanks that become others. */
export interface Padding {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The runs of a text in the native syntax, in order; null where it does not parse. */
export function commentRuns(text: string): readonly CommentRun[] | null {
  const comments = commentsBehind(text);
  if (comments === null) return null;
  const runs: { start: number; end: number; comments: CommentBehind[] }[] = [];
  for (const comment of comments) {
    const { lineStart: start } = comment;
    const end = endOfLine(text, comment.end);
    const last = runs.at(-1);
    if (last !== undefined && text.indexOf("\n", last.end) + 1 === start) {
      last.comments.push(comment);
      last.end = end;
    } else runs.push({ start, end, comments: [comment] });
  }
  return runs;
}

/** Whether a run is as `terraform fmt` has it. */
export function isAligned({ comments }: CommentRun, text: string): boolean {
  const column = columnOf(comments);
  return comments.every(({ width, start, end }) => text.slice(start, end) === paddingTo(column, width));
}

/** The blanks of a run that `terraform fmt` would replace, with what by; none where nobody knows the columns. */
export function misalignedIn({ comments }: CommentRun, text: string): readonly Padding[] {
  const column = columnOf(comments);
  return comments.flatMap(({ width, start, end }) => {
    const padding = paddingTo(column, width);
    return padding === null || text.slice(start, end) === padding ? [] : [{ start, end, text: padding }];
  });
}

function columnOf(comments: readonly CommentBehind[]): number {
  return comments.reduce((widest, { width }) => Math.max(widest, width), 0) + 1;
}

function paddingTo(column: number, width: number): string | null {
  return Number.isNaN(column) ? null : " ".repeat(column - width);
}

function commentsBehind(text: string): readonly CommentBehind[] | null {
  const { body, diagnostics } = parse({ path: "", text });
  if (diagnostics.length > 0) return null;
  const strings = stringsIn(body);
  const mark = /["#]|\/[/*]|<</g;
  const found: CommentBehind[] = [];
  // Where the last thing ended that goes on over several lines.
  let severalLines = 0;
  for (let next = mark.exec(text); next !== null; next = mark.exec(text)) {
    const [written] = next;
    const isLine = written === "#" || written === "//";
    const end = isLine ? endOfLine(text, next.index) : endOf(written, next.index, text, strings);
    if (end === null) return null;
    mark.lastIndex = end;
    if (isLine) {
      const lineStart = startOfLine(text, next.index);
      const code = text.slice(lineStart, next.index).replace(/[ \t]+$/, "");
      if (code === "") continue;
      const width = severalLines > lineStart ? Number.NaN : columnsOf(code);
      found.push({ lineStart, width, start: lineStart + code.length, end: next.index });
    } else if (text.slice(next.index, end).includes("\n")) severalLines = end;
  }
  return found;
}

/** Where a string, a heredoc or a comment in `/*` ends; null where there is none. */
function endOf(
  written: string,
  start: number,
  text: string,
  strings: ReadonlyMap<number, number>,
): number | null {
  if (written !== "/*") return strings.get(start) ?? null;
  const close = text.indexOf("*/", start + 2);
  return close === -1 ? null : close + 2;
}

/** Where strings and heredocs start, and where they end; those within others are not among them. */
function stringsIn(body: Body): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: SyntaxNode[] = [body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "template" || node.kind === "label") ends.set(node.start, node.end);
    else open.push(...childrenOf(node));
  }
  return ends;
}
