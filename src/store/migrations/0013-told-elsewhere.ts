import { type Kysely, sql } from "kysely";

/** What tells of another repository than the one that it is in is looked for by that one, among all objects. */
export async function toldElsewhere(db: Kysely<unknown>): Promise<void> {
  await sql`create index objects_elsewhere on objects (key text_pattern_ops) where key like 'of:%'`.execute(
    db,
  );
}
