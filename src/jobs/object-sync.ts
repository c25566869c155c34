import { deleteBranch } from "../github/branches.ts";
import { commentOnce, type KeyedComment } from "../github/comments.ts";
import { type Closer, findIssue, type Issue, whoClosed } from "../github/issues.ts";
import type { Marked } from "../github/markers.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import { closeThread } from "../github/threads.ts";
import type { Marker } from "../reports/marker.ts";
import { DASHBOARD_KEY, isIssueGroupKey, ONBOARDING_KEY } from "../scan/wishes.ts";
import {
  claimObject,
  closeObject,
  fillObject,
  findObject,
  NO_BRANCH,
  objectsOf,
  type StoredObject,
} from "../store/objects.ts";
import { everyPage } from "../store/page.ts";
import type { Db } from "../store/tables.ts";
import { CLOSED_BY_MERGE, closedByName, closedByPerson, REOPENING } from "./closed-by.ts";
import { decideByIssue, decideByPullRequest, mayIgnore, withdrawClosing } from "./closing-decisions.ts";
import {
  DASHBOARD_LEFT_ALONE,
  ISSUE_DONE,
  ignoredText,
  LEFT_ALONE,
  NOT_THEIRS,
  NOT_THEIRS_ELSEWHERE,
  SUMMARY_LEFT_ALONE,
  twiceText,
} from "./comment-texts.ts";
import { byKey, keyOfMarker, markedOf, type Twins } from "./marked-objects.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { type InPlace, placeOf, tolerant, type Writing } from "./writing.ts";

/** An issue or pull request of ours, and what it says of itself where it is open. */
export interface SyncedObject extends StoredObject {
  readonly marker: Marker | null;
}

/**
 * Brings what is stored of a repository's issues and pull requests up to what is on GitHub: what people closed, merged
 * or reopened, what was created and not written down, what was made twice. What is open and carries a marker of ours is
 * taken in, whatever became of its row. Where GitHub refuses something about one, the others are looked at all the same.
 * @param recover also what is closed, since a database that knows of no scan may be a new one in place of a lost one
 * @returns what is stored then
 */
export async function syncObjects(writing: Writing, recover: boolean): Promise<readonly SyncedObject[]> {
  const before = await allObjects(writing);
  const open = await markedOf(writing, { state: "open" });
  const groups = byKey(open);
  for (const [key, twins] of groups) {
    const row = before.find((object) => object.key === key) ?? null;
    await tolerant(writing.log, key, () => syncOpen(writing, key, row, twins));
  }
  for (const object of before) {
    if (object.state !== "open" || object.number === null || groups.has(object.key)) continue;
    // Looked after where a configuration is missing or appears.
    if (object.key === ONBOARDING_KEY) continue;
    const { number } = object;
    await tolerant(writing.log, object.key, () => syncClosed(writing, object, number, true));
  }
  if (recover) await recoverClosed(writing, before);
  const markers = new Map(open.map(({ number, marker }) => [number, marker]));
  return (await allObjects(writing)).map((object) => ({
    ...object,
    marker: object.state === "open" ? (markers.get(object.number ?? 0) ?? null) : null,
  }));
}

/** What is written down of a repository's issues and pull requests. */
export async function allObjects({ db, ...where }: InPlace & { readonly db: Db }): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  const place = placeOf(where);
  const pages = everyPage<StoredObject, string>(
    (page) => objectsOf(db, place, page),
    ({ key }) => key,
  );
  for await (const rows of pages) all.push(...rows);
  return all;
}

/** What is open on GitHub under a key: one of them is kept, and written down. */
async function syncOpen(
  writing: Writing,
  key: string,
  row: StoredObject | null,
  twins: Twins,
): Promise<void> {
  const { db, now, log } = writing;
  const kept = twins.find(({ number }) => number === row?.number) ?? twins[0];
  if (row === null || row.state !== "open" || row.number !== kept.number) {
    const object = row ?? (await claimObject(db, { ...placeOf(writing), key }, kept.kind, now())).object;
    const isSame = object.number === kept.number;
    // Created, and the process ended before it was written down; reopened by a person; or the database was lost.
    await fillObject(
      db,
      object,
      {
        ...(isSame ? object : { ...NO_BRANCH, contentHash: null, ...toldBy(key, kept.marker) }),
        number: kept.number,
        branch: isSame || object.state === "creating" ? object.branch : null,
      },
      now(),
    );
    if (row?.state === "closed" && row.closedBy !== REOPENING) await withdrawClosing(writing, kept.number);
    log.info({ key, number: kept.number, before: row?.state ?? null }, "found open");
  }
  for (const twin of twins) if (twin !== kept) await closeTwin(writing, key, twin, kept);
}

