import type { Targeted } from "../intent/command-target.ts";
import { DASHBOARD_STATES } from "../reports/dashboard-findings.ts";
import { bySeverity } from "../reports/wording.ts";
import { lastKnownScan } from "../store/scans.ts";
import type { Db } from "../store/tables.ts";
import { stateOf } from "./dashboard-facts.ts";
import { standingsNow } from "./standings.ts";

/** Findings as an answer lists their names. */
export interface Listed {
  /** Those that somebody may want to decide about, what waits for that first, and the most severe of that. */
  readonly first: readonly Targeted[];
  /** Those that are ignored, or no drift. */
  readonly aside: readonly Targeted[];
}

/** Open findings of a repository in the order in which their names are listed, as they count by now. */
export async function listed(
  db: Db,
  repositoryId: number,
  some: readonly Targeted[],
  now: Date,
): Promise<Listed> {
  const scan = await lastKnownScan(db, repositoryId);
  const standings = await standingsNow(db, repositoryId, now);
  const counting = new Map(standings.map((standing) => [standing.finding.fingerprint, standing]));
  const statuses = new Map(scan?.stacks.map(({ name, status }) => [name, status]));
  const ranked = some.map((one) => {
    const standing = counting.get(one.finding.fingerprint);
    const state = standing && stateOf(standing, statuses.get(one.stack) ?? "failed", false);
    return { one, state, rank: state === undefined ? 0 : DASHBOARD_STATES.indexOf(state) };
  });
  const sorted = ranked.toSorted(
    (a, b) =>
      a.rank - b.rank ||
      bySeverity(a.one.finding, b.one.finding) ||
      a.one.stack.localeCompare(b.one.stack, "en"),
  );
  const isAside = ({ state }: (typeof sorted)[number]) => state === "ignored" || state === "settling";
  return {
    first: sorted.filter((each) => !isAside(each)).map(({ one }) => one),
    aside: sorted.filter(isAside).map(({ one }) => one),
  };
}
