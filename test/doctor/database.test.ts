import { expect, test } from "vitest";
import { serverCheck } from "../../src/doctor/database.ts";
import type { ServerReview } from "../../src/store/database-review.ts";

const tables = (applied: string[], pending: string[], unknown: string[] = []) => ({
  schema: { applied, pending, unknown },
});

test.each<[string, Partial<ServerReview>, string, string]>([
  ["with the tables of this release", {}, "ok", "its tables are those of this release"],
  ["with no tables yet", tables([], ["0001"]), "ok", "its tables are made at the first start"],
  ["with older tables", tables(["0001"], ["0002"]), "warning", "1 migration to come: 0002"],
  [
    "with newer tables",
    tables(["0001"], [], ["9999-later"]),
    "failed",
    "a newer release of Driftwright (9999-later)",
  ],
  ["too old", { version: "12.11", versionNumber: 120_011 }, "failed", "PostgreSQL 12.11 is too old"],
  ["where nothing may be made", { mayCreate: false }, "failed", "the role may not create tables"],
])("a server %s", (_what, facts, status, says) => {
  const usual = { version: "17.2", versionNumber: 170_002, mayCreate: true, ...tables(["0001"], []) };
  const check = serverCheck({ ...usual, ...facts });
  expect(check).toMatchObject({ id: "database", status, message: expect.stringContaining(says) });
  expect(check.next === null).toBe(status === "ok");
});
