import { type Kysely, sql } from "kysely";

/** When people said what they decided: of several decisions the one counts that was said last. */
export async function saidAt(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`alter table decisions add column said_at timestamptz`,
    sql`update decisions set said_at = made_at`,
    sql`alter table decisions alter column said_at set not null`,
  ];
  for (const statement of statements) await statement.execute(db);
}
