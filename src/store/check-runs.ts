import { type Json, printJson } from "../json/json.ts";
import { rowLimit } from "./page.ts";
import type { Db, ToldDrift } from "./tables.ts";

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
  /** The drift that it tells of and that applying the change would or may undo. */
  readonly told: readonly ToldDrift[];
  /** What it was made for; null for a merge group, and where that is not known. */
  readonly pullRequest: number | null;
  /** The branch that the commit is to be merged into, where that is known. */
  readonly base: string | null;
}

const COLUMNS = [
  "repository_id as repositoryId",
  "head_sha as headSha",
  "name",
  "check_run_id as checkRunId",
  "conclusion",
  "content_hash as contentHash",
  "updated_at as updatedAt",
  "told",
  "pull_request as pullRequest",
  "base",
] as const;

function storedRuns(db: Db) {
  return db.selectFrom("check_runs").select(COLUMNS);
}

type About = "told" | "pullRequest" | "base";

/** What is left out is as for a check that tells of no drift. */
export type CheckRunRow = Omit<StoredCheckRun, About> & Partial<Pick<StoredCheckRun, About>>;

/** Writes down a check run as it is on GitHub now. */
export async function saveCheckRun(db: Db, run: CheckRunRow): Promise<void> {
  const changing = {
    check_run_id: run.checkRunId,
    conclusion: run.conclusion,
    content_hash: run.contentHash,
    updated_at: run.updatedAt,
    told: printJson((run.told ?? []) as unknown as Json),
    pull_request: run.pullRequest ?? null,
    base: run.base ?? null,
  };
  await db
    .insertInto("check_runs")
    .values({ repository_id: run.repositoryId, head_sha: run.headSha, name: run.name, ...changing })
    .onConflict((conflict) => conflict.columns(["repository_id", "head_sha", "name"]).doUpdateSet(changing))
    .execute();
}

export async function findCheckRun(db: Db, key: CheckRunKey): Promise<StoredCheckRun | null> {
  const row = await storedRuns(db)
    .where("repository_id", "=", key.repositoryId)
    .where("head_sha", "=", key.headSha)
    .where("name", "=", key.name)
    .executeTakeFirst();
  return row ?? null;
}

/** Finished check runs of the commits of pull requests that are to be merged into a branch, the newest first. */
export async function checkRunsOnto(
  db: Db,
  { repositoryId, base }: { readonly repositoryId: number; readonly base: string },
): Promise<readonly StoredCheckRun[]> {
  return await storedRuns(db)
    .where("repository_id", "=", repositoryId)
    .where("base", "=", base)
    .where("pull_request", "is not", null)
    .orderBy("updated_at", "desc")
    .limit(MOST_ONTO)
    .execute();
}

const MOST_ONTO = 100;

/** Check runs of a repository that ended in something else than success since a time, the newest first. */
export async function talkingCheckRuns(
  db: Db,
  repositoryId: number,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<readonly StoredCheckRun[]> {
  return await storedRuns(db)
    .where("repository_id", "=", repositoryId)
    .where("conclusion", "is not", null)
    .where("conclusion", "not in", ["success", "skipped"])
    .where("updated_at", ">=", since)
    .orderBy("check_run_id", "desc")
    .limit(rowLimit(limit))
    .execute();
}

/** Finished check runs of a name that say something else than what a hash names, the newest first. */
export async function otherCheckRuns(
  db: Db,
  { repositoryId, name }: Pick<CheckRunKey, "repositoryId" | "name">,
  { hash, limit }: { readonly hash: string; readonly limit: number },
): Promise<readonly StoredCheckRun[]> {
  return await storedRuns(db)
    .where("repository_id", "=", repositoryId)
    .where("name", "=", name)
    .where("conclusion", "is not", null)
    .where("content_hash", "is distinct from", hash)
    .orderBy("check_run_id", "desc")
    .limit(rowLimit(limit))
    .execute();
}

/** Writes down that a finished check run says something else by now, and tells of no drift. Not where a newer one was begun. */
export async function noteRewritten(
  db: Db,
  { repositoryId, headSha, name }: CheckRunKey,
  hash: string,
): Promise<void> {
  await db
    .updateTable("check_runs")
    .set({ conclusion: "neutral", content_hash: hash, told: printJson([]) })
    .where("repository_id", "=", repositoryId)
    .where("head_sha", "=", headSha)
    .where("name", "=", name)
    .where("conclusion", "is not", null)
    .execute();
}

/** Check runs in progress that nobody touched since a time, the oldest first: their process ended in the middle. */
export async function unfinishedCheckRuns(
  db: Db,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<readonly StoredCheckRun[]> {
  return await storedRuns(db)
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
