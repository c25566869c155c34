import { sql } from "kysely";
import type { Repository } from "./repositories.ts";
import type { Db } from "./tables.ts";

/** What an owner says for all of their repositories, as far as it is known. */
export interface OwnerConfigRecord {
  /** The repository that says it. */
  readonly repositoryId: number;
  /** Of the file; null where there is none. */
  readonly path: string | null;
  /** The newest text that could be used. */
  readonly text: string | null;
  /** Of what GitHub answered last, used or not. */
  readonly etag: string | null;
  /** Whether there ever was an answer that could be used. */
  readonly isKnown: boolean;
  /** For people: why the newest cannot be used; null where it is `text`. */
  readonly problem: string | null;
  readonly checkedAt: Date;
}

const COLUMNS = [
  "repository_id as repositoryId",
  "path",
  "text",
  "etag",
  "is_known as isKnown",
  "problem",
  "checked_at as checkedAt",
] as const;

export async function findOwnerConfig(db: Db, repositoryId: number): Promise<OwnerConfigRecord | null> {
  const row = await db
    .selectFrom("owner_configs")
    .select(COLUMNS)
    .where("repository_id", "=", repositoryId)
    .executeTakeFirst();
  return row ?? null;
}

export async function saveOwnerConfig(db: Db, record: OwnerConfigRecord): Promise<void> {
  const { repositoryId, path, text, etag, isKnown, problem, checkedAt } = record;
  const row = { path, text, etag, is_known: isKnown, problem, checked_at: checkedAt };
  await db
    .insertInto("owner_configs")
    .values({ repository_id: repositoryId, ...row })
    .onConflict((conflict) => conflict.column("repository_id").doUpdateSet(row))
    .execute();
}

/** A repository of an installation by its name, which has no case; null where the installation does not have it. */
export async function repositoryCalled(
  db: Db,
  installationId: number,
  name: string,
): Promise<Pick<Repository, "id" | "owner" | "name" | "installationId"> | null> {
  const row = await db
    .selectFrom("repositories")
    .select(["id", "owner", "name", "installation_id as installationId"])
    .where("installation_id", "=", installationId)
    .where("removed", "=", false)
    .where(sql<boolean>`lower(name) = ${name.toLowerCase()}`)
    .orderBy("id")
    .executeTakeFirst();
  return row ?? null;
}
