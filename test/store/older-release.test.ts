import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { latestDecisions, recordAcknowledgements } from "../../src/store/decisions.ts";
import { firstTables } from "../../src/store/migrations/0001-first-tables.ts";
import { stacks } from "../../src/store/migrations/0002-stacks.ts";
import { checksDue } from "../../src/store/migrations/0003-checks-due.ts";
import { objectBases } from "../../src/store/migrations/0004-object-bases.ts";
import { appointments } from "../../src/store/migrations/0005-appointments.ts";
import { decisions } from "../../src/store/migrations/0006-decisions.ts";
import { ownerConfigs } from "../../src/store/migrations/0007-owner-configs.ts";
import { migrate, schemaState } from "../../src/store/migrations/migrate.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;

/** As the first release left it, with rows in the tables that were changed since. */
beforeAll(async () => {
  database = await openTestDatabase();
  const { kysely: db } = database;
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
  const first = {
    "0001-first-tables": { up: firstTables },
    "0002-stacks": { up: stacks },
    "0003-checks-due": { up: checksDue },
    "0004-object-bases": { up: objectBases },
    "0005-appointments": { up: appointments },
    "0006-decisions": { up: decisions },
    "0007-owner-configs": { up: ownerConfigs },
  };
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => first },
    migrationTableName: "schema_migrations",
    migrationLockTableName: "schema_migrations_lock",
  }).migrateToLatest();
  if (error !== undefined) throw error;
  const at = "2026-01-01";
  for (const statement of [
    sql`insert into installations (id, account_id, account_login, account_type, suspended, deleted, permissions, updated_at)
      values (1, 2, 'acme', 'Organization', false, false, '{}', ${at})`,
    sql`insert into repositories (id, installation_id, owner, name, private, archived, disabled, fork, removed,
      first_scan_done, checks_due, next_scan_at, updated_at)
      values (7, 1, 'acme', 'shop', true, false, false, false, false, true, false, ${at}, ${at})`,
    sql`insert into scans (repository_id, started_at, stacks) values (7, ${at}, '[]')`,
    sql`insert into check_runs (repository_id, head_sha, name, check_run_id, updated_at) values (7, 'a', 'Driftwright', 3, ${at})`,
    sql`insert into decisions (repository_id, fingerprint, verdict, author, made_at, via, source)
      values (7, 'f', 'revert', 'alice', ${at}, 'command', 'comment:1')`,
  ])
    await statement.execute(db);
});
afterAll(() => database.close());

test("the tables of an older release are brought up to this one, with what is in them", async () => {
  const { kysely: db } = database;
  expect((await schemaState(db)).pending.length).toBeGreaterThan(0);
  await migrate(db);
  expect(await schemaState(db)).toMatchObject({ pending: [], unknown: [] });
  const runs = await db.selectFrom("check_runs").select(["told", "pull_request", "base"]).execute();
  expect(runs).toEqual([{ told: [], pull_request: null, base: null }]);
  const said = { revision: "r", pullRequest: 5, by: "bob", at: new Date(at) };
  await recordAcknowledgements(db, [{ fingerprint: "f", ...said }], { repositoryId: 7, source: "check:1" });
  expect((await latestDecisions(db, 7)).get("f")).toMatchObject({ verdict: "revert", by: "alice" });
});

const at = "2026-01-01";
