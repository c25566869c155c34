import { sql } from "kysely";
import type { Rhythm } from "../config/rhythm.ts";
import { chunks } from "./page.ts";
import type { Db } from "./tables.ts";

/** What every webhook says of a repository. Its id stays when it is renamed or transferred. */
export interface RepositoryName {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
}

/** What a listing or the repository itself says. */
export interface RepositoryFacts extends RepositoryName {
  readonly defaultBranch: string;
  readonly archived: boolean;
  readonly disabled: boolean;
  readonly fork: boolean;
}

export interface Repository extends Omit<RepositoryFacts, "defaultBranch"> {
  /** Null until GitHub was asked. */
  readonly defaultBranch: string | null;
  readonly removed: boolean;
  /** For people: why the last scan did not take place. */
  readonly skipReason: string | null;
  readonly firstScanDone: boolean;
  readonly lastScanAt: Date | null;
  readonly lastCommit: string | null;
  readonly nextScanAt: Date;
  /** When its stacks are scanned; null where no scan found any. */
  readonly rhythms: readonly Rhythm[] | null;
  /** The check runs of open pull requests tell of older drift, and are still to be made anew. */
  readonly checksDue: boolean;
}

/** What `Repository` is read from. */
export const REPOSITORY_COLUMNS = [
  "repositories.id",
  "repositories.installation_id as installationId",
  "repositories.owner",
  "repositories.name",
  "repositories.default_branch as defaultBranch",
  "repositories.private",
  "repositories.archived",
  "repositories.disabled",
  "repositories.fork",
  "repositories.removed",
  "repositories.skip_reason as skipReason",
  "repositories.first_scan_done as firstScanDone",
  "repositories.last_scan_at as lastScanAt",
  "repositories.last_commit as lastCommit",
  "repositories.next_scan_at as nextScanAt",
  "repositories.rhythms",
  "repositories.checks_due as checksDue",
] as const;

/** Rows a statement: well below the number of parameters that the protocol can count. */
const ROWS = 500;

/** Writes down repositories as webhooks name them; what else is known of them stays. A new one is due at once. */
export async function saveRepositoryNames(
  db: Db,
  repositories: readonly RepositoryName[],
  at: Date,
): Promise<void> {
  await save(
    db,
    repositories.map((repository) => nameRow(repository, at)),
    NAME_COLUMNS,
  );
}

/**
 * Writes down all that a listing says of repositories. A new one is due at once.
 * @param asked when the listing began: what was given up since then, or moved to another installation, stays so; null: nothing
 * does
 */
export async function saveRepositoryFacts(
  db: Db,
  repositories: readonly RepositoryFacts[],
  at: Date,
  asked: Date | null = null,
): Promise<void> {
  const rows = repositories.map((repository) => ({ ...nameRow(repository, at), ...factsRow(repository) }));
  await save(db, rows, [...NAME_COLUMNS, ...FACTS_COLUMNS], asked);
}

/**
 * Writes down what GitHub said of repositories that were known when it was asked. One that was given up since then, or
 * belongs to another installation now, stays as it is.
 */
export async function noteRepositoryFacts(
  db: Db,
  repositories: readonly RepositoryFacts[],
  at: Date,
): Promise<void> {
  for (const part of chunks(repositories, ROWS)) {
    const values = sql.join(
      part.map(
        (one) => sql`(${one.id}::bigint, ${one.installationId}::bigint, ${one.owner}::text, ${one.name}::text,
          ${one.private}::boolean, ${one.defaultBranch}::text, ${one.archived}::boolean, ${one.disabled}::boolean,
          ${one.fork}::boolean)`,
      ),
    );
    await sql`update repositories set owner = seen.owner, name = seen.name, private = seen.private,
        checks_due = checks_due or repositories.private <> seen.private,
        default_branch = seen.default_branch, archived = seen.archived, disabled = seen.disabled, fork = seen.fork,
        updated_at = ${at}::timestamptz
      from (values ${values})
        as seen (id, installation_id, owner, name, private, default_branch, archived, disabled, fork)
      where repositories.id = seen.id and repositories.installation_id = seen.installation_id
        and not repositories.removed`.execute(db);
  }
}

const NAME_COLUMNS = ["installation_id", "owner", "name", "private", "updated_at"] as const;
const FACTS_COLUMNS = ["default_branch", "archived", "disabled", "fork"] as const;

/**
 * @param columns what is written where the repository is known already; it is not removed then
 * @param asked what was given up or moved after this time is left alone; null: nothing is
 */
