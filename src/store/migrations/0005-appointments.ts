import { type Kysely, sql } from "kysely";

/** When something waits to be written, and when a repository's own configuration has it scanned. */
export async function appointments(db: Kysely<unknown>): Promise<void> {
  await sql`alter table repositories add column reconcile_at timestamptz, add column rhythms json`.execute(
    db,
  );
  await sql`create index repositories_reconcile_at on repositories (reconcile_at) where reconcile_at is not null`.execute(
    db,
  );
}
