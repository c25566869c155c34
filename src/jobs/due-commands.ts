import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { type StoredCommand, unfinishedCommands } from "../store/commands.ts";
import type { Log } from "../store/log.ts";
import { commentPlace, leaveUnanswered } from "./comment-places.ts";
import type { OtherRepository } from "./findings-place.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { Job } from "./queues.ts";
import { type OpenRepository, openRepository } from "./repository-access.ts";
import { tolerant } from "./writing.ts";

/** Takes the commands in comments of one repository. */
interface Taking {
  readonly log: Log;
  /** Those of one comment. */
  take(commentId: number, commands: readonly StoredCommand[]): Promise<void>;
}

/** How many commands a job takes. */
const MOST_AT_ONCE = 200;

/**
 * Takes the commands about a repository that can be taken on now, wherever their comments stand. What is more than a job
 * takes is left to the next one, so that others of the installation need not wait for all of it.
 */
export async function takeDue(
  ports: JobPorts,
  { data, signal }: Job<JobData["command"]>,
  takingAt: (repository: OpenRepository, place: OtherRepository) => Taking,
): Promise<void> {
  const { kysely: db } = ports.database;
  const dueAfter = (after: number | null) =>
    unfinishedCommands(db, data.repositoryId, "due", { after, limit: MOST_AT_ONCE });
  let due = await dueAfter(null);
  if (due.length === 0) return;
  const { repository } = await openRepository(ports, data, TOKEN_PERMISSIONS.command);
  if (repository === null) return;
  for (; due.length > 0; due = await dueAfter(due.at(-1)?.id ?? null)) {
    let isAnyTaken = false;
    for (const [repositoryId, there] of Map.groupBy(due, (one) => one.repositoryId)) {
      const place = await commentPlace(ports, repository, repositoryId);
      if (place === null) await leaveUnanswered(ports, there);
      const isTaken = place === null || (await takeAll(takingAt(repository, place), there, signal));
      isAnyTaken ||= isTaken;
    }
    if (due.length < MOST_AT_ONCE) return;
    // Where GitHub refused all of them, another job would begin with the same.
    if (isAnyTaken) return void (await ports.queues.enqueue(db, "command", data));
  }
}

/** @returns whether any of them is due no more */
async function takeAll(
  taking: Taking,
  given: readonly StoredCommand[],
  signal: AbortSignal,
): Promise<boolean> {
  let isAnyTaken = false;
  for (const [commentId, ofOne] of Map.groupBy(given, (one) => one.commentId)) {
    signal.throwIfAborted();
    await tolerant(taking.log, `comment ${commentId}`, async () => {
      await taking.take(commentId, ofOne);
      isAnyTaken = true;
    });
  }
  return isAnyTaken;
}
