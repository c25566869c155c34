import { type Kysely, sql } from "kysely";

/** Which findings an issue about several tells of, and told of while it was open. */
export async function issueGroups(db: Kysely<unknown>): Promise<void> {
  await sql`alter table objects add column told json, add column told_before json`.execute(db);
}
