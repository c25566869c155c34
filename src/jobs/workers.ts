import { annotateJob } from "./annotate-job.ts";
import { commandJob } from "./command-job.ts";
import { commitBudget } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { Queues } from "./queues.ts";
import { reconcileJob } from "./reconcile-job.ts";
import type { RequestCounts } from "./request-counts.ts";
import { deadLetterHandler } from "./scan-failure.ts";
import { scanJob } from "./scan-job.ts";
import { sweepJob } from "./sweep-job.ts";
import { tickJob } from "./tick-job.ts";

/** Begins to work on every queue. */
export async function startWorkers(queues: Queues, ports: JobPorts, counts: RequestCounts): Promise<void> {
  const budget = commitBudget();
  await queues.work("tick", counts.of("tick", tickJob(ports)));
  await queues.work("scan", counts.of("scan", scanJob(ports, budget)));
  await queues.work("reconcile", counts.of("reconcile", reconcileJob(ports)));
  await queues.work("annotate", counts.of("annotate", annotateJob(ports, budget)));
  await queues.work("command", counts.of("command", commandJob(ports)));
  await queues.work("sweep", counts.of("sweep", sweepJob(ports)));
  await queues.workDeadLetters(deadLetterHandler(ports));
}
