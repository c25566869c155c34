import { diffLines } from "diff";
import type { Edit } from "../hcl/editing/edit.ts";

/**
 * An edit of several lines as edits of those of them that change, so that what stands between them is nobody's.
 * @param text the file before the edit
 */
export function lineEdits(edit: Edit, text: string): readonly Edit[] {
  const before = text.slice(edit.start, edit.end);
  if (!before.includes("\n")) return [edit];
  const edits: Edit[] = [];
  let at = edit.start;
  let open: { start: number; end: number; text: string } | null = null;
  const close = () => {
    if (open !== null) edits.push({ file: edit.file, ...open });
    open = null;
  };
  for (const { value, added, removed } of diffLines(before, edit.text)) {
    if (added || removed) {
      open ??= { start: at, end: at, text: "" };
      if (added) open.text += value;
    } else close();
    if (!added) at += value.length;
    if (open !== null) open.end = at;
  }
  close();
  return edits;
}
