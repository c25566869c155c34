import { closest, distance } from "fastest-levenshtein";

const LONGEST_WORD = 64;

/** The candidate that was probably meant by `word`; null where none is close (a third of its letters may differ). */
export function suggestion(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0 || word.length > LONGEST_WORD) return null;
  const lower = word.toLowerCase();
  const best = closest(lower, candidates);
  return distance(lower, best) <= Math.max(1, Math.ceil(best.length / 3)) ? best : null;
}
