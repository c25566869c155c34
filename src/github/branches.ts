import { commitTree, createTree, type FileContent, treeOf } from "./commits.ts";
import {
  Conflict,
  GitHubError,
  Invalid,
  isAmbiguous,
  NotFound,
  Occupied,
  Queued,
  RateLimited,
} from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";
import { SOMEONE, strangerIn } from "./own-commit.ts";
import { type Replacement, removeBranch, replaceBranch } from "./replace-branch.ts";

/** The newest commit of a branch; null where there is no such branch, or where the repository is empty. */
export async function branchHead(
  github: GitHub,
  repository: RepositoryRef,
  branch: string,
): Promise<string | null> {
  try {
    const { data } = await github.rest.git.getRef({ ...inRepository(repository), ref: `heads/${branch}` });
    return data.object.sha;
  } catch (error) {
    // An empty repository answers 409.
    if (error instanceof NotFound || error instanceof Conflict) return null;
    throw error;
  }
}

export interface BranchContent {
  readonly branch: string;
  /** The commit that the branch is to be based on: the newest of the default branch. */
  readonly base: string;
  readonly message: string;
  /** What differs from `base`, and nothing else does. */
  readonly files: readonly FileContent[];
  /** Where we left the branch, if it is known. */
  readonly left: string | null;
  /** False where the branch is known to have grown from commits that the default branch does not have. */
  readonly belongs: boolean;
  /**
   * Whether it is put on a base that moved as one commit, which does not follow where the branch is. `or-stay`: it has
   * nothing else to say, so what GitHub fails at is thrown, and the branch is where it was.
   */
  readonly anew?: "or-merge" | "or-stay" | null;
}

export type Push =
  | { readonly outcome: "pushed" | "unchanged"; readonly sha: string }
  /** Someone else committed to the branch; it was left alone. */
  | { readonly outcome: "taken"; readonly sha: string; readonly by: string }
  /** It is as we left it, and would bring along commits that the base does not have; it was left alone. */
  | { readonly outcome: "astray"; readonly sha: string };

/**
 * Makes a branch be `base` with `files` changed. GitHub moves the branch forward alone, to a commit that follows where it
 * is, or, `anew`, from the very commit that was seen: so one that someone pushes at the same moment is never lost. When
 * the base moved, the branch begins anew on it, or, where that is not wanted or GitHub does not do it, the new commit
 * has it as its second parent; not where the base is no descendant of the one before, since merging would bring back what
 * was taken off it.
 * @throws Occupied where a branch stands in the place of a folder of the name; Queued
 */
export async function pushBranch(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  content: BranchContent,
): Promise<Push> {
  const { branch, base, files, message, left, belongs, anew = null } = content;
  const head = await branchHead(github, repository, branch);
  const ahead = head === null ? null : await beyond(github, repository, app, base, head);
  if (head !== null && head !== left && ahead?.stranger != null) {
    return { outcome: "taken", sha: head, by: ahead.stranger };
  }
  if (head !== null && (!belongs || ahead?.stranger != null)) return { outcome: "astray", sha: head };
  const tree = await createTree(github, repository, base, files);
  const hasBase = ahead?.hasBase ?? false;
  if (head !== null && hasBase && (await treeOf(github, repository, head)) === tree) {
    return { outcome: "unchanged", sha: head };
  }
  if (anew !== null && head !== null && !hasBase) {
    const to = await commitTree(github, repository, { message, parents: [base] }, tree);
    const replaced = await moveAnew(github, repository, { branch, from: head, to }, anew);
    if (replaced !== null) return replaced;
  }
  const parents = head === null ? [base] : hasBase ? [head] : [head, base];
  const sha = await commitTree(github, repository, { message, parents }, tree);
  return moveTo(github, repository, { branch, from: head, to: sha });
}

/** Null where GitHub does not do it, and the branch is where it was. */
async function moveAnew(
  github: GitHub,
  repository: RepositoryRef,
  replacement: Replacement,
  otherwise: "or-merge" | "or-stay",
): Promise<Push | null> {
  const { branch, from, to } = replacement;
  const failure = await failureOf(replaceBranch(github, repository, replacement));
  if (failure === null) return { outcome: "pushed", sha: to };
  const now = await branchHead(github, repository, branch);
  if (now === to) return { outcome: "pushed", sha: to };
  if (now !== null && now !== from) return { outcome: "taken", sha: now, by: SOMEONE };
  if (otherwise === "or-stay") throw failure;
  return null;
}

/**
 * Why GitHub does not do something in that way, where it may do it in another one; null where it did.
 * @throws what stands against it in any way
 */
