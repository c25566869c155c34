import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import {
  claimAgain,
  claimObject,
  closeObject,
  fillObject,
  findObject,
  findObjectByNumber,
  NO_BRANCH,
  noteBranch,
  objectsOf,
  releaseObject,
} from "../../src/store/objects.ts";
import { saveRepositoryFacts } from "../../src/store/repositories.ts";
import type { Db } from "../../src/store/tables.ts";
import { begunElsewhere, placesOf, toldIn } from "../../src/store/told-elsewhere.ts";
import { at, known, repository } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
let db: Db;
beforeAll(async () => {
  database = await openTestDatabase();
  db = database.kysely;
  await known(db, 1, 2);
}, 60_000);
afterAll(() => database?.close());

const adoption = (fingerprint: string) => ({ repositoryId: 1, key: `adoption:${fingerprint}` });
const PULL_REQUEST = {
  number: 12,
  branch: "driftwright/shop/f1",
  headSha: "c0ffee",
  contentHash: "h1",
  baseBranch: "main",
  baseSha: "ba5e",
};

test("of many that claim a key one gets it", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => claimObject(db, adoption("f0"), "pull-request", at(0))),
  );
  expect(answers.filter(({ claimed }) => claimed)).toHaveLength(1);
  expect(answers.map(({ object }) => object.state)).toEqual(Array(20).fill("creating"));
});

test("a claim is filled, closed and reopened", async () => {
  const { object: claim } = await claimObject(db, adoption("f1"), "pull-request", at(0));
  expect(await fillObject(db, claim, PULL_REQUEST, at(1))).toBe(true);
  const open = {
    ...adoption("f1"),
    ...PULL_REQUEST,
    kind: "pull-request",
    told: null,
    toldBefore: null,
    state: "open",
    closedBy: null,
    claimedAt: at(0),
    updatedAt: at(1),
  };
  expect(await findObject(db, adoption("f1"))).toEqual(open);
  expect(await findObjectByNumber(db, 1, 12)).toEqual(open);
  expect(await findObjectByNumber(db, 2, 12)).toBeNull();
  await closeObject(db, adoption("f1"), "octocat", at(2));
  expect(await findObject(db, adoption("f1"))).toMatchObject({ state: "closed", closedBy: "octocat" });
  await fillObject(db, claim, { ...PULL_REQUEST, contentHash: "h2" }, at(3));
  expect(await findObject(db, adoption("f1"))).toMatchObject({
    state: "open",
    closedBy: null,
    contentHash: "h2",
  });
});

test("whoever claims a key that is taken learns what is there", async () => {
  const { claimed, object } = await claimObject(db, adoption("f1"), "pull-request", at(9));
  expect({ claimed, number: object.number }).toEqual({ claimed: false, number: 12 });
});

test("a claim of which nothing came is taken over once", async () => {
  const { object: seen } = await claimObject(db, adoption("f2"), "pull-request", at(0));
  const answers = await Promise.all([claimAgain(db, seen, at(10)), claimAgain(db, seen, at(11))]);
  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
});

test("whoever had it before cannot fill it any more", async () => {
  const { object: before } = await claimObject(db, adoption("f5"), "pull-request", at(0));
  const after = await claimAgain(db, before, at(1));
  expect(await fillObject(db, before, { ...PULL_REQUEST, number: 14 }, at(2))).toBe(false);
  expect(await findObject(db, adoption("f5"))).toMatchObject({ state: "creating", number: null });
  expect(after !== null && (await fillObject(db, after, { ...PULL_REQUEST, number: 15 }, at(2)))).toBe(true);
  await db.deleteFrom("objects").where("key", "=", "adoption:f5").execute();
});

test("the branch of a claim is known before there is anything else", async () => {
  await claimObject(db, adoption("f6"), "pull-request", at(0));
  await noteBranch(db, adoption("f6"), "driftwright/shop/f6");
  expect(await findObject(db, adoption("f6"))).toMatchObject({
    state: "creating",
    branch: "driftwright/shop/f6",
  });
  await releaseObject(db, adoption("f6"));
});

test("one that was filled in the meantime is not taken over", async () => {
  const { object: seen } = await claimObject(db, adoption("f3"), "pull-request", at(0));
  await fillObject(db, seen, { ...PULL_REQUEST, number: 13 }, at(1));
  expect(await claimAgain(db, seen, at(10))).toBeNull();
});

