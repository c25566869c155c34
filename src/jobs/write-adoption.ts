import type { Adoption } from "../drift/model.ts";
import { deleteBranch, type Push, pushBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import { Conflict, GitHubError, Queued, RateLimited, Taken } from "../github/errors.ts";
import {
  findPullRequest,
  openPullRequest,
  type PullRequest,
  reopenPullRequest,
  retargetPullRequest,
} from "../github/pull-requests.ts";
import { closeThread, updateThread } from "../github/threads.ts";
import { contentHash, type Wanted as WantedText } from "../github/written.ts";
import type { Reports } from "../reports/reports.ts";
import { fingerprintOf, type Wish } from "../scan/wishes.ts";
import { claimAgain, claimObject, closeObject, noteBranch, type StoredObject } from "../store/objects.ts";
import { isAtHome, isInPlace, isNews, whyBack } from "./adoption-standing.ts";
import { branchName } from "./branch-name.ts";
import { CLOSED_BY_APP, closedByOf, closedByPerson } from "./closed-by.ts";
import { ASTRAY, BACK, REPLACED, TAKEN } from "./comment-texts.ts";
import { drawAttention } from "./draw-attention.ts";
import { EditDoesNotFit, editedFiles } from "./edited-files.ts";
import { isRecent, occasion } from "./occasion.ts";
import { complete } from "./write-text.ts";
import { fill, type Writing } from "./writing.ts";

type AdoptionWish = Extract<Wish, { kind: "open-adoption" }>;

/** What the pull request should be. */
interface Wanted extends WantedText {
  readonly branch: string;
  readonly message: string;
  /** Fingerprints of what it adopts. */
  readonly about: readonly string[];
  readonly edit: Adoption | null;
}

/**
 * Makes the pull request of a wish be there, open and up to date. Nothing is done where it is.
 * @throws BaseMoved, EditDoesNotFit, and whatever GitHub says
 */
export async function writeAdoption(writing: Writing, wish: AdoptionWish, reports: Reports): Promise<void> {
  const { db, repository, now } = writing;
  const { claimed, object } = await claimObject(
    db,
    { repositoryId: repository.id, key: wish.key },
    "pull-request",
    now(),
  );
  const wanted = wantedOf(wish, object, reports);
  if (object.state === "open" && !isNews(object, wanted) && (await isInPlace(writing, object))) return;
  const there = object.number === null ? null : await pullRequestAt(writing, object.number);
  if (object.state === "open" && there !== null) return keepUp(writing, object, there, wanted);
  const closedBy = closedByOf(object);
  const isOurs = closedBy === "person" || (closedBy === "app" && isRecent(object, now()));
  // Of what was found again after the database was lost, nobody knows whose commits it has.
  const isTheirs = there !== null && object.headSha !== null && there.headSha !== object.headSha;
  const isOvertaken = isTheirs && isNews(object, wanted);
  if (isOurs && there !== null && !isOvertaken && (await reopen(writing, object, there, wanted))) return;
  const isLeftBehind = !claimed && object.state === "creating";
  const own = isLeftBehind ? await claimAgain(db, object, now()) : object;
  if (own === null) return;
  // What somebody else committed there is another edit than the one that is wanted now, and stays.
  const branch = isOvertaken ? `${wanted.branch}-after-${there.number}` : wanted.branch;
  await create(writing, own, { ...wanted, branch });
}

function pullRequestAt({ github, repository, app }: Writing, number: number): Promise<PullRequest | null> {
  return findPullRequest(github, repository, app, number);
}

function wantedOf({ key, findings }: AdoptionWish, object: StoredObject, reports: Reports): Wanted {
  const [{ finding, stack }] = findings;
  const name = fingerprintOf(key) ?? finding.fingerprint;
  const text = reports.pullRequest(findings, name);
  const branch = object.branch ?? branchName(stack.name, name);
  const about = findings.map((one) => one.finding.fingerprint);
  return { ...text, branch, message: text.title, about, edit: finding.adoption };
}

async function create(writing: Writing, object: StoredObject, wanted: Wanted): Promise<void> {
  const { github, repository, app, db, base, log } = writing;
  // Should the pull request never be made, the branch is taken away again.
  await noteBranch(db, object, wanted.branch);
  let pushed = await push(writing, object, wanted);
  if (pushed.outcome === "astray") {
    await deleteBranch(github, repository, app, { branch: wanted.branch, base, left: pushed.sha });
    pushed = await push(writing, object, wanted);
  }
  if (pushed.outcome === "taken" || pushed.outcome === "astray") {
    return leaveTo(writing, object, pushed.outcome === "taken" ? pushed.by : "unknown");
  }
  const opened = await open(writing, wanted).catch((reason: unknown) => {
    if (reason instanceof Taken) return reason;
    throw reason;
  });
  if (opened instanceof Taken) return leaveTo(writing, object, opened.by);
  const { pullRequest, created } = opened;
  await complete(writing, pullRequest, wanted, created);
  await drawAttention(writing, pullRequest);
  await fill(writing, object, {
    number: pullRequest.number,
    branch: wanted.branch,
    headSha: pushed.sha,
    contentHash: contentHash(wanted),
    ...basedOn(writing),
  });
  log.info({ key: object.key, number: pullRequest.number }, "pull request opened");
}

/** @throws EditDoesNotFit where there is nothing to open: what it would change is so already, for one */
async function open({ github, repository, app, config }: Writing, wanted: Wanted) {
  try {
    const base = repository.defaultBranch;
    return await openPullRequest(github, repository, app, { ...wanted, base, draft: config.draft });
  } catch (reason) {
    if (!(reason instanceof Conflict) || reason instanceof Taken) throw reason;
    throw new EditDoesNotFit(reason.message);
  }
}

/** Somebody made what was to be made: then it is theirs. */
async function leaveTo({ db, now, log }: Writing, object: StoredObject, by: string): Promise<void> {
  await closeObject(db, object, closedByPerson(by), now());
  log.info({ key: object.key, by }, "left to somebody else");
}

function basedOn({ repository, base }: Writing): Pick<StoredObject, "baseBranch" | "baseSha"> {
  return { baseBranch: repository.defaultBranch, baseSha: base };
}

/**
 * Puts the edit on the branch, unless somebody else has it or it must not be used any more.
 * @param canStay it is behind the default branch, and has nothing else to say
 */
async function push(writing: Writing, object: StoredObject, wanted: Wanted, canStay = false): Promise<Push> {
  const { github, repository, app, lineage, base, config } = writing;
  const files = await editedFiles(github, repository, writing, wanted.edit?.files ?? []);
  return pushBranch(github, repository, app, {
    branch: wanted.branch,
    base,
    message: wanted.message,
    files,
    left: object.headSha,
    belongs: await lineage.has(object.baseSha),
    anew: config.rebase !== "behind" ? null : canStay ? "or-stay" : "or-merge",
  });
}

/**
 * Brings an open pull request up to date. One that waits in a merge queue stays as it is, and so does one that is only
 * behind where GitHub does not let it follow: its edit is proven, and a person brings it up to date when they merge it.
 */
async function keepUp(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<void> {
  const isBehindAlone = !isNews(object, wanted) && (await isAtHome(writing, object));
  try {
    await update(writing, object, there, wanted, isBehindAlone);
  } catch (reason) {
    const canStay = isBehindAlone && reason instanceof GitHubError && !(reason instanceof RateLimited);
    if (!canStay && !(reason instanceof Queued)) throw reason;
    const { key, number } = object;
    writing.log.warn({ key, number, reason: reason.message }, "pull request stays where it is");
  }
}

async function update(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
  canStay = false,
): Promise<void> {
  const { github, repository, app, log } = writing;
  // Closed a moment ago: the next look finds out by whom.
  if (there.state === "closed") return;
  const named = { ...wanted, branch: there.branch };
  const pushed = await push(writing, object, named, canStay);
  if (pushed.outcome === "astray") return replace(writing, object, { ...there, headSha: pushed.sha }, wanted);
  if (pushed.outcome === "taken") return warn(writing, object, there, wanted);
  await retarget(writing, object, there);
  const { hash } = await updateThread(github, repository, app, there, named, object.contentHash);
  // It was opened, and not looked after any more.
  if (object.contentHash === null) await drawAttention(writing, there);
  const { number, branch } = there;
  const contents = { number, branch, headSha: pushed.sha, contentHash: hash, ...basedOn(writing) };
  await fill(writing, object, contents);
  log.info({ key: object.key, number }, "pull request updated");
}

/** Not written down as done: once the branch is ours again, the next look writes the edit. */
async function warn(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<void> {
  const { github, repository, app, lineage } = writing;
  const { number } = there;
  if (!(await lineage.has(object.baseSha))) {
    await commentOnce(github, repository, app, number, { key: "astray", body: ASTRAY });
    return;
  }
  if (object.baseBranch !== null && object.baseBranch !== repository.defaultBranch) {
    await retarget(writing, object, there);
    await fill(writing, object, { ...object, number, baseBranch: repository.defaultBranch });
  }
  if (isNews(object, wanted))
    await commentOnce(github, repository, app, number, { key: "taken", body: TAKEN });
}

/** What is there twice already stays where it is. */
async function retarget(
  { github, repository, log }: Writing,
  { key }: StoredObject,
  there: PullRequest,
): Promise<void> {
  const { number, base: before } = there;
  const { defaultBranch: base } = repository;
  if (before === base) return;
  try {
    await retargetPullRequest(github, repository, there, base);
    log.info({ key, number, before, base }, "pull request goes into another branch");
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    log.warn({ key, number, reason: error.message }, "could not be looked after");
  }
}

/**
 * A new pull request in place of one whose branch has commits that the default branch does not have any more. What is
 * interrupted on the way is a pull request that we closed and that is not opened again.
 */
async function replace(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<void> {
  const { db, github, repository, app, base, now, log } = writing;
  const { number, branch, headSha } = there;
  await closeThread(github, repository, app, there, { key: occasion("history", object), body: REPLACED });
  await deleteBranch(github, repository, app, { branch, base, left: headSha });
  await closeObject(db, object, CLOSED_BY_APP, now());
  log.info({ key: object.key, number }, "pull request closed, since the default branch has another history");
  await create(writing, { ...object, state: "closed" }, wanted);
}

/** False where GitHub does not open it again. */
async function reopen(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<boolean> {
  const { github, repository, app, lineage, log } = writing;
  if (there.merged || !(await lineage.has(object.baseSha))) return false;
  if (there.state === "closed") {
    try {
      const comment = {
        key: occasion("returned", object),
        body: BACK[await whyBack(writing, object, wanted.about)],
      };
      await reopenPullRequest(github, repository, app, there, comment);
      log.info({ key: object.key, number: there.number }, "pull request opened again");
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }
  await update(writing, { ...object, state: "open" }, { ...there, state: "open" }, wanted);
  return true;
}
