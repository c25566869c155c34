/** Which given element a wanted one is, or takes the place of. */
export interface Pair {
  readonly at: number;
  readonly isSame: boolean;
}

/**
 * For each wanted element of a list the given one that it is: those that both lists start and end with, then the first
 * one that is left. What is none of them takes the place of one that is not wanted any more, in their order; null where
 * none is left, so that the element is new.
 */
export function pairedElements(
  given: readonly string[],
  wanted: readonly string[],
): readonly (Pair | null)[] {
  const pairs = wanted.map((): Pair | null => null);
  const shorter = Math.min(given.length, wanted.length);
  let start = 0;
  while (start < shorter && given[start] === wanted[start]) {
    pairs[start] = { at: start, isSame: true };
    start += 1;
  }
  let tail = 0;
  while (tail < shorter - start && given[given.length - 1 - tail] === wanted[wanted.length - 1 - tail]) {
    tail += 1;
    pairs[wanted.length - tail] = { at: given.length - tail, isSame: true };
  }
  const end = wanted.length - tail;
  const left = new Set(given.keys().filter((at) => start <= at && at < given.length - tail));
  const places = Map.groupBy(left, (at) => given[at]);
  for (let index = start; index < end; index += 1) {
    const at = places.get(wanted[index])?.shift();
    if (at === undefined) continue;
    left.delete(at);
    pairs[index] = { at, isSame: true };
  }
  const surplus = [...left];
  for (let index = start; index < end; index += 1) {
    if (pairs[index] !== null) continue;
    const at = surplus.shift();
    if (at === undefined) break;
    pairs[index] = { at, isSame: false };
  }
  return pairs;
}
