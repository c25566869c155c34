import { deleteBranch } from "../github/branches.ts";
import { commentOnce, type KeyedComment } from "../github/comments.ts";
import { Conflict } from "../github/errors.ts";
import { type Closer, findIssue, type Issue, whoClosed } from "../github/issues.ts";
import { findPullRequest, type PullRequest, reopenPullRequest } from "../github/pull-requests.ts";
import { reopenThread } from "../github/threads.ts";
import { DASHBOARD_KEY } from "../scan/wishes.ts";
import type { NewDecision } from "../store/decisions.ts";
import { closeObject, type StoredObject } from "../store/objects.ts";
import { whyNoCommand } from "./authority.ts";
import { CLOSED_BY_APP, CLOSED_BY_MERGE, closedByName, closedByPerson } from "./closed-by.ts";
import {
  DASHBOARD_LEFT_ALONE,
  type Declined,
  ISSUE_DONE,
  ignoredText,
  KEPT_OPEN_PULL_REQUEST,
  keptOpenText,
  LEFT_ALONE,
  leftByPolicyText,
  notTheirsText,
  SUMMARY_LEFT_ALONE,
} from "./closing-answers.ts";
import {
  decidedByIssue,
  decidedByPullRequest,
  mayIgnore,
  noteClosed,
  policiesAgainst,
} from "./closing-decisions.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { tolerant, type Writing } from "./writing.ts";

// What it means that an issue or pull request of ours is closed: who did so, what that says, and what is answered.

/**
 * An object that we hold for open and that is not among the open ones.
 * @param tell whether a person who closed it is told what that means
 */
export async function syncClosed(
  writing: Writing,
  object: StoredObject,
  number: number,
  tell: boolean,
): Promise<void> {
  if (object.kind === "issue") await syncClosedIssue(writing, object, number, tell);
  else await syncClosedPullRequest(writing, object, number, tell);
}

async function syncClosedIssue(
  writing: Writing,
  object: StoredObject,
  number: number,
  tell: boolean,
): Promise<void> {
  const { github, repository, app, now } = writing;
  const issue = await findIssue(github, repository, app, number);
  // Deleted, or moved elsewhere: a person did that.
  if (issue === null) {
    const fingerprints = fingerprintsOf(object);
    const closed = { number, by: SOMEBODY, at: null, fingerprints };
    const isTheirs = await mayIgnore(writing, null, fingerprints);
    const { decisions } = isTheirs ? await decidedByIssue(writing, closed, "not-planned") : NOTHING;
    return noteClosed(writing, object, { decisions, by: closedByPerson("unknown"), at: now() });
  }
  if (issue.state === "open") return;
  if (tell && (await keepIssueOpen(writing, object, issue))) return;
  const { closedBy, closedAt } = issue;
  const decisions = closedBy?.isApp === true ? [] : await takeClosing(writing, object, issue, tell);
  await noteClosed(writing, object, { decisions, by: closedByName(closedBy), at: closedAt ?? now() });
}

const NOTHING = { decisions: [] } as const;

/**
 * Where a person closed an issue as not planned and the organization decides about all of it, that has no effect.
 * @returns whether it was opened again for that
 */
async function keepIssueOpen(writing: Writing, object: StoredObject, issue: Issue): Promise<boolean> {
  const as = declinedAs(issue);
  if (issue.closedBy?.isApp === true || as === null) return false;
  const { names, isAll } = await policiesAgainst(writing, fingerprintsOf(object), "ignore");
  if (!isAll) return false;
  const { github, repository, app, log } = writing;
  const comment = { key: `closed:${secondsOf(issue.closedAt)}`, body: keptOpenText(as, names) };
  await reopenThread(github, repository, app, issue, comment);
  log.info(
    { key: object.key, number: issue.number, policies: names },
    "opened again, since a policy decides",
  );
  return true;
}

/** How an issue was closed that nobody is to do anything about; null where it was closed otherwise. */
function declinedAs({ closedAs }: Issue): Declined | null {
  return closedAs === "not-planned" || closedAs === "duplicate" ? closedAs : null;
}

function secondsOf(date: Date | null): number {
  return Math.floor((date?.getTime() ?? 0) / 1000);
}

