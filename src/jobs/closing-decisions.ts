import { lastReopening } from "../github/reopening.ts";
import { boundRevision, type Decision, lastIgnoredDay } from "../intent/decision.ts";
import { policyAgainst } from "../intent/policy.ts";
import { decisionsToTakeBack, recordDecisions, takeBack } from "../store/decisions.ts";
import { findingsBy } from "../store/findings.ts";
import type { StoredObject } from "../store/objects.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { whyNoCommand, whyNotAccept } from "./authority.ts";
import { toldId, type Writing } from "./writing.ts";

type Store = Pick<Writing, "db" | "repository" | "about" | "now">;

/** What a person said by closing an issue or a pull request. */
interface Closed {
  readonly number: number;
  /** Their login. */
  readonly by: string;
  /** Null where GitHub does not say. */
  readonly at: Date | null;
  readonly fingerprints: readonly string[];
}

/**
 * An issue closed as not planned, or as a duplicate: its drift is ignored. Gives the last day of that, whether it is for its values alone,
 * and how many drifts are ignored.
 */
export async function decideByIssue(
  store: Store,
  closed: Closed,
  as: "not-planned" | "duplicate",
): Promise<{ readonly until: string; readonly valuesAlone: boolean; readonly count: number }> {
  const until = lastIgnoredDay(store.now());
  const because = as === "duplicate" ? DUPLICATE : null;
  const made = await decide(store, closed, { verdict: "ignore", until, because, via: "closed-issue" });
  return { until, valuesAlone: made.some(({ revision }) => revision !== null), count: made.length };
}

/** The reason that such a closing gives. */
const DUPLICATE = "It was closed as a duplicate.";

/** Which policies of the organization stand against what closing something says, and whether against all of it. */
export async function policiesAgainst(
  store: Store,
  fingerprints: readonly string[],
  verdict: Decision["verdict"],
): Promise<{ readonly names: readonly string[]; readonly isAll: boolean }> {
  const known = await findingsBy(store.db, toldId(store), fingerprints);
  const open = known.filter(({ resolvedAt }) => resolvedAt === null);
  const names = open.flatMap(({ finding }) => policyAgainst(finding, verdict)?.name ?? []);
  return { names: [...new Set(names)], isAll: open.length > 0 && names.length === open.length };
}

/** Whether somebody may have the drift of an issue ignored by closing it: the same people as with a command. */
export async function mayIgnore(writing: Writing, { by, fingerprints }: Closed): Promise<boolean> {
  const { db, about } = writing;
  if ((await whyNoCommand(writing, by, about)) !== null) return false;
  const known = await findingsBy(db, toldId(writing), fingerprints);
  const findings = known.map(({ finding }) => finding);
  return (await whyNotAccept(writing, by, findings)) === null;
}

/** A pull request closed without merging: nothing that it is about is adopted. */
export async function decideByPullRequest(store: Store, closed: Closed): Promise<void> {
  await decide(store, closed, { verdict: "revert", until: null, because: null, via: "closed-pull-request" });
}

/**
 * Something was opened again: what closing it said is taken back, and, where a person opened it, also what was said in
 * any other way until then and keeps it closed.
 * @param tell says so to people; an interruption before the end has it called again
 */
export async function withdrawClosing(
  writing: Writing,
  { kind, number, fingerprints }: Reopened,
  tell: (at: Date) => Promise<void>,
): Promise<void> {
  const { db, github, repository, app, about, now } = writing;
  const repositoryId = toldId(writing);
  const reopening = await lastReopening(github, repository, app, number);
  // Others than who may decide can open things again on GitHub.
  const others =
    reopening === null ||
    reopening.byApp ||
    reopening.by === null ||
    (await whyNoCommand(writing, reopening.by, about)) !== null
      ? null
      : { fingerprints, verdicts: KEEPS_CLOSED[kind], before: new Date(reopening.at.getTime() + SECOND) };
  const ids = await decisionsToTakeBack(db, { repositoryId, source: sourceOf(writing, number), others });
  if (ids.length === 0) return;
  if (reopening !== null && !reopening.byApp) await tell(reopening.at);
  await db.transaction().execute(async (transaction) => {
    await takeBack(transaction, ids, now());
    await noteChecksDue(transaction, repositoryId, true);
  });
}

/** What was opened again, and what it tells of. */
interface Reopened {
  readonly kind: StoredObject["kind"];
  readonly number: number;
  readonly fingerprints: readonly string[];
}

/** What a person can say that has the App close it, and nothing open in its place that would tell of that. */
const KEEPS_CLOSED: Readonly<Record<StoredObject["kind"], readonly Decision["verdict"][]>> = {
  issue: ["ignore"],
  "pull-request": ["revert", "ignore"],
};

/** Milliseconds: GitHub's times have whole ones. */
const SECOND = 1000;

/** How the sources of what was said by closing something begin. Each repository has numbers of its own. */
function sourceOf({ repository, about }: Store, number: number): string {
  return about === undefined ? `closed:${number}:` : `closed:${repository.id}#${number}:`;
}

/** Of drift that is there: who closed something long ago has not decided about what may come. */
async function decide(
  store: Store,
  { number, by, at, fingerprints }: Closed,
  said: Pick<Decision, "verdict" | "until" | "because" | "via">,
): Promise<readonly Decision[]> {
  const { db, now } = store;
  const repositoryId = toldId(store);
  const known = await findingsBy(db, repositoryId, fingerprints);
  const decisions = known
    .filter(({ finding, resolvedAt }) => resolvedAt === null && policyAgainst(finding, said.verdict) === null)
    .map(({ finding }): Decision => {
      const { fingerprint } = finding;
      return { fingerprint, revision: boundRevision(finding), by, at: now(), ...said };
    });
  const seconds = Math.floor((at?.getTime() ?? 0) / 1000);
  const source = `${sourceOf(store, number)}${seconds}`;
  await recordDecisions(
    db,
    decisions.map((decision) => ({ repositoryId, decision, source })),
  );
  if (decisions.length > 0) await noteChecksDue(db, repositoryId, true);
  return decisions;
}
