import { rowLimit } from "./page.ts";
import type { Db } from "./tables.ts";

/** What names a check run: GitHub allows several of one name on a commit, we keep one. */
export interface CheckRunKey {
  readonly repositoryId: number;
  readonly headSha: string;
  readonly name: string;
}

export interface StoredCheckRun extends CheckRunKey {
  /** GitHub's id. */
  readonly checkRunId: number;
  /** Null while it is in progress. */
  readonly conclusion: string | null;
  readonly contentHash: string | null;
  readonly updatedAt: Date;
}

const COLUMNS = [
  "repository_id as repositoryId",
  "head_sha as headSha",
  "name",
  "check_run_id as checkRunId",
  "conclusion",
  "content_hash as contentHash",
  "updated_at as updatedAt",
] as const;

/** Writes down a check run as it is on GitHub now. */
export async function saveCheckRun(db: Db, run: StoredCheckRun): Promise<void> {
  const changing = {
    check_run_id: run.checkRunId,
    conclusion: run.conclusion,
    content_hash: run.contentHash,
    updated_at: run.updatedAt,
  };
  await db
    .insertInto("check_runs")
    .values({ repository_id: run.repositoryId, head_sha: run.headSha, name: run.name, ...changing })
    .onConflict((conflict) => conflict.columns(["repository_id", "head_sha", "name"]).doUpdateSet(changing))
    .execute();
}

export async function findCheckRun(db: Db, key: CheckRunKey): Promise<StoredCheckRun | null> {
  const row = await db
    .selectFrom("check_runs")
    .select(COLUMNS)
    .where("repository_id", "=", key.repositoryId)
    .where("head_sha", "=", key.headSha)
    .where("name", "=", key.name)
    .executeTakeFirst();
  return row ?? null;
}

/** Check runs in progress that nobody touched since a time, the oldest first: their process ended in the middle. */
export async function unfinishedCheckRuns(
  db: Db,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<readonly StoredCheckRun[]> {
  return await db
    .selectFrom("check_runs")
    .select(COLUMNS)
    .where("conclusion", "is", null)
    .where("updated_at", "<", before)
    .orderBy("updated_at")
    .limit(rowLimit(limit))
    .execute();
}

/** Forgets check runs that are finished and older than a time. */
export async function forgetCheckRuns(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("check_runs")
    .where("conclusion", "is not", null)
    .where("updated_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
