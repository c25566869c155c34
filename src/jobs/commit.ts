import { downloadTarball } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { type CommitArchives, copied } from "../sources/commit-archives.ts";
import { openTarball, type Tarball } from "../sources/tarball.ts";
import { TarballError } from "../sources/tarball-error.ts";
import { LIMITS } from "../sources/tarball-limits.ts";
import { ByteBudget, type Share } from "./byte-budget.ts";

interface OpenOptions {
  /** The branch whose newest commit it is: it will be asked for again, and is kept. */
  readonly ref: string | null;
  readonly signal: AbortSignal;
  readonly archives?: CommitArchives | null;
}

/**
 * The files of a commit, in one request; in none where it is kept.
 * @throws TooLarge, TarballError, RateLimited, Unavailable
 */
export async function openCommit(
  github: GitHub,
  repository: RepositoryRef,
  commit: string,
  { ref, signal, archives = null }: OpenOptions,
): Promise<Tarball> {
  const kept = (await archives?.read(repository.id, commit)) ?? null;
  const known = kept === null ? null : await openKept(kept, { ref, commit }, signal);
  if (known !== null) return known;
  const archive = await downloadTarball(github, repository, commit, { signal });
  if (archives === null || ref === null) return openTarball(archive, { ref, commit }, { signal });
  const copy = copied(archive);
  const tarball = await openTarball(copy.pieces, { ref, commit }, { signal });
  const bytes = copy.bytes();
  if (bytes !== null) await archives.keep(repository.id, commit, bytes);
  return tarball;
}

/** Null where what is kept is no archive of the commit. */
async function openKept(
  archive: Buffer,
  asked: { readonly ref: string | null; readonly commit: string },
  signal: AbortSignal,
): Promise<Tarball | null> {
  try {
    return await openTarball(archive, asked, { signal });
  } catch (reason) {
    if (!(reason instanceof TarballError)) throw reason;
    signal.throwIfAborted();
    return null;
  }
}

/** What the files of one commit may take in memory. */
const MOST_BYTES = LIMITS.codeBytes + LIMITS.otherBytes;

/** The files of all jobs of a process that compare code, together; docs/operations.md tells it. */
export function commitBudget(): ByteBudget {
  return new ByteBudget(4 * MOST_BYTES);
}

/** Where commits come from. */
interface Source {
  readonly github: GitHub;
  readonly facts: RepositoryRef;
  readonly archives?: CommitArchives | null;
}

/** The commits that one job looks at. Room for all of them is taken beforehand, and what they do not need given back. */
export class OpenCommits {
  readonly #github: GitHub;
  readonly #repository: RepositoryRef;
  readonly #archives: CommitArchives | null;
  readonly #share: Share;
  #unopened: number;
  #bytes = 0;

  private constructor({ github, facts, archives = null }: Source, share: Share, count: number) {
    this.#github = github;
    this.#repository = facts;
    this.#archives = archives;
    this.#share = share;
    this.#unopened = count;
  }

  /**
   * Lends room for so many commits to some work, as soon as there is some.
   * @throws what `signal` is aborted with, and what the work throws
   */
  static async within<T>(
    budget: ByteBudget,
    source: Source,
    { count, signal }: { readonly count: number; readonly signal: AbortSignal },
    work: (commits: OpenCommits) => Promise<T>,
  ): Promise<T> {
    const share = await budget.take(count * MOST_BYTES, signal);
    try {
      return await work(new OpenCommits(source, share, count));
    } finally {
      share.release();
    }
  }

  /** As `openCommit`. */
  async open(commit: string, options: OpenOptions): Promise<Tarball> {
    const asked = { archives: this.#archives, ...options };
    const tarball = await openCommit(this.#github, this.#repository, commit, asked);
    this.#unopened -= 1;
    this.#bytes += tarball.bytes;
    this.#share.shrink(this.#bytes + Math.max(0, this.#unopened) * MOST_BYTES);
    return tarball;
  }
}
