import { sql } from "kysely";
import type { Db } from "./tables.ts";

/** How far the issues and pull requests of a repository are. */
export interface Settlement {
  /** The digest of what they were brought up to; null where something may be left to do. */
  readonly settled: string | null;
  /** How often something happened so far that `settled` is not about. */
  readonly stirs: number;
}

export async function settlementOf(db: Db, repositoryId: number): Promise<Settlement | null> {
  const row = await db
    .selectFrom("repositories")
    .select(["settled", "stirs"])
    .where("id", "=", repositoryId)
    .executeTakeFirst();
  return row ?? null;
}

/** Something happened on GitHub, or a person wants something: it is to be looked at there, whatever was settled. */
export async function stir(db: Db, repositoryIds: readonly number[]): Promise<void> {
  if (repositoryIds.length === 0) return;
  await db
    .updateTable("repositories")
    .set((row) => ({ settled: null, stirs: row("stirs", "+", 1) }))
    .where(sql<boolean>`id = any(${[...repositoryIds]}::bigint[])`)
    .execute();
}

/** Nothing is left to do about what a digest is of, unless something happened since `stirs` was read. */
export async function noteSettled(
  db: Db,
  repositoryId: number,
  { settled, stirs }: Settlement,
): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ settled })
    .where("id", "=", repositoryId)
    .where("stirs", "=", stirs)
    .execute();
}
