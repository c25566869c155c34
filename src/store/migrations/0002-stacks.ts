import { type Kysely, sql } from "kysely";

/** What is known of a stack through time, and since when each finding's values do not agree. */
export async function stacks(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table stacks (
      repository_id bigint not null references repositories on delete cascade,
      name text not null collate "C",
      from_start boolean not null,
      compared_at timestamptz,
      whole_at timestamptz,
      whole_commit text,
      seen_at timestamptz not null,
      primary key (repository_id, name)
    )`,
    sql`create index stacks_seen_at on stacks (seen_at)`,
    sql`alter table findings add column agreed_at timestamptz, add column agreed_commit text`,
  ];
  for (const statement of statements) await statement.execute(db);
}
