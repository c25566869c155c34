import { recordDelivery } from "../../store/deliveries.ts";
import { findRepository, type Repository } from "../../store/repositories.ts";
import type { Db } from "../../store/tables.ts";
import type { JobPorts } from "../ports.ts";

// What arrives from GitHub is written down and handed to a job, in one transaction; nothing is asked of GitHub here.

/** What of a webhook counts. */
export interface Delivery<Payload> {
  /** `X-GitHub-Delivery`. */
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
}

export type WebhookPorts = Pick<JobPorts, "database" | "queues" | "now" | "log">;

/** A webhook about a repository. */
export interface InRepository {
  readonly repository?: { readonly id: number; readonly default_branch?: string } | undefined;
  readonly installation?: { readonly id: number } | undefined;
}

/** Does the work of a delivery that was not there before, together with writing it down. */
export async function once<Payload>(
  { database, now, log }: WebhookPorts,
  { id, name }: Delivery<Payload>,
  work: (db: Db) => Promise<unknown>,
): Promise<void> {
  await database.kysely.transaction().execute(async (db) => {
    if (await recordDelivery(db, { id, event: name, receivedAt: now() })) await work(db);
    else log.info({ delivery: id, event: name }, "webhook was received before");
  });
}

/** The same for a repository of an installation that is there; others are ignored. */
export function inKnownRepository<Payload extends InRepository>(
  ports: WebhookPorts,
  delivery: Delivery<Payload>,
  work: (db: Db, repository: Repository) => Promise<unknown>,
): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { repository: data, installation } = delivery.payload;
    const repository = data === undefined ? null : await findRepository(db, data.id);
    const isTheirs = installation === undefined || repository?.installationId === installation.id;
    if (repository !== null && !repository.removed && isTheirs) await work(db, repository);
    else ports.log.info({ delivery: delivery.id, repository: data?.id }, "webhook of an unknown repository");
  });
}
