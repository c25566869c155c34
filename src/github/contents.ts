import { errorOf } from "./answers.ts";
import { GitHubError, NotFound, TooLarge } from "./errors.ts";
import { type GitHub, inRepository, type RepositoryRef } from "./github.ts";

const READ_FILE = "GET /repos/{owner}/{repo}/contents/{path}";
const TARBALL = "GET /repos/{owner}/{repo}/tarball/{ref}";

/** 100 MB, as compressed. */
const MOST_TARBALL_BYTES = 100_000_000;

/**
 * The text of a file at a commit; null where there is none, or where it is not a file.
 * @throws TooLarge
 */
export async function readFileAt(
  github: GitHub,
  repository: RepositoryRef,
  sha: string,
  path: string,
  mostBytes = 1_000_000,
): Promise<string | null> {
  try {
    const { data } = await github.rest.repos.getContent({
      ...inRepository(repository),
      path,
      ref: sha,
      mediaType: { format: "raw" },
    });
    const text = textOf(data);
    if (text !== null && Buffer.byteLength(text) > mostBytes) throw new TooLarge(path, READ_FILE, mostBytes);
    return text;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/** Asked for raw, a file is its text or its bytes, which the library's types do not know; a folder is still a list. */
function textOf(data: unknown): string | null {
  if (data instanceof ArrayBuffer) return new TextDecoder().decode(data);
  return typeof data === "string" ? data : null;
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
    request: { parseSuccessResponseBody: false, ...(signal === undefined ? {} : { signal }) },
  });
  // Not parsed, the body is the stream itself.
  const body: unknown = data;
  if (!(body instanceof ReadableStream)) throw new Error(`${TARBALL} gave no stream`);
  return within(body as ReadableStream<Uint8Array>, mostBytes);
}

async function* within(stream: ReadableStream<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of stream) {
      bytes += piece.byteLength;
      if (bytes > mostBytes) throw new TooLarge("the repository's archive", TARBALL, mostBytes);
      yield piece;
    }
  } catch (reason) {
    if (reason instanceof GitHubError || !(reason instanceof Error)) throw reason;
    const failed = { method: "GET", route: TARBALL.slice(4), status: null, headers: {} };
    throw errorOf({ ...failed, message: reason.message }, new Date(0));
  }
}
