import { type Kysely, sql } from "kysely";

/** What owners say for all of their repositories, as it was last read in the repository that says it. */
export async function ownerConfigs(db: Kysely<unknown>): Promise<void> {
  await sql`create table owner_configs (
    repository_id bigint primary key references repositories on delete cascade,
    path text,
    text text,
    etag text,
    is_known boolean not null,
    problem text,
    checked_at timestamptz not null
  )`.execute(db);
}
