import type { GitHub, RepositoryRef } from "../github/github.ts";
import { isAncestor } from "../github/merge-base.ts";

/** What the default branch has in its history, asked once for each commit. */
export class Lineage {
  readonly #github: GitHub;
  readonly #repository: RepositoryRef;
  readonly #head: string;
  readonly #known = new Map<string, Promise<boolean>>();

  /** @param head the newest commit of the default branch */
  constructor(github: GitHub, repository: RepositoryRef, head: string) {
    this.#github = github;
    this.#repository = repository;
    this.#head = head;
  }

  /** False where the default branch is another one by now, or its history was rewritten. Null is not known to be so. */
  async has(commit: string | null): Promise<boolean> {
    if (commit === null) return true;
    const known = this.#known.get(commit) ?? isAncestor(this.#github, this.#repository, commit, this.#head);
    this.#known.set(commit, known);
    return known;
  }
}
