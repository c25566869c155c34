import { createTwoFilesPatch } from "diff";

/**
 * A unified diff of one file that `patch -p1` applies in the root: `--- a/F`, `+++ b/F` and nothing before them,
 * `/dev/null` for a file that is new (`before` null), a tab after names with spaces, line endings as they are.
 */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const patch = createTwoFilesPatch("a", "b", before ?? "", after, undefined, undefined, {
    context: 3,
    stripTrailingCr: false,
  });
  const hunks = patch.slice(patch.indexOf("\n@@ ") + 1);
  const name = path.includes(" ") ? `${path}\t` : path;
  return `--- ${before === null ? "/dev/null" : `a/${name}`}\n+++ b/${name}\n${hunks}`;
}

/** The line, from 1, at which the first change of a text stands before it is made. */
export function firstChangedLine(before: string, after: string): number {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const at = old.findIndex((line, index) => line !== now[index]);
  return (at === -1 ? old.length : at) + 1;
}
