import { type Marker, parseMarker } from "../reports/marker.ts";
import { restoreBranch } from "./branches.ts";
import type { KeyedComment } from "./comments.ts";
import { createOnce } from "./create-once.ts";
import { Conflict, GitHubError, isAmbiguous, NotFound, Taken } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { reopenThread, type Thread } from "./threads.ts";
import { fitting, type Written } from "./written.ts";

export interface PullRequest extends Thread {
  readonly kind: "pull-request";
  readonly url: string;
  readonly merged: boolean;
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

/** The open pull requests, the App's own included, the newest first; at most a thousand. */
export async function listOpenPullRequests(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  most = 1_000,
): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  const pages = github.paginate.iterator(github.rest.pulls.list, {
    ...inRepository(repository),
    state: "open",
    per_page: PAGE,
  });
  for await (const { data } of pages) {
    found.push(...data.map((each) => pullRequestOf(each, repository, app)));
    if (found.length >= most) break;
  }
  return found;
}

/** A page of a list. */
const PAGE = 100;

/** A commit, and the number of a pull request that it may be the newest one of, where one is known. */
interface CommitOf {
  readonly headSha: string;
  readonly pullRequest: number | null;
}

/**
 * The open pull requests that have one of some commits as their newest. One request lists the newest open ones; where
 * there are more, those that are known by their number are looked at one by one.
 */
export async function openPullRequestsAt(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  commits: readonly CommitOf[],
): Promise<PullRequest[]> {
  const newest = await listOpenPullRequests(github, repository, app, PAGE);
  const wanted = new Set(commits.map(({ headSha }) => headSha));
  const found = newest.filter(({ headSha }) => wanted.has(headSha));
  if (newest.length < PAGE) return found;
  const listed = new Set(newest.map(({ number }) => number));
  const others = new Set(commits.flatMap(({ pullRequest }) => pullRequest ?? []));
  for (const number of others) {
    const other = listed.has(number) ? null : await findPullRequest(github, repository, app, number);
    if (other?.state === "open" && wanted.has(other.headSha)) found.push(other);
  }
  return found;
}

/**
 * Opens the pull request of a branch, unless the App has one open already.
 * @throws Taken where someone else has one of the same branch open; Conflict where the branch changes nothing
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
  const open = async (draft: boolean) => {
    const { data } = await github.rest.pulls.create({
      ...inRepository(repository),
      ...fitting(wanted, "POST /repos/{owner}/{repo}/pulls"),
      head: wanted.branch,
      base: wanted.base,
      ...(draft ? { draft } : {}),
      ...ONCE,
    });
    return pullRequestOf(data, repository, app);
  };
  const { draft = false } = wanted;
  const create = () =>
    open(draft).catch((error: unknown) => {
      // Not every plan of GitHub has drafts in private repositories.
      if (!draft || !(error instanceof GitHubError) || !/\bdraft\b/i.test(error.message)) throw error;
      return open(false);
    });
  const mayBeThere = (error: unknown) => isAmbiguous(error) || error instanceof Conflict;
  try {
    const { there: pullRequest, created } = await createOnce(findOpen, create, mayBeThere);
    return { pullRequest, created };
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const by = await whoHasOpen(github, repository, wanted.branch);
    throw by === null ? error : new Taken(error.message, error.request, by);
  }
}

/** Who has a pull request of a branch open; null where nobody has. */
async function whoHasOpen(github: GitHub, repository: RepositoryRef, branch: string): Promise<string | null> {
  const head = `${repository.owner}:${branch}`;
  const { data } = await github.rest.pulls.list({ ...inRepository(repository), head, state: "open" });
  const [first] = data.filter((each) => each.head.ref === branch);
  return first === undefined ? null : (first.user?.login ?? "someone");
}

/**
 * Has a pull request be merged into another branch, where it is not to be already.
 * @throws Conflict where there is one of the two branches already
 */
export async function retargetPullRequest(
  github: GitHub,
  repository: RepositoryRef,
  { number, base: now }: PullRequest,
  base: string,
): Promise<void> {
  if (now === base) return;
  await github.rest.pulls.update({ ...inRepository(repository), pull_number: number, base, ...ONCE });
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
  await restoreBranch(github, repository, pullRequest.branch, pullRequest.headSha);
  await reopenThread(github, repository, app, pullRequest, comment);
}

/** What the answers of a single pull request and of a list have in common. */
type PullRequestData =
  | Awaited<ReturnType<GitHub["rest"]["pulls"]["get"]>>["data"]
  | Awaited<ReturnType<GitHub["rest"]["pulls"]["list"]>>["data"][number];

function pullRequestOf(data: PullRequestData, repository: RepositoryRef, app: AppIdentity): PullRequest {
  const byApp = isByApp(data.user, app);
  const body = data.body ?? "";
  return {
    kind: "pull-request",
    number: data.number,
    url: data.html_url,
    state: data.state === "open" ? "open" : "closed",
    merged: data.merged_at !== null,
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
