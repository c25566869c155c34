import { NotFound } from "./errors.ts";
import { type GitHub, inRepository, type RepositoryRef } from "./github.ts";

/**
 * The commit that a branch started from: the newest that is in both.
 * @param base a branch or a commit
 * @throws NotFound where the two have nothing in common, or one is not there
 */
export async function mergeBase(
  github: GitHub,
  repository: RepositoryRef,
  base: string,
  head: string,
): Promise<string> {
  const { data } = await github.rest.repos.compareCommitsWithBasehead({
    ...inRepository(repository),
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  return data.merge_base_commit.sha;
}

/** Whether `newer` is `older` or follows from it; not so where GitHub does not know one of them any more. */
export async function isAncestor(
  github: GitHub,
  repository: RepositoryRef,
  older: string,
  newer: string,
): Promise<boolean> {
  if (older === newer) return true;
  try {
    return (await mergeBase(github, repository, older, newer)) === older;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
