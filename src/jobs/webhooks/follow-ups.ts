import { findObjectByNumber } from "../../store/objects.ts";
import type { Repository } from "../../store/repositories.ts";
import { stir } from "../../store/settled.ts";
import type { Db } from "../../store/tables.ts";
import type { JobData, RepositoryJob } from "../queue-settings.ts";
import type { WebhookPorts } from "./deliveries.ts";

/** What is done to an issue or pull request that may be a person's answer. */
export const STATE_IS_NEW: ReadonlySet<string> = new Set(["closed", "reopened", "deleted", "transferred"]);

/** Where an issue or pull request is ours, a job finds out what its new state means. */
export async function lookAfter(
  { queues }: WebhookPorts,
  db: Db,
  { id: repositoryId, installationId }: Repository,
  number: number,
): Promise<void> {
  const object = await findObjectByNumber(db, repositoryId, number);
  if (object === null) return;
  await stir(db, [repositoryId]);
  await queues.enqueue(db, "reconcile", { repositoryId, installationId });
}

/** Has a commit checked. */
export async function annotate(
  { queues }: WebhookPorts,
  db: Db,
  { id: repositoryId, installationId }: Repository,
  commit: Omit<JobData["annotate"], keyof RepositoryJob>,
): Promise<void> {
  await queues.enqueue(db, "annotate", { repositoryId, installationId, ...commit });
}
