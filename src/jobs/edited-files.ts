import { applyPatch, parsePatch } from "diff";
import type { Adoption } from "../drift/model.ts";
import type { FileContent } from "../github/commits.ts";
import { readFileAt } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { SENSITIVE } from "../reports/redaction.ts";

/** GitHub refuses changes below this folder to an App without the permission `workflows`. */
const WORKFLOWS = ".github/workflows/";

/** A proven edit does not fit the files it was made from, or may not be written there. */
export class EditDoesNotFit extends Error {
  override readonly name = "EditDoesNotFit";
}

/** A file that an edit changes is another one than in the scan: scan again, then decide. */
export class BaseMoved extends Error {
  override readonly name = "BaseMoved";
}

export interface EditBase {
  /** The commit that the edit was proven on. */
  readonly scanned: string;
  /** The commit that it is made on. What has changed in between must be elsewhere. */
  readonly base: string;
}

/**
 * The files that an edit changes, as they are afterwards.
 * @throws EditDoesNotFit, BaseMoved
 */
export async function editedFiles(
  github: GitHub,
  repository: RepositoryRef,
  { scanned, base }: EditBase,
  files: Adoption["files"],
): Promise<FileContent[]> {
  const edited: FileContent[] = [];
  for (const { path, diff } of files) {
    if (path.startsWith(WORKFLOWS))
      throw new EditDoesNotFit(
        `${path} is a workflow, and Driftwright does not ask for the permission to write those`,
      );
    const there = await readFileAt(github, repository, scanned, path);
    if (scanned !== base && there !== (await readFileAt(github, repository, base, path)))
      throw new BaseMoved(`${path} changed since it was scanned`);
    const before = diff.startsWith("--- /dev/null\n") ? "" : there;
    const after = before === null ? null : applyDiff(before, diff);
    if (after === null) throw new EditDoesNotFit(`the edit of ${path} does not fit the file as it is`);
    edited.push({ path, content: after });
  }
  return edited;
}

/**
 * A text with a unified diff applied, exactly where the diff says; null where it does not fit. Stored diffs are cleaned
 * of secrets: a line that is only context may hold one, a line that changes may not.
 */
export function applyDiff(before: string, diff: string): string | null {
  const [patch, ...others] = parsePatch(diff);
  if (patch === undefined || patch.hunks.length === 0 || others.length > 0) return null;
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  if (lines.some((line) => /^[+-]/.test(line) && line.includes(SENSITIVE))) return null;
  const after = applyPatch(before, patch, {
    fuzzFactor: 0,
    autoConvertLineEndings: false,
    compareLine: (_number, line, operation, context) =>
      line === context || (operation === " " && isMaskOf(context, line)),
  });
  return after === false ? null : after;
}

/** Whether a line of a cleaned diff may be this line: something stands in the place of each `(sensitive)`. */
function isMaskOf(masked: string, line: string): boolean {
  const [start = "", ...rest] = masked.split(SENSITIVE);
  const end = rest.pop();
  if (end === undefined || !line.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = line.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return line.length - end.length >= at && line.endsWith(end);
}
