import { waitingCheckActions } from "../store/check-actions.ts";
import type { Db } from "../store/tables.ts";
import type { JobPorts } from "./ports.ts";
import type { RepositoryJob } from "./queue-settings.ts";

/** Has the checks made again on which somebody asked for the scan that ended now, however it ended. */
export async function answerRescans(
  { queues }: Pick<JobPorts, "queues">,
  db: Db,
  { repositoryId, installationId }: RepositoryJob,
): Promise<void> {
  const waiting = await waitingCheckActions(db, repositoryId);
  const byCommit = new Map(waiting.map(({ headSha, pullRequest }) => [headSha, pullRequest]));
  for (const [headSha, pullRequest] of byCommit)
    await queues.enqueue(db, "annotate", { repositoryId, installationId, headSha, pullRequest });
}
