import { sql } from "kysely";
import type { Rhythm } from "../config/rhythm.ts";
import { type Json, printJson } from "../json/json.ts";
import { rowLimit } from "./page.ts";
import { REPOSITORY_COLUMNS, type Repository } from "./repositories.ts";
import type { Db } from "./tables.ts";

// When a repository is looked at next.

export interface DueOptions {
  readonly now: Date;
  readonly limit: number;
  /** When a repository is due after this time. */
  readonly next: (repository: Repository) => Date;
}

/**
 * Takes the repositories that are due, the longest waiting first, and sets when they are due again, so that no other
 * worker and no later tick takes them too. Call it in the transaction that enqueues their scans.
 */
export async function takeDue(db: Db, { now, limit, next }: DueOptions): Promise<readonly Repository[]> {
  const due = await db
    .selectFrom("repositories")
    .innerJoin("installations", "installations.id", "repositories.installation_id")
    .select(REPOSITORY_COLUMNS)
    .where("next_scan_at", "<=", now)
    .where("removed", "=", false)
    .where("suspended", "=", false)
    .where("deleted", "=", false)
    .orderBy("next_scan_at")
    .orderBy("repositories.id")
    .limit(rowLimit(limit))
    .forUpdate("repositories")
    .skipLocked()
    .execute();
  if (due.length === 0) return [];
  const times = sql.join(due.map((one) => sql`(${one.id}::bigint, ${next(one)}::timestamptz)`));
  await sql`update repositories set next_scan_at = due.at from (values ${times}) as due (id, at)
    where repositories.id = due.id`.execute(db);
  return due;
}

/** Writes down when a repository's stacks are scanned, and when it is scanned next because of that. */
export async function noteRhythms(
  db: Db,
  id: number,
  { rhythms, next }: { readonly rhythms: readonly Rhythm[]; readonly next: Date },
): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ rhythms: printJson(rhythms as unknown as Json), next_scan_at: next })
    .where("id", "=", id)
    .execute();
}

/**
 * Has every repository of an installation scanned as soon as there is room, and looked at on GitHub after that, whatever
 * was settled.
 */
export async function makeDue(db: Db, installationId: number, at: Date): Promise<void> {
  await db
    .updateTable("repositories")
    .set((row) => ({
      next_scan_at: sql<Date>`least(next_scan_at, ${at}::timestamptz)`,
      settled: null,
      stirs: row("stirs", "+", 1),
    }))
    .where("installation_id", "=", installationId)
    .where("removed", "=", false)
    .execute();
}

/** Writes down when what waits to be written can be; null: nothing waits. */
export async function noteReconcileAt(db: Db, id: number, at: Date | null): Promise<void> {
  await db.updateTable("repositories").set({ reconcile_at: at }).where("id", "=", id).execute();
}

/** Takes the repositories in which something waited until now. Call it in the transaction that enqueues the jobs. */
export async function takeWaiting(
  db: Db,
  { now, limit }: Pick<DueOptions, "now" | "limit">,
): Promise<readonly Pick<Repository, "id" | "installationId">[]> {
  const due = db
    .selectFrom("repositories")
    .select("id")
    .where("reconcile_at", "<=", now)
    .orderBy("reconcile_at")
    .limit(rowLimit(limit))
    .forUpdate()
    .skipLocked();
  return await db
    .updateTable("repositories")
    .set({ reconcile_at: null })
    .where("id", "in", due)
    .returning(["id", "installation_id as installationId"])
    .execute();
}