async function failureOf(work: Promise<void>): Promise<GitHubError | null> {
  try {
    await work;
    return null;
  } catch (reason) {
    if (!(reason instanceof GitHubError) || reason instanceof RateLimited || reason instanceof Queued)
      throw reason;
    return reason;
  }
}

async function moveTo(
  github: GitHub,
  repository: RepositoryRef,
  { branch, from, to }: { readonly branch: string; readonly from: string | null; readonly to: string },
): Promise<Push> {
  try {
    if (from === null) await createRef(github, repository, branch, to);
    else {
      await github.rest.git.updateRef({
        ...inRepository(repository),
        ref: `heads/${branch}`,
        sha: to,
        force: false,
        ...ONCE,
      });
    }
    return { outcome: "pushed", sha: to };
  } catch (error) {
    const isUnclear = isAmbiguous(error) || error instanceof Conflict;
    const now = isUnclear ? await branchHead(github, repository, branch) : null;
    if (now === to) return { outcome: "pushed", sha: to };
    if (error instanceof Conflict && now !== null) return { outcome: "taken", sha: now, by: SOMEONE };
    if (from === null && (error instanceof Conflict || error instanceof Invalid))
      await assertRoom(github, repository, branch);
    throw error;
  }
}

/**
 * A branch is a file in Git, so none can be made below another. GitHub says no more than "Reference update failed".
 * @throws Occupied
 */
async function assertRoom(github: GitHub, repository: RepositoryRef, branch: string): Promise<void> {
  const steps = branch.split("/");
  for (let length = 1; length < steps.length; length += 1) {
    const above = steps.slice(0, length).join("/");
    if ((await branchHead(github, repository, above)) === null) continue;
    const message = `the branch ${branch} cannot be made while there is a branch ${above}; rename or delete that one`;
    throw new Occupied(message, "POST /repos/{owner}/{repo}/git/refs", null);
  }
}

async function createRef(
  github: GitHub,
  repository: RepositoryRef,
  branch: string,
  sha: string,
): Promise<void> {
  await github.rest.git.createRef({ ...inRepository(repository), ref: `refs/heads/${branch}`, sha, ...ONCE });
}

/** Puts a branch back to the commit where it was deleted; where it is there it stays as it is. */
export async function restoreBranch(
  github: GitHub,
  repository: RepositoryRef,
  branch: string,
  sha: string,
): Promise<void> {
  if ((await branchHead(github, repository, branch)) !== null) return;
  try {
    await createRef(github, repository, branch, sha);
  } catch (error) {
    if (!isAmbiguous(error) && !(error instanceof Conflict)) throw error;
    if ((await branchHead(github, repository, branch)) === null) throw error;
  }
}

/**
 * Deletes a branch of ours, unless someone else committed to it, were it at the same moment. Where GitHub does not delete
 * it from the very commit that was seen, it is looked at again right before it is deleted wherever it is.
 * @param base a commit of the default branch
 */
export async function deleteBranch(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  { branch, base, left }: Pick<BranchContent, "branch" | "base" | "left">,
): Promise<"deleted" | "absent" | "taken"> {
  const head = await branchHead(github, repository, branch);
  if (head === null) return "absent";
  if (head !== left && (await beyond(github, repository, app, base, head)).stranger !== null) return "taken";
  if ((await failureOf(removeBranch(github, repository, { branch, from: head }))) === null) return "deleted";
  const now = await branchHead(github, repository, branch);
  if (now !== head) return now === null ? "deleted" : "taken";
  try {
    await github.rest.git.deleteRef({ ...inRepository(repository), ref: `heads/${branch}`, ...ONCE });
  } catch (error) {
    if (error instanceof NotFound || error instanceof Conflict) return "absent";
    if (!isAmbiguous(error) || (await branchHead(github, repository, branch)) !== null) throw error;
  }
  return "deleted";
}

interface Beyond {
  /** Who, other than the App, had a hand in a commit that the branch has beyond the base; null where nobody did. */
  readonly stranger: string | null;
  /** Whether the branch contains the base. */
  readonly hasBase: boolean;
}

async function beyond(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  base: string,
  head: string,
): Promise<Beyond> {
  const data = await compared(github, repository, base, head);
  if (data === null) return { stranger: SOMEONE, hasBase: false };
  const hasBase = data.behind_by === 0;
  const [stranger] = data.commits.flatMap((commit) => strangerIn(commit, app) ?? []);
  if (stranger !== undefined) return { stranger, hasBase };
  return { stranger: data.total_commits > data.commits.length ? SOMEONE : null, hasBase };
}

/** Null where the two have nothing in common: the history of one was rewritten from its start. */
async function compared(github: GitHub, repository: RepositoryRef, base: string, head: string) {
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      ...inRepository(repository),
      basehead: `${base}...${head}`,
      per_page: 100,
    });
    return data;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}
