import { diffWordsWithSpace } from "diff";

/** A stretch of a text, and what is to stand there. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Longer texts are not compared word by word. */
const MOST_COMPARED = 4_000;

/**
 * The splices that make a text another one: one of each run of words that differ, and of each word in runs of as many
 * words. A long text is one splice.
 */
export function wordEdits(before: string, after: string): readonly Splice[] {
  if (before.length + after.length > MOST_COMPARED) return [{ start: 0, end: before.length, text: after }];
  const found: Splice[] = [];
  let [at, gone, come] = [0, "", ""];
  const close = () => {
    found.push(...paired(at, gone, come));
    at += gone.length;
    [gone, come] = ["", ""];
  };
  for (const { added, removed, value } of diffWordsWithSpace(before, after)) {
    if (added) come += value;
    else if (removed) gone += value;
    else {
      close();
      at += value.length;
    }
  }
  close();
  return found;
}

const WORD = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;

function paired(start: number, before: string, after: string): readonly Splice[] {
  if (before === after) return [];
  const [gone, come] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
  if (gone.length !== come.length) return [{ start, end: start + before.length, text: after }];
  let at = start;
  return gone.flatMap((word, index) => {
    const own = { start: at, end: at + word.length, text: come[index] ?? "" };
    at = own.end;
    return own.text === word ? [] : [own];
  });
}
