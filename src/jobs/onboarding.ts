import { CONFIG_PATH } from "../config/model.ts";
import { isOwnerRepository } from "../config/owner-config.ts";
import { type Proposal, proposedFile } from "../config/proposed-file.ts";
import type { StackResult } from "../drift/model.ts";
import { deleteBranch } from "../github/branches.ts";
import { commentOnce } from "../github/comments.ts";
import { wasEverThere } from "../github/commits.ts";
import { Forbidden } from "../github/errors.ts";
import { whoClosed } from "../github/issues.ts";
import { findPullRequest, findPullRequestOfBranch, type PullRequest } from "../github/pull-requests.ts";
import { closeThread } from "../github/threads.ts";
import type { Reports } from "../reports/reports.ts";
import { ONBOARDING_KEY, type StackHead, type Standing } from "../scan/wishes.ts";
import { claimObject, closeObject, fillObject, findObject, type StoredObject } from "../store/objects.ts";
import { externalIdOf, nameOf } from "./acting-for.ts";
import { CLOSED_BY_APP, CLOSED_BY_MERGE, closedByName, closedByOf } from "./closed-by.ts";
import { CONFIGURED, DECLINED, NOTHING_TO_CONFIGURE } from "./comment-texts.ts";
import { occasion } from "./occasion.ts";
import { giveUp } from "./write-closing.ts";
import {
  ONBOARDING_BRANCH,
  openOnboarding,
  updateOnboarding,
  type WantedOnboarding,
} from "./write-onboarding.ts";
import { tolerant, type Writing } from "./writing.ts";

// A repository that nobody has configured gets one pull request that proposes a configuration, and nothing else.

/** What the pull request is made of. */
export interface Unconfigured {
  readonly proposal: Proposal;
  readonly stacks: readonly StackHead[];
  readonly standings: readonly Standing[];
  /** Permissions that are asked for and not granted. */
  readonly missingPermissions: readonly string[];
  /** It was configured before, and worked. */
  readonly wasConfigured: boolean;
}

/**
 * Makes the pull request be there, open and up to date, unless a person has closed it: then it is off, and that is said
 * once. Whoever reopens it has it looked after again.
 * @returns why nothing else is done in the repository, for people
 */
export async function onboard(writing: Writing, reports: Reports, facts: Unconfigured): Promise<string> {
  const { db, repository, now } = writing;
  if (isOwnerRepository(repository))
    return `${CONFIG_PATH} is missing, and its file is about the other repositories`;
  if (facts.stacks.length === 0) {
    await withdrawOnboarding(writing, "nothing-left");
    return "there is no Terraform stack in the repository";
  }
  const id = { repositoryId: repository.id, key: ONBOARDING_KEY };
  const { claimed, object } = await claimObject(db, id, "pull-request", now());
  const there = await pullRequestOf(writing, object);
  const closedBy = closedByOf(object);
  if (there?.state === "open") {
    const number = await updateOnboarding(writing, object, there, wantedOf(writing, reports, facts));
    return waiting(number);
  }
  if (there?.merged === true) return removed(writing, object, there);
  // What has no number was somebody else's branch: it may be gone by now.
  if (closedBy === "person" && object.number !== null) return OFF;
  if (there !== null && closedBy === null && (await isDeclined(writing, object, there))) return OFF;
  if (facts.wasConfigured || (await isTakenAway(writing))) {
    await giveUp(writing, ONBOARDING_KEY);
    return TAKEN_AWAY;
  }
  // What the App closed it opens again.
  return waiting(await openOnboarding(writing, object, wantedOf(writing, reports, facts), claimed));
}

function waiting(number: number | null): string {
  if (number === null) return `${ONBOARDING_BRANCH} is somebody else's; ${CONFIG_PATH} turns Driftwright on`;
  return `nobody has configured it yet; pull request #${number} proposes a configuration`;
}

/** A file that was added by hand has no pull request that tells of it, but commits. */
function isTakenAway({ github, repository, base }: Writing): Promise<boolean> {
  return wasEverThere(github, repository, { sha: base, path: CONFIG_PATH });
}

