import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type AllQueueSettings, QUEUE_SETTINGS } from "../../src/jobs/queue-settings.ts";
import { type DeadLetter, type Job, Queues } from "../../src/jobs/queues.ts";
import type { Database } from "../../src/store/database.ts";
import { recordDelivery } from "../../src/store/deliveries.ts";
import { collectingLog, silent } from "../store/logs.ts";
import { openTestDatabase } from "../store/test-database.ts";

/** As released, but without waiting between attempts. */
const IMPATIENT: AllQueueSettings = {
  ...QUEUE_SETTINGS,
  scan: {
    ...QUEUE_SETTINGS.scan,
    queue: {
      notify: true,
      heartbeatSeconds: 10,
      expireInSeconds: 60,
      retryLimit: 2,
      retryDelay: 0,
      retryBackoff: false,
    },
  },
};

let database: Database;
let started: Queues[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.close());
afterEach(async () => {
  await Promise.all(started.map((queues) => queues.stop(1)));
  started = [];
  await sql`delete from pgboss.job`.execute(database.kysely);
});

async function startQueues(settings: AllQueueSettings = IMPATIENT): Promise<Queues> {
  const queues = await Queues.start(database, silent, settings);
  started.push(queues);
  return queues;
}

const scanOf = (repositoryId: number, installationId = 7) =>
  ({ repositoryId, installationId, trigger: "push" }) as const;

const PATIENCE = { timeout: 15_000, interval: 20 };

describe("a job and the rows it is about", () => {
  test("are written together", async () => {
    const queues = await startQueues();
    const seen: string[][] = [];
    await queues.work("scan", async () => {
      const rows = await database.kysely.selectFrom("deliveries").select("id").execute();
      seen.push(rows.map(({ id }) => id));
    });
    await database.kysely.transaction().execute(async (transaction) => {
      await recordDelivery(transaction, { id: "together", event: "push", receivedAt: new Date() });
      expect(await queues.enqueue(transaction, "scan", scanOf(1))).toBe(true);
    });
    await expect.poll(() => seen, PATIENCE).toEqual([["together"]]);
  });

  test("or not at all: a transaction that rolls back leaves neither", async () => {
    const queues = await startQueues();
    const failing = database.kysely.transaction().execute(async (transaction) => {
      await recordDelivery(transaction, { id: "not-at-all", event: "push", receivedAt: new Date() });
      await queues.enqueue(transaction, "scan", scanOf(1));
      throw new Error("the answer could not be sent");
    });
    await expect(failing).rejects.toThrow("the answer could not be sent");
    const { rows } = await sql`select id from pgboss.job where name = 'scan'`.execute(database.kysely);
    expect(rows).toEqual([]);
    expect(
      await recordDelivery(database.kysely, { id: "not-at-all", event: "push", receivedAt: new Date() }),
    ).toBe(true);
  });
});

describe("each job is done", () => {
  test("once, in a burst and by two processes too, at once rather than at the next poll", async () => {
    const [one, two] = [await startQueues(), await startQueues()];
    const done: number[] = [];
    for (const queues of [one, two])
      await queues.work("scan", async ({ data }) => void done.push(data.repositoryId));
    const all = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const id of all) await one.enqueue(database.kysely, "scan", scanOf(id, id));
    // Four workers that wait two seconds from job to job would take half a minute.
    await expect.poll(() => done.length, PATIENCE).toBe(60);
    await wait(200);
    expect(done.toSorted((a, b) => a - b)).toEqual(all);
  });

  test("again after it failed, until it is given up and reported, with the message alone", async () => {
    const log = collectingLog();
    const queues = await Queues.start(database, log, IMPATIENT);
    started.push(queues);
    const attempts: Pick<Job<unknown>, "attempt" | "isLastAttempt">[] = [];
    const letters: DeadLetter[] = [];
    await queues.workDeadLetters(async (letter) => void letters.push(letter));
    await queues.work("scan", async ({ attempt, isLastAttempt }) => {
      attempts.push({ attempt, isLastAttempt });
      throw Object.assign(new Error("GitHub answered 500"), { request: { token: "ghs_secret" } });
    });
    await queues.enqueue(database.kysely, "scan", scanOf(1));
    await expect
      .poll(() => letters, PATIENCE)
      .toEqual([{ queue: "scan", data: scanOf(1), reason: "GitHub answered 500", at: expect.any(Date) }]);
    expect(attempts).toEqual([
      { attempt: 1, isLastAttempt: false },
      { attempt: 2, isLastAttempt: false },
      { attempt: 3, isLastAttempt: true },
    ]);
    const { rows } = await sql`select * from pgboss.job`.execute(database.kysely);
    expect(JSON.stringify(rows)).not.toContain("ghs_secret");
    expect(log.lines.filter((line) => line.startsWith("warn: job failed"))).toHaveLength(3);
  });
});

