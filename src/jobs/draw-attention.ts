import { addAssignees, addLabels, isTeam, requestReviews } from "../github/attention.ts";
import type { Thread } from "../github/threads.ts";
import { isRefused, type Writing } from "./writing.ts";

/**
 * Gives an issue or pull request that was opened now the labels, assignees and reviewers of the configuration. Later
 * on they are what people make of them. What GitHub refuses of that is said in the log, and keeps nothing from being
 * done.
 */
export async function drawAttention(
  writing: Writing,
  { kind, number }: Pick<Thread, "kind" | "number">,
): Promise<void> {
  const { github, repository, config, log } = writing;
  const { labels, assignees, reviewers } = config;
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
