import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { columnParsers } from "./columns.ts";
import { DirectoryLock, type LockOptions } from "./directory-lock.ts";
import { openEmbedded } from "./embedded.ts";
import { folderProblem } from "./folder-problem.ts";
import type { Log } from "./log.ts";
import { migrate, SchemaTooNew } from "./migrations/migrate.ts";
import { Outage } from "./outage.ts";
import { openOrReplace } from "./quarantine.ts";
import { serverProblem } from "./server-problem.ts";
import type { Db, Tables } from "./tables.ts";

/** What the queues keep their jobs in: the same database. */
export type QueueStorage =
  | { readonly backend: "pglite"; readonly pglite: PGlite }
  | { readonly backend: "postgres"; readonly url: string };

export interface Database {
  /**
   * The tables. The embedded database has one connection, so everything else waits until a transaction ends: it must
   * hold nothing but questions to the database, and ask them of its own handle, or it waits for itself.
   */
  readonly kysely: Db;
  readonly queueStorage: QueueStorage;
  /** Whether it is away just now. Whoever has a connection of its own tells what befalls it. */
  readonly outage: Outage;
  /** Reclaims the space of old rows, where no server does it by itself. A few times a day is enough. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseSettings {
  /** A PostgreSQL server; null for a database embedded in this process. */
  readonly url: string | null;
  /** Where the embedded database is; made where it is missing. */
  readonly dataDir: string;
  readonly log: Log;
  /** Called when another process has taken the embedded database over: it is closed, and does not come back. */
  readonly onLost?: () => void;
  /** How another process's lock on the directory is judged. */
  readonly lock?: LockOptions;
}

/**
 * Opens the database and brings its tables up to this release.
 * @throws EnvironmentError where DATABASE_URL or DATA_DIR cannot be used: DirectoryInUse where another process uses the
 * embedded database, SchemaTooNew where a newer release did.
 */
export function openDatabase(settings: DatabaseSettings): Promise<Database> {
  return settings.url === null ? openInDirectory(settings) : openOnServer(settings.url, settings.log);
}

async function openOnServer(url: string, log: Log): Promise<Database> {
  const types = new pg.TypeOverrides();
  for (const [type, parse] of columnParsers) types.setTypeParser(type, parse);
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: "driftwright",
    types,
  });
  const outage = new Outage(log);
  // Without this, the end of an idle connection ends the process; the pool makes a new one.
  pool.on("error", (error) => {
    if (!outage.noted(error)) log.warn({ err: error }, "a database connection was lost");
  });
  pool.on("connect", () => outage.over());
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(kysely);
  } catch (error) {
    await kysely.destroy();
    throw serverProblem(url, error);
  }
  return {
    kysely,
    outage,
    queueStorage: { backend: "postgres", url },
    async maintain() {},
    close: () => kysely.destroy(),
  };
}

async function openInDirectory({
  dataDir,
  log,
  lock: options,
  onLost: tell = () => {},
}: DatabaseSettings): Promise<Database> {
  let stop = async () => {};
  const onLost = () => {
    log.error({ dataDir }, "another process has taken over the embedded database, so this one closes it");
    void stop();
    tell();
  };
  const lock = await lockedFolder(dataDir, onLost, options);
  try {
    const now = new Date();
    const { pglite, kysely } = await openOrReplace(join(dataDir, "database"), open, isDamage, log, now);
    stop = () => pglite.close();
    return {
      kysely,
      outage: new Outage(log),
      queueStorage: { backend: "pglite", pglite },
      async maintain() {
        await pglite.exec("vacuum analyze");
      },
      async close() {
        if (!pglite.closed) await pglite.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Makes the folder where it is missing, and keeps it to this process. */
async function lockedFolder(
  dataDir: string,
  onLost: () => void,
  options: LockOptions | undefined,
): Promise<DirectoryLock> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await DirectoryLock.take(dataDir, onLost, options);
  } catch (error) {
    throw folderProblem(dataDir, error);
  }
}

async function open(directory: string): Promise<{ pglite: PGlite; kysely: Db }> {
  const pglite = await openEmbedded(directory);
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  try {
    await migrate(kysely);
  } catch (error) {
    await pglite.close();
    throw error;
  }
  return { pglite, kysely };
}

/**
 * PGlite fails without an error code where it cannot start. Later on it is PostgreSQL that complains: of damaged files
 * (class XX) or missing ones (class 58). See https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
function isDamage(error: unknown): boolean {
  if (error instanceof SchemaTooNew) return false;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code !== "string" || /^(?:XX|58)/.test(code);
}
