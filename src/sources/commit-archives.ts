import type { PackageCache } from "./modules/package-cache.ts";

/** Larger ones are downloaded each time; in bytes, as compressed. */
const MOST_BYTES = 32 * 1024 * 1024;

/** An archive on its way, of which a copy is made. */
export interface CopiedArchive {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** All that has passed; null where it was too much. */
  bytes(): Buffer | null;
}

/**
 * The archives of commits that were scanned, on disk: what a commit holds never changes, so that a repository in which
 * nothing was pushed is scanned again without asking for its code.
 */
export class CommitArchives {
  readonly #cache: PackageCache;
  readonly #now: () => Date;

  constructor(cache: PackageCache, now: () => Date) {
    this.#cache = cache;
    this.#now = now;
  }

  /** The archive of a commit, as GitHub gave it; null where it is not kept. */
  async read(repositoryId: number, commit: string): Promise<Buffer | null> {
    const kept = await this.#cache.read(keyOf(repositoryId, commit), this.#now());
    return kept?.commit === commit ? kept.archive : null;
  }

  async keep(repositoryId: number, commit: string, archive: Buffer): Promise<void> {
    const stored = { archive, format: "tar.gz", commit, subfolder: "" } as const;
    await this.#cache.write(keyOf(repositoryId, commit), stored, this.#now());
  }

  /** Deletes the code of repositories. */
  async forget(isGone: (repositoryIds: readonly number[]) => Promise<ReadonlySet<number>>): Promise<void> {
    const kept = Map.groupBy(await this.#cache.keys(), repositoryIn);
    kept.delete(null);
    const ids = [...kept.keys()].filter((id) => id !== null);
    for (const id of ids.length === 0 ? [] : await isGone(ids)) await this.#cache.forget(kept.get(id) ?? []);
  }
}

function keyOf(repositoryId: number, commit: string): string {
  return `commit ${repositoryId} ${commit}`;
}

/** The repository that a key is of; null where it is none of ours. */
function repositoryIn(key: string): number | null {
  const [, id] = /^commit (\d+) [0-9a-f]+$/.exec(key) ?? [];
  return id === undefined ? null : Number(id);
}

/** Hands the pieces of an archive on, and remembers them where they are not too many. */
export function copied(archive: AsyncIterable<Uint8Array>): CopiedArchive {
  let kept: Uint8Array[] | null = [];
  let size = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const piece of archive) {
      size += piece.length;
      if (size > MOST_BYTES) kept = null;
      kept?.push(piece);
      yield piece;
    }
  }
  return { pieces: pass(), bytes: () => (kept === null ? null : Buffer.concat(kept)) };
}
