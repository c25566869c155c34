import type { Edit } from "./edit.ts";
import { columnsOf, isFlat } from "./format.ts";
import { type Interior, type Item, skipBlanks, splice, startsLine } from "./surroundings.ts";

/** A line `name = value` that `terraform fmt` aligns with those around it. */
export interface AssignmentLine {
  /** Where the name ends and the padding starts. */
  readonly nameEnd: number;
  readonly equals: number;
  readonly width: number;
  /** Whether blanks stand before the `=` and one behind it, as `terraform fmt` has them. */
  readonly spaced: boolean;
}

/** An item's line, or null where the item does not take part in alignment. */
export function lineOf(interior: Interior, item: Item): AssignmentLine | null {
  const { text } = interior.file;
  if (item.kind !== "attribute" && item.kind !== "item") return null;
  const nameEnd = item.kind === "attribute" ? item.nameRange.end : item.key.end;
  const equals = skipBlanks(text, nameEnd);
  const value = text.slice(item.value.start, item.value.end);
  if (text[equals] !== "=" || !startsLine(text, item.start) || !isFlat(value)) return null;
  const name = text.slice(item.start, nameEnd);
  if (name.includes("\n")) return null;
  const spaced = /^ +$/.test(text.slice(nameEnd, equals)) && text.slice(equals + 1, item.value.start) === " ";
  return { nameEnd, equals, width: columnsOf(name), spaced };
}

/** Whether `next` starts on the line after the one on which `item` ends. */
export function adjoins(interior: Interior, item: Item | undefined, next: Item | undefined): boolean {
  if (item === undefined || next === undefined) return false;
  const gap = interior.file.text.slice(item.end, next.start);
  return gap.indexOf("\n") !== -1 && gap.indexOf("\n") === gap.lastIndexOf("\n");
}

/** The run of lines that ends with item `index`. */
export function runUpTo(interior: Interior, index: number): readonly AssignmentLine[] {
  const { items } = interior;
  const run: AssignmentLine[] = [];
  for (let at = index; at >= 0; at -= 1) {
    const item = items[at];
    const next = at === index ? undefined : items[at + 1];
    if (item === undefined || (next !== undefined && !adjoins(interior, item, next))) break;
    const line = lineOf(interior, item);
    if (line === null) break;
    run.unshift(line);
  }
  return run;
}

/** The run of lines that starts with item `index`. */
export function runFrom(interior: Interior, index: number): readonly AssignmentLine[] {
  const { items } = interior;
  const run: AssignmentLine[] = [];
  for (let at = index; at < items.length; at += 1) {
    const item = items[at];
    const before = at === index ? undefined : items[at - 1];
    if (item === undefined || (before !== undefined && !adjoins(interior, before, item))) break;
    const line = lineOf(interior, item);
    if (line === null) break;
    run.push(line);
  }
  return run;
}

/** The runs of lines that item `index` adjoins, its own line not among them. */
export function runsBeside(
  interior: Interior,
  index: number,
): { readonly above: readonly AssignmentLine[]; readonly below: readonly AssignmentLine[] } {
  const { items } = interior;
  const item = items[index];
  return {
    above: adjoins(interior, items[index - 1], item) ? runUpTo(interior, index - 1) : [],
    below: adjoins(interior, item, items[index + 1]) ? runFrom(interior, index + 1) : [],
  };
}

/** The column of `=` that all lines share, counted from the names' start, or null where they do not share one. */
export function commonColumn(run: readonly AssignmentLine[]): number | null {
  const columns = new Set(run.map(({ width, nameEnd, equals }) => width + equals - nameEnd));
  const [column] = columns;
  if (!run.every(({ spaced }) => spaced)) return null;
  return columns.size === 1 && column !== undefined ? column : null;
}

/** The column that `terraform fmt` gives `=` in a run with names of these widths. */
export function formattedColumn(run: readonly AssignmentLine[]): number {
  return run.reduce((widest, { width }) => Math.max(widest, width), 0) + 1;
}

/** Whether a run is aligned as `terraform fmt` does it. */
export function isFormatted(run: readonly AssignmentLine[]): boolean {
  return run.length === 0 || commonColumn(run) === formattedColumn(run);
}

/** The edits of padding that bring `=` to a column. */
export function alignTo(interior: Interior, run: readonly AssignmentLine[], column: number): readonly Edit[] {
  return run
    .filter(({ width, nameEnd, equals }) => width + equals - nameEnd !== column)
    .map(({ width, nameEnd, equals }) =>
      splice(interior, nameEnd, equals, " ".repeat(Math.max(1, column - width))),
    );
}
