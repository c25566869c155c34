import { type KnownObject, membersOf } from "../scan/wishes.ts";
import { CLOSED_AS_GONE, closedByOf } from "./closed-by.ts";
import { allObjects, type SyncedObject } from "./object-sync.ts";

/** What is written down, where nobody asked GitHub. */
export async function objectsAsStored(writing: Parameters<typeof allObjects>[0]): Promise<SyncedObject[]> {
  return (await allObjects(writing)).map((object) => ({ ...object, marker: null }));
}

export function knownOf(object: SyncedObject): KnownObject {
  const { key, state, updatedAt, marker: about, told, toldBefore } = object;
  return {
    key,
    state,
    closedBy: closedByOf(object),
    closedAt: state === "closed" ? updatedAt : null,
    wasGone: state === "closed" && object.closedBy === CLOSED_AS_GONE,
    about,
    ...(told === null ? {} : { told }),
    ...(toldBefore === null ? {} : { toldBefore }),
  };
}

/** Keys of the open pull requests, by fingerprint of what they are about. */
export function openAdoptions(objects: readonly KnownObject[]): ReadonlyMap<string, string> {
  const open = objects.filter(({ key, state }) => key.startsWith("adoption:") && state === "open");
  return new Map(open.flatMap((object) => membersOf(object).map((fingerprint) => [fingerprint, object.key])));
}
