import type { Json } from "../json/json.ts";
import { Elements } from "./meaning-key.ts";
import { IN_ORDER, means } from "./wanted.ts";

/** What has to be done next to a list so that it has the wanted elements; null where it has them. */
export type ListStep =
  | { readonly kind: "replace"; readonly at: number; readonly value: Json }
  | { readonly kind: "remove"; readonly at: number }
  /** Behind the element at an index; -1 for the first place. */
  | { readonly kind: "insert"; readonly behind: number; readonly value: Json }
  /** For each place the index of the element that is to stand there. */
  | { readonly kind: "reorder"; readonly order: readonly number[] };

/** The next step to the wanted elements, where their order means nothing: those that are right stay where they are. */
export function nextInAnyOrder(given: readonly Json[], wanted: readonly Json[]): ListStep | null {
  const { surplus, missing } = matched(given, wanted, means);
  const [odd] = surplus;
  const [next] = missing;
  const value = next === undefined ? undefined : wanted[next];
  if (odd !== undefined)
    return value === undefined ? { kind: "remove", at: odd } : { kind: "replace", at: odd, value };
  return value === undefined ? null : { kind: "insert", behind: given.length - 1, value };
}

/**
 * The next step to the wanted elements in the wanted order. What stands at the place of an element that is not there any
 * more takes its place; elements are moved last.
 */
export function nextInOrder(given: readonly Json[], wanted: readonly Json[]): ListStep | null {
  const { places, surplus, missing } = matched(given, wanted, (a, b) => means(a, b, IN_ORDER));
  const steady = risingIn(places);
  const givenRanks = ranksIn(given.length, new Set(steady));
  const wantedRanks = ranksIn(wanted.length, new Set(steady.map((at) => places[at] ?? -1)));
  // The first missing one between each two of those that stay.
  const nextAt = new Map(missing.toReversed().map((index) => [wantedRanks[index], index]));
  for (const odd of surplus) {
    const next = nextAt.get(givenRanks[odd]);
    const value = next === undefined ? undefined : wanted[next];
    if (value !== undefined) return { kind: "replace", at: odd, value };
  }
  const [odd] = surplus;
  if (odd !== undefined) return { kind: "remove", at: odd };
  const [next] = missing;
  const value = next === undefined ? undefined : wanted[next];
  if (next !== undefined && value !== undefined) {
    const behind = next === 0 ? -1 : places.indexOf(next - 1);
    return { kind: "insert", behind, value };
  }
  if (steady.length === given.length) return null;
  return { kind: "reorder", order: wanted.map((_, index) => places.indexOf(index)) };
}

/** For each index how many of the marked ones are before it. */
function ranksIn(length: number, marked: ReadonlySet<number>): number[] {
  let rank = 0;
  return Array.from({ length }, (_, index) => {
    const before = rank;
    if (marked.has(index)) rank += 1;
    return before;
  });
}

interface Matched {
  /** For each given element the place of the wanted one that it is; null where it is none of them. */
  readonly places: readonly (number | null)[];
  readonly surplus: readonly number[];
  readonly missing: readonly number[];
}

/** Pairs equal elements: first those that both lists start and end with, each with the first one that is left. */
function matched(
  given: readonly Json[],
  wanted: readonly Json[],
  isSame: (given: Json, wanted: Json) => boolean,
): Matched {
  const places = given.map((): number | null => null);
  const shorter = Math.min(given.length, wanted.length);
  const isPair = (a: number, b: number) => isSame(given[a] ?? null, wanted[b] ?? null);
  let start = 0;
  while (start < shorter && isPair(start, start)) {
    places[start] = start;
    start += 1;
  }
  let tail = 0;
  while (tail < shorter - start && isPair(given.length - 1 - tail, wanted.length - 1 - tail)) {
    tail += 1;
    places[given.length - tail] = wanted.length - tail;
  }
  const left = new Elements(wanted, start, wanted.length - tail);
  const surplus: number[] = [];
  for (let at = start; at < given.length - tail; at += 1) {
    const item = given[at] ?? null;
    const place = left.take(item, (other) => isSame(item, other));
    if (place === null) surplus.push(at);
    else places[at] = place;
  }
  return { places, surplus, missing: left.left() };
}

/** The indices of the longest row of places that rise, so that the fewest elements have to move. */
function risingIn(places: readonly (number | null)[]): number[] {
  const before = new Map<number, number | undefined>();
  /** For each length, where the row ends that ends at the lowest place. */
  const ends: number[] = [];
  for (const [at, place] of places.entries()) {
    if (place === null) continue;
    let length = ends.length;
    let low = 0;
    while (low < length) {
      const middle = (low + length) >> 1;
      if ((places[ends[middle] ?? 0] ?? 0) < place) low = middle + 1;
      else length = middle;
    }
    before.set(at, ends[low - 1]);
    ends[low] = at;
  }
  const row: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) row.push(at);
  return row.reverse();
}
