import { branchHead, pushBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import { Conflict } from "../github/errors.ts";
import {
  findPullRequest,
  openPullRequest,
  type PullRequest,
  reopenPullRequest,
  updatePullRequest,
} from "../github/pull-requests.ts";
import { contentHash, type Written } from "../github/written.ts";
import type { Reports } from "../reports/reports.ts";
import { fingerprintOf, type Wish } from "../scan/actions.ts";
import { claimAgain, claimObject, closeObject, fillObject, type StoredObject } from "../store/objects.ts";
import { branchName } from "./branch-name.ts";
import { RETURNED, TAKEN } from "./comment-texts.ts";
import { editedFiles } from "./edited-files.ts";
import { closedByOf, closedByPerson, type Writing } from "./object-sync.ts";
import { isRecent, occasion } from "./occasion.ts";

/** The default branch moved since the findings were made: scan again, then decide. */
export class BaseMoved extends Error {
  override readonly name = "BaseMoved";
}

type AdoptionWish = Extract<Wish, { kind: "open-adoption" }>;

/** What the pull request should be. */
interface Wanted extends Written {
  readonly branch: string;
  readonly message: string;
  readonly edit: AdoptionWish["findings"][0]["adoption"];
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
  if (object.state === "open" && object.contentHash === contentHash(wanted)) return;
  const there = object.number === null ? null : await pullRequestAt(writing, object.number);
  if (object.state === "open" && there !== null) return update(writing, object, there, wanted);
  const isClosedByUs = closedByOf(object) === "app" && isRecent(object, now());
  if (isClosedByUs && there !== null && (await reopen(writing, object, there, wanted))) return;
  if (!claimed && object.state === "creating" && !(await claimAgain(db, object, now()))) return;
  await create(writing, object, wanted);
}

function pullRequestAt({ github, repository, app }: Writing, number: number): Promise<PullRequest | null> {
  return findPullRequest(github, repository, app, number);
}

function wantedOf({ key, stack, findings }: AdoptionWish, object: StoredObject, reports: Reports): Wanted {
  const [first] = findings;
  const { title, body } = reports.pullRequest(findings, stack);
  const branch = object.branch ?? branchName(stack.name, fingerprintOf(key) ?? first.fingerprint);
  return { title, body, branch, message: title, edit: first.adoption };
}

async function create(writing: Writing, object: StoredObject, wanted: Wanted): Promise<void> {
  const { github, repository, app, db, now } = writing;
  const sha = await push(writing, object, wanted);
  if (sha === null) return;
  const { pullRequest, created } = await openPullRequest(github, repository, app, {
    ...wanted,
    base: repository.defaultBranch,
  });
  // Its text may be older than ours.
  if (!created) await updatePullRequest(github, repository, pullRequest, wanted, null);
  const contents = {
    number: pullRequest.number,
    branch: wanted.branch,
    headSha: sha,
    contentHash: contentHash(wanted),
  };
  await fillObject(db, object, contents, now());
}

/** Puts the edit on the branch. Null where somebody else has the branch: then it is theirs. */
async function push(writing: Writing, object: StoredObject, wanted: Wanted): Promise<string | null> {
  const { github, repository, app, db, base, now } = writing;
  await assertNotMoved(writing);
  const files = await editedFiles(github, repository, base, wanted.edit?.files ?? []);
  const { branch, message } = wanted;
  const pushed = await pushBranch(github, repository, app, {
    branch,
    base,
    message,
    files,
    left: object.headSha,
  });
  if (pushed.outcome !== "taken") return pushed.sha;
  if (object.state !== "open" || object.number === null) {
    await closeObject(db, object, closedByPerson(pushed.by), now());
    return null;
  }
  await commentOnce(github, repository, app, object.number, { key: "taken", body: TAKEN });
  // As if it were written: the same drift is not tried again.
  const contents = {
    number: object.number,
    branch,
    headSha: object.headSha,
    contentHash: contentHash(wanted),
  };
  await fillObject(db, object, contents, now());
  return null;
}

async function update(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<void> {
  const { github, repository, db, now } = writing;
  // Closed a moment ago: the next look finds out by whom.
  if (there.state === "closed") return;
  const named = { ...wanted, branch: there.branch };
  const sha = await push(writing, object, named);
  if (sha === null) return;
  const { hash } = await updatePullRequest(github, repository, there, named, object.contentHash);
  const { number, branch } = there;
  await fillObject(db, object, { number, branch, headSha: sha, contentHash: hash }, now());
}

/** False where GitHub does not open it again. */
async function reopen(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: Wanted,
): Promise<boolean> {
  const { github, repository, app } = writing;
  if (there.merged) return false;
  await assertNotMoved(writing);
  if (there.state === "closed") {
    try {
      const comment = { key: occasion("returned", object), body: RETURNED };
      await reopenPullRequest(github, repository, app, there, comment);
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }
  await update(writing, { ...object, state: "open" }, { ...there, state: "open" }, wanted);
  return true;
}

/** @throws BaseMoved */
async function assertNotMoved({ github, repository, base }: Writing): Promise<void> {
  const head = await branchHead(github, repository, repository.defaultBranch);
  if (head !== base)
    throw new BaseMoved(`${repository.defaultBranch} is at ${head} and no longer at ${base}`);
}