/** What an issue about several tells of, of which nothing is written down. */
function toldBy(key: string, { fingerprints }: Marker) {
  return isIssueGroupKey(key) ? { told: fingerprints, toldBefore: null } : {};
}

async function closeTwin(writing: Writing, key: string, twin: Marked, kept: Marked): Promise<void> {
  const { github, repository, app, base, log } = writing;
  const comment = { key: `twice:${kept.number}`, body: twiceText(kept.number) };
  await closeThread(github, repository, app, twin, comment);
  log.info({ key, number: twin.number, kept: kept.number }, "closed, since it was there twice");
  if (twin.kind !== "pull-request") return;
  const [ours, other] = [
    await findPullRequest(github, repository, app, kept.number),
    await findPullRequest(github, repository, app, twin.number),
  ];
  if (other === null || other.branch === ours?.branch) return;
  await deleteBranch(github, repository, app, { branch: other.branch, base, left: null });
}

/**
 * An object that we hold for open and that is not among the open ones.
 * @param tell whether a person who closed it is told what that means
 */
async function syncClosed(
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
    const closed = { number, by: "somebody", at: null, fingerprints: fingerprintsOf(object) };
    // Where another repository is told of, nobody knows whether they may decide in that one.
    if (writing.about === undefined) await decideByIssue(writing, closed);
    return closeObject(db, object, closedByPerson("unknown"), now());
  }
  if (issue.state === "open") return;
  if (issue.closedBy?.isApp !== true) await takeClosing(writing, object, issue, tell);
  await closeObject(db, object, closedByName(issue.closedBy), issue.closedAt ?? now());
}

/** A person closed an issue: what that says is written down and told. */
async function takeClosing(
  writing: Writing,
  object: StoredObject,
  { number, closedBy, closedAt, closedAs }: Issue,
  tell: boolean,
): Promise<void> {
  const fingerprints = fingerprintsOf(object);
  let body = fingerprints.length > 0 ? ISSUE_DONE : leftAlone(object);
  if (fingerprints.length > 0 && closedAs === "not-planned") {
    const closed = { number, by: closedBy?.login ?? "somebody", at: closedAt, fingerprints };
    // Of what was closed before the database was lost, who may decide now says nothing.
    const isAllowed =
      !tell || (closedBy === null ? writing.about === undefined : await mayIgnore(writing, closed));
    if (isAllowed) {
      const { until, valuesAlone, count } = await decideByIssue(writing, closed);
      body = ignoredText(until, valuesAlone, count);
    } else body = writing.about === undefined ? NOT_THEIRS : NOT_THEIRS_ELSEWHERE;
  }
  const seconds = Math.floor((closedAt?.getTime() ?? 0) / 1000);
  if (tell) await explain(writing, object, closedBy, { key: `closed:${seconds}`, body });
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
  if (tell) await explain(writing, object, closer, { key: "left-alone", body: LEFT_ALONE });
  const branch = object.branch ?? pullRequest?.branch;
  if (branch !== undefined)
    await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
  const { marker = null, closedAt = null } = pullRequest ?? {};
  if (closer?.isApp !== true) {
    const fingerprints = marker?.fingerprints ?? fingerprintsOf(object);
    await decideByPullRequest(writing, {
      number,
      by: closer?.login ?? "somebody",
      at: closedAt,
      fingerprints,
    });
  }
  await closeObject(db, object, closedByName(closer), now());
}

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

/** Writes down again what the App once opened and somebody closed, from its markers; the newest of each. */
async function recoverClosed(writing: Writing, before: readonly StoredObject[]): Promise<void> {
  const { db, now } = writing;
  const all = await markedOf(writing);
  const known = new Set(before.map(({ key }) => key));
  for (const { kind, number, state, marker } of all) {
    const key = keyOfMarker(marker);
    if (key === null || known.has(key)) continue;
    known.add(key);
    const id = { ...placeOf(writing), key };
    // An open one was taken in already.
    if (state === "open" || (await findObject(db, id)) !== null) continue;
    await tolerant(writing.log, key, async () => {
      const { object } = await claimObject(db, id, kind, now());
      await fillObject(
        db,
        object,
        { number, ...NO_BRANCH, contentHash: null, ...toldBy(key, marker) },
        now(),
      );
      await syncClosed(writing, { ...object, ...toldBy(key, marker) }, number, false);
    });
  }
}
