import { dayOf } from "../config/rules.ts";
import { type Decision, holds } from "../intent/decision.ts";
import { decidedSince } from "../scan/decided.ts";
import { fingerprintOf, type Lapsed, type Standing } from "../scan/wishes.ts";
import { latestDecisions } from "../store/decisions.ts";
import { findingsBy, openFindings, type StoredFinding } from "../store/findings.ts";
import { everyPage } from "../store/page.ts";
import { lastKnownScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import { closedByOf } from "./closed-by.ts";
import type { SyncedObject } from "./object-sync.ts";

/** All findings of a repository that are open, with what people have decided since they were judged. */
export async function standingsNow(
  db: Db,
  repositoryId: number,
  now: Date,
): Promise<readonly StoredStanding[]> {
  const findings = await standingsOf(db, repositoryId, [], now);
  const scan = await lastKnownScan(db, repositoryId);
  return decidedSince({ findings, scannedAt: scan?.startedAt ?? new Date(0) }).standings;
}

/** Why a decision does not hold. */
function lapsedOf(decision: Decision | null, today: string): Lapsed | null {
  if (decision === null) return null;
  const { until } = decision;
  return until !== null && until < today ? { kind: "expired", until } : { kind: "outdated" };
}

/** A finding as it is stored, and how it stands. */
export type StoredStanding = StoredFinding & Standing;

/** All findings of a repository that are open, and what its issues and pull requests are about; as they count today. */
export async function standingsOf(
  db: Db,
  repositoryId: number,
  objects: readonly SyncedObject[],
  now: Date,
): Promise<StoredStanding[]> {
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
  return all.map((row): StoredStanding => {
    const last = decisions.get(row.finding.fingerprint) ?? null;
    const isInForce = last !== null && holds(last, row.finding, today);
    return { ...row, decision: isInForce ? last : null, lapsed: isInForce ? null : lapsedOf(last, today) };
  });
}
