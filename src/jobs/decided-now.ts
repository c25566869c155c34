import { dayOf } from "../config/rules.ts";
import type { JudgedFinding } from "../drift/model.ts";
import { asDecided, holds } from "../intent/decision.ts";
import type { Since } from "../reports/explanation.ts";
import { latestDecisions } from "../store/decisions.ts";
import { lastKnownScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";

export interface DecidedNow {
  readonly findings: readonly JudgedFinding[];
  /** What was said since the last scan, by fingerprint. */
  readonly since: ReadonlyMap<string, Since>;
}

/** Findings as they are decided now, and what was said of them since the scan that judged them. */
export async function decidedNow(
  db: Db,
  repositoryId: number,
  judged: readonly JudgedFinding[],
  now: Date,
): Promise<DecidedNow> {
  const judgedFrom = (await lastKnownScan(db, repositoryId))?.startedAt ?? NEVER;
  const decisions = await latestDecisions(db, repositoryId);
  const today = dayOf(now);
  const since = new Map<string, Since>();
  const findings = judged.map((before): JudgedFinding => {
    const last = decisions.get(before.fingerprint) ?? null;
    const decision = last !== null && holds(last, before, today) ? last : null;
    const { finding, pending } = asDecided(before, { decision, judgedFrom });
    if (pending) since.set(finding.fingerprint, decision === null ? ENDED : waits(decision.by));
    else if (finding !== before) since.set(finding.fingerprint, SAID);
    return finding;
  });
  return { findings, since };
}

const NEVER = new Date(0);
const ENDED: Since = { what: "ended" };
const SAID: Since = { what: "said" };

function waits(by: string): Since {
  return { what: "waits", by };
}
