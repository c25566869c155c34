import { LONGEST, repetition, type Token } from "./symbols.ts";

/** No repetition reaches further back. */
export const REACH = 1 << 15;
/** The shortest that is looked for. */
export const SHORTEST = 4;
/** One that is so long is taken without a look at earlier places. */
const LONG_ENOUGH = 128;
const MOST_PLACES = 128;
/** One of the shortest ones saves nothing where it must say that it is further away. */
const NEAR = 4096;

const HASH_BITS = 17;
const HASH_FACTOR = 0x1e35a7bd;

/**
 * Where the same four bytes (or others with their hash) occurred: the last place for each hash, and for each place the
 * one before it. Places count from 1; 0 is none.
 */
export class Repetitions {
  readonly #bytes: Uint8Array;
  readonly #last = new Int32Array(1 << HASH_BITS);
  readonly #before: Int32Array;
  #compared = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#before = new Int32Array(Math.min(REACH, bytes.length));
  }

  /** How many bytes were compared in all. */
  get compared(): number {
    return this.#compared;
  }

  /** Notes what begins at a byte, in their order. Of the last three bytes nothing is noted. */
  add(at: number): void {
    if (at + SHORTEST > this.#bytes.length) return;
    const hash = this.#hashAt(at);
    this.#before[at % REACH] = this.#last[hash] ?? 0;
    this.#last[hash] = at + 1;
  }

  /**
   * The longest repetition of what was noted, that begins at the byte that was noted last and goes back no further than
   * `first`; of several the nearest. 0 where there is none.
   */
  longestAt(at: number, first: number): Token {
    const bytes = this.#bytes;
    if (at + SHORTEST > bytes.length) return 0;
    const longest = Math.min(LONGEST, bytes.length - at);
    const wanted = Math.min(LONG_ENOUGH, longest);
    const earliest = Math.max(first, at - REACH);
    let found: Token = 0;
    let length = SHORTEST - 1;
    let place = (this.#before[at % REACH] ?? 0) - 1;
    for (let left = MOST_PLACES; left > 0 && place >= earliest; left--) {
      this.#compared += 1;
      if (bytes[place + length] === bytes[at + length]) {
        const same = this.#sameAt(place, at, longest);
        if (same > length && (same > SHORTEST || at - place <= NEAR)) {
          length = same;
          found = repetition(length, at - place);
          if (length >= wanted) break;
        }
      }
      // What came before the earliest place is overwritten: its entry is this byte's own.
      if (place === at - REACH) break;
      place = (this.#before[place % REACH] ?? 0) - 1;
    }
    return found;
  }

  #sameAt(place: number, at: number, most: number): number {
    const bytes = this.#bytes;
    let same = 0;
    while (same < most && bytes[place + same] === bytes[at + same]) same++;
    this.#compared += same;
    return same;
  }

  #hashAt(at: number): number {
    const bytes = this.#bytes;
    const four =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
    return Math.imul(four, HASH_FACTOR) >>> (32 - HASH_BITS);
  }
}