describe("of jobs about the same repository", () => {
  test("one waits, and one runs", async () => {
    const queues = await startQueues();
    const enqueue = () => queues.enqueue(database.kysely, "scan", scanOf(1));
    expect(await enqueue()).toBe(true);
    expect(await enqueue()).toBe(false);

    let running = 0;
    let most = 0;
    let done = 0;
    const gate = Promise.withResolvers<void>();
    await queues.work("scan", async () => {
      running += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
      done += 1;
    });
    await expect.poll(() => running, PATIENCE).toBe(1);
    expect(await enqueue()).toBe(true);
    expect(await enqueue()).toBe(false);
    await wait(500);
    gate.resolve();
    await expect.poll(() => done, PATIENCE).toBe(2);
    expect(most).toBe(1);
  });

  test("those about others run meanwhile", async () => {
    const queues = await startQueues();
    const done: number[] = [];
    const gate = Promise.withResolvers<void>();
    await queues.work("scan", async ({ data: { repositoryId } }) => {
      if (repositoryId === 1 && done.length < 3) await gate.promise;
      done.push(repositoryId);
    });
    for (const id of [1, 2]) await queues.enqueue(database.kysely, "scan", scanOf(id));
    await expect.poll(() => done, PATIENCE).toEqual([2]);
    // A second job about the first repository stands in line before the others.
    for (const id of [1, 3, 4]) await queues.enqueue(database.kysely, "scan", scanOf(id));
    await expect.poll(() => done.toSorted(), PATIENCE).toEqual([2, 3, 4]);
    gate.resolve();
    await expect.poll(() => done.toSorted(), PATIENCE).toEqual([1, 1, 2, 3, 4]);
  }, 60_000);
});

test("an installation's jobs do not take all workers, nor its share of GitHub's limits at once", async () => {
  const queues = await startQueues();
  const job = (repositoryId: number, installationId: number) => ({ repositoryId, installationId });
  const running = new Map<number, number>();
  let together = 0;
  const done: number[] = [];
  await queues.work("reconcile", async ({ data: { installationId } }) => {
    running.set(installationId, (running.get(installationId) ?? 0) + 1);
    if ((running.get(installationId) ?? 0) > 1) together += 1;
    await wait(50);
    running.set(installationId, (running.get(installationId) ?? 0) - 1);
    done.push(installationId);
  });
  for (let id = 1; id <= 6; id += 1) await queues.enqueue(database.kysely, "reconcile", job(id, 7));
  await queues.enqueue(database.kysely, "reconcile", job(100, 8));
  await expect.poll(() => done.length, PATIENCE).toBe(7);
  // Two workers that look in the same moment may each take one.
  expect(together).toBeLessThan(3);
  expect(done.indexOf(8)).toBeLessThan(6);
});

test("a job that may not go on before a time is enqueued for then, and that is no failure", async () => {
  const queues = await startQueues();
  const until = new Date(Date.now() + 2500);
  const attempts: { readonly at: number; readonly attempt: number }[] = [];
  await queues.work("scan", async ({ attempt }) => {
    attempts.push({ at: Date.now(), attempt });
    if (attempts.length === 1) throw Object.assign(new Error("rate limited"), { until });
  });
  await queues.enqueue(database.kysely, "scan", scanOf(1));
  await expect.poll(() => attempts.length, PATIENCE).toBe(2);
  expect(attempts[1]?.at).toBeGreaterThanOrEqual(until.getTime() - 500);
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 1]);
  const states = await sql<{
    state: string;
  }>`select state from pgboss.job where name <> 'dead-letter'`.execute(database.kysely);
  expect(states.rows.map(({ state }) => state)).toEqual(["completed", "completed"]);
});

test("a job can be enqueued for later", async () => {
  const queues = await startQueues();
  const done: number[] = [];
  await queues.work("scan", async () => void done.push(Date.now()));
  const startAfter = new Date(Date.now() + 1500);
  await queues.enqueue(database.kysely, "scan", scanOf(1), { startAfter });
  await expect.poll(() => done.length, PATIENCE).toBe(1);
  expect(done[0]).toBeGreaterThanOrEqual(startAfter.getTime() - 500);
});

describe("when the process stops", () => {
  test("a job that runs may end", async () => {
    const queues = await startQueues();
    let [begun, done] = [false, false];
    await queues.work("scan", async () => {
      begun = true;
      await wait(300);
      done = true;
    });
    await queues.enqueue(database.kysely, "scan", scanOf(1));
    await expect.poll(() => begun, PATIENCE).toBe(true);
    await queues.stop(10);
    expect(done).toBe(true);
  });

  test("one that takes too long is told so, and done by whoever comes next", async () => {
    const queues = await startQueues();
    let [begun, aborted] = [false, false];
    await queues.work("scan", async ({ signal }) => {
      begun = true;
      await wait(60_000, null, { signal }).catch(() => {
        aborted = true;
      });
    });
    await queues.enqueue(database.kysely, "scan", scanOf(1));
    await expect.poll(() => begun, PATIENCE).toBe(true);
    await queues.stop(1);
    await expect.poll(() => aborted, PATIENCE).toBe(true);
    const next = await startQueues();
    const attempts: number[] = [];
    await next.work("scan", async ({ attempt }) => void attempts.push(attempt));
    await expect.poll(() => attempts, PATIENCE).toEqual([2]);
  });
});

test("ticks and sweeps come by the clock, once however many processes set it", async () => {
  for (const queues of [await startQueues(), await startQueues()]) await queues.startClock();
  const { rows } = await sql`select name, cron from pgboss.schedule order by name`.execute(database.kysely);
  expect(rows).toEqual([
    { name: "sweep", cron: "*/10 * * * *" },
    { name: "tick", cron: "* * * * *" },
  ]);
});
