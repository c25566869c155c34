import { listOpenPullRequests, type PullRequest } from "../github/pull-requests.ts";
import { bringsAlone } from "./merge-queue.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { OpenRepository } from "./repository-access.ts";

/** What a commit is compared with. */
export interface Target {
  /** The branches that it may be merged into. */
  readonly bases: readonly string[];
  /** Nobody who may push to the repository is known to have pushed it there. */
  readonly foreign: boolean;
  /** Fingerprints of what it adopts, where it is one of our own pull requests and nothing else. */
  readonly adopts: readonly string[];
  /** Numbers of our own open pull requests, by fingerprint of what they adopt. */
  readonly adoptions: ReadonlyMap<string, number>;
  /** The open pull requests that have the commit as their newest; null for a merge group. */
  readonly pullRequests: readonly PullRequest[] | null;
}

/**
 * What a commit is to be merged into; null where nobody waits for its check any more. Pull requests that have one commit
 * have one check run.
 */
export async function targetOf(
  ports: JobPorts,
  repository: OpenRepository,
  { pullRequest, headSha, base, queued }: JobData["annotate"],
): Promise<Target | null> {
  const { facts, github } = repository;
  const open = await listOpenPullRequests(github, facts, await ports.github.identity());
  const adoptions = new Map(
    open.flatMap((one) => adoptsOf(one).map((fingerprint) => [fingerprint, one.number] as const)),
  );
  if (base !== undefined) {
    const last = open.find((one) => one.number === queued && one.base === base);
    const own = last === undefined ? [] : adoptsOf(last);
    const isAlone = last !== undefined && own.length > 0 && (await bringsAlone(repository, headSha, last));
    // GitHub makes the commits of a merge queue itself, for those who may push.
    return { bases: [base], foreign: false, adopts: isAlone ? own : [], adoptions, pullRequests: null };
  }
  const waiting = open.filter((one) => one.headSha === headSha);
  if (waiting.length > 0) {
    const bases = [...new Set(waiting.map((one) => one.base))];
    const adopts = waiting.flatMap(adoptsOf);
    return {
      bases,
      foreign: waiting.every(({ fromFork }) => fromFork),
      adopts,
      adoptions,
      pullRequests: waiting,
    };
  }
  return pullRequest === null
    ? { bases: [facts.defaultBranch], foreign: true, adopts: [], adoptions, pullRequests: [] }
    : null;
}

function adoptsOf({ marker }: PullRequest): readonly string[] {
  return marker?.kind === "pull-request" ? marker.fingerprints : [];
}
