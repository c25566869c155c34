import { MASK } from "../terraform/evaluation/value-json.ts";
import type { Span } from "./sensitive-literals.ts";

/** A literal as it is written, or one line of it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** So many comparisons of a line with what it may not show; a line that needs more is masked as a whole. */
const MOST_COMPARED = 20_000;

/** A part of a file's text with the sensitive literals in it masked; its lines stay lines. */
export function maskedSlice(text: string, part: Span, spans: readonly Span[]): string {
  let result = "";
  let done = part.start;
  for (const { start, end } of piecesOf(text, spans, part)) {
    if (end <= part.start || start >= part.end) continue;
    result += `${text.slice(done, Math.max(start, done))}${MASK}`;
    done = Math.min(end, part.end);
  }
  return result + text.slice(done, part.end);
}

/**
 * A text that is to be written into a file, with what stands there as a sensitive literal masked; all of it where it
 * takes the place of something that has a secret somewhere.
 */
export function maskedCopies(copy: string, text: string, spans: readonly Span[]): string {
  if (spans.some(({ uncertain }) => uncertain === true)) return maskedLines(copy);
  return withoutContents(
    copy,
    new Set(spans.flatMap((span) => piecesOf(text, [span], span)).flatMap(waysToWrite)),
  );
}

function withoutContents(copy: string, contents: ReadonlySet<string>): string {
  if (contents.size > MOST_COMPARED) return maskedLines(copy);
  let result = copy;
  for (const content of contents)
    if (result.includes(content)) result = result.replace(wholeWord(content), () => MASK);
  return result;
}

function maskedLines(copy: string): string {
  return copy.replace(/\S(?:[^\r\n]*\S)?/g, () => MASK);
}

/** What a literal says may be written in another way: without its quotes, or what it escapes as it is. */
function waysToWrite({ text }: Piece): string[] {
  const inner = /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
  const ways = [text, inner, inner.replaceAll("''", "'"), inner.replaceAll('""', '"'), readEscapes(inner)];
  return ways.filter((way) => way !== "");
}

function readEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What the lines of a diff may show; they are given in the order of the diff. */
export class MaskedLines {
  readonly #text: string;
  readonly #spans: readonly Span[];
  readonly #lines: readonly Span[];
  readonly #isUncertain: boolean;
  /** What sensitive literals of the lines that go say. */
  readonly #contents = new Set<string>();

  /** @param text the file before the edit */
  constructor(text: string, spans: readonly Span[]) {
    this.#text = text;
    this.#spans = spans;
    this.#lines = linesOf(text);
    this.#isUncertain = spans.some(({ uncertain }) => uncertain === true);
  }

  /** A line of the file, by its number from 1; null where the file has none. */
  staying(number: number): string | null {
    const line = this.#lines[number - 1];
    return line === undefined ? null : maskedSlice(this.#text, line, spansWithin(this.#spans, line));
  }

  /** The same of a line that goes. */
  going(number: number): string | null {
    const line = this.#lines[number - 1];
    if (line === undefined) return null;
    const own = spansWithin(this.#spans, line);
    for (const way of piecesOf(this.#text, own, line).flatMap(waysToWrite)) this.#contents.add(way);
    return maskedSlice(this.#text, line, own);
  }

  /** A line that comes, with what sensitive literals of lines that went before have. */
  coming(line: string): string {
    return this.#isUncertain ? maskedLines(line) : withoutContents(line, this.#contents);
  }
}

/** Spans that have something of a part; they are in the order of the file. */
function spansWithin(spans: readonly Span[], part: Span): readonly Span[] {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) > part.start) high = middle;
    else low = middle + 1;
  }
  let end = low;
  while ((spans[end]?.start ?? part.end) < part.end) end += 1;
  return spans.slice(low, end);
}

function linesOf(text: string): Span[] {
  let end = -1;
  return text.split("\n").map((line) => {
    const start = end + 1;
    end = start + line.length;
    return { start, end };
  });
}

/** The literals line by line, without quotes and the white space around: the lines that a part has something of. */
function piecesOf(text: string, spans: readonly Span[], part: Span): Piece[] {
  const first = text.lastIndexOf("\n", part.start - 1) + 1;
  const lineEnd = text.indexOf("\n", part.end);
  const last = lineEnd === -1 ? text.length : lineEnd;
  return spans.flatMap(({ start, end }) => {
    const isQuoted = text[start] === '"' && text[end - 1] === '"' && end - start > 1;
    const from = Math.max(isQuoted ? start + 1 : start, first);
    const to = Math.min(isQuoted ? end - 1 : end, last);
    const pieces: Piece[] = [];
    if (from >= to) return pieces;
    for (const { 0: content, index } of text.slice(from, to).matchAll(/\S(?:[^\r\n]*\S)?/g)) {
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
