import { findIssue, openIssue } from "../github/issues.ts";
import { reopenThread, updateThread } from "../github/threads.ts";
import { contentHash, type Wanted } from "../github/written.ts";
import { parseMarker } from "../reports/marker.ts";
import type { Again } from "../scan/wishes.ts";
import {
  claimAgain,
  claimObject,
  closeObject,
  NO_BRANCH,
  type ObjectContents,
  type StoredObject,
} from "../store/objects.ts";
import { closedByOf, REOPENING } from "./closed-by.ts";
import { againText } from "./comment-texts.ts";
import { drawAttention } from "./draw-attention.ts";
import { isRecent, occasion } from "./occasion.ts";
import { type Concern, NO_CONCERN } from "./responsible.ts";
import { complete } from "./write-text.ts";
import { fill, placeOf, type Writing } from "./writing.ts";

/** How an issue is to be written. */
export interface IssueManner {
  /** Why it is opened again where it is closed. */
  readonly again?: Again;
  /** Whose matter it is. */
  readonly concern?: Concern;
  /** Of an issue about several findings: fingerprints of those it tells of, and told of before. */
  readonly told?: Told | null;
}

export interface Told {
  readonly told: readonly string[];
  readonly toldBefore: readonly string[];
}

/**
 * Makes an issue be there, open and up to date. Nothing is done where it is.
 * @param wanted its body carries the marker
 * @throws Gone where the repository has no issues, and whatever else GitHub says
 */
export async function writeIssue(
  writing: Writing,
  key: string,
  wanted: Wanted,
  { again = "returned", concern = NO_CONCERN, told = null }: IssueManner = {},
): Promise<void> {
  const { db, github, repository, app, now, log } = writing;
  const { claimed, object: seen } = await claimObject(db, { ...placeOf(writing), key }, "issue", now());
  if (seen.state === "open" && seen.contentHash === contentHash(wanted)) return;
  const closedBy = closedByOf(seen);
  const isOurs =
    seen.state === "open" ||
    closedBy === "person" ||
    (closedBy === "app" && (PROMISED.has(again) || isRecent(seen, now())));
  if (
    seen.number !== null &&
    isOurs &&
    (await bringUp(writing, seen, seen.number, { wanted, again, concern, told }))
  )
    return;
  const isLeftBehind = !claimed && seen.state === "creating";
  const object = isLeftBehind ? await claimAgain(db, seen, now()) : seen;
  if (object === null) return;
  const marker = parseMarker(wanted.body);
  if (marker === null) throw new Error(`the body of ${key} has no marker`);
  const { issue, created } = await openIssue(github, repository, app, { ...wanted, marker });
  await complete(writing, issue, wanted, created);
  await drawAttention(writing, issue, concern);
  await fill(writing, object, contentsOf(issue.number, contentHash(wanted), told));
  log.info({ key, number: issue.number }, "issue opened");
}

/** What was said when it was closed to open it again, however long ago that was. */
const PROMISED: ReadonlySet<Again> = new Set(["expired", "outdated"]);

/** Updates an issue that is there, and opens it again where it is closed; false where it is there no more. */
async function bringUp(
  writing: Writing,
  object: StoredObject,
  number: number,
  { wanted, again, concern, told }: Required<IssueManner> & { readonly wanted: Wanted },
): Promise<boolean> {
  const { github, repository, app, log } = writing;
  const { key } = object;
  const issue = await findIssue(github, repository, app, number);
  if (issue === null) return false;
  if (issue.state === "closed") {
    // Closed a moment ago: the next look finds out by whom.
    if (object.state === "open") return true;
    // What a person decided by closing it holds on for what else it told of.
    if (told !== null) await closeObject(writing.db, object, REOPENING, object.updatedAt);
    const comment = { key: occasion("returned", object), body: againText(again) };
    await reopenThread(github, repository, app, issue, comment);
    log.info({ key, number }, "issue opened again");
  }
  const { hash, changed } = await updateThread(github, repository, app, issue, wanted, object.contentHash);
  if (changed) log.info({ key, number }, "issue updated");
  // It was opened, and not looked after any more.
  if (object.contentHash === null) await drawAttention(writing, issue, concern);
  await fill(writing, object, contentsOf(number, hash, told));
  return true;
}

function contentsOf(number: number, contentHash: string, told: Told | null): ObjectContents {
  return { number, ...NO_BRANCH, contentHash, ...told };
}
