import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noteReconcileAt, noteRhythms, takeDue, takeWaiting } from "../../src/store/appointments.ts";
import type { Database } from "../../src/store/database.ts";
import { findInstallation, saveInstallation } from "../../src/store/installations.ts";
import {
  completeFirstScan,
  findRepository,
  forgetRemoved,
  recordScanned,
  recordSkip,
  removeAllBut,
  removeRepositories,
  saveRepositoryFacts,
  saveRepositoryNames,
} from "../../src/store/repositories.ts";
import type { Db } from "../../src/store/tables.ts";
import { at, INSTALLATION, known, repository } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
let db: Db;
beforeAll(async () => {
  database = await openTestDatabase();
  db = database.kysely;
}, 60_000);
afterAll(() => database?.close());

const removedOf = (...all: number[]) =>
  Promise.all(all.map(async (id) => (await findRepository(db, id))?.removed));
const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

describe("what GitHub says of repositories", () => {
  test("a new one is due at once and has not had its first scan", async () => {
    await saveRepositoryFacts(db, [repository(1)], at(3));
    expect(await findRepository(db, 1)).toEqual({
      ...repository(1),
      removed: false,
      checksDue: false,
      rhythms: null,
      skipReason: null,
      firstScanDone: false,
      lastScanAt: null,
      lastCommit: null,
      nextScanAt: at(3),
    });
  });

  test("a rename or a transfer keeps everything that is known", async () => {
    await saveRepositoryFacts(db, [repository(2, { archived: true })], at(0));
    await completeFirstScan(db, 2, at(1));
    await recordScanned(db, 2, "c0ffee", at(1));
    await saveRepositoryNames(
      db,
      [{ id: 2, installationId: 71, owner: "new-shop", name: "renamed", private: false }],
      at(2),
    );
    expect(await findRepository(db, 2)).toMatchObject({
      installationId: 71,
      owner: "new-shop",
      name: "renamed",
      private: false,
      archived: true,
      defaultBranch: "main",
      firstScanDone: true,
      lastCommit: "c0ffee",
      nextScanAt: at(0),
    });
  });

  test("many are saved with one call, and one that a webhook names stays as it is known until GitHub is asked", async () => {
    const many = Array.from({ length: 1100 }, (_, index) => repository(10_000 + index));
    await saveRepositoryNames(db, many, at(0));
    expect(await findRepository(db, 11_099)).toMatchObject({ name: "infra-11099", defaultBranch: null });
    await saveRepositoryFacts(db, many, at(1));
    expect(await findRepository(db, 11_099)).toMatchObject({ defaultBranch: "main" });
  });

  test("the webhooks of a transfer arrive in any order", async () => {
    await saveRepositoryFacts(db, [repository(3, { installationId: 71 })], at(0));
    await saveRepositoryFacts(db, [repository(3, { installationId: 72 })], at(1));
    await removeRepositories(db, 71, [3], at(2));
    expect(await findRepository(db, 3)).toMatchObject({ installationId: 72, removed: false });
    await removeRepositories(db, 72, [3], at(3));
    expect(await findRepository(db, 3)).toMatchObject({ removed: true });
    await saveRepositoryFacts(db, [repository(3, { installationId: 72 })], at(4));
    expect(await findRepository(db, 3)).toMatchObject({ removed: false });
  });

  test("a listing that was asked for before a transfer does not take it back", async () => {
    await saveRepositoryFacts(db, [repository(64, { installationId: 71 })], at(0));
    const [moved, before] = [repository(64, { installationId: 72 }), repository(64, { installationId: 71 })];
    await saveRepositoryNames(db, [moved], at(2));
    await saveRepositoryFacts(db, [before], at(3), at(1));
    expect(await findRepository(db, 64)).toMatchObject({ installationId: 72, removed: false });
    await saveRepositoryFacts(db, [before], at(5), at(4));
    expect(await findRepository(db, 64)).toMatchObject({ installationId: 71 });
    await removeRepositories(db, 71, [64], at(6));
  });

  test("what a full listing does not hold was removed", async () => {
    await saveRepositoryFacts(
      db,
      [20, 21, 22].map((id) => repository(id, { installationId: 75 })),
      at(0),
    );
    await removeAllBut(db, 75, [21], at(1));
    expect(await removedOf(20, 21, 22)).toEqual([true, false, true]);
    await removeAllBut(db, 75, [], at(2));
    expect(await removedOf(20, 21, 22)).toEqual([true, true, true]);
  });

  test("a skip is kept with its reason until a scan succeeds", async () => {
    await saveRepositoryFacts(db, [repository(30)], at(0));
    await recordSkip(db, 30, "it is archived", at(1));
    expect(await findRepository(db, 30)).toMatchObject({ skipReason: "it is archived", lastScanAt: null });
    await recordScanned(db, 30, "c0ffee", at(2));
    expect(await findRepository(db, 30)).toMatchObject({ skipReason: null, lastScanAt: at(2) });
  });

  test("one that was removed long ago is forgotten with all that belongs to it", async () => {
    await known(db, 40, 41);
    await removeRepositories(db, INSTALLATION.id, [40], at(1));
    await removeRepositories(db, INSTALLATION.id, [41], at(9));
    await forgetRemoved(db, at(5));
    expect(await findRepository(db, 40)).toBeNull();
    expect(await findRepository(db, 41)).not.toBeNull();
  });

  test("one whose installation was deleted is removed with it, and both are forgotten in the end", async () => {
    const gone = { ...INSTALLATION, id: 79 };
    await saveInstallation(db, gone, at(0));
    await saveRepositoryFacts(db, [repository(50, { installationId: 79 })], at(0));
    await saveInstallation(db, { ...gone, deleted: true }, at(1));
    expect(await findRepository(db, 50)).toMatchObject({ removed: true });
    await forgetRemoved(db, at(5));
    expect(await findRepository(db, 50)).toBeNull();
    expect(await findInstallation(db, 79)).toBeNull();
  });

  test("one that was given up and comes back is due at once", async () => {
    await known(db, 60);
    await db
      .updateTable("repositories")
      .set({ next_scan_at: at(900) })
      .where("id", "=", 60)
      .execute();
    await saveRepositoryFacts(db, [repository(60)], at(1));
    expect(await findRepository(db, 60)).toMatchObject({ nextScanAt: at(900) });
    await removeRepositories(db, INSTALLATION.id, [60], at(2));
    await saveRepositoryFacts(db, [repository(60)], at(3));
    expect(await findRepository(db, 60)).toMatchObject({ nextScanAt: at(3), removed: false });
  });
});

