import stringWidth from "string-width";
import type { Paint } from "./color.ts";

/** One cell: its text, and its colour, which is put on after wrapping so that no line ends inside of it. */
export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

const GAP = 2;
const NARROWEST = 6;

/**
 * Rows as aligned columns without borders. A column is as wide as its longest cell; where all of them do not fit into
 * `width` columns of the terminal, the widest give way and their cells wrap; the column `firm` (file names, say) does so last.
 */
export function table(rows: readonly (readonly Cell[])[], width: number, firm = -1): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const natural = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => stringWidth(row[column]?.text ?? ""))),
  );
  const room = width - GAP * Math.max(0, columns - 1);
  const widths = shrunk(natural, room, firm);
  return rows.flatMap((row) => rowLines(row, widths));
}

function rowLines(row: readonly Cell[], widths: readonly number[]): readonly string[] {
  const cells = widths.map((width, column) => wrap(row[column]?.text ?? "", width));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, column) => {
        const content = cells[column]?.[line] ?? "";
        const padding = " ".repeat(Math.max(0, width - stringWidth(content)));
        return `${row[column]?.paint?.(content) ?? content}${padding}`;
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

/** Column widths that fit: the widest columns are cut down to one common width. */
function shrunk(natural: readonly number[], room: number, firm: number): readonly number[] {
  if (sum(natural) <= room) return natural;
  const kept = natural[firm];
  if (kept !== undefined && kept <= room / 2) {
    const others = shrunk(natural.toSpliced(firm, 1), room - kept, -1);
    return others.toSpliced(firm, 0, kept);
  }
  let cap = NARROWEST;
  while (sum(natural.map((width) => Math.min(width, cap + 1))) <= room) cap += 1;
  return natural.map((width) => Math.min(width, cap));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Lines of at most `width` columns, broken between words, and inside a word that is wider than a line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((part) => pieces(part, Math.max(2, width)))) {
    const joined = line === "" ? word.text : `${line}${word.glued ? "" : " "}${word.text}`;
    if (line !== "" && (word.glued || stringWidth(joined) > width)) {
      lines.push(line);
      line = word.text;
    } else {
      line = joined;
    }
  }
  return [...lines, line];
}

interface Piece {
  readonly text: string;
  /** The rest of a word that was too wide: it begins a line of its own. */
  readonly glued: boolean;
}

function pieces(word: string, width: number): readonly Piece[] {
  if (stringWidth(word) <= width) return [{ text: word, glued: false }];
  const result: Piece[] = [];
  let part = "";
  let partWidth = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word)) {
    const segmentWidth = stringWidth(segment);
    if (part !== "" && partWidth + segmentWidth > width) {
      result.push({ text: part, glued: result.length > 0 });
      part = "";
      partWidth = 0;
    }
    part += segment;
    partWidth += segmentWidth;
  }
  return [...result, { text: part, glued: result.length > 0 }];
}
