import { type Marker, parseMarker } from "../reports/marker.ts";
import { commentOnce, type KeyedComment } from "./comments.ts";
import { isAmbiguous, NotFound } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { isSameThing, listMarked } from "./markers.ts";
import { contentHash, fitting, isWritten, type Updated, type Written } from "./written.ts";

export interface Issue extends Written {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly byApp: boolean;
  /** Only where the App wrote it. */
  readonly marker: Marker | null;
  readonly closedAt: Date | null;
  readonly closedBy: Closer | null;
}

export interface Closer {
  readonly login: string;
  readonly isApp: boolean;
}

/** The issue with a number; null where there is none any more, or where it is a pull request. */
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

/** The App's newest issue about the same thing, open or closed, found by its marker. */
export async function findIssueByMarker(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  marker: Marker,
): Promise<Issue | null> {
  const marked = await listMarked(github, repository, app);
  const same = marked.filter((one) => one.kind === "issue" && isSameThing(one.marker, marker));
  const best = same.find(({ state }) => state === "open") ?? same[0];
  return best === undefined ? null : findIssue(github, repository, app, best.number);
}

/**
 * Opens the issue about what `marker` names, unless one is open already. The body must carry the marker.
 * @throws Gone where the repository has no issues
 */
export async function openIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  wanted: Written & { readonly marker: Marker; readonly labels?: readonly string[] },
): Promise<{ readonly issue: Issue; readonly created: boolean }> {
  const findOpen = async () => {
    const issue = await findIssueByMarker(github, repository, app, wanted.marker);
    return issue?.state === "open" ? issue : null;
  };
  const there = await findOpen();
  if (there !== null) return { issue: there, created: false };
  const { labels = [] } = wanted;
  try {
    const { data } = await github.rest.issues.create({
      ...inRepository(repository),
      ...fitting(wanted, "POST /repos/{owner}/{repo}/issues"),
      ...(labels.length === 0 ? {} : { labels: [...labels] }),
      ...ONCE,
    });
    return { issue: issueOf(data, app), created: true };
  } catch (error) {
    const made = isAmbiguous(error) ? await findOpen() : null;
    if (made === null) throw error;
    return { issue: made, created: true };
  }
}

/**
 * Writes title and body anew where they are not what was written last (`lastHash`), so that what people edited since
 * stays until there is something new to say. Without a hash, what is there now is compared.
 */
export async function updateIssue(
  github: GitHub,
  repository: RepositoryRef,
  now: Issue,
  wanted: Written,
  lastHash: string | null,
): Promise<Updated> {
  const hash = contentHash(wanted);
  if (isWritten(wanted, now, lastHash)) return { changed: false, hash };
  await github.rest.issues.update({
    ...inRepository(repository),
    issue_number: now.number,
    ...fitting(wanted, "PATCH /repos/{owner}/{repo}/issues/{issue_number}"),
    ...ONCE,
  });
  return { changed: true, hash };
}

/** Says why, then closes; a second time changes nothing. */
export async function closeIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<void> {
  const issue = await readIssue(github, repository, number);
  if (issue === null) return;
  await commentOnce(github, repository, app, number, comment);
  if (issue.state === "closed") return;
  await github.rest.issues.update({
    ...inRepository(repository),
    issue_number: number,
    state: "closed",
    state_reason: "completed",
    ...ONCE,
  });
}

/** Opens a closed issue again, then says why. */
export async function reopenIssue(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<void> {
  const place = { ...inRepository(repository), issue_number: number };
  await github.rest.issues.update({ ...place, state: "open", state_reason: "reopened", ...ONCE });
  await commentOnce(github, repository, app, number, comment);
}

type IssueData = Awaited<ReturnType<GitHub["rest"]["issues"]["get"]>>["data"];

async function readIssue(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
): Promise<IssueData | null> {
  try {
    const { data } = await github.rest.issues.get({ ...inRepository(repository), issue_number: number });
    return data;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

function issueOf(data: IssueData, app: AppIdentity): Issue {
  const byApp = isByApp(data.user, app);
  const body = data.body ?? "";
  return {
    number: data.number,
    url: data.html_url,
    state: data.state === "open" ? "open" : "closed",
    title: data.title,
    body,
    byApp,
    marker: byApp ? parseMarker(body) : null,
    closedAt: data.closed_at === null ? null : new Date(data.closed_at),
    closedBy: closerOf(data, app),
  };
}

function closerOf({ closed_by: closer }: IssueData, app: AppIdentity): Closer | null {
  return closer === null || closer === undefined
    ? null
    : { login: closer.login, isApp: isByApp(closer, app) };
}
