import { deleteBranch } from "../github/branches.ts";
import { commentOnce, type KeyedComment } from "../github/comments.ts";
import { type Closer, findIssue, type Issue, whoClosed } from "../github/issues.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import { reopenThread } from "../github/threads.ts";
import { DASHBOARD_KEY } from "../scan/wishes.ts";
import { closeObject, type StoredObject } from "../store/objects.ts";
import { CLOSED_BY_MERGE, closedByName, closedByPerson } from "./closed-by.ts";
import { decideByIssue, decideByPullRequest, mayIgnore, policiesAgainst } from "./closing-decisions.ts";
import {
  DASHBOARD_LEFT_ALONE,
  type Declined,
  ISSUE_DONE,
  ignoredText,
  keptOpenText,
  LEFT_ALONE,
  leftByPolicyText,
  notTheirsText,
  SUMMARY_LEFT_ALONE,
} from "./comment-texts.ts";
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
  const { github, repository, app, db, now } = writing;
  const issue = await findIssue(github, repository, app, number);
  // Deleted, or moved elsewhere: a person did that.
  if (issue === null) {
    const fingerprints = fingerprintsOf(object);
    if (await mayIgnore(writing, null, fingerprints))
      await decideByIssue(writing, { number, by: SOMEBODY, at: null, fingerprints }, "not-planned");
    return closeObject(db, object, closedByPerson("unknown"), now());
  }
  if (issue.state === "open") return;
  if (tell && (await keepOpen(writing, object, issue))) return;
  if (issue.closedBy?.isApp !== true) await takeClosing(writing, object, issue, tell);
  await closeObject(db, object, closedByName(issue.closedBy), issue.closedAt ?? now());
}

/**
 * Where a person closed an issue as not planned and the organization decides about all of it, that has no effect.
 * @returns whether it was opened again for that
 */
async function keepOpen(writing: Writing, object: StoredObject, issue: Issue): Promise<boolean> {
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

/** A person closed an issue: what that says is written down and told. */
async function takeClosing(
  writing: Writing,
  object: StoredObject,
  issue: Issue,
  tell: boolean,
): Promise<void> {
  const { number, closedBy, closedAt } = issue;
  const as = declinedAs(issue);
  const fingerprints = fingerprintsOf(object);
  let body: string | null = fingerprints.length > 0 ? ISSUE_DONE : leftAlone(object);
  if (fingerprints.length > 0 && as !== null) {
    // Of what was closed before the database was lost, who may decide now says nothing.
    if (!tell || (await mayIgnore(writing, closedBy?.login ?? null, fingerprints))) {
      const { names: policies } = await policiesAgainst(writing, fingerprints, "ignore");
      const closed = { number, by: closedBy?.login ?? SOMEBODY, at: closedAt, fingerprints };
      const { decisions, commanded, until } = await decideByIssue(writing, closed, as);
      const valuesAlone = decisions.some(({ revision }) => revision !== null);
      const isAnswered = commanded && decisions.length === 0;
      body = isAnswered ? null : ignoredText(as, until, { valuesAlone, count: decisions.length, policies });
    } else body = notTheirsText(as, writing.about !== undefined);
  }
  if (tell && body !== null)
    await explain(writing, object, closedBy, { key: `closed:${secondsOf(closedAt)}`, body });
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
  // A person does not want it. Where we closed it, the process ended before it had cleaned up.
  const fingerprints = pullRequest?.marker?.fingerprints ?? fingerprintsOf(object);
  const { names, isAll } = await policiesAgainst(writing, fingerprints, "revert");
  let isAnswered = false;
  if (closer?.isApp !== true) {
    const { closedAt: at = null } = pullRequest ?? {};
    const closed = { number, by: closer?.login ?? SOMEBODY, at, fingerprints };
    const { decisions, commanded } = await decideByPullRequest(writing, closed);
    isAnswered = commanded && decisions.length === 0;
  }
  const body = names.length > 0 ? leftByPolicyText(names, isAll) : LEFT_ALONE;
  if (tell && !isAnswered) await explain(writing, object, closer, { key: "left-alone", body });
  const branch = object.branch ?? pullRequest?.branch;
  if (branch !== undefined)
    await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
  await closeObject(db, object, closedByName(closer), now());
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
