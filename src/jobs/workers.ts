import { annotateJob } from "./annotate-job.ts";
import type { JobPorts } from "./ports.ts";
import type { Queues } from "./queues.ts";
import { reconcileJob } from "./reconcile-job.ts";
import { scanJob } from "./scan-job.ts";
import { sweepJob } from "./sweep-job.ts";
import { tickJob } from "./tick-job.ts";

/** Begins to work on every queue. */
export async function startWorkers(queues: Queues, ports: JobPorts): Promise<void> {
  await queues.work("tick", tickJob(ports));
  await queues.work("scan", scanJob(ports));
  await queues.work("reconcile", reconcileJob(ports));
  await queues.work("annotate", annotateJob(ports));
  await queues.work("sweep", sweepJob(ports));
  await queues.workDeadLetters(async ({ queue, data, reason }) => {
    ports.log.error({ queue, data, reason }, "a job failed for good");
  });
}