const TAKEN_AWAY = `its configuration was taken away; ${CONFIG_PATH} turns Driftwright on again`;
const OFF = `the pull request that proposes a configuration was closed without merging; ${CONFIG_PATH} turns Driftwright on`;

/** As it is written down, else as its branch has it: the database may have been lost. */
function pullRequestOf(
  { github, repository, app }: Writing,
  { number }: StoredObject,
): Promise<PullRequest | null> {
  return number === null
    ? findPullRequestOfBranch(github, repository, app, ONBOARDING_BRANCH)
    : findPullRequest(github, repository, app, number);
}

function wantedOf({ repository, now }: Writing, reports: Reports, facts: Unconfigured): WantedOnboarding {
  const { proposal, stacks, standings, missingPermissions } = facts;
  const isPublic = !repository.private;
  const file = proposedFile(proposal, now(), isPublic);
  const open = Map.groupBy(
    standings.filter(({ resolvedAt }) => resolvedAt === null),
    ({ stack }) => stack,
  );
  const results: StackResult[] = stacks.map((stack) => ({
    ...stack,
    findings: (open.get(stack.name) ?? []).map(({ finding }) => finding),
  }));
  const document = reports.onboarding({
    repository: nameOf(repository),
    defaultBranch: repository.defaultBranch,
    isPublic,
    proposal,
    stacks: results,
    missingPermissions,
    hasIssues: repository.issues,
    externalId: externalIdOf(repository),
    file,
  });
  return { ...document, path: CONFIG_PATH, file };
}

/** It was merged, and the file is gone: whoever took it off does not want it. */
async function removed(writing: Writing, object: StoredObject, { closedAt }: PullRequest): Promise<string> {
  const { db, now } = writing;
  if (object.state !== "closed") await closeObject(db, object, CLOSED_BY_MERGE, closedAt ?? now());
  return `${CONFIG_PATH} was proposed, merged and removed; adding it again turns Driftwright on`;
}

/** Whether a person closed it. That is said once, and written down. */
async function isDeclined(writing: Writing, object: StoredObject, there: PullRequest): Promise<boolean> {
  const { db, github, repository, app, base, now, log } = writing;
  const { number, branch } = there;
  const closer = await whoClosed(github, repository, app, number).catch((reason: unknown) => {
    // Where issues are not granted GitHub may not say; then it was not the App, which writes down what it closes.
    if (reason instanceof Forbidden) return null;
    throw reason;
  });
  // The process ended before it was written down.
  if (closer?.isApp === true) return false;
  await tolerant(log, ONBOARDING_KEY, async () => {
    await commentOnce(github, repository, app, number, { key: "declined", body: DECLINED });
  });
  await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
  await fillObject(db, object, { ...object, number, contentHash: null }, now());
  await closeObject(db, object, closedByName(closer), now());
  log.info({ key: ONBOARDING_KEY, number }, "closed by a person");
  return true;
}

const WITHDRAWN = { configured: CONFIGURED, "nothing-left": NOTHING_TO_CONFIGURE } as const;

/** Closes the pull request, where there is one, since it is not needed; what people did with it is written down. */
export async function withdrawOnboarding(writing: Writing, why: keyof typeof WITHDRAWN): Promise<void> {
  const { db, github, repository, app, base, now, log } = writing;
  const object = await findObject(db, { repositoryId: repository.id, key: ONBOARDING_KEY });
  if (object === null || object.state === "closed") return;
  const there = await pullRequestOf(writing, object);
  if (there === null) return giveUp(writing, ONBOARDING_KEY);
  const { number, branch } = there;
  if (there.merged) return closeObject(db, object, CLOSED_BY_MERGE, there.closedAt ?? now());
  if (there.state === "closed") {
    const closer = await whoClosed(github, repository, app, number);
    return closeObject(db, object, closedByName(closer), there.closedAt ?? now());
  }
  const comment = { key: occasion(why, object), body: WITHDRAWN[why] };
  await closeThread(github, repository, app, there, comment);
  await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
  await closeObject(db, object, CLOSED_BY_APP, now());
  log.info({ key: ONBOARDING_KEY, number, because: why }, "pull request closed");
}
