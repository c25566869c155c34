import { readFileAt } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { CODE_OWNERS_PATHS } from "../intent/code-owners.ts";

/**
 * The file of code owners in a commit: the first that is there; null where there is none.
 * @throws Forbidden, RateLimited, Unavailable
 */
export async function readCodeOwners(
  github: GitHub,
  repository: RepositoryRef,
  commit: string,
): Promise<string | null> {
  for (const path of CODE_OWNERS_PATHS) {
    const text = await readFileAt(github, repository, commit, path);
    if (text !== null) return text;
  }
  return null;
}
