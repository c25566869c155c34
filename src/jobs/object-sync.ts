import { deleteBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import type { AppIdentity, GitHub } from "../github/github.ts";
import { type Closer, findIssue, whoClosed } from "../github/issues.ts";
import { listMarked, type Marked } from "../github/markers.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import type { RepositoryFacts } from "../github/repository-state.ts";
import type { Marker } from "../reports/marker.ts";
import { type ClosedBy, keyOfAdoption, keyOfIssue, SUMMARY_KEY } from "../scan/actions.ts";
import { claimObject, closeObject, fillObject, objectsOf, type StoredObject } from "../store/objects.ts";
import { everyPage } from "../store/page.ts";
import type { Db } from "../store/tables.ts";
import { LEFT_ALONE } from "./comment-texts.ts";

/** One repository with all that is needed to write into it. */
export interface Writing {
  readonly db: Db;
  readonly github: GitHub;
  readonly app: AppIdentity;
  readonly repository: RepositoryFacts;
  /** The commit of the default branch that the findings were made from. */
  readonly base: string;
  readonly now: () => Date;
}

/** What is kept of who closed an object. No login on GitHub has an @. */
const BY_APP = "driftwright";
const BY_MERGE = "merge";
const BY_PERSON = /^@/;

export function closedByApp(): string {
  return BY_APP;
}

export function closedByPerson(login: string): string {
  return `@${login}`;
}

/** What the stored name of who closed an object means; null where it is not closed. */
export function closedByOf({ state, closedBy }: StoredObject): ClosedBy | null {
  if (state !== "closed") return null;
  if (closedBy === BY_MERGE) return "merge";
  return closedBy !== null && BY_PERSON.test(closedBy) ? "person" : "app";
}

/** What a marker is of, as `KnownObject.key` has it; null for check runs. */
function keyOfMarker({ kind, fingerprints }: Marker): string | null {
  const [fingerprint] = fingerprints;
  if (kind === "summary") return SUMMARY_KEY;
  if (fingerprint === undefined || kind === "check-run") return null;
  return kind === "issue" ? keyOfIssue(fingerprint) : keyOfAdoption(fingerprint);
}

/**
 * Brings what is stored of a repository's issues and pull requests up to what is on GitHub: what people closed, merged
 * or reopened, what was created and not written down, and, when `recover` says so, all that a lost database knew.
 * Gives what is stored then.
 */
export async function syncObjects(writing: Writing, recover: boolean): Promise<readonly StoredObject[]> {
  const before = await allObjects(writing);
  if (recover && before.length === 0) await recoverObjects(writing);
  const stored = recover && before.length === 0 ? await allObjects(writing) : before;
  const { github, repository, app } = writing;
  const marked = await listMarked(github, repository, app, { state: "open" });
  for (const object of stored) await syncObject(writing, object, marked);
  return allObjects(writing);
}

async function allObjects({ db, repository }: Writing): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  const pages = everyPage<StoredObject, string>(
    (page) => objectsOf(db, repository.id, page),
    ({ key }) => key,
  );
  for await (const rows of pages) all.push(...rows);
  return all;
}

async function syncObject(writing: Writing, object: StoredObject, open: readonly Marked[]): Promise<void> {
  const { number } = object;
  const here =
    number === null
      ? open.find(({ marker }) => keyOfMarker(marker) === object.key)
      : open.find((one) => one.number === number);
  if (here === undefined) {
    if (object.state === "open" && number !== null) await syncClosed(writing, object, number);
    return;
  }
  if (object.state === "open") return;
  // Created, and the process ended before it was written down; or reopened by a person.
  const { branch, headSha, contentHash } = object;
  await fillObject(writing.db, object, { number: here.number, branch, headSha, contentHash }, writing.now());
}

/** An object that we hold for open and that is not among the open ones. */
async function syncClosed(writing: Writing, object: StoredObject, number: number): Promise<void> {
  const { github, repository, app, db, now } = writing;
  const close = (by: string) => closeObject(db, object, by, now());
  if (object.kind === "issue") {
    const issue = await findIssue(github, repository, app, number);
    // Deleted, or moved elsewhere: a person did that.
    if (issue === null) return close(closedByPerson("unknown"));
    return issue.state === "open" ? undefined : close(nameOf(issue.closedBy));
  }
  const pullRequest = await findPullRequest(github, repository, app, number);
  if (pullRequest?.state === "open") return;
  if (pullRequest?.merged) return close(BY_MERGE);
  const closer = await whoClosed(github, repository, app, number);
  // A person does not want it. Where we closed it, the process ended before it had cleaned up.
  if (closer?.isApp !== true)
    await commentOnce(github, repository, app, number, { key: "left-alone", body: LEFT_ALONE });
  const branch = object.branch ?? pullRequest?.branch;
  if (branch !== undefined)
    await deleteBranch(github, repository, app, { branch, base: writing.base, left: object.headSha });
  return close(nameOf(closer));
}

function nameOf(closer: Closer | null): string {
  return closer?.isApp === true ? BY_APP : closedByPerson(closer?.login ?? "unknown");
}

/** Writes down again what the App once opened, from its markers. */
async function recoverObjects(writing: Writing): Promise<void> {
  const { db, github, repository, app, now } = writing;
  const marked = await listMarked(github, repository, app);
  const newest = new Map<string, Marked>();
  for (const one of marked) {
    const key = keyOfMarker(one.marker);
    const known = key === null ? undefined : newest.get(key);
    if (key !== null && (known === undefined || (known.state === "closed" && one.state === "open")))
      newest.set(key, one);
  }
  for (const [key, { kind, number, state }] of newest) {
    const object = { repositoryId: repository.id, key };
    await claimObject(db, object, kind, now());
    await fillObject(db, object, { number, branch: null, headSha: null, contentHash: null }, now());
    if (state === "closed") {
      const closer = await whoClosed(github, repository, app, number);
      const merged =
        kind === "pull-request" && (await findPullRequest(github, repository, app, number))?.merged === true;
      await closeObject(db, object, merged ? BY_MERGE : nameOf(closer), now());
    }
  }
}
