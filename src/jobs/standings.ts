import { dayOf } from "../config/rules.ts";
import { holds } from "../intent/decision.ts";
import { fingerprintOf, type Standing } from "../scan/wishes.ts";
import { latestDecisions } from "../store/decisions.ts";
import { findingsBy, openFindings, type StoredFinding } from "../store/findings.ts";
import { everyPage } from "../store/page.ts";
import type { Db } from "../store/tables.ts";
import { closedByOf } from "./closed-by.ts";
import type { SyncedObject } from "./object-sync.ts";

/** All findings of a repository that are open, and what its issues and pull requests are about; as they count today. */
export async function standingsOf(
  db: Db,
  repositoryId: number,
  objects: readonly SyncedObject[],
  now: Date,
): Promise<Standing[]> {
  const found = new Map<string, StoredFinding>();
  const pages = everyPage<StoredFinding, string>(
    (page) => openFindings(db, repositoryId, page),
    ({ finding }) => finding.fingerprint,
  );
  for await (const rows of pages) for (const row of rows) found.set(row.finding.fingerprint, row);
  const about = objects
    .filter((object) => object.state !== "closed" || closedByOf(object) !== "app")
    .flatMap((object) =>
      [fingerprintOf(object.key) ?? [], object.told ?? [], object.toldBefore ?? []].flat(),
    );
  const unknown = [...new Set(about)].filter((fingerprint) => !found.has(fingerprint));
  const all = [...found.values(), ...(await findingsBy(db, repositoryId, unknown))];
  const decisions = await latestDecisions(db, repositoryId);
  const today = dayOf(now);
  return all.map((row): Standing => {
    const last = decisions.get(row.finding.fingerprint) ?? null;
    const isInForce = last !== null && holds(last, row.finding, today);
    const expired = last?.until !== null && last?.until !== undefined && last.until < today;
    return { ...row, decision: isInForce ? last : null, expired };
  });
}
