import { formatPatch, OMIT_HEADERS, structuredPatch } from "diff";
import { commonEnd, commonStart } from "./common-ends.ts";

const CONTEXT = 3;

/**
 * A unified diff of one file that `patch -p1` applies in the root: `--- a/F`, `+++ b/F` and nothing before them,
 * `/dev/null` for a file that is new (`before` null), a tab after names with spaces, line endings as they are.
 */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const name = path.includes(" ") ? `${path}\t` : path;
  return `--- ${before === null ? "/dev/null" : `a/${name}`}\n+++ b/${name}\n${hunksBetween(before ?? "", after)}`;
}

/** The hunks alone: in time that goes with what differs, and with what a look for that takes. */
function hunksBetween(before: string, after: string): string {
  if (before === after) return "";
  const same = startOfLine(before, commonStart(before, after));
  // A comparison starts with what both have at their start, so that leaving lines of it away changes nothing else.
  const start = linesUp(before, same, CONTEXT);
  const left = linesIn(before, 0, start);
  const [old, now] = withoutEnd(before.slice(start), after.slice(start), same - start);
  const patch = structuredPatch("", "", old, now, undefined, undefined, { context: CONTEXT });
  const hunks = patch.hunks.map((hunk) => {
    return { ...hunk, oldStart: hunk.oldStart + left, newStart: hunk.newStart + left };
  });
  return formatPatch({ ...patch, hunks }, OMIT_HEADERS);
}

/** So many changed lines are looked at without what follows them; more have to be compared with all of it. */
const MOST_CHANGED = 64;

/**
 * Two texts without lines that both end with, as far as it is certain that the comparison finds the same without them.
 * Of several ways to tell a change it takes one by how far lines match ahead, those at the end included. Beside the
 * right place, that is a line or more apart, they match as long as the end repeats itself; `enoughLines` says from where
 * on nothing matches so.
 */
function withoutEnd(before: string, after: string, same: number): readonly [string, string] {
  const most = Math.min(before.length, after.length) - same;
  const length = commonEnd(before, after, most);
  const from = before.length - length;
  const isLineStart = (text: string, at: number) => at === 0 || text[at - 1] === "\n";
  const isWhole = isLineStart(before, from) && isLineStart(after, after.length - length);
  const first = isWhole ? from : before.indexOf("\n", from) + 1;
  if (!isWhole && first === 0) return [before, after];
  const rest = before.length - first;
  const changed = linesIn(before, same, first) + linesIn(after, same, after.length - rest);
  if (changed > MOST_CHANGED) return [before, after];
  const end = enoughLines(before, first, changed);
  return end === null
    ? [before, after]
    : [before.slice(0, end), after.slice(0, end - first + after.length - rest)];
}

/**
 * Where so many lines of an end stand behind that whoever goes through them with an offset of some lines, that is one
 * that `changed` lines allow, has to add or leave out more than `changed` lines on the way. Null where there are not
 * enough lines.
 */
function enoughLines(text: string, start: number, changed: number): number | null {
  const farthest = 2 * changed;
  const lines = new LinesFrom(text, start);
  let at = 0;
  // In each stretch every offset meets a line that does not match.
  for (let stretch = 0; stretch <= changed; stretch += 1) {
    let offsets = Array.from({ length: farthest }, (_, index) => index + 1);
    for (; offsets.length > 0; at += 1) {
      if (lines.get(at + farthest) === null) return null;
      offsets = offsets.filter((offset) => lines.get(at) === lines.get(at + offset));
    }
  }
  const last = at + farthest + CONTEXT + 1;
  return lines.get(last) === null ? null : lines.startOf(last);
}

/** The lines of a text, with their ends, read as far as they are asked for. */
class LinesFrom {
  readonly #text: string;
  readonly #starts: number[];

  constructor(text: string, start: number) {
    this.#text = text;
    this.#starts = [start];
  }

  startOf(index: number): number {
    return this.#starts[index] ?? this.#text.length;
  }

  /** Null behind the last line that has an end. */
  get(index: number): string | null {
    while (this.#starts.length <= index + 1) {
      const next = this.#text.indexOf("\n", this.#starts.at(-1));
      if (next === -1) return null;
      this.#starts.push(next + 1);
    }
    return this.#text.slice(this.#starts[index], this.#starts[index + 1]);
  }
}

function startOfLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The start of the line some lines above another line's start. */
function linesUp(text: string, start: number, count: number): number {
  let at = start;
  for (let line = 0; line < count && at > 0; line += 1) at = startOfLine(text, at - 1);
  return at;
}

function linesIn(text: string, start: number, end: number): number {
  let count = 0;
  let at = start;
  while (at < end) {
    const next = text.indexOf("\n", at);
    count += 1;
    if (next === -1) break;
    at = next + 1;
  }
  return count;
}

/** The line, from 1, at which the first change of a text stands before it is made. */
export function firstChangedLine(before: string, after: string): number {
  const same = commonStart(before, after);
  const line = linesIn(before, 0, startOfLine(before, same)) + 1;
  // Where one text ends as a line of the other does, that line is no other.
  const isLineOfBoth = [before, after].every((text) => text.length === same || text[same] === "\n");
  return isLineOfBoth ? line + 1 : line;
}
