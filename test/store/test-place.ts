import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import packages from "../../package.json" with { type: "json" };
import "../postgres/setup.ts";
import { type DatabaseSettings, openDatabase } from "../../src/store/database.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { silent } from "./logs.ts";

const ROOT = join(import.meta.dirname, "../..");
const MIGRATIONS = join(ROOT, "src/store/migrations");
const PGLITE = packages.dependencies["@electric-sql/pglite"];

/** A place for a database that nobody else uses, on whichever kind of database this run tests. */
export interface TestPlace extends DatabaseSettings {
  remove(): Promise<void>;
}

/**
 * A place with a database of its own.
 * @param template whose data it begins with; nobody may be connected to it. Null: the tables, with nothing in them
 */
export async function newPlace(template: DatabaseSettings | null = null): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), "driftwright-test-"));
  const empty = inject("postgres") ?? null;
  const url = empty === null ? null : await copyOnServer(template?.url ?? empty);
  const folder = template?.dataDir ?? (url === null ? await emptyDatabase() : null);
  // A thousand files: one by one they take several times as long.
  if (folder !== null) cpSync(folder, dataDir, { recursive: true });
  return { url, dataDir, log: silent, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** The folder of an embedded database with this release's tables and nothing in them. */
function emptyDatabase(): Promise<string> {
  return kept(`pglite-${PGLITE}-${tablesKey()}`, async (dataDir) => {
    cpSync(await withoutTables(), join(dataDir, "database"), { recursive: true });
    await (await openDatabase({ url: null, dataDir, log: silent })).close();
  });
}

function withoutTables(): Promise<string> {
  return kept(`pglite-${PGLITE}`, async (directory) => (await openEmbedded(directory)).close());
}

/** A directory that is kept from run to run: making one takes seconds, a copy does not. */
async function kept(name: string, make: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(ROOT, "node_modules/.cache/driftwright", name);
  try {
    await access(directory);
  } catch {
    const made = `${directory}-${crypto.randomUUID()}`;
    await mkdir(dirname(directory), { recursive: true });
    await make(made);
    // Another file's tests may have been faster.
    await rename(made, directory).catch(() => rm(made, { recursive: true }));
  }
  return directory;
}

/** Is another one when the migrations are. */
function tablesKey(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(MIGRATIONS).toSorted()) hash.update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest("hex").slice(0, 16);
}

/** The server is thrown away as a whole, so nothing needs to be dropped. */
async function copyOnServer(template: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client({ connectionString: onDatabase(template, "postgres") });
  await client.connect();
  await client.query(`create database ${name} template ${new URL(template).pathname.slice(1)}`);
  await client.end();
  return onDatabase(template, name);
}

function onDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}
