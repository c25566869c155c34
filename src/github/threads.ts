import { commentOnce, type KeyedComment, keepContinuations } from "./comments.ts";
import { type AppIdentity, type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";
import { contentHash, fitting, isWritten, type Updated, type Wanted, type Written } from "./written.ts";

/** What an issue and a pull request have in common: a text with a state, and comments below. */
export interface Thread extends Written {
  readonly kind: "issue" | "pull-request";
  readonly number: number;
  readonly state: "open" | "closed";
}

/**
 * Writes title, body and what continues it anew where they are not what was written last (`lastHash`), so that what
 * people edited since stays until there is something new to say. Without a hash, what is there now is compared.
 */
export async function updateThread(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  now: Thread,
  wanted: Wanted,
  lastHash: string | null,
): Promise<Updated> {
  const hash = contentHash(wanted);
  if (hash === lastHash) return { changed: false, hash };
  const changed = lastHash !== null || !isWritten(wanted, now);
  if (changed) await change(github, repository, now, fitting(wanted, REQUESTS[now.kind]));
  await keepContinuations(github, repository, app, now.number, wanted.continuations);
  return { changed, hash };
}

/**
 * Says why, then closes; a second time changes nothing. The branch of a pull request stays.
 * @param comment null where it is known why
 * @param as what an issue is closed as
 */
export async function closeThread(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  thread: Thread,
  comment: KeyedComment | null,
  as: ClosedAs = "completed",
): Promise<void> {
  if (comment !== null) await commentOnce(github, repository, app, thread.number, comment);
  if (thread.state === "open") await change(github, repository, thread, { state: "closed" }, as);
}

export type ClosedAs = "completed" | "not_planned";

/**
 * Says why, then opens a closed one again, so that an interruption leaves nothing unsaid. Of a pull request, which GitHub
 * may refuse to open, it is said once that is done.
 */
export async function reopenThread(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  thread: Thread,
  comment: KeyedComment,
): Promise<void> {
  const say = () => commentOnce(github, repository, app, thread.number, comment);
  if (thread.kind === "issue") await say();
  await change(github, repository, thread, { state: "open" });
  if (thread.kind === "pull-request") await say();
}

const REQUESTS = {
  issue: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  "pull-request": "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
} as const;

type Fields = Partial<Pick<Thread, "title" | "body" | "state">>;

async function change(
  github: GitHub,
  repository: RepositoryRef,
  { kind, number }: Thread,
  fields: Fields,
  closedAs: ClosedAs = "completed",
): Promise<void> {
  const place = inRepository(repository);
  if (kind === "pull-request") {
    await github.rest.pulls.update({ ...place, pull_number: number, ...fields, ...ONCE });
    return;
  }
  const { state } = fields;
  const reason =
    state === undefined ? {} : ({ state_reason: state === "open" ? "reopened" : closedAs } as const);
  await github.rest.issues.update({ ...place, issue_number: number, ...fields, ...reason, ...ONCE });
}
