import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { findOwnerConfig, repositoryCalled, saveOwnerConfig } from "../../src/store/owner-configs.ts";
import { removeRepositories, saveRepositoryFacts } from "../../src/store/repositories.ts";
import type { Db } from "../../src/store/tables.ts";
import { at, INSTALLATION, repository } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
let db: Db;
beforeAll(async () => {
  database = await openTestDatabase();
  db = database.kysely;
  await saveRepositoryFacts(
    db,
    [
      repository(1, { name: ".GitHub" }),
      repository(2, { name: ".github", installationId: 999 }),
      repository(3),
    ],
    at(0),
  );
}, 60_000);
afterAll(() => database?.close());

test("what an owner says is kept as it was read last", async () => {
  expect(await findOwnerConfig(db, 1)).toBeNull();
  const record = {
    repositoryId: 1,
    path: "driftwright.yml",
    text: "version: 1\n",
    etag: '"a"',
    isKnown: true,
    problem: null,
    checkedAt: at(1),
  };
  await saveOwnerConfig(db, record);
  expect(await findOwnerConfig(db, 1)).toEqual(record);
  const later = { ...record, etag: null, problem: "line 2: no", checkedAt: at(2) };
  await saveOwnerConfig(db, later);
  expect(await findOwnerConfig(db, 1)).toEqual(later);
});

test("a repository is found by its name in its installation, whatever the case, until it is removed", async () => {
  const idOf = async (installation: number) => (await repositoryCalled(db, installation, ".github"))?.id;
  expect(await idOf(INSTALLATION.id)).toBe(1);
  expect(await idOf(999)).toBe(2);
  expect(await idOf(5)).toBeUndefined();
  await removeRepositories(db, INSTALLATION.id, [1], at(3));
  expect(await idOf(INSTALLATION.id)).toBeUndefined();
});
