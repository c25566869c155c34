import { createOnce } from "./create-once.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";
import { fittingBody } from "./written.ts";

/** Lines of a file as a pull request leaves them, from 1, the last included, and what is said of them. */
export interface LineComment {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  /** Markdown. */
  readonly body: string;
}

/** A review that is made once for its key. It neither approves nor asks for changes. */
export interface KeyedReview {
  /** Lower-case letters, digits, `:._-`, no `--`. */
  readonly key: string;
  /** The commit that the lines are of. */
  readonly commit: string;
  /** Markdown. */
  readonly body: string;
  readonly comments: readonly LineComment[];
}

const CREATE = "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews";

/** Whether the App has made the review with a key. */
export async function isReviewed(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  key: string,
): Promise<boolean> {
  const place = { ...inRepository(repository), pull_number: number };
  const reviews = await github.paginate(github.rest.pulls.listReviews, { ...place, per_page: 100 });
  return reviews.some((one) => isByApp(one.user, app) && one.body.trimEnd().endsWith(markOf(key)));
}

/**
 * Comments on a pull request and on lines of it, all at once, unless the App did so before with the same key.
 * @throws Invalid where a line is not in the diff of the pull request
 */
export async function reviewOnce(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  number: number,
  { key, commit, body, comments }: KeyedReview,
): Promise<void> {
  const find = async () => ((await isReviewed(github, repository, app, number, key)) ? true : null);
  await createOnce(find, async () => {
    await github.rest.pulls.createReview({
      ...inRepository(repository),
      pull_number: number,
      commit_id: commit,
      event: "COMMENT",
      body: fittingBody(`${body}\n\n${markOf(key)}`, CREATE),
      comments: comments.map(({ path, from, to, body: text }) => ({
        path,
        line: to,
        side: "RIGHT",
        ...(from === to ? {} : { start_line: from, start_side: "RIGHT" }),
        body: text,
      })),
      ...ONCE,
    });
    return true;
  });
}

function markOf(key: string): string {
  return `<!-- driftwright:review:v1 ${key} -->`;
}

/** The lines that the diff of a pull request shows of its files as it leaves them; none of a file that it has no diff of. */
export async function linesInDiff(
  github: GitHub,
  repository: RepositoryRef,
  number: number,
): Promise<ReadonlyMap<string, readonly { readonly from: number; readonly to: number }[]>> {
  const files = await github.paginate(github.rest.pulls.listFiles, {
    ...inRepository(repository),
    pull_number: number,
    per_page: 100,
  });
  return new Map(files.map(({ filename, patch }) => [filename, newLinesOf(patch ?? "")]));
}

function newLinesOf(patch: string): { from: number; to: number }[] {
  return [...patch.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].flatMap((match) => {
    const from = Number(match[1]);
    const count = match[2] === undefined ? 1 : Number(match[2]);
    return count === 0 ? [] : [{ from, to: from + count - 1 }];
  });
}
