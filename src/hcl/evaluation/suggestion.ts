import { closest, distance } from "fastest-levenshtein";

const MOST_NAMES = 500;

/** `; did you mean "…"?` where one of the names is close to what was written, else nothing. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const candidates = [...names].slice(0, MOST_NAMES);
  if (candidates.length === 0 || written.length > 100) return "";
  const best = closest(written, candidates);
  return distance(written, best) <= Math.max(2, written.length / 4)
    ? `; did you mean ${JSON.stringify(best)}?`
    : "";
}