test("a claim is released where nothing was created; what is there stays", async () => {
  await claimObject(db, adoption("f4"), "issue", at(0));
  await releaseObject(db, adoption("f4"));
  expect(await findObject(db, adoption("f4"))).toBeNull();
  await releaseObject(db, adoption("f1"));
  expect(await findObject(db, adoption("f1"))).not.toBeNull();
});

test("two keys never hold the same issue", async () => {
  const { object: a } = await claimObject(db, { repositoryId: 2, key: "issue:a" }, "issue", at(0));
  const { object: b } = await claimObject(db, { repositoryId: 2, key: "issue:b" }, "issue", at(0));
  const issue = { number: 5, ...NO_BRANCH, contentHash: null };
  await fillObject(db, a, issue, at(1));
  await expect(fillObject(db, b, issue, at(1))).rejects.toThrow("unique");
});

test("a repository's objects come in pages, by key", async () => {
  const keys = async (after: string | null) =>
    (await objectsOf(db, { repositoryId: 1 }, { after, limit: 2 })).map(({ key }) => key);
  expect(await keys(null)).toEqual(["adoption:f0", "adoption:f1"]);
  expect(await keys("adoption:f1")).toEqual(["adoption:f2", "adoption:f3"]);
  expect(await keys("adoption:f3")).toEqual([]);
});

test("what an issue about several tells of is kept until it is said anew", async () => {
  const { object } = await claimObject(db, { repositoryId: 2, key: "issue:stack:c" }, "issue", at(0));
  const issue = { number: 6, ...NO_BRANCH, contentHash: "h" };
  await fillObject(db, object, { ...issue, told: ["a", "b"], toldBefore: ["c"] }, at(1));
  await fillObject(db, object, { ...issue, contentHash: null }, at(2));
  await closeObject(db, object, "driftwright", at(3));
  expect(await findObject(db, object)).toMatchObject({
    told: ["a", "b"],
    toldBefore: ["c"],
    state: "closed",
  });
});

test("what tells of another repository is beside what a repository has of its own", async () => {
  await known(db, 31, 32, 3);
  const place = { repositoryId: 31, of: 3 };
  const key = "issue:stack:of:3:x";
  const contents = { ...NO_BRANCH, contentHash: null };
  await claimObject(db, { repositoryId: 31, key }, "issue", at(0));
  const { claimed, object } = await claimObject(db, { ...place, key }, "issue", at(1));
  expect({ claimed, of: object.of, key: object.key }).toEqual({ claimed: true, of: 3, key });
  await claimObject(db, { repositoryId: 31, of: 32, key }, "issue", at(1));
  expect((await claimObject(db, { ...place, key }, "issue", at(2))).claimed).toBe(false);
  expect(await fillObject(db, object, { ...contents, number: 7 }, at(3))).toBe(true);
  expect(await findObjectByNumber(db, 31, 7)).toMatchObject({ of: 3, key, state: "open" });
  expect(await findObject(db, { repositoryId: 31, key })).toMatchObject({ state: "creating", number: null });
  const keysOf = async (of?: number) =>
    (await objectsOf(db, { repositoryId: 31, of }, { after: null, limit: 10 })).map((one) => [
      one.of,
      one.key,
    ]);
  expect([await keysOf(), await keysOf(3), await keysOf(32)]).toEqual([
    [[undefined, key]],
    [[3, key]],
    [[32, key]],
  ]);
  expect(await objectsOf(db, place, { after: key, limit: 10 })).toEqual([]);
  expect([await placesOf(db, 3), await placesOf(db, 32), await placesOf(db, 31)]).toEqual([[31], [31], []]);
  expect(await toldIn(db, 31)).toEqual([3, 32]);
  expect([await begunElsewhere(db, 3, at(0)), await begunElsewhere(db, 3, at(2))]).toEqual([[at(1)], []]);
  await closeObject(db, object, "driftwright", at(4));
  expect([await placesOf(db, 3), await placesOf(db, 3, { closed: true })]).toEqual([[], [31]]);
  expect(await toldIn(db, 31)).toEqual([32]);
  // Of what is closed, something stands there yet: it is left where not everyone can read it.
  await fillObject(db, object, { ...contents, contentHash: "h", number: 7 }, at(5));
  await closeObject(db, object, "driftwright", at(6));
  expect([await placesOf(db, 3), await toldIn(db, 31)]).toEqual([[], [3, 32]]);
  await saveRepositoryFacts(db, [repository(31, { private: false })], at(7));
  expect(await placesOf(db, 3)).toEqual([31]);
});
