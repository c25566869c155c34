import { sql } from "kysely";
import { elsewhere } from "./objects.ts";
import type { Db } from "./tables.ts";

// Issues that tell of the findings of another repository than the one that they are in.

/** Of what is closed, something stands there yet. */
const TELLS = sql<boolean>`(state <> 'closed' or content_hash is not null)`;

/** What is closed where not everyone can read it stays. */
const TO_CLOSE = sql<boolean>`(state <> 'closed' or (content_hash is not null and not exists (
  select from repositories where repositories.id = objects.repository_id and repositories.private)))`;

/**
 * Repositories in which there is something that tells of another one.
 * @param search `closed`: also where all of it is closed, and not everyone can read it or nothing is left of what it told
 */
export async function placesOf(
  db: Db,
  of: number,
  { closed = false }: { readonly closed?: boolean } = {},
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("objects")
    .select("repository_id as id")
    .distinct()
    .where("key", "like", sql.lit("of:%"))
    .where("key", "like", `${elsewhere(of)}%`)
    .$if(!closed, (query) => query.where(TO_CLOSE))
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** When what tells of a repository in others was begun, since a time. */
export async function begunElsewhere(db: Db, of: number, since: Date): Promise<readonly Date[]> {
  const rows = await db
    .selectFrom("objects")
    .select("claimed_at as at")
    .where("key", "like", sql.lit("of:%"))
    .where("key", "like", `${elsewhere(of)}%`)
    .where("number", "is not", null)
    .where("claimed_at", ">", since)
    .execute();
  return rows.map(({ at }) => at);
}

/** Repositories of which something in this one tells, or told and was closed. */
export async function toldIn(db: Db, repositoryId: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("objects")
    .select(sql<string>`split_part(key, ':', 2)`.as("of"))
    .distinct()
    .where("repository_id", "=", repositoryId)
    .where("key", "like", sql.lit("of:%"))
    .where(TELLS)
    .execute();
  return rows.map(({ of }) => Number(of)).toSorted((a, b) => a - b);
}
