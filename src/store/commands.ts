import { createHash } from "node:crypto";
import { type ExpressionBuilder, sql } from "kysely";
import type { SlashCommand, WrittenCommand } from "../intent/slash-command.ts";
import { type Json, printJson } from "../json/json.ts";
import { everyPage, type Page, rowLimit } from "./page.ts";
import type { CommandState, Db, Tables } from "./tables.ts";

/** A comment with commands. */
export interface CommandComment {
  readonly repositoryId: number;
  readonly commentId: number;
  /** Of the issue or pull request that it stands on. */
  readonly number: number;
  /** Login of who gave the commands. */
  readonly author: string;
}

export interface StoredCommand extends CommandComment {
  readonly id: number;
  /** Names it within its comment. */
  readonly key: string;
  readonly command: SlashCommand;
  readonly receivedAt: Date;
  readonly state: CommandState;
  readonly decidedAt: Date | null;
  readonly outcome: string | null;
}

const COLUMNS = [
  "id",
  "repository_id as repositoryId",
  "comment_id as commentId",
  "key",
  "number",
  "author",
  "command",
  "received_at as receivedAt",
  "state",
  "decided_at as decidedAt",
  "outcome",
] as const;

/** So many commands are taken from one comment, however often it is edited. */
export const MOST_OF_A_COMMENT = 30;

/** Writes down the commands of a comment that it did not have before; gives how many those are. */
export async function receiveCommands(
  db: Db,
  { repositoryId, commentId, number, author }: CommandComment,
  commands: readonly WrittenCommand[],
  at: Date,
): Promise<number> {
  const before = await db
    .selectFrom("commands")
    .select("key")
    .where("repository_id", "=", repositoryId)
    .where("comment_id", "=", commentId)
    .execute();
  const known = new Set(before.map(({ key }) => key));
  const added = commands
    .map(({ line, command }) => ({ key: keyOf(line), command }))
    .filter(({ key }) => !known.has(key))
    .slice(0, Math.max(0, MOST_OF_A_COMMENT - known.size));
  if (added.length === 0) return 0;
  const rows = await db
    .insertInto("commands")
    .values(
      added.map(({ key, command }) => ({
        repository_id: repositoryId,
        comment_id: commentId,
        key,
        number,
        author,
        command: printJson(command as unknown as Json),
        received_at: at,
        state: "received" as const,
      })),
    )
    .onConflict((conflict) => conflict.columns(["repository_id", "comment_id", "key"]).doNothing())
    .returning("id")
    .execute();
  return rows.length;
}

function keyOf(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 16);
}

/** What a decision is said by that a command makes. */
export function sourceOf({ commentId, key }: Pick<StoredCommand, "commentId" | "key">): string {
  return `comment:${commentId}:${key}`;
}

/**
 * Of the commands that are not done: `due` can be taken on now, since nobody has, or its answer is only to be written;
 * `decided` waits for something, or for its answer to be written.
 */
type Unfinished = "all" | "due" | "decided";

/**
 * A page of the commands about a repository that something is still to be done about, in the order in which they came:
 * those in comments in it, and, where single findings of it are told in another one, those there. Starts after an id.
 */
export async function unfinishedCommands(
  db: Db,
  repositoryId: number,
  which: Unfinished = "all",
  { after, limit: most }: Page<number> = { after: null, limit: 200 },
): Promise<readonly StoredCommand[]> {
  const limit = rowLimit(most);
  const own = await db
    .selectFrom("commands")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where(isUnfinished(which, after))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("objects")
            .whereRef("objects.repository_id", "=", "commands.repository_id")
            .whereRef("objects.number", "=", "commands.number")
            .where("objects.key", "like", "of:%")
            .select("objects.number"),
        ),
      ),
    )
    .orderBy("id")
    .limit(limit)
    .execute();
  const elsewhere = await db
    .selectFrom("objects")
    .innerJoin("commands", (join) =>
      join
        .onRef("commands.repository_id", "=", "objects.repository_id")
        .onRef("commands.number", "=", "objects.number"),
    )
    .select([
      "commands.id",
      "commands.repository_id as repositoryId",
      "comment_id as commentId",
      "commands.key",
      "commands.number",
      "author",
      "command",
      "received_at as receivedAt",
      "commands.state",
      "decided_at as decidedAt",
      "outcome",
    ])
    .where("objects.key", "like", sql.lit("of:%"))
    .where("objects.key", "like", `of:${repositoryId}:%`)
    .where(isUnfinished(which, after))
    .orderBy("commands.id")
    .limit(limit)
    .execute();
  return [...own, ...elsewhere].toSorted((a, b) => a.id - b.id).slice(0, limit);
}

function isUnfinished(which: Unfinished, after: number | null) {
  return ({ and, or, eb }: ExpressionBuilder<Tables, "commands">) =>
    and([
      eb("commands.state", "<>", "done"),
      ...(after === null ? [] : [eb("commands.id", ">", after)]),
      ...(which === "decided" ? [eb("commands.state", "=", "decided")] : []),
      ...(which === "due"
        ? [or([eb("commands.state", "=", "received"), eb("commands.outcome", "is not", null)])]
        : []),
    ]);
}

/** All of them, a page at a time; what is done about one page changes nothing about which the next one has. */
export function everyUnfinishedCommand(
  db: Db,
  repositoryId: number,
  which: Unfinished = "all",
): AsyncGenerator<readonly StoredCommand[]> {
  return everyPage<StoredCommand, number>(
    (page) => unfinishedCommands(db, repositoryId, which, page),
    ({ id }) => id,
  );
}

/** All commands of a comment, in the order in which they came. */
export async function commandsOf(
  db: Db,
  { repositoryId, commentId }: Pick<CommandComment, "repositoryId" | "commentId">,
): Promise<readonly StoredCommand[]> {
  return await db
    .selectFrom("commands")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .where("comment_id", "=", commentId)
    .orderBy("id")
    .execute();
}

/** Writes down how far a command is. */
export async function noteCommand(
  db: Db,
  id: number,
  { state, decidedAt, outcome }: Pick<StoredCommand, "state" | "decidedAt" | "outcome">,
): Promise<void> {
  await db
    .updateTable("commands")
    .set({ state, decided_at: decidedAt, outcome })
    .where("id", "=", id)
    .execute();
}

/** Forgets commands that were received before a time. */
export async function forgetCommands(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("commands")
    .where("received_at", "<", before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** What decisions are said by that commands on an issue or pull request make. */
export async function commandSourcesOn(
  db: Db,
  repositoryId: number,
  number: number,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("commands")
    .select(["comment_id as commentId", "key"])
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
  return new Set(rows.map(sourceOf));
}
