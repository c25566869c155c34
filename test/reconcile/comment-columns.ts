// Comments behind code, as `writtenCode` writes them, and which of them stand as `terraform fmt` has them.

interface CommentBehind {
  readonly comment: string;
  readonly width: number;
  readonly blanks: string;
}

/** A text with one blank before each comment behind code. */
export function withoutPadding(text: string): string {
  return text.replace(/(?<=[^\s#])[ \t]+(?=#)/g, " ");
}

/** The comments before which there are other blanks in another text. */
export function movedComments(before: string, after: string): string[] {
  const blanksOf = (text: string) =>
    new Map(runsOf(text).flatMap((run) => run.map(({ comment, blanks }) => [comment, blanks] as const)));
  const now = blanksOf(after);
  return [...blanksOf(before)].flatMap(([comment, blanks]) =>
    (now.get(comment) ?? blanks) === blanks ? [] : [comment],
  );
}

/** The comments that start in the same column as those in the lines around them, one blank behind the longest line. */
export function alignedComments(text: string): ReadonlySet<string> {
  const aligned = runsOf(text).filter((run) => {
    const column = Math.max(...run.map(({ width }) => width)) + 1;
    return run.every(({ width, blanks }) => blanks === " ".repeat(column - width));
  });
  return new Set(aligned.flatMap((run) => run.map(({ comment }) => comment)));
}

function runsOf(text: string): readonly (readonly CommentBehind[])[] {
  const runs: CommentBehind[][] = [[]];
  for (const line of text.replace("\ufeff", "").split(/\r?\n/)) {
    const [, code = "", blanks = "", comment] = /^([^#]*[^#\s])([ \t]*)(#.*)$/.exec(line) ?? [];
    if (comment === undefined) runs.push([]);
    else runs.at(-1)?.push({ comment, blanks, width: [...new Intl.Segmenter().segment(code)].length });
  }
  return runs;
}
