import type { Decision } from "../intent/decision.ts";
import { fingerprintOf, keyOfAdoption } from "../scan/wishes.ts";
import { objectsOf, type StoredObject } from "../store/objects.ts";
import { everyPage } from "../store/page.ts";
import type { Db } from "../store/tables.ts";
import { closedByOf } from "./closed-by.ts";

/**
 * Fingerprints of findings whose pull request somebody made their own, without a decision about them: what else is found
 * gets edits without theirs.
 */
export async function takenOver(
  db: Db,
  repositoryId: number,
  decisions: ReadonlyMap<string, Decision>,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  const pages = everyPage<StoredObject, string>(
    (page) => objectsOf(db, { repositoryId }, page),
    ({ key }) => key,
  );
  for await (const rows of pages) {
    for (const object of rows) {
      const fingerprint = fingerprintOf(object.key) ?? "";
      const isPullRequest = object.key === keyOfAdoption(fingerprint);
      if (isPullRequest && closedByOf(object) === "person" && !decisions.has(fingerprint))
        taken.add(fingerprint);
    }
  }
  return taken;
}
