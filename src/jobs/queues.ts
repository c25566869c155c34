import { fromKysely, fromPglite, type JobWithMetadata, PgBoss, type SendOptions } from "pg-boss";
import type { Database } from "../store/database.ts";
import type { Log } from "../store/log.ts";
import { findRepository } from "../store/repositories.ts";
import { reasonOf } from "../store/server-problem.ts";
import type { Db } from "../store/tables.ts";
import {
  type AllQueueSettings,
  type JobData,
  QUEUE_SETTINGS,
  type QueueName,
  type QueueSettings,
} from "./queue-settings.ts";

/** One attempt at a job. */
export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
  /** Aborted when the job was taken away or the process must stop: what comes of it would be lost. */
  readonly signal: AbortSignal;
  /** 1 for the first. */
  readonly attempt: number;
  /** After this one nobody tries again. */
  readonly isLastAttempt: boolean;
}

export type JobHandler<Data> = (job: Job<Data>) => Promise<void>;

/** A job that failed for good. */
export interface DeadLetter {
  /** The queue it failed in. */
  readonly queue: string;
  readonly data: unknown;
  readonly reason: string;
  /** When it was given up. */
  readonly at: Date;
}

export interface EnqueueOptions {
  /** Not before this time. */
  readonly startAfter?: Date;
}

/** Says that a job cannot go on before a time; it is enqueued again for then, and counts as no failure. */
export interface Postponement extends Error {
  readonly until: Date;
}

const DEAD_LETTER = "dead-letter";

/** The queues, on the same database as the store, so that a row and the job about it are written together or not at all. */
export class Queues {
  readonly #boss: PgBoss;
  readonly #database: Database;
  readonly #log: Log;
  readonly #settings: AllQueueSettings;

  private constructor(boss: PgBoss, database: Database, log: Log, settings: AllQueueSettings) {
    this.#boss = boss;
    this.#database = database;
    this.#log = log;
    this.#settings = settings;
  }

  /** Creates or updates what the queues need in the database, and begins to look after jobs whose worker is gone. */
  static async start(
    database: Database,
    log: Log,
    settings: AllQueueSettings = QUEUE_SETTINGS,
  ): Promise<Queues> {
    const boss = new PgBoss({
      ...storageOf(database),
      useListenNotify: true,
      superviseIntervalSeconds: 5,
      // A little less, or every other look would come a moment too early and see nothing.
      monitorIntervalSeconds: 4,
      // The keys that are being worked on are found by that look, and kept for so long. Until they are known, a job that
      // must wait for its key holds up those behind it; until they are forgotten, a job that need not wait is passed over.
      queueCacheIntervalSeconds: 3,
    });
    boss.on("error", (error) => {
      if (!database.outage.noted(error)) log.error({ err: error }, "queue error");
    });
    boss.on("warning", ({ message, data }) => log.warn({ reason: message, data }, "queue warning"));
    const queues = new Queues(boss, database, log, settings);
    try {
      await boss.start();
      await queues.#define();
    } catch (error) {
      await boss.stop({ graceful: false });
      throw error;
    }
    return queues;
  }

  async #define(): Promise<void> {
    const common = { notify: true, heartbeatSeconds: 10 };
    await this.#boss.createQueue(DEAD_LETTER, common);
    for (const name of QUEUE_NAMES) {
      const settings = { ...this.#settings[name].queue, deadLetter: DEAD_LETTER };
      await this.#boss.createQueue(name, { ...settings, policy: "stately" });
      await this.#boss.updateQueue(name, settings);
    }
    // The first question about a queue reads its row. Inside of a transaction on the embedded database, which has one
    // connection, that would wait for the transaction that waits for it.
    for (const name of [DEAD_LETTER, ...QUEUE_NAMES]) await this.#boss.findJobs(name, { id: NIL });
  }

  /** Begins to enqueue ticks and sweeps by the clock. Where several processes do, each is enqueued once. */
  async startClock(): Promise<void> {
    for (const name of QUEUE_NAMES) {
      const { cron } = this.#settings[name];
      if (cron !== null) await this.#boss.schedule(name, cron, {}, { ...this.#keyed(name, {}), tz: "UTC" });
    }
  }

  /**
   * Enqueues a job, in the transaction `db` or at once. False where one with the same key waits already: that one will
   * see whatever this one would.
   */
  async enqueue<Name extends QueueName>(
    db: Db,
    name: Name,
    data: JobData[Name],
    { startAfter }: EnqueueOptions = {},
  ): Promise<boolean> {
    const options: SendOptions = { ...this.#keyed(name, data), db: fromKysely(db) };
    const id = await this.#boss.send(
      name,
      data,
      startAfter === undefined ? options : { ...options, startAfter },
    );
    return id !== null;
  }

