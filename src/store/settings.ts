import type { Db } from "./tables.ts";

const KEY = "key of sensitive values";

/**
 * The secret that keys the hashes of sensitive values, made at the first start and kept. Several processes may start at
 * once: all get the one that was first.
 */
export async function keptKey(db: Db, make: () => string): Promise<string> {
  await db
    .insertInto("settings")
    .values({ name: KEY, value: make() })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const { value } = await db
    .selectFrom("settings")
    .select("value")
    .where("name", "=", KEY)
    .executeTakeFirstOrThrow();
  return value;
}
