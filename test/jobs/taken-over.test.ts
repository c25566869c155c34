import { afterAll, beforeAll, expect, test } from "vitest";
import type { Decision } from "../../src/intent/decision.ts";
import { CLOSED_BY_APP, CLOSED_BY_MERGE, closedByPerson } from "../../src/jobs/closed-by.ts";
import { takenOver } from "../../src/jobs/taken-over.ts";
import type { Database } from "../../src/store/database.ts";
import { claimObject, closeObject } from "../../src/store/objects.ts";
import { at, known } from "../store/repository-rows.ts";
import { openTestDatabase } from "../store/test-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await known(database.kysely, 1);
}, 60_000);
afterAll(() => database?.close());

async function closed(key: string, by: string): Promise<void> {
  const kind = key.startsWith("adoption:") ? "pull-request" : "issue";
  const { object } = await claimObject(database.kysely, { repositoryId: 1, key }, kind, at(0));
  await closeObject(database.kysely, object, by, at(1));
}

test("are findings whose pull request a person closed without a decision about them", async () => {
  await closed("adoption:theirs", closedByPerson("alice"));
  await closed("adoption:decided", closedByPerson("alice"));
  await closed("adoption:merged", CLOSED_BY_MERGE);
  await closed("adoption:ours", CLOSED_BY_APP);
  await closed("issue:told", closedByPerson("alice"));
  const how = { by: "alice", at: at(1), until: null, because: null, via: "closed-pull-request" } as const;
  const decision: Decision = { fingerprint: "decided", revision: null, verdict: "revert", ...how };
  const found = await takenOver(database.kysely, 1, new Map([["decided", decision]]));
  expect([...found]).toEqual(["theirs"]);
});
