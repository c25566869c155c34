import { expect, test } from "vitest";
import {
  acknowledgements,
  endDecisions,
  latestDecisions,
  recordAcknowledgements,
} from "../../src/store/decisions.ts";
import { databasePerTest } from "./database-per-test.ts";
import { at } from "./repository-rows.ts";

const database = databasePerTest(1, 2);

const SAID = { fingerprint: "f", revision: "r", pullRequest: 5, by: "alice", at: at(0) };

async function record(...all: readonly (typeof SAID)[]): Promise<void> {
  await recordAcknowledgements(database.kysely, all, { repositoryId: 1, source: "check:one" });
}

test("what is known for a pull request is found for that one, and is one however often it is said", async () => {
  const { kysely: db } = database;
  await record(SAID);
  await record(SAID, { ...SAID, pullRequest: 6 });
  expect(await acknowledgements(db, 1, [5])).toEqual([SAID]);
  expect(await acknowledgements(db, 1, [5, 6])).toHaveLength(2);
  expect(await acknowledgements(db, 1, null)).toHaveLength(2);
  expect(await acknowledgements(db, 1, [])).toEqual([]);
  expect(await acknowledgements(db, 2, null)).toEqual([]);
});

test("no scan judges by it", async () => {
  await record(SAID);
  expect([...(await latestDecisions(database.kysely, 1))]).toEqual([]);
});

test("it ends when the drift goes away", async () => {
  await record(SAID, { ...SAID, fingerprint: "g" });
  await endDecisions(database.kysely, 1, ["f"], at(1));
  expect((await acknowledgements(database.kysely, 1, null)).map(({ fingerprint }) => fingerprint)).toEqual([
    "g",
  ]);
});
