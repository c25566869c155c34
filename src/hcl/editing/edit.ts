/** A splice: `[start, end)` of the file at `file` becomes `text`. With `start` equal to `end` it is an insertion. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits of one file to its text; all offsets are those before any edit. The edits may stand in any order.
 * Insertions at one offset keep the order they are given in, and stand before what replaces the text there.
 * @throws RangeError where edits overlap or reach outside of the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let done = 0;
  for (const edit of inOrder(text, edits)) {
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}

/**
 * The edits that take the edited text back: `applyEdits(applyEdits(text, edits), invertEdits(text, edits))` is `text`.
 * @throws RangeError as `applyEdits` does.
 */
export function invertEdits(text: string, edits: readonly Edit[]): readonly Edit[] {
  let shift = 0;
  return inOrder(text, edits).map((edit) => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    const end = start + edit.text.length;
    return { file: edit.file, start, end, text: text.slice(edit.start, edit.end) };
  });
}

function inOrder(text: string, edits: readonly Edit[]): readonly Edit[] {
  const sorted = edits.toSorted(
    (a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start),
  );
  let done = 0;
  for (const edit of sorted) {
    if (edit.start < 0 || edit.end < edit.start || edit.end > text.length)
      throw new RangeError(
        `an edit of ${edit.file} at [${edit.start}, ${edit.end}) is outside of its ${text.length} characters`,
      );
    if (edit.start < done)
      throw new RangeError(
        `two edits of ${edit.file} overlap: one ends at ${done}, the other starts at ${edit.start}`,
      );
    done = edit.end;
  }
  return sorted;
}
