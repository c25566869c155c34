import { sql } from "kysely";
import { printJson } from "../json/json.ts";
import { type Page, rowLimit } from "./page.ts";
import { removeAllBut } from "./repositories.ts";
import type { Db, Permissions } from "./tables.ts";

export interface Installation {
  readonly id: number;
  readonly accountId: number;
  readonly accountLogin: string;
  /** `Organization` or `User`. */
  readonly accountType: string;
  readonly suspended: boolean;
  readonly deleted: boolean;
  readonly permissions: Permissions;
}

const COLUMNS = [
  "id",
  "account_id as accountId",
  "account_login as accountLogin",
  "account_type as accountType",
  "suspended",
  "deleted",
  "permissions",
] as const;

/**
 * Writes down what GitHub says of an installation. One that was deleted stays so, whatever arrives late: GitHub never
 * gives its id again. Its repositories are removed with it.
 */
export async function saveInstallation(db: Db, installation: Installation, at: Date): Promise<void> {
  await db
    .insertInto("installations")
    .values({
      id: installation.id,
      account_id: installation.accountId,
      account_login: installation.accountLogin,
      account_type: installation.accountType,
      suspended: installation.suspended,
      deleted: installation.deleted,
      permissions: printJson(installation.permissions),
      updated_at: at,
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({
        account_id: row.ref("excluded.account_id"),
        account_login: row.ref("excluded.account_login"),
        account_type: row.ref("excluded.account_type"),
        suspended: row.ref("excluded.suspended"),
        deleted: sql<boolean>`installations.deleted or excluded.deleted`,
        permissions: row.ref("excluded.permissions"),
        updated_at: row.ref("excluded.updated_at"),
      })),
    )
    .execute();
  if (installation.deleted) await removeAllBut(db, installation.id, [], at);
}

export async function findInstallation(db: Db, id: number): Promise<Installation | null> {
  const row = await db.selectFrom("installations").select(COLUMNS).where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

/** Installations that are there and not suspended, by id. */
export async function activeInstallations(
  db: Db,
  { after, limit }: Page<number>,
): Promise<readonly Installation[]> {
  return await db
    .selectFrom("installations")
    .select(COLUMNS)
    .where("deleted", "=", false)
    .where("suspended", "=", false)
    .where("id", ">", after ?? 0)
    .orderBy("id")
    .limit(rowLimit(limit))
    .execute();
}