describe("what a repository has an appointment for", () => {
  test("is kept: its rhythms, and when it is scanned next because of them", async () => {
    await known(db, 50);
    const rhythms = [{ cron: "0 6 * * *", timeZone: "Europe/Berlin" }, { every: "usual" }] as const;
    await noteRhythms(db, 50, { rhythms, next: at(77) });
    expect(await findRepository(db, 50)).toMatchObject({ rhythms, nextScanAt: at(77) });
  });

  test("is taken once, when it is time, unless it was called off", async () => {
    await known(db, 51, 52, 53);
    await noteReconcileAt(db, 51, at(10));
    await noteReconcileAt(db, 52, at(20));
    await noteReconcileAt(db, 53, at(10));
    await noteReconcileAt(db, 53, null);
    const take = async (minutes: number) => ids(await takeWaiting(db, { now: at(minutes), limit: 10 }));
    expect(await take(9)).toEqual([]);
    expect(await take(10)).toEqual([51]);
    expect(await take(30)).toEqual([52]);
    expect(await take(30)).toEqual([]);
  });
});

describe("repositories that are due", () => {
  const tomorrow = at(24 * 60);
  const take = (on: Db, minutes: number, limit = 100) =>
    takeDue(on, { now: at(minutes), limit, next: () => tomorrow });

  beforeAll(async () => {
    await db.deleteFrom("repositories").execute();
    await known(db, 1, 2, 3, 4, 5, 6);
    for (const [id, minutes] of [
      [1, 30],
      [2, 20],
      [3, 10],
      [4, 40],
    ] as const)
      await db
        .updateTable("repositories")
        .set({ next_scan_at: at(minutes) })
        .where("id", "=", id)
        .execute();
    await saveInstallation(db, { ...INSTALLATION, id: 77, suspended: true }, at(0));
    await saveInstallation(db, { ...INSTALLATION, id: 78, deleted: true }, at(0));
    await saveRepositoryFacts(
      db,
      [repository(5, { installationId: 77 }), repository(6, { installationId: 78 })],
      at(0),
    );
    await saveRepositoryFacts(db, [repository(7), repository(8, { installationId: 999 })], at(0));
    await removeRepositories(db, INSTALLATION.id, [7], at(0));
  });

  test("are taken once, the longest waiting first, in bounded numbers; no suspended, deleted, unknown, removed ones", async () => {
    expect(ids(await take(db, 5))).toEqual([]);
    expect(ids(await take(db, 30, 2))).toEqual([3, 2]);
    expect(ids(await take(db, 30, 2))).toEqual([1]);
    expect(ids(await take(db, 30))).toEqual([]);
    expect(await findRepository(db, 3)).toMatchObject({ nextScanAt: tomorrow });
    expect(await findRepository(db, 4)).toMatchObject({ nextScanAt: at(40) });
  });

  test("stay due when the transaction that enqueues their scans fails", async () => {
    const failing = db.transaction().execute(async (transaction) => {
      expect(ids(await take(transaction, 50))).toEqual([4]);
      throw new Error("no queue");
    });
    await expect(failing).rejects.toThrow("no queue");
    expect(ids(await take(db, 50))).toEqual([4]);
  });

  test("are taken by one of several workers", async () => {
    const many = Array.from({ length: 200 }, (_, index) => repository(1000 + index));
    await saveRepositoryFacts(db, many, at(0));
    const taken = await Promise.all(
      Array.from({ length: 8 }, () =>
        db.transaction().execute(async (transaction) => ids(await take(transaction, 1, 25))),
      ),
    );
    const rest: number[] = [];
    for (let part = await take(db, 1); part.length > 0; part = await take(db, 1)) rest.push(...ids(part));
    expect([...taken.flat(), ...rest].toSorted()).toEqual(many.map(({ id }) => id).toSorted());
  });
});
