import { MaskedLines } from "./masked-literals.ts";
import type { Span } from "./sensitive-literals.ts";

/** A diff of one file as it may be shown. */
export interface MaskedDiff {
  readonly diff: string;
  /** The first line of the file, from 1, whose change shows a secret, so that a mask stands there; null where none does. */
  readonly hidden: number | null;
}

interface Line {
  readonly kind: " " | "-" | "+";
  /** As it may be shown, with the remark that the file ends without a line end. */
  readonly shown: string;
  /** Line numbers before and after the edit. */
  readonly old: number;
  readonly now: number;
  readonly isMasked: boolean;
}

/**
 * A unified diff of one file with the sensitive literals of its lines masked: of lines that go by their place in the
 * file as it was, of lines that come where they have what such a literal of a line that goes has. Lines that only
 * surround a change are left out instead, so that the diff applies as long as nothing is `hidden`.
 *
 * @param text the file before the edit
 */
export function maskedDiff(diff: string, text: string, spans: readonly Span[]): MaskedDiff {
  if (spans.length === 0) return { diff, hidden: null };
  const lines = new MaskedLines(text, spans);
  const [head = "", ...hunks] = diff.split(/^(?=@@ )/m);
  const read = hunks.map((hunk) => ({ hunk, lines: readHunk(hunk, lines) }));
  const hidden = read.flatMap((each) => each.lines).find(({ kind, isMasked }) => kind !== " " && isMasked);
  const shown = read.map((each) => printHunk(each.hunk, each.lines));
  return { diff: head + shown.join(""), hidden: hidden?.old ?? null };
}

function readHunk(hunk: string, masked: MaskedLines): Line[] {
  const [header = "", ...rest] = hunk.split(/(?<=\n)/);
  const [, from = "1", count = "1", to = "1", length = "1"] = HEADER.exec(header) ?? [];
  let old = Number(from) + (count === "0" ? 1 : 0);
  let now = Number(to) + (length === "0" ? 1 : 0);
  const found: Line[] = [];
  for (const whole of rest) {
    const kind = whole[0];
    if (kind === "\\") {
      const last = found.pop();
      if (last !== undefined) found.push({ ...last, shown: last.shown + whole });
    }
    if (kind !== " " && kind !== "-" && kind !== "+") continue;
    const end = whole.endsWith("\n") ? "\n" : "";
    const written = whole.slice(1, whole.length - end.length);
    const may =
      kind === "+" ? masked.coming(written) : kind === "-" ? masked.going(old) : masked.staying(old);
    const shown = `${kind}${may ?? written}${end}`;
    found.push({ kind, shown, old, now, isMasked: shown !== whole });
    if (kind !== "+") old += 1;
    if (kind !== "-") now += 1;
  }
  return found;
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The hunk, or where lines that stay may not be shown, hunks around those. */
function printHunk(hunk: string, lines: readonly Line[]): string {
  const isLeftOut = ({ kind, isMasked }: Line) => kind === " " && isMasked;
  if (!lines.some(({ isMasked }) => isMasked)) return hunk;
  const stretches: Line[][] = [[]];
  for (const line of lines) {
    if (isLeftOut(line)) stretches.push([]);
    else stretches.at(-1)?.push(line);
  }
  const isCut = stretches.length > 1;
  return stretches
    .filter((stretch) => stretch.some(({ kind }) => kind !== " "))
    .map((stretch) => printLines(isCut ? evenly(stretch) : stretch))
    .join("");
}

/**
 * With as many lines before the changes as behind them: `patch` takes a hunk that has fewer on one side as one at that
 * end of the file.
 */
function evenly(lines: readonly Line[]): readonly Line[] {
  const first = lines.findIndex(({ kind }) => kind !== " ");
  const last = lines.findLastIndex(({ kind }) => kind !== " ");
  const around = Math.min(first, lines.length - 1 - last);
  return lines.slice(first - around, last + around + 1);
}

function printLines(lines: readonly Line[]): string {
  const [first] = lines;
  if (first === undefined) return "";
  const count = (kind: "-" | "+") => lines.filter((line) => line.kind === kind || line.kind === " ").length;
  const [old, now] = [count("-"), count("+")];
  // What has no lines is named by the line before it.
  const from = old === 0 ? first.old - 1 : first.old;
  const to = now === 0 ? first.now - 1 : first.now;
  return `@@ -${from},${old} +${to},${now} @@\n${lines.map(({ shown }) => shown).join("")}`;
}
