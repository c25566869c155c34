import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../../../src/store/database.ts";
import { recordDelivery } from "../../../src/store/deliveries.ts";
import { DirectoryInUse } from "../../../src/store/directory-lock.ts";
import { SchemaTooNew } from "../../../src/store/migrations/migrate.ts";
import { startChild } from "../child.ts";
import { collectingLog } from "../logs.ts";
import { newPlace, type TestPlace } from "../test-place.ts";

let place: TestPlace;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

async function deliveries({ kysely }: Database): Promise<string[]> {
  return (await kysely.selectFrom("deliveries").select("id").execute()).map(({ id }) => id);
}

test("a second process is refused while the first lives", async () => {
  const writer = startChild(new URL("../writer.ts", import.meta.url), place);
  await writer.printed(1);
  const second = openDatabase(place);
  await expect(second).rejects.toThrow(DirectoryInUse);
  await expect(second).rejects.toThrow(`process ${writer.process.pid}`);
  await writer.kill();
  await (await openDatabase(place)).close();
});

test("a directory that will not open is moved aside, and a new one takes its place; the log says so", async () => {
  const first = await openDatabase(place);
  await recordDelivery(first.kysely, { id: "before", event: "push", receivedAt: new Date() });
  await first.close();
  await writeFile(join(place.dataDir, "database/global/pg_control"), Buffer.alloc(8192));

  const log = collectingLog();
  const second = await openDatabase({ ...place, log });
  expect(await deliveries(second)).toEqual([]);
  await recordDelivery(second.kysely, { id: "after", event: "push", receivedAt: new Date() });
  await second.close();

  const [aside, ...others] = (await readdir(place.dataDir)).filter((name) => name.includes("damaged"));
  expect(aside).toMatch(/^database\.damaged-\d{4}-\d{2}-\d{2}T/);
  expect(others).toEqual([]);
  expect(log.lines).toEqual([
    expect.stringMatching(/^error: the embedded database would not open.*moved aside/),
  ]);
  expect(log.lines[0]).toContain(aside);

  const third = await openDatabase(place);
  expect(await deliveries(third)).toEqual(["after"]);
  await third.close();
}, 60_000);

test("a directory of a newer release is refused, not moved aside", async () => {
  const first = await openDatabase(place);
  await sql`insert into schema_migrations values ('9999-from-the-future', '2030-01-01')`.execute(
    first.kysely,
  );
  await first.close();
  await expect(openDatabase(place)).rejects.toThrow(SchemaTooNew);
  expect(await readdir(place.dataDir)).toEqual(["database"]);
});

test("what cannot be a directory's fault leaves it as it is", async () => {
  await rm(join(place.dataDir, "database"), { recursive: true });
  await writeFile(join(place.dataDir, "database"), "a file");
  await expect(openDatabase(place)).rejects.toThrow();
});

test("when another process took over, the database is closed rather than written by two", async () => {
  const log = collectingLog();
  const onLost = vi.fn();
  const database = await openDatabase({ ...place, log, onLost, lock: { beatMs: 20, watchMs: 200 } });
  const lock = join(place.dataDir, "lock");
  await writeFile(lock, JSON.stringify({ ...JSON.parse(await readFile(lock, "utf8")), token: "another" }));
  await expect
    .poll(() => log.lines)
    .toEqual([expect.stringMatching(/^error: another process has taken over/)]);
  await expect(deliveries(database)).rejects.toThrow("closed");
  expect(onLost).toHaveBeenCalledTimes(1);
  await database.close();
});

test("the space of old rows is reclaimed", async () => {
  const database = await openDatabase(place);
  const pages = async () => {
    const { rows } = await sql<{
      pages: number;
    }>`select pg_relation_size('deliveries') / 8192 as pages`.execute(database.kysely);
    return rows[0]?.pages;
  };
  for (let row = 0; row < 300; row += 1) await insert(database.kysely, `row-${row}`);
  expect(await pages()).toBeGreaterThan(0);
  await database.kysely.deleteFrom("deliveries").execute();
  await database.maintain();
  expect(await pages()).toBe(0);
  await database.close();
});

test("timers keep their turn while thousands of rows are written", async () => {
  const database = await openDatabase(place);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 5);
  await database.kysely.transaction().execute(async (transaction) => {
    for (let row = 0; row < 1000; row += 1) await insert(transaction, `in-transaction-${row}`);
  });
  const inTransaction = turns;
  for (let row = 0; row < 1000; row += 1) await insert(database.kysely, `row-${row}`);
  clearInterval(timer);
  expect(inTransaction).toBeGreaterThan(10);
  expect(turns - inTransaction).toBeGreaterThan(10);
  await database.close();
}, 60_000);

function insert(db: Database["kysely"], id: string): Promise<boolean> {
  return recordDelivery(db, { id, event: "push", receivedAt: new Date() });
}
