import { type Kysely, sql } from "kysely";

/** What a scan found in a stack and nobody believes yet, and what a person said is so. */
export async function suspicions(db: Kysely<unknown>): Promise<void> {
  await sql`alter table stacks add column suspected json, add column confirmed json`.execute(db);
}
