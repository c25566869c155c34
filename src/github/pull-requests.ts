import { type Marker, parseMarker } from "../reports/marker.ts";
import { restoreBranch } from "./branches.ts";
import { commentOnce, type KeyedComment } from "./comments.ts";
import { Conflict, isAmbiguous, NotFound } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { contentHash, fitting, isWritten, type Updated, type Written } from "./written.ts";

export interface PullRequest extends Written {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  /** The branch that is to be merged, and its newest commit. */
  readonly branch: string;
  readonly headSha: string;
  /** Whether the branch is in another repository. */
  readonly fromFork: boolean;
  readonly base: string;
  readonly baseSha: string;
  readonly byApp: boolean;
  /** Only where the App wrote it. */
  readonly marker: Marker | null;
  readonly closedAt: Date | null;
}

export interface ChangedFile {
  readonly path: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  /** Where a renamed file was before. */
  readonly previousPath: string | null;
}

/** The pull request with a number; null where there is none. */
export async function findPullRequest(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
): Promise<PullRequest | null> {
  try {
    const { data } = await github.rest.pulls.get({ ...inRepository(repository), pull_number: number });
    return pullRequestOf(data, repository, app);
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/** The App's own pull request of a branch: the open one, else the newest. */
export async function findPullRequestOfBranch(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  branch: string,
): Promise<PullRequest | null> {
  const { data } = await github.rest.pulls.list({
    ...inRepository(repository),
    head: `${repository.owner}:${branch}`,
    state: "all",
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  const own = data
    .map((each) => pullRequestOf(each, repository, app))
    .filter((each) => each.byApp && !each.fromFork && each.branch === branch);
  return own.find(({ state }) => state === "open") ?? own[0] ?? null;
}

/** Every open pull request, the App's own included, the newest first; at most a thousand. */
export async function listOpenPullRequests(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  const pages = github.paginate.iterator(github.rest.pulls.list, {
    ...inRepository(repository),
    state: "open",
    per_page: 100,
  });
  for await (const { data } of pages) {
    found.push(...data.map((each) => pullRequestOf(each, repository, app)));
    if (found.length >= 1_000) break;
  }
  return found;
}

/** The files that a pull request changes; GitHub lists at most 3,000. */
export async function listChangedFiles(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
): Promise<ChangedFile[]> {
  const files = await github.paginate(github.rest.pulls.listFiles, {
    ...inRepository(repository),
    pull_number: number,
    per_page: 100,
  });
  return files.map(({ filename, status, previous_filename }) => ({
    path: filename,
    status,
    previousPath: previous_filename ?? null,
  }));
}

/**
 * Opens the pull request of a branch, unless the App has one open already.
 * @throws Conflict where someone else opened one of the same branch, or where the branch changes nothing
 */
export async function openPullRequest(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  wanted: Written & { readonly branch: string; readonly base: string; readonly draft?: boolean },
): Promise<{ readonly pullRequest: PullRequest; readonly created: boolean }> {
  const findOpen = async () => {
    const found = await findPullRequestOfBranch(github, repository, app, wanted.branch);
    return found?.state === "open" ? found : null;
  };
  const there = await findOpen();
  if (there !== null) return { pullRequest: there, created: false };
  try {
    const { data } = await github.rest.pulls.create({
      ...inRepository(repository),
      ...fitting(wanted, "POST /repos/{owner}/{repo}/pulls"),
      head: wanted.branch,
      base: wanted.base,
      draft: wanted.draft ?? false,
      ...ONCE,
    });
    return { pullRequest: pullRequestOf(data, repository, app), created: true };
  } catch (error) {
    const isThere = isAmbiguous(error) || error instanceof Conflict;
    const made = isThere ? await findOpen() : null;
    if (made === null) throw error;
    return { pullRequest: made, created: isAmbiguous(error) };
  }
}

/** As `updateIssue`. */
export async function updatePullRequest(
  github: GitHub,
  repository: RepositoryRef,
  now: PullRequest,
  wanted: Written,
  lastHash: string | null,
): Promise<Updated> {
  const hash = contentHash(wanted);
  if (isWritten(wanted, now, lastHash)) return { changed: false, hash };
  await github.rest.pulls.update({
    ...inRepository(repository),
    pull_number: now.number,
    ...fitting(wanted, "PATCH /repos/{owner}/{repo}/pulls/{pull_number}"),
    ...ONCE,
  });
  return { changed: true, hash };
}

/** Says why, then closes; a second time changes nothing. The branch stays. */
export async function closePullRequest(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<void> {
  const pullRequest = await findPullRequest(github, repository, app, number);
  if (pullRequest === null || pullRequest.merged) return;
  await commentOnce(github, repository, app, number, comment);
  if (pullRequest.state === "closed") return;
  await github.rest.pulls.update({
    ...inRepository(repository),
    pull_number: number,
    state: "closed",
    ...ONCE,
  });
}

/**
 * Opens a closed pull request again, then says why. Its branch is put back first where it was deleted; new commits are
 * pushed afterwards, since GitHub does not reopen a pull request whose branch is elsewhere.
 * @throws Conflict where GitHub does not open it again: open a new one
 */
export async function reopenPullRequest(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  pullRequest: PullRequest,
  comment: KeyedComment,
): Promise<void> {
  const { number, branch, headSha } = pullRequest;
  await restoreBranch(github, repository, branch, headSha);
  await github.rest.pulls.update({
    ...inRepository(repository),
    pull_number: number,
    state: "open",
    ...ONCE,
  });
  await commentOnce(github, repository, app, number, comment);
}

/** What the answers of a single pull request and of a list have in common. */
type PullRequestData =
  | Awaited<ReturnType<GitHub["rest"]["pulls"]["get"]>>["data"]
  | Awaited<ReturnType<GitHub["rest"]["pulls"]["list"]>>["data"][number];

function pullRequestOf(data: PullRequestData, repository: RepositoryRef, app: AppIdentity): PullRequest {
  const byApp = isByApp(data.user, app);
  const body = data.body ?? "";
  return {
    number: data.number,
    url: data.html_url,
    state: data.state === "open" ? "open" : "closed",
    merged: data.merged_at !== null,
    draft: data.draft ?? false,
    title: data.title,
    body,
    branch: data.head.ref,
    headSha: data.head.sha,
    // A deleted fork has no repository any more.
    fromFork: data.head.repo?.id !== repository.id,
    base: data.base.ref,
    baseSha: data.base.sha,
    byApp,
    marker: byApp ? parseMarker(body) : null,
    closedAt: data.closed_at === null ? null : new Date(data.closed_at),
  };
}