async function save(
  db: Db,
  rows: readonly ReturnType<typeof nameRow>[],
  columns: readonly (typeof NAME_COLUMNS | typeof FACTS_COLUMNS)[number][],
  asked: Date | null = null,
): Promise<void> {
  for (const part of chunks(rows, ROWS)) {
    await db
      .insertInto("repositories")
      .values(part)
      .onConflict((conflict) => {
        const update = conflict.column("id").doUpdateSet((row) => ({
          ...Object.fromEntries(columns.map((column) => [column, row.ref(`excluded.${column}`)])),
          // What checks may tell is another matter where everyone reads along.
          checks_due: sql<boolean>`repositories.checks_due or repositories.private <> excluded.private`,
          removed: false,
          // What was given up and comes back is as due as what is new, and nobody told what happened meanwhile.
          next_scan_at: sql<Date>`case when repositories.removed then excluded.next_scan_at else repositories.next_scan_at end`,
          settled: sql<string | null>`case when repositories.removed then null else repositories.settled end`,
        }));
        return asked === null
          ? update
          : update.where(
              sql<boolean>`repositories.updated_at < ${asked}::timestamptz or (not repositories.removed
                and repositories.installation_id = excluded.installation_id)`,
            );
      })
      .execute();
  }
}

function nameRow(repository: RepositoryName, at: Date) {
  return {
    id: repository.id,
    installation_id: repository.installationId,
    owner: repository.owner,
    name: repository.name,
    private: repository.private,
    archived: false,
    disabled: false,
    fork: false,
    removed: false,
    first_scan_done: false,
    checks_due: false,
    next_scan_at: at,
    updated_at: at,
  };
}

function factsRow(repository: RepositoryFacts) {
  return {
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    disabled: repository.disabled,
    fork: repository.fork,
  };
}

/**
 * Marks repositories that an installation gave up. One that moved to another installation in the meantime stays: the
 * two webhooks of a transfer arrive in any order.
 */
export async function removeRepositories(
  db: Db,
  installationId: number,
  ids: readonly number[],
  at: Date,
): Promise<void> {
  await markRemoved(db, installationId, at)
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .execute();
}

/**
 * Marks as removed what an installation's full listing does not hold.
 * @param asked when the listing began: what was written down since then may be newer than it
 */
export async function removeAllBut(
  db: Db,
  installationId: number,
  ids: readonly number[],
  at: Date,
  asked: Date | null = null,
): Promise<void> {
  const missing = markRemoved(db, installationId, at).where(sql<boolean>`id <> all(${[...ids]}::bigint[])`);
  await (asked === null ? missing : missing.where("updated_at", "<", asked)).execute();
}

function markRemoved(db: Db, installationId: number, at: Date) {
  return db
    .updateTable("repositories")
    .set({ removed: true, updated_at: at })
    .where("installation_id", "=", installationId)
    .where("removed", "=", false);
}

export async function findRepository(db: Db, id: number): Promise<Repository | null> {
  const row = await db
    .selectFrom("repositories")
    .select(REPOSITORY_COLUMNS)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** Those of some repositories that the App is not installed in any more. */
export async function goneAmong(db: Db, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom("repositories")
    .select("id")
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .where("removed", "=", false)
    .execute();
  const there = new Set(rows.map(({ id }) => id));
  return new Set(ids.filter((id) => !there.has(id)));
}

/** Writes down why a repository is not scanned. */
export async function recordSkip(db: Db, id: number, reason: string, at: Date): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ skip_reason: reason, updated_at: at })
    .where("id", "=", id)
    .execute();
}

/** Writes down that a repository was scanned, at which commit. */
export async function recordScanned(db: Db, id: number, commit: string, at: Date): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ skip_reason: null, last_scan_at: at, last_commit: commit, updated_at: at })
    .where("id", "=", id)
    .execute();
}

/** Writes down whether check runs have to be made anew. */
export async function noteChecksDue(db: Db, id: number, due: boolean): Promise<void> {
  await db.updateTable("repositories").set({ checks_due: due }).where("id", "=", id).execute();
}

/** From here on single issues and pull requests are opened: the summary of the first scan is there. */
export async function completeFirstScan(db: Db, id: number, at: Date): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ first_scan_done: true, updated_at: at })
    .where("id", "=", id)
    .execute();
}

/** Deletes all that is known of repositories that were removed before a time, and of installations that were. */
export async function forgetRemoved(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("repositories")
    .where("removed", "=", true)
    .where("updated_at", "<", before)
    .executeTakeFirstOrThrow();
  await db.deleteFrom("installations").where("deleted", "=", true).where("updated_at", "<", before).execute();
  return Number(numDeletedRows);
}
