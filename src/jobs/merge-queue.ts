import { parentsOf } from "../github/commits.ts";
import { isAncestor } from "../github/merge-base.ts";
import type { PullRequest } from "../github/pull-requests.ts";
import type { OpenRepository } from "./repository-access.ts";

/** What the name of a branch says that a merge queue made. */
export interface QueueBranch {
  /** The branch that the queue is for. */
  readonly base: string;
  /** The pull request that its newest commit is for; it contains those that wait before that one as well. */
  readonly pullRequest: number;
}

/**
 * Null for every other branch.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 */
export function queueBranch(name: string): QueueBranch | null {
  const [, base, number] = /^gh-readonly-queue\/(.+)\/pr-(\d{1,15})-[0-9a-f]+$/.exec(name) ?? [];
  return base === undefined ? null : { base, pullRequest: Number(number) };
}

/**
 * Whether a commit of a merge queue brings one pull request and nothing else. Others may wait before it, and where the
 * queue merges several at once, theirs may be merged with the check of this commit alone.
 */
export async function bringsAlone(
  { github, facts }: OpenRepository,
  sha: string,
  { headSha, base }: PullRequest,
): Promise<boolean> {
  const [first, second = headSha, ...others] = await parentsOf(github, facts, sha);
  // Squashed or rebased it has one parent.
  if (first === undefined || second !== headSha || others.length > 0) return false;
  return await isAncestor(github, facts, first, base);
}
