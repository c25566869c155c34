import { createOnce } from "./create-once.ts";
import { NotFound } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { fittingBody, isSameBody } from "./written.ts";

/** A comment that is made once for its key, whatever happens in between. */
export interface KeyedComment {
  /** What the comment is for, unique on its issue or pull request: lower-case letters, digits, `:._-`, no `--`. */
  readonly key: string;
  /** Markdown. */
  readonly body: string;
}

const CREATE = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const UPDATE = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";

/**
 * Comments on an issue or pull request, unless the App did so before with the same key. A comment of anyone else
 * counts for nothing, whatever it says.
 * @returns whether a comment was made now
 */
export async function commentOnce(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<boolean> {
  const { created } = await foundOrMade(github, repository, app, number, comment);
  return created;
}

/** Makes the App's comment with a key say something, whether or not it is there. */
export async function keepComment(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<void> {
  const { there, created } = await foundOrMade(github, repository, app, number, comment);
  if (!created) await updateComment(github, repository, there, comment);
}

async function foundOrMade(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  comment: KeyedComment,
): Promise<{ readonly there: OwnComment; readonly created: boolean }> {
  const body = textOf(comment, CREATE);
  const find = () => findComment(github, repository, app, number, comment.key);
  return await createOnce(find, async () => {
    const place = { ...inRepository(repository), issue_number: number };
    const { data } = await github.rest.issues.createComment({ ...place, body, ...ONCE });
    return { id: data.id, key: comment.key, text: body };
  });
}

/** Starts the keys of comments that continue a body. */
const CONTINUATION = "continuation:";

/**
 * Makes the comments that continue the body of an issue or pull request be these, in order: what is missing is made,
 * what differs is written anew, what is there twice or not wanted any more is deleted.
 */
export async function keepContinuations(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  bodies: readonly string[],
): Promise<void> {
  const wanted = bodies.map((body, index): KeyedComment => ({ key: `${CONTINUATION}${index + 1}`, body }));
  const there = new Map<string, OwnComment>();
  const superfluous: OwnComment[] = [];
  for await (const comment of ownComments(github, repository, app, number)) {
    if (!comment.key.startsWith(CONTINUATION)) continue;
    const isFirst = wanted.some(({ key }) => key === comment.key) && !there.has(comment.key);
    if (isFirst) there.set(comment.key, comment);
    else superfluous.push(comment);
  }
  for (const comment of wanted) {
    const now = there.get(comment.key);
    if (now === undefined) await commentOnce(github, repository, app, number, comment);
    else await updateComment(github, repository, now, comment);
  }
  for (const { id } of superfluous) await deleteComment(github, repository, id);
}

/** Makes each keyed comment of the App on an issue or pull request say the same, but those that continue its body. */
export async function replaceComments(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  body: string,
): Promise<void> {
  for await (const comment of ownComments(github, repository, app, number)) {
    if (comment.key.startsWith(CONTINUATION)) continue;
    await updateComment(github, repository, comment, { key: comment.key, body });
  }
}

/**
 * Deletes the App's comments that continue a body, and makes each other keyed one say the same.
 * @param kept what may be said there as well
 */
export async function takeAwayComments(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  { body, kept }: { readonly body: string; readonly kept: string },
): Promise<void> {
  const all: OwnComment[] = [];
  for await (const comment of ownComments(github, repository, app, number)) all.push(comment);
  for (const comment of all) {
    const { id, key, text } = comment;
    if (key.startsWith(CONTINUATION)) await deleteComment(github, repository, id);
    else if (!isSameBody(text, textOf({ key, body: kept }, UPDATE)))
      await updateComment(github, repository, comment, { key: comment.key, body });
  }
}

async function updateComment(
  github: GitHub,
  repository: RepositoryRef,
  now: OwnComment,
  wanted: KeyedComment,
): Promise<void> {
  const body = textOf(wanted, UPDATE);
  if (isSameBody(now.text, body)) return;
  await github.rest.issues.updateComment({
    ...inRepository(repository),
    comment_id: now.id,
    body,
    ...ONCE,
  });
}

async function deleteComment(github: GitHub, repository: RepositoryRef, id: number): Promise<void> {
  try {
    await github.rest.issues.deleteComment({ ...inRepository(repository), comment_id: id, ...ONCE });
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof NotFound)) throw error;
  }
}

/** A comment that the App made with a key. */
interface OwnComment {
  readonly id: number;
  readonly key: string;
  /** All of it, the line with the key too. */
  readonly text: string;
}

async function findComment(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  key: string,
): Promise<OwnComment | null> {
  for await (const comment of ownComments(github, repository, app, number)) {
    if (comment.key === key) return comment;
  }
  return null;
}

async function* ownComments(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
): AsyncGenerator<OwnComment> {
  const pages = github.paginate.iterator(github.rest.issues.listComments, {
    ...inRepository(repository),
    issue_number: number,
    per_page: 100,
  });
  for await (const { data } of pages) {
    for (const { id, user, body: text = "" } of data) {
      const key = isByApp(user, app) ? keyOf(text) : null;
      if (key !== null) yield { id, key, text };
    }
  }
}

const KEY = /^<!-- driftwright:comment:v1 (\S+) -->$/;

/** The key on the last line of a comment; null where there is none. */
function keyOf(text: string): string | null {
  return KEY.exec(text.trimEnd().split(/\r?\n/).at(-1) ?? "")?.[1] ?? null;
}

function textOf({ key, body }: KeyedComment, request: string): string {
  // Two hyphens would end the HTML comment.
  if (!/^(?!.*--)[a-z0-9:._-]{1,200}$/.test(key)) throw new Error(`"${key}" cannot be the key of a comment`);
  return fittingBody(`${body.trimEnd()}\n\n<!-- driftwright:comment:v1 ${key} -->`, request);
}
