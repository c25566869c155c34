import type { Db } from "./tables.ts";

export interface Delivery {
  /** `X-GitHub-Delivery`; the same when GitHub delivers again. */
  readonly id: string;
  readonly event: string;
  readonly receivedAt: Date;
}

/** Writes a delivery down. False where it was there before: the webhook was handled already, or is being handled. */
export async function recordDelivery(db: Db, { id, event, receivedAt }: Delivery): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("deliveries")
    .values({ id, event, received_at: receivedAt })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Forgets what was received before a time. GitHub delivers again for 3 days; keep more than that. */
export async function forgetDeliveries(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("deliveries")
    .where("received_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
