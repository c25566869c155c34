import { huffmanCode } from "./huffman-code.ts";
import { END_OF_BLOCK } from "./symbols.ts";

/** The lowest bits of a number. */
interface Field {
  readonly bits: number;
  readonly count: number;
}

/** What tells a reader the codes of a block. */
export interface CodeTable {
  readonly fields: readonly Field[];
  /** In bits. */
  readonly size: number;
}

/** Lengths of codes are symbols of a code of their own, with three more for runs. */
const SYMBOLS = 19;
const REPEAT = 16;
const FEW_ZEROS = 17;
const MANY_ZEROS = 18;
const LONGEST_CODE = 7;
/** The order in which the lengths of that code are written; zeros at the end are left out, but for the first four. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FEWEST = 4;

/**
 * The table of two codes, given by the lengths of their symbols' bits
 * (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).
 */
export function codeTable(literals: Uint8Array, distances: Uint8Array): CodeTable {
  const literalCount = Math.max(usedCount(literals), END_OF_BLOCK + 1);
  const distanceCount = Math.max(usedCount(distances), 1);
  const runs = runsOf([...literals.subarray(0, literalCount), ...distances.subarray(0, distanceCount)]);
  const frequencies = new Uint32Array(SYMBOLS);
  for (const { symbol } of runs) frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
  const code = huffmanCode(frequencies, LONGEST_CODE);
  const ordered = ORDER.map((symbol) => code.lengths[symbol] ?? 0);
  const lengthCount = Math.max(usedCount(ordered), FEWEST);
  const fields: Field[] = [
    { bits: literalCount - END_OF_BLOCK - 1, count: 5 },
    { bits: distanceCount - 1, count: 5 },
    { bits: lengthCount - FEWEST, count: 4 },
    ...ordered.slice(0, lengthCount).map((length) => ({ bits: length, count: 3 })),
  ];
  for (const { symbol, extra } of runs) {
    fields.push({ bits: code.bits[symbol] ?? 0, count: code.lengths[symbol] ?? 0 });
    if (extra !== null) fields.push(extra);
  }
  return { fields, size: fields.reduce((size, { count }) => size + count, 0) };
}

interface Run {
  readonly symbol: number;
  readonly extra: Field | null;
}

function runsOf(lengths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] ?? 0;
    let end = at + 1;
    while (end < lengths.length && lengths[end] === length) end++;
    for (const run of length === 0 ? zeros(end - at) : repeated(length, end - at)) runs.push(run);
    at = end;
  }
  return runs;
}

function zeros(count: number): Run[] {
  const runs: Run[] = [];
  let left = count;
  while (left > 10) {
    const many = Math.min(left, 138);
    runs.push({ symbol: MANY_ZEROS, extra: { bits: many - 11, count: 7 } });
    left -= many;
  }
  if (left > 2) {
    runs.push({ symbol: FEW_ZEROS, extra: { bits: left - 3, count: 3 } });
    left = 0;
  }
  return [...runs, ...single(0, left)];
}

function repeated(length: number, count: number): Run[] {
  const runs = single(length, 1);
  let left = count - 1;
  while (left > 2) {
    const some = Math.min(left, 6);
    runs.push({ symbol: REPEAT, extra: { bits: some - 3, count: 2 } });
    left -= some;
  }
  return [...runs, ...single(length, left)];
}

function single(length: number, count: number): Run[] {
  return Array.from({ length: count }, () => ({ symbol: length, extra: null }));
}

/** How many there are up to the last that is not 0. */
function usedCount(lengths: ArrayLike<number>): number {
  let count = lengths.length;
  while (count > 0 && lengths[count - 1] === 0) count--;
  return count;
}
