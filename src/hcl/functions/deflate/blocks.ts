import { REACH, Repetitions, SHORTEST } from "./repetitions.ts";
import { LONGEST, lengthOf, type Token } from "./symbols.ts";

/** So many tokens make a block. */
const TOKENS = 1 << 14;
/** The compressor holds so many bytes, and makes room by forgetting the first half of them. */
const HELD = 2 * REACH;
/** It makes room once no more than this is ahead, so that the longest repetition always fits. */
const AHEAD = SHORTEST + LONGEST;
/** A repetition of so many bytes is taken without a look whether a longer one begins at the next byte. */
const LONG = 16;

/** Bytes that are written with one code. */
export interface Block {
  readonly tokens: Int32Array;
  readonly bytes: Uint8Array;
  /** Whether the compressor still holds all of the bytes, so that it can write them as they are. */
  readonly isHeld: boolean;
  /** How many bytes were compared to make the block. */
  readonly compared: number;
}

/**
 * Cuts bytes into blocks of tokens as Go's `compress/flate` did at its default level, 6, from Go 1.8 to 1.26: at each
 * byte the longest repetition, unless a longer one begins at the next byte. `take` gets one block after another; its
 * tokens are overwritten by the next.
 */
export function eachBlock(bytes: Uint8Array, take: (block: Block) => void): void {
  const repetitions = new Repetitions(bytes);
  const tokens = new Int32Array(Math.min(TOKENS, bytes.length));
  let count = 0;
  let start = 0;
  let firstHeld = 0;
  let compared = 0;
  function add(token: Token, end: number): void {
    tokens[count++] = token;
    if (count === TOKENS) finish(end);
  }
  function finish(end: number): void {
    take({
      tokens: tokens.subarray(0, count),
      bytes: bytes.subarray(start, end),
      isHeld: start >= firstHeld,
      compared: repetitions.compared - compared,
    });
    compared = repetitions.compared;
    count = 0;
    start = end;
  }

  let at = 0;
  /** What begins at the byte before; whether that byte waits for what begins here. */
  let before: Token = 0;
  let isWaiting = false;
  while (at < bytes.length) {
    const end = firstHeld + HELD;
    if (end < bytes.length && end - at < AHEAD) firstHeld += REACH;
    repetitions.add(at);
    const length = lengthOf(before);
    const here = length < LONG && bytes.length - at > length ? repetitions.longestAt(at, firstHeld) : 0;
    if (length > 0 && lengthOf(here) <= length) {
      const next = at - 1 + length;
      for (at += 1; at < next; at++) repetitions.add(at);
      add(before, at);
      before = 0;
      isWaiting = false;
      continue;
    }
    if (isWaiting) add(bytes[at - 1] ?? 0, at);
    before = here;
    isWaiting = true;
    at += 1;
  }
  if (isWaiting) add(bytes[at - 1] ?? 0, at);
  if (count > 0) finish(at);
}
