import { branchHead } from "./branches.ts";
import { commitTree, createTree, type FileContent } from "./commits.ts";
import { Conflict, isAmbiguous, NotFound } from "./errors.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, ONCE, type RepositoryRef } from "./github.ts";

/** A commit that is added to somebody's branch once. */
export interface BranchCommit {
  readonly branch: string;
  /** The newest commit of the branch, which it is added to: to no other. */
  readonly head: string;
  readonly message: string;
  readonly files: readonly FileContent[];
  /** Stands at the end of the message, and tells this commit from all others; one line, `Name: value`. */
  readonly trailer: string;
}

export type Added =
  | { readonly outcome: "added"; readonly sha: string }
  /** The branch has other commits by now, or is gone; nothing was done. */
  | { readonly outcome: "moved" };

/**
 * Adds a commit to a branch, unless it is there. The branch moves forward from `head` or not at all: GitHub refuses the
 * rest, so what somebody pushes at the same moment stays. A commit that was made and not written down, since the process
 * ended, is known by its trailer.
 * @throws Forbidden where a rule protects the branch; Occupied
 */
export async function addToBranch(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  commit: BranchCommit,
): Promise<Added> {
  const { branch, head, message, files, trailer } = commit;
  const before = await branchHead(github, repository, branch);
  if (before !== head) return alreadyAdded(github, repository, app, commit, before);
  const tree = await createTree(github, repository, head, files);
  const text = `${message}\n\n${trailer}`;
  const sha = await commitTree(github, repository, { message: text, parents: [head] }, tree);
  try {
    const ref = `heads/${branch}`;
    await github.rest.git.updateRef({ ...inRepository(repository), ref, sha, force: false, ...ONCE });
    return { outcome: "added", sha };
  } catch (error) {
    if (!isAmbiguous(error) && !(error instanceof Conflict) && !(error instanceof NotFound)) throw error;
    const now = await branchHead(github, repository, branch);
    if (now === sha) return { outcome: "added", sha };
    if (now === head) throw error;
    return alreadyAdded(github, repository, app, commit, now);
  }
}

async function alreadyAdded(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  { head, trailer }: BranchCommit,
  now: string | null,
): Promise<Added> {
  const sha = now === null ? null : await findAdded(github, repository, app, { head, now, trailer });
  return sha === null ? { outcome: "moved" } : { outcome: "added", sha };
}

/** The App's own commit with a trailer among those that follow a commit, up to another one; null where there is none. */
export async function findAdded(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  { head, now, trailer }: Pick<BranchCommit, "head" | "trailer"> & { readonly now: string },
): Promise<string | null> {
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      ...inRepository(repository),
      basehead: `${head}...${now}`,
      per_page: 100,
    });
    const own = data.commits.find(
      ({ author, commit }) =>
        isByApp(author as Parameters<typeof isByApp>[0], app) &&
        commit.message.trimEnd().split("\n").at(-1) === trailer,
    );
    return own?.sha ?? null;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}
