import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StackResult } from "../../src/drift/model.ts";
import type { Database } from "../../src/store/database.ts";
import { applyFindings, findingsBy } from "../../src/store/findings.ts";
import { forgetStacks, lastAgreement, stacksOf } from "../../src/store/stacks.ts";
import { finding, stackResult } from "./findings-of.ts";
import { at, known } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.close());

let lastId = 0;

/** Scans of one repository, a minute apart; `first` says which of them count as its first scan. */
async function scans(
  first: readonly boolean[],
  ...results: readonly (readonly StackResult[])[]
): Promise<number> {
  lastId += 1;
  await known(database.kysely, lastId);
  for (const [minute, stacks] of results.entries()) {
    await applyFindings(database.kysely, {
      repositoryId: lastId,
      at: at(minute),
      isFirstScan: first[minute] ?? false,
      results: stacks,
    });
  }
  return lastId;
}

const NOTHING_READ = {
  instances: 4,
  instancesRead: 0,
  attributes: 0,
  compared: 0,
  notCompared: 0,
  unreadable: 0,
};
const shop = stackResult("shop", "complete");
const net = (status: StackResult["status"], ...fingerprints: string[]) =>
  stackResult(
    "net",
    status,
    fingerprints.map((fingerprint) => finding(fingerprint)),
  );

describe("what was there before Driftwright was", () => {
  test.each<[string, boolean[], (readonly StackResult[])[], boolean]>([
    ["is what the first scan finds", [true], [[net("complete", "f")]], true],
    ["is not what a later scan finds", [true], [[net("complete")], [net("complete", "f")]], false],
    [
      "is what a stack tells that failed in the first scan",
      [true],
      [
        [shop, net("failed")],
        [shop, net("failed")],
        [shop, net("complete", "f")],
      ],
      true,
    ],
    [
      "is what a stack tells that was not believed in the first scan",
      [true],
      [
        [shop, net("suspect", "f")],
        [shop, net("incomplete", "f")],
      ],
      true,
    ],
    [
      "is what a stack tells whose state was locked in the first scan",
      [true],
      [[shop, { ...net("incomplete"), coverage: NOTHING_READ }], [net("complete", "f")]],
      true,
    ],
    [
      "is not what it tells after that",
      [true],
      [[net("failed")], [net("complete")], [net("complete", "f")]],
      false,
    ],
    ["is not what a new stack tells", [true], [[shop], [shop, net("complete", "f")]], false],
    [
      "is not what a new stack tells that failed when it was new",
      [true],
      [[shop], [shop, net("failed")], [shop, net("complete", "f")]],
      false,
    ],
  ])("%s", async (_what, first, results, expected) => {
    const id = await scans(first, ...results);
    expect(await findingsBy(database.kysely, id, ["f"])).toMatchObject([{ baseline: expected }]);
  });
});

describe("when code, state and cloud last agreed about something", () => {
  const withCommit = (stack: StackResult, commit: string): StackResult => ({ ...stack, commit });

  test.each<[string, (readonly StackResult[])[], { at: Date; commit: string } | null]>([
    ["never, before the first scan", [], null],
    ["never, where the first scan found it", [[net("complete", "f")], [net("complete", "f")]], null],
    [
      "in the last whole scan",
      [[withCommit(net("complete"), "a")], [withCommit(net("complete"), "b")]],
      { at: at(1), commit: "b" },
    ],
    [
      "not in one that was not whole",
      [
        [withCommit(net("complete"), "a")],
        [withCommit(net("incomplete"), "b")],
        [withCommit(net("failed"), "c")],
      ],
      { at: at(0), commit: "a" },
    ],
    [
      "in the last one before it was found, however often it is found",
      [[withCommit(net("complete"), "a")], [net("complete", "f")], [net("complete", "f")]],
      { at: at(0), commit: "a" },
    ],
    [
      "in the one that did not find it any more",
      [[net("complete", "f")], [withCommit(net("complete"), "b")]],
      { at: at(1), commit: "b" },
    ],
    [
      "never, where it went away without a whole scan",
      [[withCommit(net("complete", "f"), "a")], [net("incomplete")], [net("incomplete")]],
      null,
    ],
    [
      "after it came back: before that",
      [[net("complete", "f")], [withCommit(net("complete"), "b")], [net("complete", "f")]],
      { at: at(1), commit: "b" },
    ],
    ["never in a stack of another name", [[stackResult("other", "complete")]], null],
  ])("%s", async (_what, results, expected) => {
    const id = await scans([true], ...results);
    expect(await lastAgreement(database.kysely, id, "net", "f")).toEqual(expected);
  });
});

test("stacks that no scan sees any more are forgotten after a while", async () => {
  const id = await scans([true], [shop, net("complete")], [shop]);
  await forgetStacks(database.kysely, at(1));
  expect([...(await stacksOf(database.kysely, id)).keys()]).toEqual(["shop"]);
});
