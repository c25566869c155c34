import { MASK } from "../terraform/evaluation/value-json.ts";
import type { Span } from "./sensitive-literals.ts";

/** A literal as it is written, or one line of it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A part of a file's text with the sensitive literals in it masked; its lines stay lines. */
export function maskedSlice(text: string, part: Span, spans: readonly Span[]): string {
  let result = "";
  let done = part.start;
  for (const { start, end } of piecesOf(text, spans)) {
    if (end <= part.start || start >= part.end) continue;
    result += `${text.slice(done, Math.max(start, done))}${MASK}`;
    done = Math.min(end, part.end);
  }
  return result + text.slice(done, part.end);
}

/** A text that is to be written into a file, with what stands there as a sensitive literal masked. */
export function maskedCopies(copy: string, text: string, spans: readonly Span[]): string {
  const contents = new Set(piecesOf(text, spans).map((piece) => piece.text));
  return [...contents].reduce((result, content) => result.replace(wholeWord(content), () => MASK), copy);
}

/**
 * A unified diff of one file with the sensitive literals of its lines masked: of lines that stay or go by their place in
 * the file as it was, of lines that come where they have what such a literal of a line that goes has.
 *
 * @param text the file before the edit
 */
export function maskedDiff(diff: string, text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return diff;
  const lines = linesOf(text);
  const gone: Span[] = [];
  let at = -1;
  const masked = diff.split("\n").map((line) => {
    const hunk = /^@@ -(\d+)/.exec(line);
    if (hunk !== null) at = Number(hunk[1]) - 1;
    if (hunk !== null || at === -1) return line;
    if (line.startsWith("+")) return `+${maskedCopies(line.slice(1), text, gone)}`;
    const old = line.startsWith(" ") || line.startsWith("-") ? lines[at] : undefined;
    if (old === undefined) return line;
    at += 1;
    if (line.startsWith("-"))
      gone.push(...spans.filter(({ start, end }) => start < old.end && end > old.start));
    return `${line[0]}${maskedSlice(text, old, spans)}`;
  });
  return masked.join("\n");
}

function linesOf(text: string): Span[] {
  let end = -1;
  return text.split("\n").map((line) => {
    const start = end + 1;
    end = start + line.length;
    return { start, end };
  });
}

/** The literals line by line, without quotes and the white space around. */
function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  return spans.flatMap(({ start, end }) => {
    const isQuoted = text[start] === '"' && text[end - 1] === '"' && end - start > 1;
    const from = isQuoted ? start + 1 : start;
    const pieces: Piece[] = [];
    for (const { 0: content, index } of text
      .slice(from, isQuoted ? end - 1 : end)
      .matchAll(/\S(?:[^\r\n]*\S)?/g)) {
      pieces.push({ start: from + index, end: from + index + content.length, text: content });
    }
    return pieces;
  });
}

/** A text where it is no part of a longer word. */
function wholeWord(text: string): RegExp {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`, "g");
}
