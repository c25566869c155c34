import { type Kysely, sql } from "kysely";

/** The newest commit of a repository's default branch, as GitHub said it for many at once. */
export async function seenHeads(db: Kysely<unknown>): Promise<void> {
  await sql`alter table repositories add column seen_head text, add column seen_at timestamptz`.execute(db);
}
