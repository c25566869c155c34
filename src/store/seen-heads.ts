import { sql } from "kysely";
import { rowLimit } from "./page.ts";
import type { Db } from "./tables.ts";

/** A repository as far as GitHub is asked for it together with others. */
export interface DueRepository {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
}

/** The repositories that are due, the longest waiting first; nobody takes them yet. */
export async function dueRepositories(
  db: Db,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly DueRepository[]> {
  return await db
    .selectFrom("repositories")
    .innerJoin("installations", "installations.id", "repositories.installation_id")
    .select([
      "repositories.id",
      "repositories.installation_id as installationId",
      "repositories.owner",
      "repositories.name",
    ])
    .where("next_scan_at", "<=", now)
    .where("removed", "=", false)
    .where("suspended", "=", false)
    .where("deleted", "=", false)
    .orderBy("next_scan_at")
    .orderBy("repositories.id")
    .limit(rowLimit(limit))
    .execute();
}

/** Writes down the newest commits of repositories, by their ids, as they were at a time; not over what is newer news. */
export async function noteSeenHeads(db: Db, heads: ReadonlyMap<number, string>, at: Date): Promise<void> {
  if (heads.size === 0) return;
  const values = sql.join([...heads].map(([id, head]) => sql`(${id}::bigint, ${head}::text)`));
  await sql`update repositories set seen_head = seen.head, seen_at = ${at}::timestamptz
    from (values ${values}) as seen (id, head)
    where repositories.id = seen.id and (seen_at is null or seen_at < ${at}::timestamptz)`.execute(db);
}

/** The newest commit, where GitHub said it since a time; null where it has to be asked. */
export async function seenHead(db: Db, id: number, since: Date): Promise<string | null> {
  const row = await db
    .selectFrom("repositories")
    .select("seen_head")
    .where("id", "=", id)
    .where("seen_at", ">=", since)
    .executeTakeFirst();
  return row?.seen_head ?? null;
}

/** What was seen until now is old, and what is being asked for now: something was pushed, or the repository is another one. */
export async function forgetSeenHead(db: Db, id: number, now: Date): Promise<void> {
  await db.updateTable("repositories").set({ seen_head: null, seen_at: now }).where("id", "=", id).execute();
}
