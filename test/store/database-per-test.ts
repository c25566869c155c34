import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { known } from "./repository-rows.ts";
import { emptyTables, openTestDatabase } from "./test-database.ts";

/** One database for the tests of a file; each begins with nothing in it but repositories that are known. */
export function databasePerTest(...repositoryIds: readonly number[]): Pick<Database, "kysely"> {
  const set = {} as { database?: Database };
  const opened = () => {
    if (set.database === undefined) throw new Error("a database can be used inside of tests only");
    return set.database;
  };
  beforeAll(async () => {
    set.database = await openTestDatabase();
  });
  afterAll(() => set.database?.close());
  beforeEach(async () => {
    await emptyTables(opened());
    await known(opened().kysely, ...repositoryIds);
  });
  return {
    get kysely() {
      return opened().kysely;
    },
  };
}
