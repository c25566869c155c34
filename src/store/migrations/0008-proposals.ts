import { type Kysely, sql } from "kysely";

/** What a scan found of a repository that nobody has configured. */
export async function proposals(db: Kysely<unknown>): Promise<void> {
  await sql`alter table scans add column proposal json`.execute(db);
}
