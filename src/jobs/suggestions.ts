import { structuredPatch } from "diff";
import type { LineComment } from "../github/reviews.ts";
import type { EditedFile } from "./check-adoption.ts";

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** More of them nobody would press one by one. */
const MOST_SUGGESTIONS = 10;

/**
 * An edit as suggestions on lines that a pull request's diff shows; null where a part of it lies elsewhere, since only all
 * of it together is proven, or where a line would be shown that its diff leaves out, since there is a secret in it.
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request
 * @param shown the lines by file
 */
export function suggestionsOf(
  files: readonly EditedFile[],
  shown: ReadonlyMap<string, readonly Stretch[]>,
): readonly LineComment[] | null {
  const all: LineComment[] = [];
  for (const { path, before, after, diff } of files) {
    if (before === null) return null;
    const around = new Set(diff.split("\n").filter((line) => line.startsWith(" ")));
    const inDiff = shown.get(path) ?? [];
    let last = 0;
    for (const { from, to, lines, kept } of replacements(before, after)) {
      // Of two suggestions on one line only one could be taken.
      if (from <= last) return null;
      if (kept !== null && !around.has(` ${kept}`)) return null;
      last = to;
      if (!inDiff.some((one) => one.from <= from && to <= one.to)) return null;
      all.push({ path, from, to, body: suggestion(lines) });
    }
  }
  return all.length === 0 || all.length > MOST_SUGGESTIONS ? null : all;
}

interface Replacement extends Stretch {
  readonly lines: readonly string[];
  /** The one of the lines that stays; null where none does. */
  readonly kept: string | null;
}

/** The lines of a text that are to be replaced, and by what. A suggestion replaces a line at least. */
function replacements(before: string, after: string): Replacement[] {
  const old = before.split("\n");
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: 0 });
  return hunks.map(({ oldStart, oldLines, lines }) => {
    const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
    if (oldLines > 0) return { from: oldStart, to: oldStart + oldLines - 1, lines: added, kept: null };
    // Of what is only inserted, the hunk names the line after; at the start of a file there is none before it.
    const anchor = Math.max(1, oldStart - 1);
    const kept = old[anchor - 1] ?? "";
    return { from: anchor, to: anchor, lines: oldStart <= 1 ? [...added, kept] : [kept, ...added], kept };
  });
}

function suggestion(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length + 1);
  const fence = "`".repeat(Math.max(3, ...runs));
  return [`${fence}suggestion`, ...lines, fence].join("\n");
}
