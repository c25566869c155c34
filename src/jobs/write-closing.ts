import { deleteBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import { findIssue, type Issue, whoClosed } from "../github/issues.ts";
import { findPullRequest, type PullRequest } from "../github/pull-requests.ts";
import { closeThread } from "../github/threads.ts";
import type { Closing } from "../scan/wishes.ts";
import { commandSourcesOn } from "../store/commands.ts";
import { latestSources } from "../store/decisions.ts";
import { findingsBy, type StoredFinding } from "../store/findings.ts";
import { closeObject, findObject, releaseObject, type StoredObject } from "../store/objects.ts";
import { CLOSED_AS_GONE, CLOSED_BY_APP } from "./closed-by.ts";
import { closingText, VERIFIED, withheldText } from "./comment-texts.ts";
import { occasion } from "./occasion.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { withdraw } from "./withdraw-details.ts";
import { placeOf, toldId, tolerant, type Writing } from "./writing.ts";

/** Closes an issue or pull request with a comment that says why, and deletes its branch unless others use it. */
export async function writeClosing(writing: Writing, key: string, because: Closing): Promise<void> {
  const { db, github, repository, app, base, now, log } = writing;
  const object = await findObject(db, { ...placeOf(writing), key });
  if (object === null || object.state === "closed") return;
  const { number } = object;
  // It was never made: what was made is known by now.
  if (number === null) return giveUp(writing, key);
  const numbers = await numbersOf(writing, takenOverBy(because));
  const comment = { key: occasion(because.reason, object), body: closingText(because, numbers) };
  const isIssue = object.kind === "issue";
  const thread = isIssue
    ? await findIssue(github, repository, app, number)
    : await findPullRequest(github, repository, app, number);
  const instead = withheldText(because);
  if (thread !== null && instead === null && (await isClosedByOthers(writing, thread))) return;
  if (thread !== null && !(thread.kind === "pull-request" && thread.merged)) {
    if (instead !== null) await withdraw(writing, thread, instead);
    const as = because.reason === "ignored" ? "not_planned" : "completed";
    const isKnown = await isAnswered(writing, object, because);
    await closeThread(github, repository, app, thread, isKnown ? null : comment, as);
  }
  const branch = object.branch ?? (thread?.kind === "pull-request" ? thread.branch : undefined);
  if (!isIssue && branch !== undefined)
    await tolerant(log, branch, async () => {
      await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
    });
  await closeObject(db, object, GONE.has(because.reason) ? CLOSED_AS_GONE : CLOSED_BY_APP, now());
  log.info({ key, number, because: because.reason }, isIssue ? "issue closed" : "pull request closed");
}

/** Should it ever be told of again, it has come back. */
const GONE: ReadonlySet<Closing["reason"]> = new Set(["gone", "unseen", "stack-gone"]);

/** Whether somebody closed or merged it a moment ago: the next look finds out what that says. */
async function isClosedByOthers(
  { github, repository, app }: Writing,
  thread: Issue | PullRequest,
): Promise<boolean> {
  if (thread.state === "open") return false;
  if (thread.kind === "issue") return thread.closedBy?.isApp !== true;
  return thread.merged || (await whoClosed(github, repository, app, thread.number))?.isApp !== true;
}

/** Keys of what takes the place of what is closed. */
function takenOverBy(because: Closing): readonly string[] {
  return because.reason === "moved" || because.reason === "replaced" ? because.to : [];
}

async function numbersOf(writing: Writing, keys: readonly string[]): Promise<readonly number[]> {
  const { db } = writing;
  const numbers: number[] = [];
  for (const key of keys) {
    const object = await findObject(db, { ...placeOf(writing), key });
    if (object !== null && object.number !== null) numbers.push(object.number);
  }
  return numbers.toSorted((a, b) => a - b);
}

/** Who had it ignored by a command there is told by the answer to it. */
async function isAnswered(writing: Writing, object: StoredObject, because: Closing): Promise<boolean> {
  const { db, repository } = writing;
  if (because.reason !== "ignored" || because.by !== "person" || object.number === null) return false;
  const given = await commandSourcesOn(db, repository.id, object.number);
  const last = await latestSources(db, toldId(writing), fingerprintsOf(object));
  return last.length > 0 && last.every((source) => given.has(source));
}

/** Gives up what was to be made and is not there, with the branch that may have been made for it. */
export async function giveUp(writing: Writing, key: string): Promise<void> {
  const { db, github, repository, app, base, log } = writing;
  const object = await findObject(db, { ...placeOf(writing), key });
  if (object === null || object.state !== "creating") return;
  const { branch } = object;
  if (branch !== null)
    await tolerant(log, branch, async () => {
      await deleteBranch(github, repository, app, { branch, base, left: null });
    });
  await releaseObject(db, object);
}

/**
 * Should the drift of what a person closed or merged ever return, it is as if we had closed it.
 * @param verified the scan found what they wanted, and that is said; of a pull request once all of its findings are gone
 */
export async function forgetClosing(writing: Writing, key: string, verified: boolean): Promise<void> {
  const { db, github, repository, app, now, log } = writing;
  const object = await findObject(db, { ...placeOf(writing), key });
  if (object === null || object.state !== "closed") return;
  const { number, kind } = object;
  if (verified && number !== null) {
    if (kind === "pull-request") {
      const marker = (await findPullRequest(github, repository, app, number))?.marker ?? null;
      const findings = await findingsBy(db, toldId(writing), marker?.fingerprints ?? []);
      const isLeft = ({ finding, resolvedAt }: StoredFinding) =>
        resolvedAt === null && finding.kind !== "stale-state";
      if (findings.some(isLeft)) return;
    }
    await tolerant(log, key, async () => {
      const comment = { key: occasion("verified", object), body: VERIFIED };
      await commentOnce(github, repository, app, number, comment);
    });
    log.info({ key, number }, "verified that the drift is gone");
  }
  await closeObject(db, object, CLOSED_AS_GONE, now());
}
