import { withAlignedComments } from "../hcl/editing/comment-alignment.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { isLikelyRead, syntaxOf } from "../terraform/source/file-names.ts";
import type { ParsedFiles } from "../terraform/source/parsed-files.ts";

/**
 * Edits with those of the blanks that keep comments behind code aligned, in files that `terraform fmt` formats.
 * @throws RangeError where edits overlap.
 */
export function alignedEdits(files: ParsedFiles, edits: readonly Edit[]): readonly Edit[] {
  return [...Map.groupBy(edits, ({ file }) => file)].flatMap(([path, own]) => {
    const source = isLikelyRead(path) && syntaxOf(path) === "native" ? files.get(path) : null;
    return source === null ? own : withAlignedComments(source.parsed.body, own);
  });
}
