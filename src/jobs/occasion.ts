import type { StoredObject } from "../store/objects.ts";

/** How long after it was closed something is opened again, in place of a new one. */
const DAYS = 14;

/** Whether an object was closed a short while ago. */
export function isRecent({ updatedAt }: StoredObject, now: Date): boolean {
  return now.getTime() - updatedAt.getTime() < DAYS * 24 * 60 * 60 * 1000;
}

/** The key of a comment about what happens to an object now; what happens to it another time has another key. */
export function occasion(what: string, { updatedAt }: StoredObject): string {
  return `${what}:${Math.floor(updatedAt.getTime() / 1000)}`;
}
