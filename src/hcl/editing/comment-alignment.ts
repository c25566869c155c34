import type { Body } from "../syntax/syntax.ts";
import { commentRuns, isAligned, misalignedIn, type Padding } from "./comment-runs.ts";
import { applyEdits, type Edit } from "./edit.ts";
import { endOfLine, startOfLine } from "./surroundings.ts";
import { editsBetween } from "./text-edits.ts";

/**
 * Edits of a file in the native syntax, and with them those of the blanks before comments behind code that keep these
 * aligned: where `terraform fmt` had nothing to do in their lines before, it has nothing to do after it.
 * @throws RangeError where edits overlap.
 */
export function withAlignedComments(body: Body, edits: readonly Edit[]): readonly Edit[] {
  const { path, text } = body.file;
  if (body.json !== undefined || !edits.some((edit) => isNearComment(text, edit))) return edits;
  const [start, end] = surroundingsOf(body, edits);
  const before = text.slice(start, end);
  const own = moved(edits, -start);
  const after = applyEdits(before, own);
  const paddings = paddingsOf(before, after, own).map((padding) => ({ file: path, ...padding }));
  if (paddings.length === 0) return edits;
  const apart = paddingsApart(paddings, own);
  if (apart !== null) return [...edits, ...moved(apart, start)];
  return moved(editsBetween({ path, text: before }, applyEdits(after, paddings)), start);
}

/** Whether there may be a comment in the lines of an edit, or in those above and below. */
function isNearComment(text: string, { start, end }: Edit): boolean {
  const first = startOfLine(text, Math.max(0, startOfLine(text, start) - 1));
  const last = text.indexOf("\n", end);
  return /#|\/\//.test(text.slice(first, last === -1 ? text.length : endOfLine(text, last + 1)));
}

/** What can be read by itself: the items that edits touch, with those next to them and all on lines that follow. */
function surroundingsOf({ file: { text }, items }: Body, edits: readonly Edit[]): readonly [number, number] {
  const from = Math.min(...edits.map((edit) => edit.start));
  const to = Math.max(...edits.map((edit) => edit.end));
  const follows = (index: number) => {
    const gap = text.slice(items[index - 1]?.end, items[index]?.start);
    return gap.indexOf("\n") === gap.lastIndexOf("\n");
  };
  let first = items.findIndex(({ end }) => end >= from);
  first = (first === -1 ? items.length : first) - 1;
  while (first > 0 && follows(first)) first -= 1;
  let last = items.findIndex(({ start }) => start > to);
  while (last !== -1 && last + 1 < items.length && follows(last + 1)) last += 1;
  const end = items[last]?.end;
  return [items[first - 1]?.end ?? 0, end === undefined ? text.length : endOfLine(text, end)];
}

/** The edits of blanks, in the edited text, in runs of comments that were aligned before. */
function paddingsOf(before: string, after: string, edits: readonly Edit[]): readonly Padding[] {
  const old = commentRuns(before);
  if (old === null || old.length === 0) return [];
  const moves = movesOf(edits);
  return (commentRuns(after) ?? []).flatMap((run) => {
    const paddings = misalignedIn(run, after);
    if (paddings.length === 0) return [];
    const [start, end] = [placeBefore(moves, run.start).start, placeBefore(moves, run.end).end];
    const same = old.filter((each) => each.start <= end && start <= each.end);
    const wereAligned = same.length > 0 && same.every((each) => isAligned(each, before));
    return wereAligned ? paddings : [];
  });
}

/** An edit, and where its text stands in the edited text. */
interface Move {
  readonly edit: Edit;
  readonly from: number;
  readonly to: number;
}

function movesOf(edits: readonly Edit[]): readonly Move[] {
  let shift = 0;
  return edits
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((edit) => {
      const from = edit.start + shift;
      shift += edit.text.length - (edit.end - edit.start);
      return { edit, from, to: from + edit.text.length };
    });
}

/** Where an offset of the edited text was before: anywhere in what an edit replaces, where it stands in that edit. */
function placeBefore(
  moves: readonly Move[],
  offset: number,
): { readonly start: number; readonly end: number } {
  const own = moves.filter(({ from, to }) => from <= offset && offset <= to).map(({ edit }) => edit);
  const [first, last] = [own[0], own.at(-1)];
  if (first !== undefined && last !== undefined) return { start: first.start, end: last.end };
  const start = offset - shiftAt(moves, offset);
  return { start, end: start };
}

function shiftAt(moves: readonly Move[], offset: number): number {
  return moves
    .filter(({ to }) => to <= offset)
    .reduce((sum, { edit }) => sum + edit.text.length - (edit.end - edit.start), 0);
}

/** Edits of the edited text as such of the text before; null where one stands in what an edit writes. */
function paddingsApart(paddings: readonly Edit[], edits: readonly Edit[]): readonly Edit[] | null {
  const moves = movesOf(edits);
  const isWithin = ({ start, end }: Edit) =>
    start === end || moves.some(({ from, to }) => start < to && from < end);
  if (paddings.some(isWithin)) return null;
  return paddings.map((padding) => {
    const shift = shiftAt(moves, padding.start);
    return { ...padding, start: padding.start - shift, end: padding.end - shift };
  });
}

function moved(edits: readonly Edit[], by: number): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, start: edit.start + by, end: edit.end + by }));
}
