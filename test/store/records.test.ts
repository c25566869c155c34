import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exactNumber } from "../../src/json/json.ts";
import {
  findCheckRun,
  forgetCheckRuns,
  saveCheckRun,
  unfinishedCheckRuns,
} from "../../src/store/check-runs.ts";
import type { Database } from "../../src/store/database.ts";
import { forgetDeliveries, recordDelivery } from "../../src/store/deliveries.ts";
import { activeInstallations, findInstallation, saveInstallation } from "../../src/store/installations.ts";
import { migrate, SchemaTooNew } from "../../src/store/migrations/migrate.ts";
import { everyPage } from "../../src/store/page.ts";
import { finishScan, forgetScans, latestScan, startScan } from "../../src/store/scans.ts";
import { keptKey } from "../../src/store/settings.ts";
import { stackResult } from "./findings-of.ts";
import { at, INSTALLATION, known } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.close());

describe("deliveries", () => {
  test("the same delivery is new once, however many processes record it at the same time", async () => {
    const delivery = { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", event: "push", receivedAt: at(0) };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => recordDelivery(database.kysely, delivery)),
    );
    expect(answers.filter((isNew) => isNew)).toHaveLength(1);
    expect(await recordDelivery(database.kysely, delivery)).toBe(false);
  });

  test("a delivery whose transaction rolls back was never recorded", async () => {
    const delivery = { id: "rolled-back", event: "push", receivedAt: at(0) };
    const failing = database.kysely.transaction().execute(async (transaction) => {
      expect(await recordDelivery(transaction, delivery)).toBe(true);
      throw new Error("the job could not be enqueued");
    });
    await expect(failing).rejects.toThrow("could not be enqueued");
    expect(await recordDelivery(database.kysely, delivery)).toBe(true);
  });

  test("old deliveries are forgotten, and only they", async () => {
    await recordDelivery(database.kysely, { id: "old", event: "push", receivedAt: at(-60) });
    await recordDelivery(database.kysely, { id: "young", event: "push", receivedAt: at(0) });
    expect(await forgetDeliveries(database.kysely, at(-30))).toBe(1);
    expect(await recordDelivery(database.kysely, { id: "young", event: "push", receivedAt: at(0) })).toBe(
      false,
    );
  });
});

describe("installations", () => {
  test("what GitHub says last counts", async () => {
    const { kysely: db } = database;
    await saveInstallation(db, INSTALLATION, at(0));
    await saveInstallation(
      db,
      { ...INSTALLATION, accountLogin: "renamed", suspended: true, permissions: { contents: "read" } },
      at(1),
    );
    expect(await findInstallation(db, INSTALLATION.id)).toEqual({
      ...INSTALLATION,
      accountLogin: "renamed",
      suspended: true,
      permissions: { contents: "read" },
    });
    expect(await findInstallation(db, 71)).toBeNull();
  });

  test("a deleted installation stays deleted, whatever arrives late", async () => {
    const { kysely: db } = database;
    await saveInstallation(db, { ...INSTALLATION, id: 80, deleted: true }, at(1));
    await saveInstallation(db, { ...INSTALLATION, id: 80 }, at(0));
    expect(await findInstallation(db, 80)).toMatchObject({ deleted: true });
  });

  test("the active ones are listed in pages: neither deleted nor suspended ones", async () => {
    const { kysely: db } = database;
    for (const id of [91, 92, 93]) await saveInstallation(db, { ...INSTALLATION, id }, at(0));
    await saveInstallation(db, { ...INSTALLATION, id: 94, suspended: true }, at(0));
    const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
    expect(ids(await activeInstallations(db, { after: 90, limit: 2 }))).toEqual([91, 92]);
    expect(ids(await activeInstallations(db, { after: 92, limit: 2 }))).toEqual([93]);
  });
});

describe("check runs", () => {
  const run = {
    repositoryId: 1,
    headSha: "a".repeat(40),
    name: "driftwright",
    checkRunId: 5_000_000_000,
    conclusion: null,
    contentHash: null,
    updatedAt: at(0),
    told: [],
    pullRequest: null,
    base: null,
  };

  test("a commit has one of a name", async () => {
    const { kysely: db } = database;
    await known(db, 1);
    await saveCheckRun(db, run);
    await saveCheckRun(db, { ...run, conclusion: "success", contentHash: "h", updatedAt: at(1) });
    expect(await findCheckRun(db, run)).toEqual({
      ...run,
      conclusion: "success",
      contentHash: "h",
      updatedAt: at(1),
    });
  });

  test("those left in progress are found, the finished ones forgotten", async () => {
    const { kysely: db } = database;
    await known(db, 2);
    const left = { ...run, repositoryId: 2, headSha: "b".repeat(40) };
    await saveCheckRun(db, left);
    await saveCheckRun(db, { ...left, headSha: "c".repeat(40), updatedAt: at(9) });
    await saveCheckRun(db, { ...left, headSha: "d".repeat(40), conclusion: "neutral" });
    expect(await unfinishedCheckRuns(db, { before: at(5), limit: 10 })).toEqual([left]);
    await forgetCheckRuns(db, at(5));
    expect(await findCheckRun(db, { ...left, headSha: "d".repeat(40) })).toBeNull();
    expect(await findCheckRun(db, left)).toEqual(left);
  });
});