/** A person closed an issue: what that says is told, and what it decides is to be written down. */
async function takeClosing(
  writing: Writing,
  object: StoredObject,
  issue: Issue,
  tell: boolean,
): Promise<readonly NewDecision[]> {
  const { number, closedBy, closedAt } = issue;
  const as = declinedAs(issue);
  const fingerprints = fingerprintsOf(object);
  const all: NewDecision[] = [];
  let body: string | null = fingerprints.length > 0 ? ISSUE_DONE : leftAlone(object);
  if (fingerprints.length > 0 && as !== null) {
    // Of what was closed before the database was lost, who may decide now says nothing.
    if (!tell || (await mayIgnore(writing, closedBy?.login ?? null, fingerprints))) {
      const { names: policies } = await policiesAgainst(writing, fingerprints, "ignore");
      const closed = { number, by: closedBy?.login ?? SOMEBODY, at: closedAt, fingerprints };
      const { decisions, commanded, until } = await decidedByIssue(writing, closed, as);
      all.push(...decisions);
      const valuesAlone = decisions.some(({ decision }) => decision.revision !== null);
      const count = decisions.length;
      // Nothing is left of it, or a command was answered that counts instead.
      body = count === 0 ? null : ignoredText(as, until, { valuesAlone, count, isAll: !commanded, policies });
    } else body = notTheirsText(as, writing.about !== undefined);
  }
  if (tell && body !== null)
    await explain(writing, object, closedBy, { key: `closed:${secondsOf(closedAt)}`, body });
  return all;
}

/** Said of what is about the whole repository. */
function leftAlone({ key }: StoredObject): string {
  return key === DASHBOARD_KEY ? DASHBOARD_LEFT_ALONE : SUMMARY_LEFT_ALONE;
}

async function syncClosedPullRequest(
  writing: Writing,
  object: StoredObject,
  number: number,
  tell: boolean,
): Promise<void> {
  const { github, repository, app, db, base, now } = writing;
  const pullRequest = await findPullRequest(github, repository, app, number);
  if (pullRequest?.state === "open") return;
  if (pullRequest?.merged) return closeObject(db, object, CLOSED_BY_MERGE, pullRequest.closedAt ?? now());
  const closer = await whoClosed(github, repository, app, number);
  if (tell && pullRequest !== null && (await keepPullRequestOpen(writing, object, pullRequest, closer)))
    return;
  // A person does not want it. Where we closed it, the process ended before it had cleaned up.
  const fingerprints = pullRequest?.marker?.fingerprints ?? fingerprintsOf(object);
  const closed = {
    number,
    by: closer?.login ?? SOMEBODY,
    at: pullRequest?.closedAt ?? null,
    fingerprints,
  };
  const isByApp = closer?.isApp === true;
  const { decisions, commanded } = isByApp
    ? { ...NOTHING, commanded: false }
    : await decidedByPullRequest(writing, closed);
  const isAnswered = commanded && decisions.length === 0;
  const { names, isAll } = await policiesAgainst(writing, fingerprints, "revert");
  const body = names.length > 0 ? leftByPolicyText(names, isAll) : LEFT_ALONE;
  if (tell && !isAnswered) await explain(writing, object, closer, { key: "left-alone", body });
  const branch = object.branch ?? pullRequest?.branch;
  if (branch !== undefined)
    await tolerant(writing.log, branch, async () => {
      await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
    });
  // What counts in place of the closing may end, and then it is as if nobody had closed it.
  const by = isAnswered ? CLOSED_BY_APP : closedByName(closer);
  await noteClosed(writing, object, { decisions, by, at: closed.at ?? now() });
}

/**
 * Where somebody closed a pull request who may not decide, that has no effect.
 * @returns whether that was so
 */
async function keepPullRequestOpen(
  writing: Writing,
  object: StoredObject,
  pullRequest: PullRequest,
  closer: Closer | null,
): Promise<boolean> {
  if (closer === null || closer.isApp || (await whyNoCommand(writing, closer.login)) === null) return false;
  const { github, repository, app, db, now, log } = writing;
  const { number, closedAt } = pullRequest;
  const comment = { key: `closed:${secondsOf(closedAt)}`, body: KEPT_OPEN_PULL_REQUEST };
  try {
    await reopenPullRequest(github, repository, app, pullRequest, comment);
  } catch (reason) {
    if (!(reason instanceof Conflict)) throw reason;
    // Another one is opened, if it is wanted still.
    await closeObject(db, object, CLOSED_BY_APP, closedAt ?? now());
    return true;
  }
  log.info({ key: object.key, number, by: closer.login }, "opened again, since who closed it may not decide");
  return true;
}

/** Where GitHub does not say who. */
const SOMEBODY = "somebody";

/** Tells a person who closed something of ours what that means, unless GitHub takes no comment there. */
async function explain(
  writing: Writing,
  { key, number }: StoredObject,
  closer: Closer | null,
  comment: KeyedComment,
): Promise<void> {
  const { github, repository, app, log } = writing;
  if (closer?.isApp === true || number === null) return;
  log.info({ key, number }, "closed by a person");
  await tolerant(writing.log, key, async () => {
    await commentOnce(github, repository, app, number, comment);
  });
}
