import { bodyOf, discard, textOf, UNPARSED } from "./body.ts";
import { Invalid, NotFound } from "./errors.ts";
import { type GitHub, inRepository, type RepositoryRef } from "./github.ts";

const READ_FILE = "GET /repos/{owner}/{repo}/contents/{path}";
const TARBALL = "GET /repos/{owner}/{repo}/tarball/{ref}";

/** 100 MB, as compressed. */
const MOST_TARBALL_BYTES = 100_000_000;

/**
 * The text of a file at a commit, a byte order mark included; null where there is none, or where it is not a file.
 * @throws TooLarge; Unavailable when the connection breaks
 */
export async function readFileAt(
  github: GitHub,
  repository: RepositoryRef,
  sha: string,
  path: string,
  mostBytes = 1_000_000,
): Promise<string | null> {
  try {
    const { data, headers } = await github.rest.repos.getContent({
      ...inRepository(repository),
      path,
      ref: sha,
      mediaType: { format: "raw" },
      request: UNPARSED,
    });
    if (!isListing(headers["content-type"])) {
      return await textOf(data, { request: READ_FILE, what: path, mostBytes });
    }
    await discard(data);
    return null;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/** What GitHub has in place of a file that was read before. */
export type FileAnswer = { readonly text: string; readonly etag: string | null } | "unchanged" | null;

/**
 * The text of a file on the default branch, unless it is the one that `etag` is of; null where there is none. That it is
 * the same costs nothing of GitHub's limits, as long as the token is the same too.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 * @throws TooLarge; Unavailable when the connection breaks
 */
export async function readFileUnless(
  github: GitHub,
  repository: RepositoryRef,
  path: string,
  etag: string | null,
): Promise<FileAnswer> {
  try {
    const { data, headers } = await github.rest.repos.getContent({
      ...inRepository(repository),
      path,
      mediaType: { format: "raw" },
      headers: etag === null ? {} : { "if-none-match": etag },
      request: UNPARSED,
    });
    if (isListing(headers["content-type"])) {
      await discard(data);
      return null;
    }
    const text = await textOf(data, { request: READ_FILE, what: path, mostBytes: 1_000_000 });
    return { text, etag: headers.etag ?? null };
  } catch (error) {
    if (error instanceof NotFound) return null;
    if (error instanceof Invalid && error.status === 304) return "unchanged";
    throw error;
  }
}

/** Asked for raw, a file has a type of GitHub's own, whatever is in it; a folder is a list in JSON all the same. */
function isListing(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json\b/i.test(contentType);
}

/**
 * A commit's files as `.tar.gz`, in pieces as they come. One request, whatever the size of the repository.
 * @throws TooLarge, also in the middle of reading; Unavailable when the connection breaks
 */
export async function downloadTarball(
  github: GitHub,
  repository: RepositoryRef,
  sha: string,
  options: { readonly mostBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<AsyncIterable<Uint8Array>> {
  const { mostBytes = MOST_TARBALL_BYTES, signal } = options;
  const { data } = await github.rest.repos.downloadTarballArchive({
    ...inRepository(repository),
    ref: sha,
    request: { ...UNPARSED, ...(signal === undefined ? {} : { signal }) },
  });
  return bodyOf(data, { request: TARBALL, what: "the repository's archive", mostBytes });
}

const READ_COMMIT = "GET /repos/{owner}/{repo}/commits/{ref}";

/**
 * The commit that a branch, a tag or the beginning of a commit's id means, by its full id.
 * @throws NotFound, Invalid where there is none
 */
export async function commitAt(
  github: GitHub,
  repository: RepositoryRef,
  ref: string,
  signal?: AbortSignal,
): Promise<string> {
  const { data } = await github.rest.repos.getCommit({
    ...inRepository(repository),
    ref,
    // The id alone, instead of all that the commit changes.
    mediaType: { format: "sha" },
    ...(signal === undefined ? {} : { request: { signal } }),
  });
  const sha = String(data as unknown).trim();
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) return sha;
  throw new Invalid("GitHub answers with something else than a commit's id; report it", READ_COMMIT, 200);
}
