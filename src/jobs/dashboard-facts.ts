import type { RepositoryConfig, Rule } from "../config/model.ts";
import { DRIFT_KINDS, type JudgedFinding, type StackStatus } from "../drift/model.ts";
import { openPullRequestsAt } from "../github/pull-requests.ts";
import { byPolicy, byRule } from "../intent/decision.ts";
import type { Dashboard, DashboardCheck, DashboardStack } from "../reports/dashboard.ts";
import type { DashboardFinding, DashboardState, Told } from "../reports/dashboard-findings.ts";
import type { Hold } from "../scan/admission.ts";
import { isSeenAfter } from "../scan/confirmation.ts";
import { decidedSince } from "../scan/decided.ts";
import { isIssueKey, keyOfAdoption, type StackHead, type Standing } from "../scan/wishes.ts";
import { type StoredCheckRun, talkingCheckRuns } from "../store/check-runs.ts";
import type { StoredObject } from "../store/objects.ts";
import { failedSince } from "../store/scans.ts";
import { stacksOf } from "../store/stacks.ts";
import { unbelievedOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";
import { closedByOf } from "./closed-by.ts";
import { allObjects } from "./object-sync.ts";
import { fingerprintsOf, openIssues } from "./told-findings.ts";
import { isRefused, type Writing } from "./writing.ts";

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
  /** What limits or a freeze keep back, by fingerprint. */
  readonly held: ReadonlyMap<string, Hold>;
  readonly ignoredByRule: ReadonlyMap<string, Ignoring>;
  readonly start: RepositoryConfig["start"];
}

/** What a rule says of what it ignores. */
type Ignoring = Pick<Rule, "until" | "because">;

/** What the rules say that ignore something, by how it is said who decided. */
export function ignoredByRule({
  rules,
  ignore,
  ownerRules,
}: Pick<RepositoryConfig, "rules" | "ignore" | "ownerRules">): ReadonlyMap<string, Ignoring> {
  const own = [...ignore, ...rules, ...ownerRules.defaults].map((rule) => [byRule(rule.name), rule] as const);
  const enforced = ownerRules.enforced.map((rule) => [byPolicy(rule.name), rule] as const);
  const ignoring = [...enforced, ...own].filter(([, { verdict }]) => verdict === "ignore");
  return new Map(ignoring.toReversed());
}

/** All that the dashboard tells of a repository, but for what takes requests. */
export async function dashboardOf(
  { db, repository }: Pick<Writing, "db" | "repository">,
  done: Reconciled,
): Promise<Omit<Dashboard, "checks">> {
  const { scannedAt, stacks } = done;
  const objects = await allObjects({ db, repository });
  const known = findingsOf(done, objects);
  const findings = [...known, ...suspectIn(done, known, await unbelievedOf(db, repository.id))];
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
    // An error tells of the machine that the App runs on, too.
    failed: failed === null || repository.private ? failed : { at: failed.at, reason: null },
  };
}

function findingsOf(done: Reconciled, objects: readonly StoredObject[]): DashboardFinding[] {
  const { scannedAt, stacks, standings, held, ignoredByRule } = done;
  const statuses = new Map(stacks.map(({ name, status }) => [name, status]));
  const decided = decidedSince({ findings: standings, scannedAt });
  const placeOf = new Places(done, objects, decided.pending);
  return decided.standings.flatMap((standing): DashboardFinding[] => {
    const { finding, stack, firstSeenAt: since, decision, resolvedAt } = standing;
    const status = statuses.get(stack);
    if (resolvedAt !== null || status === undefined) return [];
    const hold = held.get(finding.fingerprint) ?? null;
    const state = stateOf(standing, status, hold !== null);
    const ignoring = decision?.verdict === "ignore" ? decision : ignoredByRule.get(finding.intent.decidedBy);
    const { until = null, because = null } = ignoring ?? {};
    const told = placeOf.told(standing, state);
    return [{ finding, stack, state, since, until, because, told, hold: state === "held" ? hold : null }];
  });
}

/** What was found in suspect stacks and nowhere before. */
function suspectIn(
  { stacks }: Reconciled,
  known: readonly DashboardFinding[],
  unbelieved: ReadonlyMap<string, readonly JudgedFinding[]>,
): DashboardFinding[] {
  const fingerprints = new Set(known.map(({ finding }) => finding.fingerprint));
  const suspect = stacks.filter(({ status }) => status === "suspect");
  return suspect.flatMap(({ name: stack }) =>
    (unbelieved.get(stack) ?? []).flatMap((finding): DashboardFinding[] => {
      if (fingerprints.has(finding.fingerprint)) return [];
      const nothing = { until: null, because: null, hold: null, told: { in: "nowhere" } } as const;
      return [{ finding, stack, state: "suspect", since: new Date(finding.detectedAt), ...nothing }];
    }),
  );
}

