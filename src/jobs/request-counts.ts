import { AsyncLocalStorage } from "node:async_hooks";
import type { QueueName } from "./queue-settings.ts";
import type { JobHandler } from "./queues.ts";

/** How many requests to GitHub the jobs of a queue sent. */
export interface RequestCount {
  readonly queue: QueueName;
  /** Attempts that ended, whether they failed or not. */
  readonly jobs: number;
  readonly requests: number;
  /** How many of the jobs sent at most so many requests, by that number. */
  readonly atMost: ReadonlyMap<number, number>;
}

/** Upper ends of the classes that jobs are counted in. */
const CLASSES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

interface Counted {
  jobs: number;
  requests: number;
  readonly atMost: Map<number, number>;
}

/** Counts the requests to GitHub by the job that sends them, those for tokens included. */
export class RequestCounts {
  readonly #current = new AsyncLocalStorage<{ requests: number }>();
  readonly #counted = new Map<QueueName, Counted>();

  /** A request was sent: it belongs to the job that is being worked on here. */
  note(): void {
    const job = this.#current.getStore();
    if (job !== undefined) job.requests += 1;
  }

  /** The handler, with its requests counted. */
  of<Data>(queue: QueueName, handler: JobHandler<Data>): JobHandler<Data> {
    return async (job) => {
      const own = { requests: 0 };
      try {
        await this.#current.run(own, () => handler(job));
      } finally {
        this.#add(queue, own.requests);
      }
    };
  }

  get all(): readonly RequestCount[] {
    return [...this.#counted].map(([queue, counted]) => ({ queue, ...counted }));
  }

  #add(queue: QueueName, requests: number): void {
    const none: Counted = { jobs: 0, requests: 0, atMost: new Map(CLASSES.map((most) => [most, 0])) };
    const counted = this.#counted.get(queue) ?? none;
    counted.jobs += 1;
    counted.requests += requests;
    for (const most of CLASSES) {
      if (requests <= most) counted.atMost.set(most, (counted.atMost.get(most) ?? 0) + 1);
    }
    this.#counted.set(queue, counted);
  }
}
