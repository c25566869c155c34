import { type Kysely, sql } from "kysely";

/** Whether a repository's check runs have to be made anew, so that an interruption cannot lose it. */
export async function checksDue(db: Kysely<unknown>): Promise<void> {
  await sql`alter table repositories add column checks_due boolean not null default false`.execute(db);
}
