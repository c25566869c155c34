/** By symbol: how many bits it takes (0: it does not occur), and those bits, the first one lowest. */
export interface HuffmanCode {
  readonly lengths: Uint8Array;
  readonly bits: Uint16Array;
}

/**
 * The code that makes a text shortest in which each symbol occurs so often, without a symbol of more than `longest`
 * bits.
 */
export function huffmanCode(frequencies: ArrayLike<number>, longest: number): HuffmanCode {
  return canonicalCode(shortestLengths(frequencies, longest));
}

/** The one code with these lengths (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2). */
export function canonicalCode(lengths: Uint8Array): HuffmanCode {
  const bits = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = 1; length <= 15; length++) {
    next <<= 1;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) bits[symbol] = reversed(next++, length);
    }
  }
  return { lengths, bits };
}

/** How many bits the symbols take that occur so often. */
export function sizeIn({ lengths }: HuffmanCode, frequencies: ArrayLike<number>): number {
  let size = 0;
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    size += (frequencies[symbol] ?? 0) * (lengths[symbol] ?? 0);
  }
  return size;
}

/**
 * Lengths by the package-merge algorithm (Larmore and Hirschberg, 1990). Several sets of lengths may be equally good:
 * here symbols that are as frequent stand in their order, and a package goes before a symbol of its weight.
 */
function shortestLengths(frequencies: ArrayLike<number>, longest: number): Uint8Array {
  const lengths = new Uint8Array(frequencies.length);
  const symbols = rarestFirst(frequencies);
  if (symbols.length <= 2) {
    for (const symbol of symbols) lengths[symbol] = 1;
    return lengths;
  }
  const weights = Uint32Array.from(symbols, (symbol) => frequencies[symbol] ?? 0);
  let taken = 2 * symbols.length - 2;
  for (const { isPackage } of rowsOf(weights, Math.min(longest, symbols.length - 1)).reverse()) {
    let packages = 0;
    for (let at = 0; at < taken; at++) packages += isPackage[at] ?? 0;
    for (const symbol of symbols.slice(0, taken - packages)) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    taken = 2 * packages;
  }
  return lengths;
}

/** The symbols that occur. */
function rarestFirst(frequencies: ArrayLike<number>): number[] {
  const symbols: number[] = [];
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    if ((frequencies[symbol] ?? 0) > 0) symbols.push(symbol);
  }
  return symbols.sort((one, other) => (frequencies[one] ?? 0) - (frequencies[other] ?? 0) || one - other);
}

/** Symbols, and packages of two of the row before, by weight. */
interface Row {
  readonly weights: Uint32Array;
  /** 1 for a package, 0 for a symbol. */
  readonly isPackage: Uint8Array;
}

function rowsOf(weights: Uint32Array, count: number): Row[] {
  const rows: Row[] = [];
  let row: Row = { weights: new Uint32Array(), isPackage: new Uint8Array() };
  for (let made = 0; made < count; made++) {
    row = withPackagesOf(row.weights, weights);
    rows.push(row);
  }
  return rows;
}

function withPackagesOf(before: Uint32Array, symbols: Uint32Array): Row {
  const packages = before.length >> 1;
  const row = {
    weights: new Uint32Array(symbols.length + packages),
    isPackage: new Uint8Array(symbols.length + packages),
  };
  let symbol = 0;
  for (let at = 0, next = 0; at < row.weights.length; at++) {
    const packed = (before[2 * next] ?? 0) + (before[2 * next + 1] ?? 0);
    const weight = symbols[symbol] ?? 0;
    if (next < packages && (symbol === symbols.length || packed <= weight)) {
      row.weights[at] = packed;
      row.isPackage[at] = 1;
      next += 1;
    } else {
      row.weights[at] = weight;
      symbol += 1;
    }
  }
  return row;
}

function reversed(bits: number, count: number): number {
  let result = 0;
  for (let rest = bits, left = count; left > 0; left--, rest >>>= 1) result = (result << 1) | (rest & 1);
  return result;
}
