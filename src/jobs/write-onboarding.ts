import { deleteBranch, type Push, pushBranch } from "../github/branches.ts";
import { Taken } from "../github/errors.ts";
import { openPullRequest, type PullRequest, retargetPullRequest } from "../github/pull-requests.ts";
import { closeThread, updateThread } from "../github/threads.ts";
import { contentHash, type Wanted } from "../github/written.ts";
import {
  claimAgain,
  closeObject,
  noteBranch,
  type ObjectContents,
  type StoredObject,
} from "../store/objects.ts";
import { CLOSED_BY_APP, closedByPerson } from "./closed-by.ts";
import { REPLACED } from "./comment-texts.ts";
import { occasion } from "./occasion.ts";
import { fill, type Writing } from "./writing.ts";

export const ONBOARDING_BRANCH = "driftwright/onboarding";

/** The pull request as it should be. Its body tells which file it is of. */
export interface WantedOnboarding extends Wanted {
  readonly path: string;
  readonly file: string;
}

/**
 * Makes the pull request that proposes a configuration. What was interrupted is found again by its branch.
 * @param claimed whether nobody began with it before
 * @returns its number; null where somebody else has the branch or a pull request of it, or makes it at this moment
 */
export async function openOnboarding(
  writing: Writing,
  seen: StoredObject,
  wanted: WantedOnboarding,
  claimed: boolean,
): Promise<number | null> {
  const { github, repository, app, db, base, log, now } = writing;
  const isLeftBehind = !claimed && seen.state === "creating";
  const object = isLeftBehind ? await claimAgain(db, seen, now()) : seen;
  if (object === null) return null;
  // Should the pull request never be made, the branch is taken away again.
  await noteBranch(db, object, ONBOARDING_BRANCH);
  let pushed = await push(writing, object, wanted);
  if (pushed.outcome === "astray") {
    await deleteBranch(github, repository, app, { branch: ONBOARDING_BRANCH, base, left: pushed.sha });
    pushed = await push(writing, object, wanted);
  }
  if (pushed.outcome === "taken" || pushed.outcome === "astray") {
    return leaveTo(writing, object, pushed.outcome === "taken" ? pushed.by : "unknown");
  }
  const opened = await openPullRequest(github, repository, app, {
    ...wanted,
    branch: ONBOARDING_BRANCH,
    base: repository.defaultBranch,
  }).catch((reason: unknown) => {
    if (reason instanceof Taken) return reason;
    throw reason;
  });
  if (opened instanceof Taken) return leaveTo(writing, object, opened.by);
  const { pullRequest, created } = opened;
  // What was found may say something older.
  if (!created) await updateThread(github, repository, app, pullRequest, wanted, null);
  await fill(writing, object, contentsOf(writing, pullRequest, { headSha: pushed.sha, wanted }));
  log.info({ key: object.key, number: pullRequest.number }, "pull request opened");
  return pullRequest.number;
}

/** Somebody made what was to be made: then it is theirs. */
async function leaveTo({ db, now, log }: Writing, object: StoredObject, by: string): Promise<null> {
  await closeObject(db, object, closedByPerson(by), now());
  log.info({ key: object.key, by }, "left to somebody else");
  return null;
}

/**
 * Brings the open pull request up to date: its text always, its file as long as nobody else committed to the branch.
 * @returns its number; another one where the default branch has another history by now
 */
export async function updateOnboarding(
  writing: Writing,
  object: StoredObject,
  there: PullRequest,
  wanted: WantedOnboarding,
): Promise<number | null> {
  const { github, repository, app, db, base, lineage, log, now } = writing;
  const isTold = object.state === "open" && object.contentHash === contentHash(wanted);
  const isInPlace = object.baseBranch === repository.defaultBranch && (await lineage.has(object.baseSha));
  if (isTold && isInPlace) return there.number;
  const pushed = await push(writing, object, wanted);
  if (pushed.outcome === "astray") {
    const comment = { key: occasion("history", object), body: REPLACED };
    await closeThread(github, repository, app, there, comment);
    await deleteBranch(github, repository, app, { branch: ONBOARDING_BRANCH, base, left: pushed.sha });
    await closeObject(db, object, CLOSED_BY_APP, now());
    return openOnboarding(writing, { ...object, state: "closed" }, wanted, true);
  }
  await retargetPullRequest(github, repository, there, repository.defaultBranch);
  await updateThread(github, repository, app, there, wanted, null);
  // Where somebody took the branch over, what we left there is not the newest any more.
  const headSha = pushed.outcome === "taken" ? object.headSha : pushed.sha;
  await fill(writing, object, contentsOf(writing, there, { headSha, wanted }));
  log.info({ key: object.key, number: there.number }, "pull request updated");
  return there.number;
}

async function push(writing: Writing, object: StoredObject, wanted: WantedOnboarding): Promise<Push> {
  const { github, repository, app, base, lineage } = writing;
  return pushBranch(github, repository, app, {
    branch: ONBOARDING_BRANCH,
    base,
    message: wanted.title,
    files: [{ path: wanted.path, content: wanted.file }],
    left: object.headSha,
    belongs: await lineage.has(object.baseSha),
  });
}

function contentsOf(
  { repository, base }: Writing,
  { number }: PullRequest,
  { headSha, wanted }: { readonly headSha: string | null; readonly wanted: WantedOnboarding },
): ObjectContents {
  return {
    number,
    branch: ONBOARDING_BRANCH,
    headSha,
    contentHash: contentHash(wanted),
    baseBranch: repository.defaultBranch,
    baseSha: base,
  };
}
