/**
 * A piece of a text as DEFLATE sees it: a byte (0 to 255), or bytes that occurred before: how many (3 to 258) in the
 * upper half, how far back (1 to 32768), less one, in the lower half.
 */
export type Token = number;

export function repetition(length: number, distance: number): Token {
  return (length << 16) | (distance - 1);
}

/** How many bytes a repetition repeats; 0 for a byte. */
export function lengthOf(token: Token): number {
  return token >>> 16;
}

/** Ends a block; those of lengths follow it. */
export const END_OF_BLOCK = 256;
const FIRST_LENGTH = 257;
/** So many bytes at most are repeated at once; that length has a symbol of its own. */
export const LONGEST = 258;
const LONGEST_SYMBOL = 285;
export const LITERAL_SYMBOLS = 286;
export const DISTANCE_SYMBOLS = 30;

/** The symbol of a byte or of a repetition's length (https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5). */
export function literalSymbol(token: Token): number {
  const length = lengthOf(token);
  if (length === 0) return token;
  if (length === LONGEST) return LONGEST_SYMBOL;
  const above = length - 3;
  if (above < 8) return FIRST_LENGTH + above;
  // Four symbols for each power of two: the two bits below the highest one tell which.
  const highest = 31 - Math.clz32(above);
  return FIRST_LENGTH + 4 * (highest - 1) + ((above >>> (highest - 2)) & 3);
}

/** How many bits of the length follow its symbol. */
export function literalExtraBits(symbol: number): number {
  const above = symbol - FIRST_LENGTH;
  return above < 8 || symbol === LONGEST_SYMBOL ? 0 : (above >>> 2) - 1;
}

/** The bits that follow the symbol of a length: so many of the lowest ones. */
export function lengthRest(token: Token): number {
  return lengthOf(token) - 3;
}

/** The symbol of a repetition's distance. */
export function distanceSymbol(token: Token): number {
  const above = distanceRest(token);
  if (above < 4) return above;
  // Two symbols for each power of two.
  const highest = 31 - Math.clz32(above);
  return 2 * highest + ((above >>> (highest - 1)) & 1);
}

/** How many bits of the distance follow its symbol. */
export function distanceExtraBits(symbol: number): number {
  return symbol < 4 ? 0 : (symbol >>> 1) - 1;
}

/** The bits that follow the symbol of a distance: so many of the lowest ones. */
export function distanceRest(token: Token): number {
  return token & 0xffff;
}
