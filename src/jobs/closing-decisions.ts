import { boundRevision, type Decision, lastIgnoredDay } from "../intent/decision.ts";
import { recordDecisions, withdrawDecisions } from "../store/decisions.ts";
import { findingsBy } from "../store/findings.ts";
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
  const { db, about } = writing;
  if ((await whyNoCommand(writing, by, about)) !== null) return false;
  const known = await findingsBy(db, toldId(writing), fingerprints);
  const findings = known.map(({ finding }) => finding);
  return (await whyNotAccept(writing, by, findings)) === null;
}

/** A pull request closed without merging: nothing that it is about is adopted. */
export async function decideByPullRequest(store: Store, closed: Closed): Promise<void> {
  await decide(store, closed, { verdict: "revert", until: null, via: "closed-pull-request" });
}

/** Somebody opened it again: what closing it said is taken back. */
export async function withdrawClosing(store: Store, number: number): Promise<void> {
  const { db, now } = store;
  const repositoryId = toldId(store);
  await withdrawDecisions(db, { repositoryId, source: sourceOf(store, number) }, now());
  await noteChecksDue(db, repositoryId, true);
}

/** How the sources of what was said by closing something begin. Each repository has numbers of its own. */
function sourceOf({ repository, about }: Store, number: number): string {
  return about === undefined ? `closed:${number}:` : `closed:${repository.id}#${number}:`;
}

/** Of drift that is there: who closed something long ago has not decided about what may come. */
async function decide(
  store: Store,
  { number, by, at, fingerprints }: Closed,
  said: Pick<Decision, "verdict" | "until" | "via">,
): Promise<readonly Decision[]> {
  const { db, now } = store;
  const repositoryId = toldId(store);
  const known = await findingsBy(db, repositoryId, fingerprints);
  const decisions = known
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ finding }): Decision => {
      const { fingerprint } = finding;
      return { fingerprint, revision: boundRevision(finding), by, at: now(), because: null, ...said };
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
