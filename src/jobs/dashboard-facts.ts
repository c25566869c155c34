import type { RepositoryConfig } from "../config/model.ts";
import { DRIFT_KINDS, type StackStatus } from "../drift/model.ts";
import { byPolicy, byRule } from "../intent/decision.ts";
import type {
  Dashboard,
  DashboardCheck,
  DashboardFinding,
  DashboardStack,
  DashboardState,
} from "../reports/dashboard.ts";
import { decidedSince } from "../scan/decided.ts";
import type { StackHead, Standing } from "../scan/wishes.ts";
import { type StoredCheckRun, talkingCheckRuns } from "../store/check-runs.ts";
import type { StoredObject } from "../store/objects.ts";
import { failedSince } from "../store/scans.ts";
import { stacksOf } from "../store/stacks.ts";
import type { Db } from "../store/tables.ts";
import { allObjects } from "./object-sync.ts";
import { openIssues } from "./told-findings.ts";
import type { Writing } from "./writing.ts";

/** The repository as the last scan saw it, and what was done about that. */
export interface Reconciled {
  /** When the scan began. */
  readonly scannedAt: Date;
  readonly stacks: readonly StackHead[];
  readonly standings: readonly Standing[];
  /** Key of the pull request that adopts a finding, by fingerprint. */
  readonly adoptions: ReadonlyMap<string, string>;
  /** Key of the pull request that was about a finding before; it may be left as it is for now, since it has to wait. */
  readonly adoptedBefore: ReadonlyMap<string, string>;
  /** Fingerprints of what limits or a freeze keep back. */
  readonly held: ReadonlySet<string>;
  /** The last day of rules that have one, by what is kept of who decided. */
  readonly untilByRule: ReadonlyMap<string, string>;
}

/** The last day of what is ignored by rules that have one, by how it is said who decided. */
export function untilByRule({
  rules,
  ignore,
  ownerRules,
}: Pick<RepositoryConfig, "rules" | "ignore" | "ownerRules">): ReadonlyMap<string, string> {
  const own = [...ignore, ...rules, ...ownerRules.defaults].map((rule) => [byRule(rule.name), rule] as const);
  const enforced = ownerRules.enforced.map((rule) => [byPolicy(rule.name), rule] as const);
  const days = [...enforced, ...own].flatMap(([by, { verdict, until }]) =>
    verdict === "ignore" && until !== null ? [[by, until] as const] : [],
  );
  return new Map(days.toReversed());
}

/** All that the dashboard tells of a repository. */
export async function dashboardOf(
  { db, repository }: Pick<Writing, "db" | "repository">,
  done: Reconciled,
): Promise<Dashboard> {
  const { scannedAt, stacks } = done;
  const objects = await allObjects({ db, repository });
  const findings = findingsOf(done, objects);
  const byStack = Map.groupBy(findings, ({ stack }) => stack);
  const past = await stacksOf(db, repository.id);
  const failed = await failedSince(db, repository.id, scannedAt);
  const withFindings = stacks.map(
    (stack): DashboardStack => ({
      stack: { ...stack, findings: (byStack.get(stack.name) ?? []).map(({ finding }) => finding) },
      comparedAt: past.get(stack.name)?.whole?.at ?? null,
    }),
  );
  return {
    scannedAt,
    stacks: withFindings,
    findings,
    checks: await checksOf({ db, repository }, objects, done),
    // An error tells of the machine that the App runs on, too.
    failed: failed === null || repository.private ? failed : { at: failed.at, reason: null },
  };
}

function findingsOf(done: Reconciled, objects: readonly StoredObject[]): DashboardFinding[] {
  const { scannedAt, stacks, standings, adoptions, adoptedBefore, held, untilByRule } = done;
  const statuses = new Map(stacks.map(({ name, status }) => [name, status]));
  const numbers = new Map(
    objects.flatMap(({ key, state, number }) => (state === "open" && number !== null ? [[key, number]] : [])),
  );
  const issues = openIssues(objects);
  return decidedSince({ findings: standings, scannedAt }).standings.flatMap((standing) => {
    const { finding, stack, firstSeenAt, decision, resolvedAt } = standing;
    const status = statuses.get(stack);
    if (resolvedAt !== null || status === undefined) return [];
    const { fingerprint, intent } = finding;
    const isHeld = held.has(fingerprint);
    const state = stateOf(standing, status, isHeld);
    const thread =
      numbers.get(adoptions.get(fingerprint) ?? "") ??
      issues.get(fingerprint) ??
      numbers.get(adoptedBefore.get(fingerprint) ?? "");
    const until = decision?.verdict === "ignore" ? decision.until : untilByRule.get(intent.decidedBy);
    return [{ finding, stack, state, since: firstSeenAt, until: until ?? null, thread: thread ?? null }];
  });
}

/** `finding` is as it is decided now. */
function stateOf({ finding }: Standing, status: StackStatus, isHeld: boolean): DashboardState {
  if (finding.intent.verdict === "ignore") return "ignored";
  if (finding.kind === "unreadable") return "unreadable";
  if (!DRIFT_KINDS.has(finding.kind)) return "settling";
  if (status === "suspect") return "suspect";
  if (isHeld) return "held";
  return finding.intent.verdict === "undecided" ? "undecided" : "open";
}

const TWO_WEEKS = 14 * 24 * 60 * 60_000;
const MOST_CHECKS = 20;

/** The newest check runs that had something to say by the time of a scan. */
export function recentCheckRuns(
  { db, repository }: { readonly db: Db; readonly repository: { readonly id: number } },
  scannedAt: Date,
): Promise<readonly StoredCheckRun[]> {
  const since = new Date(scannedAt.getTime() - TWO_WEEKS);
  return talkingCheckRuns(db, repository.id, { since, limit: MOST_CHECKS });
}

/** Of commits of others: what a pull request of ours says stands in it. */
async function checksOf(
  { db, repository }: Pick<Writing, "db" | "repository">,
  objects: readonly StoredObject[],
  { scannedAt }: Reconciled,
): Promise<DashboardCheck[]> {
  const own = new Set(objects.map(({ headSha }) => headSha));
  const runs = await recentCheckRuns({ db, repository }, scannedAt);
  return runs
    .filter(({ headSha }) => !own.has(headSha))
    .flatMap(({ name, headSha, conclusion }) => (conclusion === null ? [] : [{ name, headSha, conclusion }]));
}
