import { isAmbiguous } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { fittingBody } from "./written.ts";

/** A comment that is made once for its key, whatever happens in between. */
export interface KeyedComment {
  /** What the comment is for, unique on its issue or pull request: lower-case letters, digits, `:._-`, no `--`. */
  readonly key: string;
  /** Markdown. */
  readonly body: string;
}

const CREATE = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";

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
  const line = keyLine(comment.key);
  const body = fittingBody(`${comment.body.trimEnd()}\n\n${line}`, CREATE);
  const isThere = () => hasComment(github, repository, app, number, line);
  if (await isThere()) return false;
  try {
    await github.rest.issues.createComment({
      ...inRepository(repository),
      issue_number: number,
      body,
      ...ONCE,
    });
  } catch (error) {
    if (!isAmbiguous(error) || !(await isThere())) throw error;
  }
  return true;
}

async function hasComment(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  line: string,
): Promise<boolean> {
  const pages = github.paginate.iterator(github.rest.issues.listComments, {
    ...inRepository(repository),
    issue_number: number,
    per_page: 100,
  });
  for await (const { data } of pages) {
    const isHere = data.some(
      ({ user, body }) => isByApp(user, app) && body?.trimEnd().split(/\r?\n/).at(-1) === line,
    );
    if (isHere) return true;
  }
  return false;
}

function keyLine(key: string): string {
  // Two hyphens would end the HTML comment.
  if (!/^(?!.*--)[a-z0-9:._-]{1,200}$/.test(key)) throw new Error(`"${key}" cannot be the key of a comment`);
  return `<!-- driftwright:comment:v1 ${key} -->`;
}
