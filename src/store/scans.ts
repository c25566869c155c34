import { sql } from "kysely";
import type { Proposal } from "../config/proposed-file.ts";
import type { StackResult } from "../drift/model.ts";
import type { Json } from "../json/json.ts";
import { printJson } from "../json/json.ts";
import type { Db, ScanOutcome, StackSummary } from "./tables.ts";

export interface StoredScan {
  readonly id: number;
  readonly repositoryId: number;
  readonly commit: string | null;
  readonly startedAt: Date;
  /** Null while it runs. */
  readonly finishedAt: Date | null;
  readonly outcome: ScanOutcome | null;
  readonly reason: string | null;
  readonly stacks: readonly StackSummary[];
  /** What was found, where nobody had configured the repository; null where somebody had. */
  readonly proposal: Proposal | null;
}

const COLUMNS = [
  "id",
  "repository_id as repositoryId",
  "commit",
  "started_at as startedAt",
  "finished_at as finishedAt",
  "outcome",
  "reason",
  "stacks",
  "proposal",
] as const;

/** Begins a scan and gives its id. An unfinished one of the same repository was interrupted, since no two run at once. */
export async function startScan(db: Db, repositoryId: number, at: Date): Promise<number> {
  await db
    .updateTable("scans")
    .set({ outcome: "interrupted", finished_at: at })
    .where("repository_id", "=", repositoryId)
    .where("finished_at", "is", null)
    .execute();
  const { id } = await db
    .insertInto("scans")
    .values({ repository_id: repositoryId, started_at: at, stacks: "[]" })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export interface ScanEnd {
  readonly at: Date;
  readonly outcome: Exclude<ScanOutcome, "interrupted">;
  readonly reason: string | null;
  readonly commit: string | null;
  readonly stacks: readonly StackResult[];
  readonly proposal?: Proposal | null;
}

/** Ends a scan: how it went, and what was seen of each stack (findings are stored by `applyFindings`). */
export async function finishScan(db: Db, id: number, end: ScanEnd): Promise<void> {
  await db
    .updateTable("scans")
    .set({
      finished_at: end.at,
      outcome: end.outcome,
      reason: end.reason,
      commit: end.commit,
      stacks: printJson(end.stacks.map(summaryOf) as unknown as Json),
      proposal: end.proposal == null ? null : printJson(end.proposal as unknown as Json),
    })
    .where("id", "=", id)
    .execute();
}

function summaryOf({ findings: _, ...summary }: StackResult): StackSummary {
  return summary;
}

/** The last scan of a repository that came to an end of its own. */
export async function latestScan(db: Db, repositoryId: number): Promise<StoredScan | null> {
  const row = await db
    .selectFrom("scans")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("outcome", "is not", null)
    .where("outcome", "<>", "interrupted")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The last scan of a repository that found out what there is; one that failed as a whole did not. */
export async function lastKnownScan(db: Db, repositoryId: number): Promise<StoredScan | null> {
  const row = await db
    .selectFrom("scans")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where((where) =>
      where.or([
        where("outcome", "=", "skipped"),
        where.and([
          where("outcome", "in", ["complete", "incomplete", "failed"]),
          sql<boolean>`stacks::text <> '[]'`,
        ]),
      ]),
    )
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The last scan, where it began after another one and failed as a whole; null where it did not. */
export async function failedSince(
  db: Db,
  repositoryId: number,
  known: Date,
): Promise<{ readonly at: Date; readonly reason: string } | null> {
  const last = await latestScan(db, repositoryId);
  if (last === null || last.outcome !== "failed" || last.reason === null) return null;
  return last.startedAt > known ? { at: last.startedAt, reason: last.reason } : null;
}

/**
 * Ends the scan of a repository that is unfinished since before a time, since nobody goes on with it.
 * @returns whether there was one
 */
export async function failUnfinishedScan(
  db: Db,
  repositoryId: number,
  { reason, at, begunBefore }: { readonly reason: string; readonly at: Date; readonly begunBefore: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("scans")
    .set({ outcome: "failed", reason, finished_at: at })
    .where("repository_id", "=", repositoryId)
    .where("finished_at", "is", null)
    .where("started_at", "<", begunBefore)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Forgets scans that began before a time, but for the last one of each repository. */
export async function forgetScans(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("scans")
    .where("started_at", "<", before)
    .where(
      sql<boolean>`exists (select from scans later where later.repository_id = scans.repository_id
        and later.id > scans.id and later.outcome <> 'interrupted')`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
