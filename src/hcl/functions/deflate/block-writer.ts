import type { BitWriter } from "./bit-writer.ts";
import type { Block } from "./blocks.ts";
import { type CodeTable, codeTable } from "./code-table.ts";
import { canonicalCode, type HuffmanCode, huffmanCode, sizeIn } from "./huffman-code.ts";
import {
  DISTANCE_SYMBOLS,
  distanceExtraBits,
  distanceRest,
  distanceSymbol,
  END_OF_BLOCK,
  LITERAL_SYMBOLS,
  lengthOf,
  lengthRest,
  literalExtraBits,
  literalSymbol,
} from "./symbols.ts";

/** The types of blocks (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3). */
const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;
const HEADER_BITS = 3;
const LONGEST_CODE = 15;
const MOST_STORED = 0xffff;

interface Codes {
  readonly literals: HuffmanCode;
  readonly distances: HuffmanCode;
}

/** The codes that every reader knows (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6). */
const FIXED_CODES: Codes = {
  literals: canonicalCode(
    new Uint8Array([...filled(8, 144), ...filled(9, 112), ...filled(7, 24), ...filled(8, 8)]),
  ),
  distances: canonicalCode(new Uint8Array(filled(5, 32))),
};

/** How often each symbol occurs. */
interface Frequencies {
  readonly literals: Uint32Array;
  readonly distances: Uint32Array;
}

/** Writes a block in the shortest of the three ways that there are. */
export function writeBlock(out: BitWriter, { tokens, bytes, isHeld }: Block): void {
  const frequencies = frequenciesOf(tokens);
  const codes: Codes = {
    literals: huffmanCode(frequencies.literals, LONGEST_CODE),
    distances: huffmanCode(frequencies.distances, LONGEST_CODE),
  };
  const table = codeTable(codes.literals.lengths, codes.distances.lengths);
  const fixed = sizeOf(FIXED_CODES, frequencies);
  const dynamic = table.size + sizeOf(codes, frequencies);
  const isStorable = isHeld && bytes.length <= MOST_STORED;
  if (isStorable && storedSize(bytes) < Math.min(fixed, dynamic) + extraSize(frequencies)) {
    writeStored(out, bytes, false);
  } else if (dynamic < fixed) {
    out.bits(DYNAMIC << 1, HEADER_BITS);
    writeTable(out, table);
    writeTokens(out, tokens, codes);
  } else {
    out.bits(FIXED << 1, HEADER_BITS);
    writeTokens(out, tokens, FIXED_CODES);
  }
}

/** Writes bytes as they are, at most 65535; the last block of all says so. */
export function writeStored(out: BitWriter, bytes: Uint8Array, isLast: boolean): void {
  const { length } = bytes;
  out.bits((STORED << 1) | (isLast ? 1 : 0), HEADER_BITS);
  out.bytes(new Uint8Array([length, length >>> 8, ~length, ~length >>> 8]));
  out.bytes(bytes);
}

function frequenciesOf(tokens: Int32Array): Frequencies {
  const literals = new Uint32Array(LITERAL_SYMBOLS);
  const distances = new Uint32Array(DISTANCE_SYMBOLS);
  for (const token of tokens) {
    count(literals, literalSymbol(token));
    if (lengthOf(token) > 0) count(distances, distanceSymbol(token));
  }
  count(literals, END_OF_BLOCK);
  // A block without a distance has a code for one all the same, and is measured with it.
  if (distances.every((frequency) => frequency === 0)) count(distances, 0);
  return { literals, distances };
}

function count(frequencies: Uint32Array, symbol: number): void {
  frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
}

/** In bits; that of the header is the same in all codes, and so is what follows symbols. */
function sizeOf(codes: Codes, { literals, distances }: Frequencies): number {
  return HEADER_BITS + sizeIn(codes.literals, literals) + sizeIn(codes.distances, distances);
}

/** The bits that follow symbols. */
function extraSize({ literals, distances }: Frequencies): number {
  let size = 0;
  for (let symbol = END_OF_BLOCK + 1; symbol < literals.length; symbol++) {
    size += (literals[symbol] ?? 0) * literalExtraBits(symbol);
  }
  for (let symbol = 0; symbol < distances.length; symbol++) {
    size += (distances[symbol] ?? 0) * distanceExtraBits(symbol);
  }
  return size;
}

/** In bits, with five bytes for the header and the length, twice. */
function storedSize(bytes: Uint8Array): number {
  return 8 * (bytes.length + 5);
}

function writeTable(out: BitWriter, { fields }: CodeTable): void {
  for (const { bits, count: size } of fields) out.bits(bits, size);
}

function writeTokens(out: BitWriter, tokens: Int32Array, { literals, distances }: Codes): void {
  for (const token of tokens) {
    const literal = literalSymbol(token);
    writeSymbol(out, literals, literal);
    if (lengthOf(token) === 0) continue;
    writeExtra(out, lengthRest(token), literalExtraBits(literal));
    const distance = distanceSymbol(token);
    writeSymbol(out, distances, distance);
    writeExtra(out, distanceRest(token), distanceExtraBits(distance));
  }
  writeSymbol(out, literals, END_OF_BLOCK);
}

function writeSymbol(out: BitWriter, { lengths, bits }: HuffmanCode, symbol: number): void {
  out.bits(bits[symbol] ?? 0, lengths[symbol] ?? 0);
}

function writeExtra(out: BitWriter, value: number, size: number): void {
  if (size > 0) out.bits(value & ((1 << size) - 1), size);
}

function filled(value: number, length: number): number[] {
  return Array<number>(length).fill(value);
}
