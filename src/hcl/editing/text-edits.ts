import { diffArrays } from "diff";
import type { SourceFile } from "../syntax/source.ts";
import type { Edit } from "./edit.ts";

/** Texts that have less in common than this many lines are replaced as a whole. */
const MOST_CHANGED_LINES = 500;

/** The splices that make a text another one: one for each run of lines that differ, without what these begin and end with. */
export function editsBetween({ path, text }: SourceFile, after: string): readonly Edit[] {
  const [old, now] = [linesOf(text), linesOf(after)];
  const changes = diffArrays(old, now, { maxEditLength: MOST_CHANGED_LINES });
  if (changes === undefined) return present(trimmed(path, 0, text, after));
  const edits: Edit[] = [];
  let [at, gone, come, from] = [0, "", "", 0];
  for (const { added, removed, value } of changes) {
    const written = value.join("");
    if (added) come += written;
    else if (removed) gone += written;
    else {
      edits.push(...present(trimmed(path, from, gone, come)));
      [gone, come, from] = ["", "", at + written.length];
    }
    if (!added) at += written.length;
  }
  return [...edits, ...present(trimmed(path, from, gone, come))];
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function present(edit: Edit | null): Edit[] {
  return edit === null ? [] : [edit];
}

/** The splice of a stretch without what stays at its start and end; null where all of it stays. */
function trimmed(path: string, offset: number, before: string, after: string): Edit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  // A character of two units stays whole.
  if (isLowHalf(before, start) || isLowHalf(after, start)) start -= 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (isLowHalf(before, before.length - tail) || isLowHalf(after, after.length - tail)) tail -= 1;
  return {
    file: path,
    start: offset + start,
    end: offset + before.length - tail,
    text: after.slice(start, after.length - tail),
  };
}

function isLowHalf(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff;
}
