import { allCheckRuns, rewriteCheckRun } from "../github/check-runs.ts";
import { listMarked } from "../github/markers.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import { noteRewritten, otherCheckRuns } from "../store/check-runs.ts";
import { findInstallation } from "../store/installations.ts";
import { noteChecksDue } from "../store/repositories.ts";
import { mayTellDetails } from "../store/told-details.ts";
import { CHECK_NAME } from "./check-report.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";
import { tolerant } from "./writing.ts";

/**
 * Takes back what check runs told of single drifts while not everyone could read the repository: those that are written
 * down, and those of the App's own pull requests, which are closed by then, so that nobody makes their checks anew. Has
 * those of open pull requests made anew. To be done before it is written down that all is taken back: whatever ends it in
 * the middle, it is done again.
 * @throws RateLimited, Unavailable: what is left is done the next time
 */
export async function withdrawChecks(ports: JobPorts, repository: OpenRepository): Promise<void> {
  const { kysely: db } = ports.database;
  const { facts, stored, github } = repository;
  const { id: repositoryId, installationId } = stored;
  if (!(await mayTellDetails(db, repositoryId))) return;
  const installation = await findInstallation(db, installationId);
  const granted = installation?.permissions ?? TOKEN_PERMISSIONS.checks;
  if (missingPermissions(granted, TOKEN_PERMISSIONS.checks).length > 0) return;
  const checks = ports.github.repository(installationId, repositoryId, TOKEN_PERMISSIONS.checks);
  const app = await ports.github.identity();
  const log = repositoryLog(ports.log, facts);
  const withdraw = (headSha: string) =>
    tolerant(log, `checks of ${headSha}`, async () => {
      for (const run of await allCheckRuns(checks, facts, app, { headSha, name: CHECK_NAME }))
        if (run.finished && run.hash !== TAKEN_BACK.hash)
          await rewriteCheckRun(checks, facts, run.id, TAKEN_BACK);
      await noteRewritten(db, { repositoryId, headSha, name: CHECK_NAME }, TAKEN_BACK.hash);
    });
  const own = await listMarked(github, facts, app);
  for (const { kind, number } of own) {
    if (kind !== "pull-request") continue;
    const pullRequest = await findPullRequest(github, facts, app, number);
    if (pullRequest !== null) await withdraw(pullRequest.headSha);
  }
  const key = { repositoryId, name: CHECK_NAME };
  const others = await otherCheckRuns(db, key, { hash: TAKEN_BACK.hash, limit: MOST_COMMITS });
  for (const { headSha } of others) await withdraw(headSha);
  await noteChecksDue(db, repositoryId, true);
}

/** The oldest ones stay: every one is a request or two. */
const MOST_COMMITS = 500;

const TAKEN_BACK = {
  title: "Not compared with the drift",
  summary:
    "This repository was made public, so what this check told of single drifts was taken back. Nothing is wrong with the change because of that.",
  // GitHub keeps a text that is left out.
  text: "What stood here was taken back.",
  hash: "taken-back",
} as const;
