/**
 * Repositories that may be read with rights of our own, such as those of an App's installation. What may pass (a rate
 * limit) is thrown as it is; Unobtainable says that it will not.
 */
export interface OwnRepositories {
  /** Null for a repository that is asked for like anybody does. */
  find(repository: URL): OwnRepository | null;
}

export interface OwnRepository {
  /** The commit that a branch, a tag or the beginning of an id means; of the default branch where `ref` is null. */
  commit(ref: string | null, signal: AbortSignal): Promise<string>;
  /** As `downloadCommit`. */
  archive(commit: string, signal: AbortSignal): Promise<Buffer>;
}
