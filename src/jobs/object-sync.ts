import { deleteBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import type { Marked } from "../github/markers.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import { closeThread } from "../github/threads.ts";
import type { Marker } from "../reports/marker.ts";
import { isIssueGroupKey, ONBOARDING_KEY } from "../scan/wishes.ts";
import {
  claimObject,
  fillObject,
  findObject,
  NO_BRANCH,
  objectsOf,
  type StoredObject,
} from "../store/objects.ts";
import { everyPage } from "../store/page.ts";
import type { Db } from "../store/tables.ts";
import { REOPENING } from "./closed-by.ts";
import { syncClosed } from "./closed-objects.ts";
import { reopenedText } from "./closing-answers.ts";
import { twiceText } from "./comment-texts.ts";
import { byKey, keyOfMarker, markedOf, type Twins } from "./marked-objects.ts";
import { withdrawClosing } from "./reopening-decisions.ts";
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
    if (row?.state === "closed" && row.closedBy !== REOPENING) await takeReopening(writing, row, kept);
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
    log.info({ key, number: kept.number, before: row?.state ?? null }, "found open");
  }
  for (const twin of twins) if (twin !== kept) await closeTwin(writing, key, twin, kept);
}

/** Where a person opened something again, what was said and had it closed is taken back, and that is told. */
async function takeReopening(
  writing: Writing,
  row: StoredObject,
  { kind, number, marker }: Marked,
): Promise<void> {
  const { github, repository, app, log } = writing;
  const fingerprints = kind === "issue" ? fingerprintsOf(row) : marker.fingerprints;
  await withdrawClosing(writing, { kind, number, fingerprints }, async (at, hasEnded) => {
    log.info({ key: row.key, number }, "opened again by a person");
    const key = `reopened:${Math.floor(at.getTime() / 1000)}`;
    await tolerant(log, row.key, async () => {
      await commentOnce(github, repository, app, number, { key, body: reopenedText(kind, hasEnded) });
    });
  });
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
