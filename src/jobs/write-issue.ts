import { findIssue, openIssue, reopenIssue, updateIssue } from "../github/issues.ts";
import { contentHash, type Written } from "../github/written.ts";
import { parseMarker } from "../reports/marker.ts";
import { claimAgain, claimObject, fillObject, type StoredObject } from "../store/objects.ts";
import { RETURNED } from "./comment-texts.ts";
import { closedByOf, type Writing } from "./object-sync.ts";
import { isRecent, occasion } from "./occasion.ts";

/**
 * Makes an issue be there, open and up to date. Nothing is done where it is.
 * @param wanted its body carries the marker
 * @throws Gone where the repository has no issues, and whatever else GitHub says
 */
export async function writeIssue(writing: Writing, key: string, wanted: Written): Promise<void> {
  const { db, github, repository, app, now } = writing;
  const { claimed, object } = await claimObject(db, { repositoryId: repository.id, key }, "issue", now());
  if (object.state === "open" && object.contentHash === contentHash(wanted)) return;
  const isOurs = object.state === "open" || (closedByOf(object) === "app" && isRecent(object, now()));
  if (object.number !== null && isOurs && (await bringUp(writing, object, object.number, wanted))) return;
  if (!claimed && object.state === "creating" && !(await claimAgain(db, object, now()))) return;
  const marker = parseMarker(wanted.body);
  if (marker === null) throw new Error(`the body of ${key} has no marker`);
  const { issue, created } = await openIssue(github, repository, app, { ...wanted, marker });
  // Its text may be older than ours.
  if (!created) await updateIssue(github, repository, issue, wanted, null);
  await fill(writing, object, issue.number, contentHash(wanted));
}

/** Updates an issue that is there, and opens it again where it is closed; false where it is there no more. */
async function bringUp(
  writing: Writing,
  object: StoredObject,
  number: number,
  wanted: Written,
): Promise<boolean> {
  const { github, repository, app } = writing;
  const issue = await findIssue(github, repository, app, number);
  if (issue === null) return false;
  if (issue.state === "closed") {
    // Closed a moment ago: the next look finds out by whom.
    if (object.state === "open") return true;
    const comment = { key: occasion("returned", object), body: RETURNED };
    await reopenIssue(github, repository, app, number, comment);
  }
  const { hash } = await updateIssue(github, repository, issue, wanted, object.contentHash);
  await fill(writing, object, number, hash);
  return true;
}

async function fill({ db, now }: Writing, object: StoredObject, number: number, hash: string): Promise<void> {
  await fillObject(db, object, { number, branch: null, headSha: null, contentHash: hash }, now());
}
