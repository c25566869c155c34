import { type Kysely, sql } from "kysely";

/** What the branch of a pull request stands on: the default branch may be another one later, or have another history. */
export async function objectBases(db: Kysely<unknown>): Promise<void> {
  await sql`alter table objects add column base_branch text, add column base_sha text`.execute(db);
}
