import { type Marker, parseMarker } from "../reports/marker.ts";
import { createOnce } from "./create-once.ts";
import { NotFound } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { isSameThing, listMarked } from "./markers.ts";
import type { Thread } from "./threads.ts";
import { fitting, type Written } from "./written.ts";

export interface Issue extends Thread {
  readonly kind: "issue";
  readonly url: string;
  readonly byApp: boolean;
  /** Only where the App wrote it. */
  readonly marker: Marker | null;
  readonly closedAt: Date | null;
  readonly closedBy: Closer | null;
  /** Null where it is open, or GitHub does not say. */
  readonly closedAs: "completed" | "not-planned" | "duplicate" | null;
}

export interface Closer {
  readonly login: string;
  readonly isApp: boolean;
}

/** The issue with a number; null where there is none any more, where it was moved elsewhere, or is a pull request. */
export async function findIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
): Promise<Issue | null> {
  const data = await readIssue(github, repository, number);
  return data === null || data.pull_request !== undefined ? null : issueOf(data, app);
}

/** Who closed an issue or a pull request; null where it is open or GitHub does not know. */
export async function whoClosed(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
): Promise<Closer | null> {
  const data = await readIssue(github, repository, number);
  return data === null || data.state === "open" ? null : closerOf(data, app);
}

/** The App's newest open issue about the same thing, found by its marker. */
async function findOpenIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  marker: Marker,
): Promise<Issue | null> {
  const marked = await listMarked(github, repository, app, { state: "open" });
  const same = marked.find((one) => one.kind === "issue" && isSameThing(one.marker, marker));
  const issue = same === undefined ? null : await findIssue(github, repository, app, same.number);
  return issue?.state === "open" ? issue : null;
}

/**
 * Opens the issue about what `marker` names, unless one is open already. The body must carry the marker.
 * @throws Gone where the repository has no issues
 */
export async function openIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  wanted: Written & { readonly marker: Marker },
): Promise<{ readonly issue: Issue; readonly created: boolean }> {
  const findOpen = () => findOpenIssue(github, repository, app, wanted.marker);
  const { there: issue, created } = await createOnce(findOpen, async () => {
    const { data } = await github.rest.issues.create({
      ...inRepository(repository),
      ...fitting(wanted, "POST /repos/{owner}/{repo}/issues"),
      ...ONCE,
    });
    return issueOf(data, app);
  });
  return { issue, created };
}

type IssueData = Awaited<ReturnType<GitHub["rest"]["issues"]["get"]>>["data"];

async function readIssue(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
): Promise<IssueData | null> {
  try {
    const { data } = await github.rest.issues.get({ ...inRepository(repository), issue_number: number });
    return isHere(data, repository, number) ? data : null;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/**
 * GitHub answers for an issue that was transferred with the one in the other repository, which has the number of
 * something else here.
 */
function isHere({ number, url }: IssueData, { owner, name }: RepositoryRef, asked: number): boolean {
  return (
    number === asked && url.toLowerCase().endsWith(`/repos/${owner}/${name}/issues/${asked}`.toLowerCase())
  );
}

function issueOf(data: IssueData, app: AppIdentity): Issue {
  const byApp = isByApp(data.user, app);
  const body = data.body ?? "";
  return {
    kind: "issue",
    number: data.number,
    url: data.html_url,
    state: data.state === "open" ? "open" : "closed",
    title: data.title,
    body,
    byApp,
    marker: byApp ? parseMarker(body) : null,
    closedAt: data.closed_at === null ? null : new Date(data.closed_at),
    closedBy: closerOf(data, app),
    closedAs: closedAsOf(data),
  };
}

function closedAsOf({ state, state_reason: reason }: IssueData): Issue["closedAs"] {
  if (state === "open" || reason === null || reason === undefined) return null;
  return reason === "completed" || reason === "duplicate" ? reason : "not-planned";
}

function closerOf({ closed_by: closer }: IssueData, app: AppIdentity): Closer | null {
  return closer === null || closer === undefined
    ? null
    : { login: closer.login, isApp: isByApp(closer, app) };
}
