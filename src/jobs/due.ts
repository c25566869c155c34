import { createHash } from "node:crypto";

/**
 * When a repository is scanned next: once in each interval, at a moment of its own that stays the same, so that
 * thousands of them do not come at once.
 * @param interval in milliseconds
 */
export function nextScanAt(repositoryId: number, now: Date, interval: number): Date {
  const hash = createHash("sha256").update(String(repositoryId)).digest().readUIntBE(0, 6);
  const offset = hash % interval;
  const time = now.getTime();
  const start = Math.floor((time - offset) / interval) * interval + offset;
  return new Date(start + interval);
}
