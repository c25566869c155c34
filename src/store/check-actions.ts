import { type Json, printJson } from "../json/json.ts";
import type { CheckActionName, CheckActionState, Db, ToldDrift } from "./tables.ts";

/** A button of a check run that somebody pressed. */
export interface NewCheckAction {
  readonly repositoryId: number;
  /** GitHub's id of the webhook. */
  readonly delivery: string;
  readonly checkRunId: number;
  readonly headSha: string;
  /** Where GitHub tells it: of a fork's pull request it does not. */
  readonly pullRequest: number | null;
  readonly action: CheckActionName;
  /** Login of who pressed it. */
  readonly author: string;
  /** The drift that the check told of; null where it is not known, since another check has taken its place. */
  readonly about: readonly ToldDrift[] | null;
}

export interface StoredCheckAction extends NewCheckAction {
  readonly id: number;
  readonly receivedAt: Date;
  readonly state: CheckActionState;
  /** Markdown of ours; null while there is nothing to say. */
  readonly outcome: string | null;
}

const COLUMNS = [
  "id",
  "repository_id as repositoryId",
  "delivery",
  "check_run_id as checkRunId",
  "head_sha as headSha",
  "pull_request as pullRequest",
  "action",
  "author",
  "about",
  "received_at as receivedAt",
  "state",
  "outcome",
] as const;

/** Writes an action down that was not there before. */
export async function receiveCheckAction(db: Db, one: NewCheckAction, at: Date): Promise<void> {
  await db
    .insertInto("check_actions")
    .values({
      repository_id: one.repositoryId,
      delivery: one.delivery,
      check_run_id: one.checkRunId,
      head_sha: one.headSha,
      pull_request: one.pullRequest,
      action: one.action,
      author: one.author,
      about: one.about === null ? null : printJson(one.about as unknown as Json),
      received_at: at,
      state: "received",
    })
    .onConflict((conflict) => conflict.column("delivery").doNothing())
    .execute();
}

/** How many of a commit are looked at, the newest. */
const MOST = 100;

/** What was asked for on a commit, in the order in which it came. */
export async function checkActionsOf(
  db: Db,
  { repositoryId, headSha }: Pick<NewCheckAction, "repositoryId" | "headSha">,
): Promise<readonly StoredCheckAction[]> {
  const rows = await db
    .selectFrom("check_actions")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("head_sha", "=", headSha)
    .orderBy("id", "desc")
    .limit(MOST)
    .execute();
  return rows.toReversed();
}

/** What waits for a scan of a repository, in the order in which it came. */
export async function waitingCheckActions(
  db: Db,
  repositoryId: number,
): Promise<readonly StoredCheckAction[]> {
  return await db
    .selectFrom("check_actions")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("state", "=", "waiting")
    .orderBy("id")
    .limit(MOST)
    .execute();
}

/** Writes down how far an action is. */
export async function noteCheckAction(
  db: Db,
  id: number,
  { state, outcome }: Pick<StoredCheckAction, "state" | "outcome">,
): Promise<void> {
  await db.updateTable("check_actions").set({ state, outcome }).where("id", "=", id).execute();
}

/** Forgets what was asked for before a time. */
export async function forgetCheckActions(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("check_actions")
    .where("received_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