  /** Begins to work on a queue's jobs, several at once; each is retried when the handler throws. */
  async work<Name extends QueueName>(name: Name, handler: JobHandler<JobData[Name]>): Promise<void> {
    const { concurrency, groupConcurrency } = this.#settingsOf(name);
    for (let worker = 0; worker < concurrency; worker += 1) {
      await this.#worker<JobData[Name]>(name, groupConcurrency, (job) => this.#attempt(name, job, handler));
    }
  }

  /** Begins to report jobs that failed for good. */
  async workDeadLetters(handler: (letter: DeadLetter) => Promise<void>): Promise<void> {
    await this.#worker<unknown>(DEAD_LETTER, null, async (job) => {
      const { data, createdOn: at } = job;
      await handler({ queue: job.sourceName ?? "", data, reason: reasonOf(job.sourceOutput), at });
    });
  }

  async #worker<Data>(
    name: string,
    groupConcurrency: number | null,
    run: (job: JobWithMetadata<Data>) => Promise<void>,
  ): Promise<void> {
    const options = {
      includeMetadata: true,
      pollingIntervalSeconds: 2,
      notifyPollingIntervalSeconds: 2,
      ...(groupConcurrency === null ? {} : { groupConcurrency }),
    } as const;
    const worker = await this.#boss.work(name, options, async (jobs: JobWithMetadata<Data>[]) => {
      // Where there was one there may be more: without this it would wait for the next poll.
      this.#boss.notifyWorker(worker);
      for (const job of jobs) await run(job);
    });
  }

  async #attempt<Name extends QueueName>(
    name: Name,
    job: JobWithMetadata<JobData[Name]>,
    handler: JobHandler<JobData[Name]>,
  ): Promise<void> {
    const { id, data, signal, retryCount, retryLimit } = job;
    const isLastAttempt = retryCount >= retryLimit;
    const about = { queue: name, job: id, attempt: retryCount + 1, ...(await this.#repositoryOf(data)) };
    try {
      this.#log.debug(about, "job begins");
      await handler({ id, data, signal, attempt: retryCount + 1, isLastAttempt });
      this.#log.debug(about, "job done");
    } catch (error) {
      if (isPostponement(error)) {
        this.#log.info({ ...about, until: error.until }, "job postponed");
        return await this.#postpone(name, job, error.until);
      }
      this.#log.warn({ ...about, err: error }, "job failed");
      // The database keeps what is thrown here. An error of a request carries the request, so only its message may pass.
      throw new Error(reasonOf(error));
    }
  }

  /** What a job is about, for the log: the name too, where it is known. */
  async #repositoryOf(data: object): Promise<object> {
    const id = "repositoryId" in data ? data.repositoryId : undefined;
    if (typeof id !== "number") return {};
    const known = await findRepository(this.#database.kysely, id).catch(() => null);
    return { repository: id, ...(known === null ? {} : { name: `${known.owner}/${known.name}` }) };
  }

  /** Ends this job and enqueues another in its place, together. */
  async #postpone<Name extends QueueName>(
    name: Name,
    { id, retryCount, data }: JobWithMetadata<JobData[Name]>,
    until: Date,
  ): Promise<void> {
    const startAfter = new Date(Math.max(until.getTime(), Date.now() + LEAST_POSTPONEMENT));
    await this.#database.kysely.transaction().execute(async (transaction) => {
      const db = fromKysely(transaction);
      await this.#boss.complete(name, { id, retryCount }, { postponed: startAfter.toISOString() }, { db });
      await this.enqueue(transaction, name, data, { startAfter });
    });
  }

  #settingsOf<Name extends QueueName>(name: Name): QueueSettings<JobData[Name]> {
    return this.#settings[name];
  }

  #keyed<Name extends QueueName>(name: Name, data: JobData[Name]): SendOptions {
    const { keyOf, groupOf } = this.#settingsOf(name);
    const group = groupOf(data);
    return { singletonKey: keyOf(data), ...(group === null ? {} : { group: { id: group } }) };
  }

  /**
   * Takes no more jobs, and lets those that run end. What still runs after `graceSeconds` is aborted, and tried again
   * by whoever comes next.
   */
  async stop(graceSeconds: number): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: graceSeconds * 1000 });
  }
}

const QUEUE_NAMES = Object.keys(QUEUE_SETTINGS) as QueueName[];
const NIL = "00000000-0000-0000-0000-000000000000";
const LEAST_POSTPONEMENT = 1000;

/** PostgreSQL: connections of its own, since one of them must stay open to be notified. */
function storageOf({ queueStorage: storage }: Database) {
  return storage.backend === "pglite"
    ? ({ backend: "pglite", db: fromPglite(storage.pglite), monitorVacuum: false } as const)
    : ({ backend: "postgres", connectionString: storage.url, max: 4 } as const);
}

function isPostponement(error: unknown): error is Postponement {
  return error instanceof Error && "until" in error && error.until instanceof Date;
}
