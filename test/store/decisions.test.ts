import { describe, expect, test } from "vitest";
import type { Decision } from "../../src/intent/decision.ts";
import { commandsOf, noteCommand, receiveCommands, unfinishedCommands } from "../../src/store/commands.ts";
import {
  commandedSince,
  decisionsToTakeBack,
  endDecisions,
  latestDecisions,
  recordDecisions,
  type TakenBack,
  takeBack,
} from "../../src/store/decisions.ts";
import { databasePerTest } from "./database-per-test.ts";
import { at } from "./repository-rows.ts";

const database = databasePerTest(1, 2);

function decision(fingerprint: string, parts: Partial<Decision> = {}): Decision {
  const { verdict = "adopt" } = parts;
  return {
    fingerprint,
    revision: null,
    verdict,
    by: "alice",
    at: at(0),
    until: null,
    because: null,
    via: "command",
    ...parts,
  };
}

async function record(source: string, one: Decision, repositoryId = 1, saidAt = one.at): Promise<void> {
  await recordDecisions(database.kysely, [{ repositoryId, decision: one, saidAt, source }]);
}

/** `a adopt`, by fingerprint. */
async function inForce(): Promise<string[]> {
  const latest = await latestDecisions(database.kysely, 1);
  return [...latest.values()].map(({ fingerprint, verdict }) => `${fingerprint} ${verdict}`).toSorted();
}

test("the last decision about a finding counts, as it was made", async () => {
  const full = decision("a", { verdict: "ignore", until: "2027-01-01", because: "a test", revision: "r" });
  await record("comment:1:x", decision("a"));
  await record("comment:2:x", full);
  await record("comment:2:x", decision("b", { verdict: "revert" }));
  await record("comment:3:x", decision("a"), 2);
  expect(await inForce()).toEqual(["a ignore", "b revert"]);
  expect((await latestDecisions(database.kysely, 1)).get("a")).toEqual(full);
});

test("what was said last counts, in whatever order it was written down", async () => {
  await record("closed:5:9", decision("a", { verdict: "ignore", via: "closed-issue" }), 1, at(2));
  await record("comment:1:x", decision("a", { verdict: "revert" }), 1, at(1));
  await record("comment:2:x", decision("b", { verdict: "adopt" }), 1, at(2));
  await record("closed:6:9", decision("b", { verdict: "revert", via: "closed-pull-request" }), 1, at(1));
  expect(await inForce()).toEqual(["a ignore", "b adopt"]);
  const both = ["a", "b", "c"];
  expect([...(await commandedSince(database.kysely, 1, both, at(2)))]).toEqual(["b"]);
  expect([...(await commandedSince(database.kysely, 1, both, at(1)))].toSorted()).toEqual(["a", "b"]);
});

test("the same source is written down once", async () => {
  await record("comment:1:x", decision("a"));
  await record("closed:5:9", decision("a", { verdict: "ignore" }));
  await record("comment:1:x", decision("a"));
  expect(await inForce()).toEqual(["a ignore"]);
});

describe("what is taken back counts no more, and what was said before does again", () => {
  async function withdraw(others: TakenBack["others"]): Promise<number> {
    const { kysely: db } = database;
    const ids = await decisionsToTakeBack(db, { repositoryId: 1, source: "closed:5:", others });
    await takeBack(db, ids, at(1));
    return ids.length;
  }

  test("what was said by closing something", async () => {
    await record("comment:1:x", decision("a"));
    await record("closed:5:9", decision("a", { verdict: "revert" }));
    await record("closed:55:9", decision("b", { verdict: "revert" }));
    expect(await withdraw(null)).toBe(1);
    expect(await inForce()).toEqual(["a adopt", "b revert"]);
  });

  test("and what was said of some findings in any other way, until a time", async () => {
    await record("closed:5:9", decision("a", { verdict: "ignore" }));
    await record("comment:1:x", decision("b", { verdict: "revert" }));
    await record("comment:2:x", decision("b", { verdict: "ignore" }));
    await record("comment:2:x", decision("c", { verdict: "ignore" }));
    await record("comment:3:x", decision("d", { verdict: "ignore", at: at(2) }));
    await record("comment:2:x", decision("b", { verdict: "ignore" }), 2);
    const fingerprints = ["a", "b", "d"];
    expect(await withdraw({ fingerprints, verdicts: ["ignore"], before: at(1) })).toBe(2);
    expect(await inForce()).toEqual(["b revert", "c ignore", "d ignore"]);
    expect(await withdraw({ fingerprints, verdicts: ["ignore"], before: at(1) })).toBe(0);
  });

  test("where nothing is named, what was said by closing it alone", async () => {
    await record("closed:5:9", decision("a", { verdict: "ignore" }));
    expect(await withdraw({ fingerprints: [], verdicts: ["ignore"], before: at(1) })).toBe(1);
  });
});

test("what is said of drift ends with it, but for what is to be ignored", async () => {
  await record("comment:1:x", decision("a"));
  await record("comment:1:x", decision("b", { verdict: "ignore" }));
  await record("comment:1:x", decision("c", { verdict: "revert" }));
  await endDecisions(database.kysely, 1, ["a", "b"], at(1));
  expect(await inForce()).toEqual(["b ignore", "c revert"]);
});

test("a comment's commands are written down once each, however often it is edited", async () => {
  const { kysely: db } = database;
  const comment = { repositoryId: 1, commentId: 7, number: 3, author: "alice" };
  const adopt = { line: "/drift adopt", command: { name: "adopt", because: null } } as const;
  const rescan = { line: "/drift rescan", command: { name: "rescan" } } as const;
  expect(await receiveCommands(db, comment, [adopt], at(0))).toBe(1);
  expect(await receiveCommands(db, { ...comment, author: "bob" }, [adopt, rescan], at(1))).toBe(1);
  expect(await receiveCommands(db, comment, [], at(2))).toBe(0);
  const all = await commandsOf(db, comment);
  expect(all.map(({ author, command, state }) => [author, command.name, state])).toEqual([
    ["alice", "adopt", "received"],
    ["bob", "rescan", "received"],
  ]);
  await noteCommand(db, all[0]?.id ?? 0, { state: "done", decidedAt: at(3), outcome: "Done." });
  expect((await unfinishedCommands(db, 1)).map(({ author }) => author)).toEqual(["bob"]);
});
