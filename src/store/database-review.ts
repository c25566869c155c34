import { access, constants, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { type LockOptions, userOfDirectory } from "./directory-lock.ts";
import { folderProblem } from "./folder-problem.ts";
import { type SchemaState, schemaState } from "./migrations/migrate.ts";
import { serverProblem } from "./server-problem.ts";
import type { Db, Tables } from "./tables.ts";

/** A PostgreSQL server as a process of Driftwright would find it. */
export interface ServerReview {
  /** As the server says it: `17.2`. */
  readonly version: string;
  /** `170002`. */
  readonly versionNumber: number;
  readonly schema: SchemaState;
  /** Whether the role may make tables, and the schema of the queues. */
  readonly mayCreate: boolean;
}

/**
 * Connects to a server and reads what counts at the start, in a transaction that cannot change anything.
 * @throws EnvironmentError where DATABASE_URL cannot be used
 */
export async function reviewServer(url: string, timeoutMs: number): Promise<ServerReview> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "driftwright doctor",
  });
  pool.on("error", () => {});
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await kysely
      .transaction()
      .setAccessMode("read only")
      .execute((db) => reviewTables(db));
  } catch (error) {
    throw serverProblem(url, error);
  } finally {
    await kysely.destroy();
  }
}

/** What a database is, and how its tables stand to this release. */
export async function reviewTables(db: Db): Promise<ServerReview> {
  const { rows } = await sql<{ version: string; number: number; may: boolean | null }>`select
    current_setting('server_version') as version,
    current_setting('server_version_num')::int as number,
    has_database_privilege(current_database(), 'create')
      and has_schema_privilege(current_schema(), 'create') as may`.execute(db);
  const [row] = rows;
  return {
    version: row?.version ?? "",
    versionNumber: row?.number ?? 0,
    schema: await schemaState(db),
    mayCreate: row?.may === true,
  };
}

/** The folder of an embedded database. */
export interface FolderReview {
  /** Whether there is a database in it. */
  readonly hasDatabase: boolean;
  /** The process that uses it; null where none does. */
  readonly user: string | null;
}

/**
 * Looks at the folder of an embedded database, or where it would be made. Opening the database would write to it.
 * @throws EnvironmentError where DATA_DIR cannot be used
 */
export async function reviewFolder(dataDir: string, lock: LockOptions): Promise<FolderReview> {
  try {
    if (!(await isThere(dataDir))) {
      await access(await nearestAbove(dataDir), constants.W_OK | constants.X_OK);
      return { hasDatabase: false, user: null };
    }
    if (!(await stat(dataDir)).isDirectory()) throw notAFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return {
      hasDatabase: await isThere(join(dataDir, "database")),
      user: await userOfDirectory(dataDir, lock),
    };
  } catch (error) {
    throw folderProblem(dataDir, error);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** The folder in which a new one would be made. */
async function nearestAbove(path: string): Promise<string> {
  let above = dirname(resolve(path));
  while (above !== dirname(above) && !(await isThere(above))) above = dirname(above);
  return above;
}

/** As the file system says it of a folder that is to be made there. */
function notAFolder(path: string): Error {
  return Object.assign(new Error(`${path} is no folder`), { code: "ENOTDIR", syscall: "mkdir" });
}
