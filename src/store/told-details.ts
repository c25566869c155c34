import type { Db } from "./tables.ts";

/** Whether single drifts may stand in a repository's issues, pull requests and comments. */
export async function mayTellDetails(db: Db, repositoryId: number): Promise<boolean> {
  const row = await db
    .selectFrom("repositories")
    .select("told_details as told")
    .where("id", "=", repositoryId)
    .executeTakeFirst();
  return row?.told === true;
}

/** Writes down that they may, before they are told; or that all of it was taken back. */
export async function noteDetails(db: Db, repositoryId: number, told: boolean): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ told_details: told })
    .where("id", "=", repositoryId)
    .where("told_details", "<>", told)
    .execute();
}
