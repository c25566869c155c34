import { takeDue } from "../store/repositories.ts";
import { nextScanAt } from "./due.ts";
import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";

/** Repositories a transaction: other queries wait for it. */
const AT_ONCE = 100;

/** Enqueues the scans that are due. Taken and enqueued together, so that none is lost and none is doubled. */
export function tickJob({ database, queues, now, scanInterval, log }: JobPorts): JobHandler<JobData["tick"]> {
  return async ({ signal }) => {
    for (let taken = AT_ONCE; taken === AT_ONCE && !signal.aborted; ) {
      taken = await database.kysely.transaction().execute(async (db) => {
        const time = now();
        const next = (id: number) => nextScanAt(id, time, scanInterval);
        const due = await takeDue(db, { now: time, limit: AT_ONCE, next });
        for (const { id, installationId } of due) {
          await queues.enqueue(db, "scan", { repositoryId: id, installationId, trigger: "schedule" });
        }
        return due.length;
      });
      if (taken > 0) log.info({ repositories: taken }, "scans are due");
    }
  };
}
