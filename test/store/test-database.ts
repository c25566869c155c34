import { sql } from "kysely";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { newPlace } from "./test-place.ts";

/** An open database for the tests of one file. */
export async function openTestDatabase(): Promise<Database> {
  const place = await newPlace();
  const database = await openDatabase(place);
  return {
    ...database,
    async close() {
      await database.close();
      await place.remove();
    },
  };
}

/**
 * Leaves of a database what a new one has: its tables, with nothing in them. A `truncate` makes each table's files
 * anew, which takes many times as long as to delete a few rows.
 */
export async function emptyTables({ kysely }: Pick<Database, "kysely">): Promise<void> {
  await sql`do $$
    declare each record;
    begin
      -- In any order: nothing looks after foreign keys.
      set local session_replication_role = replica;
      for each in select tablename as name from pg_tables
        where schemaname = 'public' and tablename not like 'schema_migrations%'
      loop
        execute format('delete from %I', each.name);
      end loop;
      perform setval(format('%I', sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public';
    end $$`.execute(kysely);
}
