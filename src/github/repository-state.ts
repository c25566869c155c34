import { branchHead } from "./branches.ts";
import { type GitHub, inRepository, type RepositoryRef } from "./github.ts";

/** A repository as GitHub has it now. */
export interface RepositoryFacts extends RepositoryRef {
  readonly private: boolean;
  readonly archived: boolean;
  readonly disabled: boolean;
  readonly fork: boolean;
  readonly issues: boolean;
  readonly defaultBranch: string;
}

/** Why a repository, or a part of the work in it, is left out. */
export type SkipReason = "archived" | "disabled" | "fork" | "empty" | "suspended" | "issues-disabled";

const SENTENCES: Readonly<Record<SkipReason, string>> = {
  archived: "the repository is archived, so nothing can be written to it",
  disabled: "GitHub has disabled the repository",
  empty: "the repository has no commit on its default branch yet",
  fork: "the repository is a fork, and forks are not scanned",
  suspended: "the installation is suspended",
  "issues-disabled":
    "issues are disabled in the repository, so drift that has no pull request is not reported there",
};

/** The reason as a sentence for people, without a full stop. */
export function skipSentence(reason: SkipReason): string {
  return SENTENCES[reason];
}

/** A repository by its names now; a renamed one answers under its old name too. */
export async function readRepository(github: GitHub, repository: RepositoryRef): Promise<RepositoryFacts> {
  const { data } = await github.rest.repos.get(inRepository(repository));
  return factsOf(data);
}

/** A repository by a name that somebody wrote down; a renamed one answers under its old name too. */
export async function repositoryNamed(
  github: GitHub,
  named: { readonly owner: string; readonly name: string },
): Promise<RepositoryRef> {
  const { data } = await github.rest.repos.get({ owner: named.owner, repo: named.name });
  return { id: data.id, owner: data.owner.login, name: data.name };
}

/** Why a repository is not scanned; null where it is. `head` is the newest commit of the default branch. */
export function skipReason(
  facts: RepositoryFacts,
  head: string | null,
  options: { readonly suspended?: boolean } = {},
): Exclude<SkipReason, "issues-disabled"> | null {
  if (options.suspended === true) return "suspended";
  if (facts.archived) return "archived";
  if (facts.disabled) return "disabled";
  if (facts.fork) return "fork";
  return head === null ? "empty" : null;
}

/** What a scan of a repository starts from. */
export async function readRepositoryState(
  github: GitHub,
  repository: RepositoryRef,
): Promise<{
  readonly facts: RepositoryFacts;
  readonly head: string | null;
  readonly skip: SkipReason | null;
}> {
  const facts = await readRepository(github, repository);
  const early = skipReason(facts, "");
  if (early !== null) return { facts, head: null, skip: early };
  const head = await branchHead(github, facts, facts.defaultBranch);
  return { facts, head, skip: skipReason(facts, head) };
}

/** The parts of GitHub's answer that count here; a list and a single repository both have them. */
interface RepositoryData {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly private: boolean;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly fork: boolean;
  readonly has_issues?: boolean;
  readonly default_branch?: string;
}

export function factsOf(data: RepositoryData): RepositoryFacts {
  return {
    id: data.id,
    owner: data.owner.login,
    name: data.name,
    private: data.private,
    archived: data.archived ?? false,
    disabled: data.disabled ?? false,
    fork: data.fork,
    issues: data.has_issues ?? true,
    defaultBranch: data.default_branch ?? "main",
  };
}
