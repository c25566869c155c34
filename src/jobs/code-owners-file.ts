import { readFileAt } from "../github/contents.ts";
import type { GitHub, RepositoryRef } from "../github/github.ts";
import { CODE_OWNERS_PATHS } from "../intent/code-owners.ts";

/** The file of code owners in a commit, read when somebody first asks for it, and then kept. */
export class CodeOwnersFile {
  readonly #github: GitHub;
  readonly #repository: RepositoryRef;
  readonly #commit: string;
  #text: Promise<string | null> | null = null;

  constructor(github: GitHub, repository: RepositoryRef, commit: string) {
    this.#github = github;
    this.#repository = repository;
    this.#commit = commit;
  }

  /**
   * Null where there is none.
   * @throws Forbidden, RateLimited, Unavailable
   */
  async text(): Promise<string | null> {
    this.#text ??= readCodeOwners(this.#github, this.#repository, this.#commit);
    try {
      return await this.#text;
    } catch (reason) {
      this.#text = null;
      throw reason;
    }
  }
}

/** The first that is there. */
async function readCodeOwners(
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
