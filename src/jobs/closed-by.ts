import type { Closer } from "../github/issues.ts";
import type { ClosedBy } from "../scan/wishes.ts";
import type { StoredObject } from "../store/objects.ts";

// What is kept of who closed an issue or pull request. No login on GitHub has an @.

export const CLOSED_BY_APP = "driftwright";
/** The App closed it since no scan finds what it tells of any more. */
export const CLOSED_AS_GONE = "driftwright, gone";
export const CLOSED_BY_MERGE = "merge";
/** The App is about to open it again, which takes nothing back of what a person said by closing it. */
export const REOPENING = "driftwright, reopening";
const BY_PERSON = /^@/;

export function closedByPerson(login: string): string {
  return `@${login}`;
}

/** What is kept where GitHub tells, or does not know, who closed something. */
export function closedByName(closer: Closer | null): string {
  return closer?.isApp === true ? CLOSED_BY_APP : closedByPerson(closer?.login ?? "unknown");
}

/** What the stored name of who closed an object means; null where it is not closed. */
export function closedByOf({ state, closedBy }: StoredObject): ClosedBy | null {
  if (state !== "closed") return null;
  if (closedBy === CLOSED_BY_MERGE) return "merge";
  return closedBy !== null && BY_PERSON.test(closedBy) ? "person" : "app";
}
