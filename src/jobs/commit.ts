import { downloadTarball } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { openTarball, type Tarball } from "../sources/tarball.ts";

/**
 * The files of a commit, in one request.
 * @throws TooLarge, TarballError, RateLimited, Unavailable
 */
export async function openCommit(
  github: GitHub,
  repository: RepositoryRef,
  commit: string,
  { ref, signal }: { readonly ref: string | null; readonly signal: AbortSignal },
): Promise<Tarball> {
  const archive = await downloadTarball(github, repository, commit, { signal });
  return openTarball(archive, { ref, commit }, { signal });
}