/** How a finding stands; it is as it is decided now. */
export function stateOf({ finding }: Standing, status: StackStatus, isHeld: boolean): DashboardState {
  const { kind, intent } = finding;
  if (intent.verdict === "ignore") return "ignored";
  if (kind === "unreadable") return "unreadable";
  if (!DRIFT_KINDS.has(kind)) return "settling";
  if (status === "suspect") return "suspect";
  if (isHeld) return "held";
  if (intent.verdict !== "undecided") return "open";
  return intent.refused === undefined ? "undecided" : "blocked";
}

/** Which issue or pull request tells of a finding, or why none does. */
class Places {
  readonly #done: Reconciled;
  /** Of what is open, by key. */
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #issues: ReadonlyMap<string, number>;
  /** Issues that a person closed, by fingerprint of what they told of. */
  readonly #closed: ReadonlyMap<string, StoredObject>;
  /** Pull requests that a person closed or made their own, by key. */
  readonly #theirs: ReadonlyMap<string, StoredObject>;
  readonly #pending: ReadonlySet<string>;

  constructor(done: Reconciled, objects: readonly StoredObject[], pending: ReadonlySet<string>) {
    this.#done = done;
    this.#pending = pending;
    this.#numbers = new Map(
      objects.flatMap(({ key, state, number }) =>
        state === "open" && number !== null ? [[key, number]] : [],
      ),
    );
    this.#issues = openIssues(objects);
    const byPerson = objects.filter((object) => closedByOf(object) === "person");
    this.#closed = new Map(
      byPerson
        .filter(({ key }) => isIssueKey(key))
        .flatMap((object) => fingerprintsOf(object).map((fingerprint) => [fingerprint, object] as const)),
    );
    this.#theirs = new Map(byPerson.map((object) => [object.key, object]));
  }

  told(standing: Standing, state: DashboardState): Told {
    const { fingerprint, intent } = standing.finding;
    const thread = this.#thread(fingerprint);
    if (thread !== null) return { in: "thread", number: thread };
    if (state !== "undecided" && state !== "blocked" && state !== "open") return { in: "nowhere" };
    if (this.#pending.has(fingerprint)) return { in: "next-scan" };
    const closed = this.#closed.get(fingerprint);
    if (closed?.number != null && !isSeenAfter(standing, closed.updatedAt, this.#done.scannedAt))
      return { in: "closed", number: closed.number };
    const theirs = this.#theirs.get(keyOfAdoption(fingerprint));
    if (theirs?.number != null && intent.verdict !== "revert") return { in: "theirs", number: theirs.number };
    const isOld = standing.baseline && standing.decision === null && this.#done.start === "new-only";
    return isOld ? { in: "dashboard" } : { in: "nowhere" };
  }

  #thread(fingerprint: string): number | null {
    const { adoptions, adoptedBefore } = this.#done;
    return (
      this.#numbers.get(adoptions.get(fingerprint) ?? "") ??
      this.#issues.get(fingerprint) ??
      this.#numbers.get(adoptedBefore.get(fingerprint) ?? "") ??
      null
    );
  }
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

/**
 * Of commits of others: what a pull request of ours says stands in it. What is no newest commit any more, of an open pull
 * request or of the default branch, is nobody's matter. None where GitHub does not say what is open.
 * @throws RateLimited, Unavailable
 */
export async function checksOf(
  {
    db,
    github,
    repository,
    app,
    base,
    log,
  }: Pick<Writing, "db" | "github" | "repository" | "app" | "base" | "log">,
  { scannedAt }: Pick<Reconciled, "scannedAt">,
): Promise<DashboardCheck[]> {
  const own = new Set((await allObjects({ db, repository })).map(({ headSha }) => headSha));
  const runs = (await recentCheckRuns({ db, repository }, scannedAt)).filter(
    ({ headSha }) => !own.has(headSha),
  );
  if (runs.length === 0) return [];
  const all = await openPullRequestsAt(github, repository, app, runs).catch((reason: unknown) => {
    if (!isRefused(reason)) throw reason;
    log.info({ reason: reason.message }, "open pull requests not readable");
    return [];
  });
  const open = Map.groupBy(all, ({ headSha }) => headSha);
  return runs.flatMap(({ name, headSha, conclusion }) => {
    const pullRequests = (open.get(headSha) ?? []).map(({ number }) => number);
    const isNewest = pullRequests.length > 0 || headSha === base;
    return conclusion === null || !isNewest ? [] : [{ name, headSha, conclusion, pullRequests }];
  });
}
