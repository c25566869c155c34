import { sql } from "kysely";
import { Queues } from "../../../src/jobs/queues.ts";
import type { Database } from "../../../src/store/database.ts";

// Is loaded before `npm start`'s own code (node --import), and lets the process that started it turn the hand of the
// clock: what the cron would do within the day is done now. Nothing else of the service is touched.

/** What can be asked for. */
export type Question = "due" | "busy";

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

export interface Replied {
  readonly id: number;
  readonly value: number;
}

/** The day is over: every repository is due, and the tick comes that comes each minute. */
async function makeDue({ kysely: db }: Database, queues: Queues): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("repositories")
    .set({ next_scan_at: new Date() })
    .executeTakeFirstOrThrow();
  await queues.enqueue(db, "tick", {});
  return Number(numUpdatedRows);
}

/** How many jobs wait or run. */
async function countJobs({ kysely: db }: Database): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`select count(*)::int as jobs from pgboss.job
    where state in ('created', 'retry', 'active') and name in ('tick', 'scan', 'reconcile', 'annotate', 'command', 'sweep')`.execute(
    db,
  );
  return rows[0]?.jobs ?? 0;
}

const start = Queues.start;
Queues.start = async (database, log, settings) => {
  const queues = await start.call(Queues, database, log, settings);
  process.on("message", (message) => {
    const { id, question } = message as Asked;
    const answer = question === "due" ? makeDue(database, queues) : countJobs(database);
    answer.then(
      (value) => process.send?.({ id, value } satisfies Replied),
      (error: unknown) => log.error({ err: error }, "the clock's hand could not be turned"),
    );
  });
  return queues;
};
// Nobody is left to look after this process.
process.on("disconnect", () => process.exit(1));
