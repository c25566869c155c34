import { Forbidden } from "../github/errors.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { listOpenPullRequests, type PullRequest } from "../github/pull-requests.ts";
import { chunks } from "../store/page.ts";
import { noteChecksDue } from "../store/repositories.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";

/**
 * Has the check runs of open pull requests made anew, since they tell of drift that is another one now. It is done when
 * it is written down as due and was not done before; nothing else depends on it.
 * @throws RateLimited, Unavailable: it stays due
 */
export async function renewChecks(ports: JobPorts, repository: OpenRepository): Promise<void> {
  const { id: repositoryId, installationId } = repository.stored;
  const open = await openPullRequests(ports, repository);
  const { kysely } = ports.database;
  for (const part of chunks(open, AT_ONCE)) {
    await kysely.transaction().execute(async (db) => {
      for (const { number, headSha } of part) {
        const commit = { headSha, pullRequest: number };
        await ports.queues.enqueue(db, "annotate", { repositoryId, installationId, ...commit });
      }
    });
  }
  await noteChecksDue(kysely, repositoryId, false);
}

/** Pull requests a transaction: other queries wait for it. What an interruption leaves is enqueued once more, or waits already. */
const AT_ONCE = 50;

/** None where the App may not see them. */
async function openPullRequests(
  ports: JobPorts,
  { stored, facts }: OpenRepository,
): Promise<readonly PullRequest[]> {
  const github = ports.github.repository(stored.installationId, stored.id, TOKEN_PERMISSIONS.list);
  try {
    return await listOpenPullRequests(github, facts, await ports.github.identity());
  } catch (reason) {
    if (!(reason instanceof Forbidden)) throw reason;
    repositoryLog(ports.log, facts).info({ reason: reason.message }, "open pull requests not readable");
    return [];
  }
}
