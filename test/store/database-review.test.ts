import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { reviewFolder, reviewServer, reviewTables } from "../../src/store/database-review.ts";
import { newPlace, type TestPlace } from "./test-place.ts";

const LOCK = { beatMs: 50, watchMs: 100 };

const set = {} as { place: TestPlace; database: Database };

beforeEach(async () => {
  set.place = await newPlace();
  set.database = await openDatabase(set.place);
}, 60_000);

afterEach(async () => {
  await set.database.close();
  await set.place.remove();
});

describe("the tables of a database", () => {
  const review = () => reviewTables(set.database.kysely);

  test("of this release", async () => {
    const { version, versionNumber, schema, mayCreate } = await review();
    expect(version).toMatch(/^\d+/);
    expect(versionNumber).toBeGreaterThan(130_000);
    expect(schema).toMatchObject({ pending: [], unknown: [] });
    expect(mayCreate).toBe(true);
  });

  test("of an older release: what the next start does", async () => {
    const { applied } = (await review()).schema;
    const last = applied.at(-1) ?? expect.fail("there are no migrations");
    await sql`delete from schema_migrations where name = ${last}`.execute(set.database.kysely);
    expect((await review()).schema.pending).toEqual([last]);
  });

  test("of a newer release: it is refused", async () => {
    await sql`insert into schema_migrations values ('9999-later', '2030-01-01T00:00:00Z')`.execute(
      set.database.kysely,
    );
    expect((await review()).schema.unknown).toEqual(["9999-later"]);
  });

  test("none yet", async () => {
    await sql`drop table schema_migrations`.execute(set.database.kysely);
    const { schema } = await review();
    expect(schema.applied).toEqual([]);
  });
});

describe("where the database is", () => {
  test("a server, as a process would find it", async () => {
    const { url } = set.place;
    if (url === null) {
      await expect(reviewServer("postgresql://me:word@127.0.0.1:1/x", 1_000)).rejects.toThrow(
        "nothing listens on 127.0.0.1:1",
      );
    } else expect((await reviewServer(url, 5_000)).schema.pending).toEqual([]);
  });

  test("a folder: whether it has a database, and who uses it", async () => {
    const { url, dataDir } = set.place;
    if (url !== null) return;
    expect(await reviewFolder(dataDir, LOCK)).toEqual({
      hasDatabase: true,
      user: expect.stringContaining(`process ${process.pid} on `),
    });
    await set.database.close();
    expect(await reviewFolder(dataDir, LOCK)).toEqual({ hasDatabase: true, user: null });
    expect(await reviewFolder(join(dataDir, "new"), LOCK)).toEqual({ hasDatabase: false, user: null });
  });

  // Who may do everything may write everywhere.
  test.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    const { dataDir } = set.place;
    await chmod(dataDir, 0o500);
    try {
      await expect(reviewFolder(dataDir, LOCK)).rejects.toThrow("may not be written");
    } finally {
      await chmod(dataDir, 0o700);
    }
  });
});
