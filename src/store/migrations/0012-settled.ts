import { type Kysely, sql } from "kysely";

/** What a repository's issues and pull requests were brought up to, so that nothing new costs no request. */
export async function settled(db: Kysely<unknown>): Promise<void> {
  await sql`alter table repositories
    add column settled text,
    add column stirs integer not null default 0`.execute(db);
}
