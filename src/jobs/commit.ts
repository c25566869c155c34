import { downloadTarball } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { openTarball, type Tarball } from "../sources/tarball.ts";
import { LIMITS } from "../sources/tarball-limits.ts";
import { ByteBudget, type Share } from "./byte-budget.ts";

interface OpenOptions {
  readonly ref: string | null;
  readonly signal: AbortSignal;
}

/**
 * The files of a commit, in one request.
 * @throws TooLarge, TarballError, RateLimited, Unavailable
 */
export async function openCommit(
  github: GitHub,
  repository: RepositoryRef,
  commit: string,
  { ref, signal }: OpenOptions,
): Promise<Tarball> {
  const archive = await downloadTarball(github, repository, commit, { signal });
  return openTarball(archive, { ref, commit }, { signal });
}

/** What the files of one commit may take in memory. */
const MOST_BYTES = LIMITS.codeBytes + LIMITS.otherBytes;

/** The files of all jobs of a process that compare code, together; docs/operations.md tells it. */
export function commitBudget(): ByteBudget {
  return new ByteBudget(4 * MOST_BYTES);
}

/** The commits that one job looks at. Room for all of them is taken beforehand, and what they do not need given back. */
export class OpenCommits {
  readonly #github: GitHub;
  readonly #repository: RepositoryRef;
  readonly #share: Share;
  #unopened: number;
  #bytes = 0;

  private constructor(github: GitHub, repository: RepositoryRef, share: Share, count: number) {
    this.#github = github;
    this.#repository = repository;
    this.#share = share;
    this.#unopened = count;
  }

  /**
   * Lends room for so many commits to some work, as soon as there is some.
   * @throws what `signal` is aborted with, and what the work throws
   */
  static async within<T>(
    budget: ByteBudget,
    { github, facts }: { readonly github: GitHub; readonly facts: RepositoryRef },
    { count, signal }: { readonly count: number; readonly signal: AbortSignal },
    work: (commits: OpenCommits) => Promise<T>,
  ): Promise<T> {
    const share = await budget.take(count * MOST_BYTES, signal);
    try {
      return await work(new OpenCommits(github, facts, share, count));
    } finally {
      share.release();
    }
  }

  /** As `openCommit`. */
  async open(commit: string, options: OpenOptions): Promise<Tarball> {
    const tarball = await openCommit(this.#github, this.#repository, commit, options);
    this.#unopened -= 1;
    this.#bytes += tarball.bytes;
    this.#share.shrink(this.#bytes + Math.max(0, this.#unopened) * MOST_BYTES);
    return tarball;
  }
}
