import { annotateJob } from "./annotate-job.ts";
import { commandJob } from "./command-job.ts";
import { commitBudget } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { Queues } from "./queues.ts";
import { reconcileJob } from "./reconcile-job.ts";
import { deadLetterHandler } from "./scan-failure.ts";
import { scanJob } from "./scan-job.ts";
import { sweepJob } from "./sweep-job.ts";
import { tickJob } from "./tick-job.ts";

/** Begins to work on every queue. */
export async function startWorkers(queues: Queues, ports: JobPorts): Promise<void> {
  const budget = commitBudget();
  await queues.work("tick", tickJob(ports));
  await queues.work("scan", scanJob(ports, budget));
  await queues.work("reconcile", reconcileJob(ports));
  await queues.work("annotate", annotateJob(ports, budget));
  await queues.work("command", commandJob(ports));
  await queues.work("sweep", sweepJob(ports));
  await queues.workDeadLetters(deadLetterHandler(ports));
}
