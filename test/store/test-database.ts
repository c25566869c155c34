import { cpSync } from "node:fs";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { inject } from "vitest";
import packages from "../../package.json" with { type: "json" };
import "../postgres/setup.ts";
import { type Database, type DatabaseSettings, openDatabase } from "../../src/store/database.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { silent } from "./logs.ts";

const PGLITE = packages.dependencies["@electric-sql/pglite"];

/** A place for a database that nobody else uses, on whichever kind of database this run tests. */
export interface TestPlace extends DatabaseSettings {
  remove(): Promise<void>;
}

export async function newPlace(): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), "driftwright-test-"));
  const server = inject("postgres") ?? null;
  const url = server === null ? null : await newDatabase(server);
  // A thousand files: one by one they take several times as long.
  if (url === null) cpSync(await emptyDatabase(), join(dataDir, "database"), { recursive: true });
  return { url, dataDir, log: silent, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/**
 * The directory of an embedded database with nothing in it, kept from run to run: making one takes seconds, a copy does
 * not.
 */
async function emptyDatabase(): Promise<string> {
  const directory = join(import.meta.dirname, "../../node_modules/.cache/driftwright", `pglite-${PGLITE}`);
  try {
    await access(directory);
  } catch {
    const made = `${directory}-${crypto.randomUUID()}`;
    await mkdir(dirname(directory), { recursive: true });
    await (await openEmbedded(made)).close();
    // Another file's tests may have been faster.
    await rename(made, directory).catch(() => rm(made, { recursive: true }));
  }
  return directory;
}

/** The server is thrown away as a whole, so nothing needs to be dropped. */
async function newDatabase(server: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

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

/** Leaves of a database what a new one has: its tables, with nothing in them. */
export async function emptyTables({ kysely }: Pick<Database, "kysely">): Promise<void> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename not like 'schema_migrations%'`.execute(kysely);
  const tables = sql.join(rows.map(({ name }) => sql.table(name)));
  await sql`truncate ${tables} restart identity cascade`.execute(kysely);
}
