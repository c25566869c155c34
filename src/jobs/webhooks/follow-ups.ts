import { findObjectByNumber, type StoredObject } from "../../store/objects.ts";
import { findRepository, type Repository } from "../../store/repositories.ts";
import { stir } from "../../store/settled.ts";
import type { Db } from "../../store/tables.ts";
import { toldIn } from "../../store/told-elsewhere.ts";
import type { JobData, RepositoryJob } from "../queue-settings.ts";
import type { WebhookPorts } from "./deliveries.ts";

/** What is done to an issue or pull request that may be a person's answer. */
export const STATE_IS_NEW: ReadonlySet<string> = new Set(["closed", "reopened", "deleted", "transferred"]);

/** Where an issue or pull request is ours, a job finds out what its new state means. */
export async function lookAfter(
  { queues }: WebhookPorts,
  db: Db,
  repository: Repository,
  number: number,
): Promise<void> {
  const object = await findObjectByNumber(db, repository.id, number);
  const told = object === null ? null : await toldBy(db, repository, object);
  if (told === null) return;
  const { id: repositoryId, installationId } = told;
  await stir(db, [repositoryId]);
  await queues.enqueue(db, "reconcile", { repositoryId, installationId });
}

/** The repository that an issue or pull request of ours tells of; null where the App is not in that one any more. */
export async function toldBy(
  db: Db,
  repository: Repository,
  { of }: Pick<StoredObject, "of">,
): Promise<Repository | null> {
  if (of === undefined) return repository;
  const told = await findRepository(db, of);
  return told === null || told.removed || told.installationId !== repository.installationId ? null : told;
}

/** What a repository is may decide what is told in it of others. */
export async function lookAfterOthers(
  { queues }: WebhookPorts,
  db: Db,
  repository: Repository,
): Promise<void> {
  for (const of of await toldIn(db, repository.id)) {
    const told = await toldBy(db, repository, { of });
    if (told === null) continue;
    await stir(db, [told.id]);
    await queues.enqueue(db, "reconcile", { repositoryId: told.id, installationId: told.installationId });
  }
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
