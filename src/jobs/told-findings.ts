import { fingerprintOf, isIssueKey } from "../scan/wishes.ts";
import type { StoredObject } from "../store/objects.ts";

/** What an issue tells of, as it is written down; of a pull request, and of an older row, what its key names. */
export function fingerprintsOf({ key, told }: Pick<StoredObject, "key" | "told">): readonly string[] {
  const fingerprint = fingerprintOf(key);
  return told ?? (fingerprint === null ? [] : [fingerprint]);
}

/** Numbers of the open issues, by fingerprint of what they tell of. */
export function openIssues(objects: readonly StoredObject[]): ReadonlyMap<string, number> {
  return new Map(
    objects.flatMap((object) => {
      const { key, state, number } = object;
      if (!isIssueKey(key) || state !== "open" || number === null) return [];
      return fingerprintsOf(object).map((fingerprint) => [fingerprint, number] as const);
    }),
  );
}
