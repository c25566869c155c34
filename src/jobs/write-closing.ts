import { deleteBranch } from "../github/branches.ts";
import { closeIssue } from "../github/issues.ts";
import { closePullRequest, findPullRequest } from "../github/pull-requests.ts";
import type { Closing } from "../scan/actions.ts";
import { closeObject, findObject, releaseObject } from "../store/objects.ts";
import { closingText } from "./comment-texts.ts";
import { closedByApp, type Writing } from "./object-sync.ts";
import { occasion } from "./occasion.ts";

/** Closes an issue or pull request with a comment that says why, and deletes its branch unless others use it. */
export async function writeClosing(writing: Writing, key: string, because: Closing): Promise<void> {
  const { db, github, repository, app, base, now } = writing;
  const object = await findObject(db, { repositoryId: repository.id, key });
  if (object === null || object.state === "closed") return;
  const { number } = object;
  // It was never made: what was made is known by now.
  if (number === null) return releaseObject(db, object);
  const comment = { key: occasion(because.reason, object), body: closingText(because) };
  if (object.kind === "issue") await closeIssue(github, repository, app, number, comment);
  else {
    const branch = object.branch ?? (await findPullRequest(github, repository, app, number))?.branch;
    await closePullRequest(github, repository, app, number, comment);
    if (branch !== undefined)
      await deleteBranch(github, repository, app, { branch, base, left: object.headSha });
  }
  await closeObject(db, object, closedByApp(), now());
}

/** Should the drift of an issue that a person closed ever return, it is as if we had closed it. */
export async function forgetClosing({ db, repository, now }: Writing, key: string): Promise<void> {
  await closeObject(db, { repositoryId: repository.id, key }, closedByApp(), now());
}
