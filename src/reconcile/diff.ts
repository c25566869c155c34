import { createTwoFilesPatch } from "diff";

/**
 * A unified diff of one file that `patch -p1` applies in the root: `--- a/F`, `+++ b/F` and nothing before them,
 * `/dev/null` for a file that is new (`before` null), a tab after names with spaces, line endings as they are.
 */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const name = (side: string) => (path.includes(" ") ? `${side}/${path}\t` : `${side}/${path}`);
  const patch = createTwoFilesPatch(
    before === null ? "/dev/null" : name("a"),
    name("b"),
    before ?? "",
    after,
    undefined,
    undefined,
    { context: 3, stripTrailingCr: false },
  );
  return patch.slice(patch.indexOf("--- "));
}
