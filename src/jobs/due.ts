import { createHash } from "node:crypto";
import { type Intervals, nextOf, type Rhythm } from "../config/rhythm.ts";

/**
 * When a repository is scanned next. What has no schedule comes once in each interval, at a moment of the repository's
 * own that stays the same, so that thousands of them do not come at once.
 */
export function nextScanAt(
  { id, rhythms }: { readonly id: number; readonly rhythms: readonly Rhythm[] | null },
  now: Date,
  intervals: Intervals,
): Date {
  const regularly = (interval: number) => nextRegular(id, now, interval);
  return nextOf(rhythms ?? [], { id, now, regularly }, intervals);
}

/** @param interval in milliseconds */
function nextRegular(repositoryId: number, now: Date, interval: number): Date {
  const hash = createHash("sha256").update(String(repositoryId)).digest().readUIntBE(0, 6);
  const offset = hash % interval;
  const time = now.getTime();
  const start = Math.floor((time - offset) / interval) * interval + offset;
  return new Date(start + interval);
}
