import { findRepository, recordSkip } from "../store/repositories.ts";
import { failUnfinishedScan, finishScan, startScan } from "../store/scans.ts";
import { reasonOf } from "../store/server-problem.ts";
import type { Db } from "../store/tables.ts";
import { checkLater } from "./check-failure.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData, RepositoryJob } from "./queue-settings.ts";
import type { DeadLetter } from "./queues.ts";
import { repositoryLog } from "./repository-log.ts";
import { answerRescans } from "./rescans.ts";

/** Writes down that nobody tries a scan again: for people, and so that it does not seem to run for ever. */
export async function recordFailedScan(
  ports: JobPorts,
  repositoryId: number,
  failure: unknown,
): Promise<void> {
  const at = ports.now();
  const reason = sentence(failure);
  await ports.database.kysely.transaction().execute(async (db) => {
    const begunBefore = new Date(at.getTime() + 1);
    if (!(await failUnfinishedScan(db, repositoryId, { reason, at, begunBefore }))) {
      // It did not even begin.
      if ((await findRepository(db, repositoryId)) === null) return;
      const id = await startScan(db, repositoryId, at);
      await finishScan(db, id, { at, outcome: "failed", reason, commit: null, stacks: [] });
    }
    await recordSkip(db, repositoryId, reason, at);
    await tellWhoWaits(ports, db, repositoryId);
  });
  await tell(ports, repositoryId, reason);
}

/** Says that a job failed for good. Where its process ended in the last attempt, its scan is unfinished still. */
export function deadLetterHandler(ports: JobPorts): (letter: DeadLetter) => Promise<void> {
  return async ({ queue, data, reason, at }) => {
    ports.log.error({ queue, data, reason }, "a job failed for good");
    if (queue === "annotate" && isCheck(data)) await checkLater(ports, data);
    const repositoryId = queue === "scan" ? repositoryOf(data) : null;
    if (repositoryId === null) return;
    const why = sentence(reason);
    const end = { reason: why, at: ports.now(), begunBefore: at };
    const wasUnfinished = await ports.database.kysely.transaction().execute(async (db) => {
      const unfinished = await failUnfinishedScan(db, repositoryId, end);
      if (unfinished) {
        await recordSkip(db, repositoryId, why, end.at);
        await tellWhoWaits(ports, db, repositoryId);
      }
      return unfinished;
    });
    if (wasUnfinished) await tell(ports, repositoryId, why);
  };
}

async function tellWhoWaits(ports: JobPorts, db: Db, repositoryId: number): Promise<void> {
  const stored = await findRepository(db, repositoryId);
  if (stored !== null)
    await tellOfFailure(ports, db, { repositoryId, installationId: stored.installationId });
}

/** Has the dashboard say that a scan failed as a whole, and the checks on which somebody asked for it. */
export async function tellOfFailure(ports: JobPorts, db: Db, job: RepositoryJob): Promise<void> {
  const { repositoryId, installationId } = job;
  await ports.queues.enqueue(db, "reconcile", { repositoryId, installationId });
  await answerRescans(ports, db, job);
}

function sentence(failure: unknown): string {
  return `the scan failed each time it was tried, the last time with: ${reasonOf(failure)}`;
}

async function tell({ database, log }: JobPorts, repositoryId: number, reason: string): Promise<void> {
  const stored = await findRepository(database.kysely, repositoryId);
  if (stored !== null) repositoryLog(log, stored).warn({ reason }, "repository not scanned");
}

function isCheck(data: unknown): data is JobData["annotate"] {
  return repositoryOf(data) !== null && typeof data === "object" && data !== null && "headSha" in data;
}

function repositoryOf(data: unknown): number | null {
  const id = typeof data === "object" && data !== null && "repositoryId" in data ? data.repositoryId : null;
  return typeof id === "number" ? id : null;
}
