import { boundRevision, type Decision, lastIgnoredDay } from "../intent/decision.ts";
import { recordDecisions, withdrawDecisions } from "../store/decisions.ts";
import { findingsBy } from "../store/findings.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { whyNoCommand, whyNotAccept } from "./authority.ts";
import type { Writing } from "./writing.ts";

type Store = Pick<Writing, "db" | "repository" | "now">;

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
 * An issue closed as not planned: its drift is ignored. Gives the last day of that, whether it is for its values alone,
 * and how many drifts are ignored.
 */
export async function decideByIssue(
  store: Store,
  closed: Closed,
): Promise<{ readonly until: string; readonly valuesAlone: boolean; readonly count: number }> {
  const until = lastIgnoredDay(store.now());
  const made = await decide(store, closed, { verdict: "ignore", until, via: "closed-issue" });
  return { until, valuesAlone: made.some(({ revision }) => revision !== null), count: made.length };
}

/** Whether somebody may have the drift of an issue ignored by closing it: the same people as with a command. */
export async function mayIgnore(writing: Writing, { by, fingerprints }: Closed): Promise<boolean> {
  const { db, repository } = writing;
  if ((await whyNoCommand(writing, by)) !== null) return false;
  const known = await findingsBy(db, repository.id, fingerprints);
  const findings = known.map(({ finding }) => finding);
  return (await whyNotAccept(writing, by, findings)) === null;
}

/** A pull request closed without merging: nothing that it is about is adopted. */
export async function decideByPullRequest(store: Store, closed: Closed): Promise<void> {
  await decide(store, closed, { verdict: "revert", until: null, via: "closed-pull-request" });
}

/** Somebody opened it again: what closing it said is taken back. */
export async function withdrawClosing({ db, repository, now }: Store, number: number): Promise<void> {
  await withdrawDecisions(db, { repositoryId: repository.id, source: `closed:${number}:` }, now());
  await noteChecksDue(db, repository.id, true);
}

/** Of drift that is there: who closed something long ago has not decided about what may come. */
async function decide(
  { db, repository, now }: Store,
  { number, by, at, fingerprints }: Closed,
  said: Pick<Decision, "verdict" | "until" | "via">,
): Promise<readonly Decision[]> {
  const known = await findingsBy(db, repository.id, fingerprints);
  const decisions = known
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ finding }): Decision => {
      const { fingerprint } = finding;
      return { fingerprint, revision: boundRevision(finding), by, at: now(), because: null, ...said };
    });
  const seconds = Math.floor((at?.getTime() ?? 0) / 1000);
  const source = `closed:${number}:${seconds}`;
  await recordDecisions(
    db,
    decisions.map((decision) => ({ repositoryId: repository.id, decision, source })),
  );
  if (decisions.length > 0) await noteChecksDue(db, repository.id, true);
  return decisions;
}
