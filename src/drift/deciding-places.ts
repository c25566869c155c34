import type { Finding, Place } from "./model.ts";

/** The places in the code that a finding is at odds with, each once; of what was deleted, the block that declares it. */
export function decidingPlaces({ kind, changes, declaredAt }: Finding): readonly Place[] {
  const sources = changes.flatMap(({ source }) => source ?? []);
  const places = kind === "deleted" && declaredAt !== null ? [declaredAt] : sources;
  const byKey = new Map(places.map((place) => [placeKey(place), place]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

/** Names a place. */
export function placeKey({ file, line, column }: Place): string {
  return JSON.stringify([file, line, column]);
}
