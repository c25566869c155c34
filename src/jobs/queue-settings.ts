import type { Queue } from "pg-boss";

/** A job about one repository; the installation is the group whose share of GitHub's limits it uses. */
export interface RepositoryJob {
  readonly repositoryId: number;
  readonly installationId: number;
}

/** What a job of each queue is told. Small: whatever else it needs, it reads when it runs. */
export interface JobData {
  tick: Record<string, never>;
  scan: RepositoryJob & { readonly trigger: "schedule" | "push" | "installation" | "person" };
  reconcile: RepositoryJob;
  annotate: RepositoryJob & {
    readonly headSha: string;
    /** Null for a merge group, and where GitHub does not tell: the job asks which pull requests have the commit. */
    readonly pullRequest: number | null;
    /** The branch that a merge group is for. */
    readonly base?: string;
    /** The pull request that the newest commit of a merge group is for; left out where GitHub does not tell. */
    readonly queued?: number;
    /** How often it was given up before; left out: never. */
    readonly round?: number;
  };
  command: RepositoryJob;
  sweep: Record<string, never>;
}

export type QueueName = keyof JobData;

export interface QueueSettings<Data> {
  readonly queue: Omit<Queue, "name" | "deadLetter" | "policy">;
  /** How many jobs a process works on at once. */
  readonly concurrency: number;
  /**
   * How many jobs of a group are worked on at once, in all processes together; null where there are no groups. It shares
   * what there is: workers that look for a job in the same moment may each take one.
   */
  readonly groupConcurrency: number | null;
  /** Of jobs with the same key one may wait and one may run; others are not even enqueued. */
  readonly keyOf: (data: Data) => string;
  readonly groupOf: (data: Data) => string | null;
  /** When a job is enqueued by the clock, as a cron expression (UTC); null for never. */
  readonly cron: string | null;
}

export type AllQueueSettings = { readonly [Name in QueueName]: QueueSettings<JobData[Name]> };

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `notify` wakes a worker at once; without a heartbeat for 10 s a job is taken away from a process that is gone. */
const COMMON = { notify: true, heartbeatSeconds: 10 };

/**
 * What failed, or was interrupted, is tried again after 2 to 4 s, and after twice as long each time: the eighth time
 * about ten minutes later.
 */
const RETRIED = { ...COMMON, retryDelay: 2, retryBackoff: true, retryDelayMax: 15 * MINUTE };

/** The clock enqueues the next one anyway. */
const CLOCKWORK = { ...COMMON, retryLimit: 1, retryDelay: 5, deleteAfterSeconds: HOUR };

export const QUEUE_SETTINGS: AllQueueSettings = {
  tick: {
    queue: { ...CLOCKWORK, expireInSeconds: 5 * MINUTE },
    concurrency: 1,
    groupConcurrency: null,
    keyOf: () => "tick",
    groupOf: () => null,
    cron: "* * * * *",
  },
  scan: {
    queue: { ...RETRIED, retryLimit: 4, expireInSeconds: HOUR, deleteAfterSeconds: 3 * DAY },
    concurrency: 2,
    groupConcurrency: 2,
    keyOf: ({ repositoryId }) => String(repositoryId),
    groupOf: installationOf,
    cron: null,
  },
  reconcile: {
    queue: { ...RETRIED, retryLimit: 8, expireInSeconds: HOUR, deleteAfterSeconds: 3 * DAY },
    concurrency: 2,
    groupConcurrency: 1,
    keyOf: ({ repositoryId }) => String(repositoryId),
    groupOf: installationOf,
    cron: null,
  },
  annotate: {
    queue: { ...RETRIED, retryLimit: 5, expireInSeconds: 10 * MINUTE, deleteAfterSeconds: DAY },
    concurrency: 2,
    groupConcurrency: 2,
    keyOf: ({ repositoryId, headSha }) => `${repositoryId}:${headSha}`,
    groupOf: installationOf,
    cron: null,
  },
  command: {
    queue: { ...RETRIED, retryLimit: 8, expireInSeconds: 10 * MINUTE, deleteAfterSeconds: DAY },
    concurrency: 1,
    groupConcurrency: 1,
    keyOf: ({ repositoryId }) => String(repositoryId),
    groupOf: installationOf,
    cron: null,
  },
  sweep: {
    queue: { ...CLOCKWORK, expireInSeconds: 30 * MINUTE },
    concurrency: 1,
    groupConcurrency: null,
    keyOf: () => "sweep",
    groupOf: () => null,
    cron: "*/10 * * * *",
  },
};

function installationOf({ installationId }: RepositoryJob): string {
  return String(installationId);
}
