import { diffArrays } from "diff";
import { decodeText, type Snapshot } from "../terraform/source/snapshot.ts";

/** Lines of a file, from 1, the last included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A rewrite larger than this is not compared line by line: its time grows with the square of what differs. */
const MOST_EDITS = 4_000;

/**
 * The lines that a change of the code adds or changes, told from the files on both sides. What it only removes has no
 * line on the new side.
 */
export class ChangedLines {
  readonly #base: Snapshot;
  readonly #head: Snapshot;
  readonly #known = new Map<string, readonly Stretch[]>();

  constructor(base: Snapshot, head: Snapshot) {
    this.#base = base;
    this.#head = head;
  }

  /** In order. None for a file that is not text, or is rewritten beyond all comparison. */
  of(file: string): readonly Stretch[] {
    const known = this.#known.get(file) ?? this.#compare(file);
    this.#known.set(file, known);
    return known;
  }

  #compare(file: string): readonly Stretch[] {
    const [was, is] = [linesOf(this.#base, file), linesOf(this.#head, file)];
    if (is === null || is.length === 0) return [];
    if (was === null) return this.#base.read(file) === undefined ? [{ from: 1, to: is.length }] : [];
    return changedStretches(was, is);
  }
}

function linesOf(snapshot: Snapshot, file: string): readonly string[] | null {
  const bytes = snapshot.read(file);
  const text = bytes === undefined ? null : decodeText(bytes);
  if (text === null) return null;
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function changedStretches(was: readonly string[], is: readonly string[]): Stretch[] {
  const start = sharedAtStart(was, is);
  const end = sharedAtEnd(was, is, start);
  const [old, now] = [was.slice(start, was.length - end), is.slice(start, is.length - end)];
  if (now.length === 0) return [];
  const parts = diffArrays([...old], [...now], { maxEditLength: MOST_EDITS });
  const found: Stretch[] = [];
  let line = start + 1;
  for (const { added, removed, value } of parts ?? []) {
    if (removed) continue;
    if (added) found.push({ from: line, to: line + value.length - 1 });
    line += value.length;
  }
  return found;
}

function sharedAtStart(was: readonly string[], is: readonly string[]): number {
  const most = Math.min(was.length, is.length);
  let count = 0;
  while (count < most && was[count] === is[count]) count += 1;
  return count;
}

function sharedAtEnd(was: readonly string[], is: readonly string[], start: number): number {
  const most = Math.min(was.length, is.length) - start;
  let count = 0;
  while (count < most && was[was.length - 1 - count] === is[is.length - 1 - count]) count += 1;
  return count;
}