describe("scans", () => {
  test("a scan is stored with what it saw of each stack, without the findings", async () => {
    const { kysely: db } = database;
    await known(db, 3);
    const id = await startScan(db, 3, at(0));
    expect(await latestScan(db, 3)).toBeNull();
    const { findings: _, ...summary } = stackResult("shop", "incomplete");
    await finishScan(db, id, {
      at: at(2),
      outcome: "incomplete",
      reason: null,
      commit: "c0ffee",
      stacks: [{ ...summary, findings: [] }],
    });
    expect(await latestScan(db, 3)).toEqual({
      id,
      repositoryId: 3,
      commit: "c0ffee",
      startedAt: at(0),
      finishedAt: at(2),
      outcome: "incomplete",
      reason: null,
      stacks: [summary],
      proposal: null,
    });
  });

  test("one that never ended is marked when the next begins, and is not the latest", async () => {
    const { kysely: db } = database;
    await known(db, 4);
    const first = await startScan(db, 4, at(0));
    const second = await startScan(db, 4, at(5));
    await finishScan(db, second, { at: at(6), outcome: "complete", reason: null, commit: "a", stacks: [] });
    await startScan(db, 4, at(10));
    expect(await latestScan(db, 4)).toMatchObject({ id: second });
    const { outcome } = await db
      .selectFrom("scans")
      .select("outcome")
      .where("id", "=", first)
      .executeTakeFirstOrThrow();
    expect(outcome).toBe("interrupted");
  });

  test("the last one of a repository is kept, however old", async () => {
    const { kysely: db } = database;
    await known(db, 5);
    for (const minute of [0, 10]) {
      const id = await startScan(db, 5, at(minute));
      await finishScan(db, id, {
        at: at(minute),
        outcome: "complete",
        reason: null,
        commit: "a",
        stacks: [],
      });
    }
    await forgetScans(db, at(1000));
    const rows = await db.selectFrom("scans").select("started_at").where("repository_id", "=", 5).execute();
    expect(rows).toEqual([{ started_at: at(10) }]);
  });
});

describe("the key of sensitive values", () => {
  test("is made once, and the same for all that start together", async () => {
    let made = 0;
    const make = () => {
      made += 1;
      return `key ${made}`;
    };
    const keys = await Promise.all([1, 2, 3, 4].map(() => keptKey(database.kysely, make)));
    expect(new Set(keys).size).toBe(1);
    expect(await keptKey(database.kysely, () => "another")).toBe(keys[0]);
  });
});

describe("columns", () => {
  test("large ids are numbers, and what a number cannot hold is an error", async () => {
    const { kysely: db } = database;
    const read = (value: string) => sql`select ${sql.lit(value)}::bigint as id`.execute(db);
    expect((await read("9007199254740991")).rows).toEqual([{ id: 9_007_199_254_740_991 }]);
    await expect(read("9007199254740993")).rejects.toThrow("too large");
  });

  test("JSON comes back as it was written: digits, order of keys, characters that text columns cannot hold", async () => {
    const text = '{"b":1,"a":123456789012345678901234567890.5,"nul":"\\u0000","lone":"\\ud800"}';
    const { rows } = await sql<{ data: object }>`select ${text}::json as data`.execute(database.kysely);
    expect(JSON.stringify(rows[0]?.data)).toBe(text);
    expect(rows[0]?.data).toMatchObject({ a: exactNumber("123456789012345678901234567890.5"), nul: "\0" });
  });
});

describe("pages", () => {
  test("every row comes once, in parts of bounded size", async () => {
    const rows = Array.from({ length: 1201 }, (_, index) => index + 1);
    const pages: number[][] = [];
    const read = async ({ after, limit }: { after: number | null; limit: number }) =>
      rows.filter((row) => row > (after ?? 0)).slice(0, limit);
    for await (const page of everyPage(read, (row) => row)) pages.push([...page]);
    expect(pages.map((page) => page.length)).toEqual([500, 500, 201]);
    expect(pages.flat()).toEqual(rows);
  });
});

describe("migrations", () => {
  test("several processes that start at once make the tables once", async () => {
    await Promise.all([1, 2, 3].map(() => migrate(database.kysely)));
    const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(database.kysely);
    expect(rows.map(({ name }) => name)).toEqual([
      "0001-first-tables",
      "0002-stacks",
      "0003-checks-due",
      "0004-object-bases",
      "0005-appointments",
      "0006-decisions",
      "0007-owner-configs",
      "0008-proposals",
      "0009-seen-heads",
      "0010-check-actions",
      "0011-issue-groups",
      "0012-settled",
      "0013-told-elsewhere",
      "0014-told-details",
      "0015-suspicions",
      "0016-said-at",
    ]);
  });

  test("tables of a newer release are refused", async () => {
    const { kysely: db } = database;
    await sql`insert into schema_migrations values ('9999-from-the-future', '2030-01-01')`.execute(db);
    const started = migrate(db);
    await expect(started).rejects.toThrow(SchemaTooNew);
    await expect(started).rejects.toThrow("9999-from-the-future");
    await sql`delete from schema_migrations where name like '9999%'`.execute(db);
  });
});
