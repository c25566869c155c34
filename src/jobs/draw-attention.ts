import { addAssignees, addLabels, isTeam, requestReviews } from "../github/attention.ts";
import type { Thread } from "../github/threads.ts";
import { type Concern, NO_CONCERN, peopleFor } from "./responsible.ts";
import { isRefused, type Writing } from "./writing.ts";

/**
 * Gives an issue or pull request that was opened now the labels, assignees and reviewers of the configuration. Later
 * on they are what people make of them. What GitHub refuses of that is said in the log, and keeps nothing from being
 * done. Where the configuration names nobody, issues are assigned to those whose matter they are.
 */
export async function drawAttention(
  writing: Writing,
  { kind, number }: Pick<Thread, "kind" | "number">,
  concern: Concern = NO_CONCERN,
): Promise<void> {
  const { github, repository, config, log } = writing;
  const { labels, reviewers } = config;
  const assignees = config.assignees ?? (kind === "issue" ? await defaultAssignees(writing, concern) : []);
  const attempt = async (what: string, names: readonly string[], work: () => Promise<void>) => {
    if (names.length === 0) return;
    try {
      await work();
    } catch (reason) {
      if (!isRefused(reason)) throw reason;
      log.warn({ number, [what]: names, reason: reason.message }, `${what} could not be added`);
    }
  };
  await attempt("labels", labels, () => addLabels(github, repository, number, labels));
  await attempt("assignees", assignees, () => addAssignees(github, repository, number, assignees));
  if (kind === "issue") return;
  // One at a time: GitHub asks nobody where it cannot ask one of them.
  for (const reviewer of reviewers) {
    const asking = isTeam(reviewer) ? writing.asTeamMember() : github;
    await attempt("reviewers", [reviewer], () => requestReviews(asking, repository, number, [reviewer]));
  }
}

async function defaultAssignees(writing: Writing, concern: Concern): Promise<readonly string[]> {
  try {
    return await peopleFor(writing, concern);
  } catch (reason) {
    if (!isRefused(reason)) throw reason;
    writing.log.warn({ reason: reason.message }, "the code owners could not be read");
    return [];
  }
}
