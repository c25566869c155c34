import { type Kysely, sql } from "kysely";

/** Whether single drifts may have been told in a repository, so that they can be taken back should it become public. */
export async function toldDetails(db: Kysely<unknown>): Promise<void> {
  // Where nobody knows, as after a lost database, it is taken for granted.
  await sql`alter table repositories add column told_details boolean not null default true`.execute(db);
  await sql`update repositories set settled = null`.execute(db);
}
