import { takeDue, takeWaiting } from "../store/appointments.ts";
import type { Repository } from "../store/repositories.ts";
import { stir } from "../store/settled.ts";
import { nextScanAt } from "./due.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";
import { seeHeads } from "./see-heads.ts";

/** Repositories a transaction: other queries wait for it. */
const AT_ONCE = 100;

/** Enqueues the scans that are due, and what had to wait until now. Taken and enqueued together, so that none is lost and none is doubled. */
export function tickJob(ports: JobPorts): JobHandler<JobData["tick"]> {
  const { database, queues, now, intervals, log } = ports;
  return async ({ signal }) => {
    await seeHeads(ports, signal);
    for (let taken = AT_ONCE; taken === AT_ONCE && !signal.aborted; ) {
      taken = await database.kysely.transaction().execute(async (db) => {
        const time = now();
        const next = (repository: Repository) => nextScanAt(repository, time, intervals);
        const due = await takeDue(db, { now: time, limit: AT_ONCE, next });
        for (const { id, installationId } of due) {
          await queues.enqueue(db, "scan", { repositoryId: id, installationId, trigger: "schedule" });
        }
        return due.length;
      });
      if (taken > 0) log.info({ repositories: taken }, "scans are due");
    }
    for (let taken = AT_ONCE; taken === AT_ONCE && !signal.aborted; ) {
      taken = await database.kysely.transaction().execute(async (db) => {
        const waiting = await takeWaiting(db, { now: now(), limit: AT_ONCE });
        await stir(
          db,
          waiting.map(({ id }) => id),
        );
        for (const { id: repositoryId, installationId } of waiting)
          await queues.enqueue(db, "reconcile", { repositoryId, installationId });
        return waiting.length;
      });
    }
  };
}
