import { afterAll, beforeAll, expect, test } from "vitest";
import { exactNumber } from "../../src/json/json.ts";
import type { Database } from "../../src/store/database.ts";
import {
  applyFindings,
  findingsBy,
  forgetResolved,
  openFindings,
  type ScanFindings,
} from "../../src/store/findings.ts";
import type { Db } from "../../src/store/tables.ts";
import { finding, stackResult } from "./findings-of.ts";
import { at, known } from "./repository-rows.ts";
import { openTestDatabase } from "./test-database.ts";

let database: Database;
let db: Db;
beforeAll(async () => {
  database = await openTestDatabase();
  db = database.kysely;
}, 60_000);
afterAll(() => database?.close());

let lastId = 0;
/** A repository of its own for a test. */
async function newRepository(): Promise<number> {
  lastId += 1;
  await known(db, lastId);
  return lastId;
}

function scan(repositoryId: number, minutes: number, more: Partial<ScanFindings>): ScanFindings {
  return { repositoryId, at: at(minutes), isFirstScan: false, results: [], ...more };
}

async function openOnes(repositoryId: number): Promise<string[]> {
  const rows = await openFindings(db, repositoryId, { after: null, limit: 500 });
  return rows.map(({ finding: { fingerprint } }) => fingerprint);
}

test("a finding lives: opened, seen, changed, gone, back again", async () => {
  const id = await newRepository();
  const first = finding("f1");
  const other = finding("f1", { observed: "t3.xlarge" });
  const complete = (...found: ReturnType<typeof finding>[]) => ({
    results: [stackResult("shop", "complete", found)],
  });
  const nothing = { opened: [], reopened: [], changed: [], missing: [], gone: [] };

  expect(await applyFindings(db, scan(id, 0, { ...complete(first), isFirstScan: true }))).toEqual({
    ...nothing,
    opened: ["f1"],
  });
  expect(await applyFindings(db, scan(id, 1, complete(first)))).toEqual(nothing);
  expect(await applyFindings(db, scan(id, 2, complete(other)))).toEqual({ ...nothing, changed: ["f1"] });
  expect(await findingsBy(db, id, ["f1", "unknown"])).toEqual([
    {
      stack: "shop",
      stackPath: "stacks/shop",
      finding: other,
      baseline: true,
      firstSeenAt: at(0),
      lastSeenAt: at(2),
      resolvedAt: null,
    },
  ]);

  expect(await applyFindings(db, scan(id, 3, complete()))).toEqual({ ...nothing, gone: ["f1"] });
  expect(await openOnes(id)).toEqual([]);
  expect(await findingsBy(db, id, ["f1"])).toMatchObject([{ resolvedAt: at(3), lastSeenAt: at(2) }]);
  expect(await applyFindings(db, scan(id, 4, complete()))).toEqual(nothing);

  expect(await applyFindings(db, scan(id, 5, complete(first)))).toEqual({ ...nothing, reopened: ["f1"] });
  expect(await findingsBy(db, id, ["f1"])).toMatchObject([
    { resolvedAt: null, firstSeenAt: at(0), baseline: false },
  ]);
});

test("in a stack that cannot be read completely it takes two scans in a row until a finding is gone", async () => {
  const id = await newRepository();
  const incomplete = (...found: ReturnType<typeof finding>[]) => ({
    results: [stackResult("shop", "incomplete", found)],
  });
  const apply = async (minutes: number, ...found: ReturnType<typeof finding>[]) => {
    await applyFindings(db, scan(id, minutes, incomplete(...found)));
    return openOnes(id);
  };
  expect(await apply(0, finding("f1"))).toEqual(["f1"]);
  expect(await apply(1)).toEqual(["f1"]);
  expect(await apply(2, finding("f1"))).toEqual(["f1"]);
  expect(await apply(3)).toEqual(["f1"]);
  expect(await apply(4)).toEqual([]);
});

test("one stack that fails holds nothing back in another, and keeps what is known of it", async () => {
  const id = await newRepository();
  const both = [
    stackResult("a", "complete", [finding("a1")]),
    stackResult("b", "complete", [finding("b1", { id: "i-2" })]),
  ];
  await applyFindings(db, scan(id, 0, { results: both }));
  const changes = await applyFindings(
    db,
    scan(id, 1, { results: [stackResult("a", "failed"), stackResult("b", "complete")] }),
  );
  expect(changes.gone).toEqual(["b1"]);
  expect(await openOnes(id)).toEqual(["a1"]);
});

test("what a finding says comes back as it was: exact numbers, characters of any kind", async () => {
  const id = await newRepository();
  const strange = finding("f1", {
    more: {
      address: 'aws_instance.web["\u0000\ud800 ü"]',
      changes: [
        {
          path: ["tags", "__proto__", 0],
          desired: { known: exactNumber("12345678901234567890.25") },
          recorded: "absent",
          observed: { known: { __proto__x: [null, "${x}", { z: 1, a: 2 }] } },
          source: { file: "main.tf", line: 1, column: 1 },
        },
      ],
    },
  });
  await applyFindings(db, scan(id, 0, { results: [stackResult("shop", "complete", [strange])] }));
  const [row] = await findingsBy(db, id, ["f1"]);
  expect(JSON.stringify(row?.finding)).toBe(JSON.stringify(strange));
});

test("thousands of findings are stored, and listed in pages", async () => {
  const id = await newRepository();
  const name = (index: number) => `f${String(index).padStart(5, "0")}`;
  const many = Array.from({ length: 2001 }, (_, index) =>
    finding(name(index), { more: { severity: index % 3 === 0 ? "high" : "low" } }),
  );
  const results = [stackResult("shop", "complete", many)];
  const { opened } = await db
    .transaction()
    .execute((transaction) => applyFindings(transaction, scan(id, 0, { results })));
  expect(opened).toHaveLength(2001);
  const page = await openFindings(db, id, { after: name(1999), limit: 10 });
  expect(page.map(({ finding: { fingerprint } }) => fingerprint)).toEqual([name(2000)]);
  expect(await openFindings(db, id, { after: null, limit: 1_000_000 })).toHaveLength(500);
  const { gone } = await applyFindings(db, scan(id, 1, { results: [stackResult("shop", "complete")] }));
  expect(gone).toHaveLength(2001);
  await forgetResolved(db, at(2));
  expect(await findingsBy(db, id, [name(0), name(2000)])).toEqual([]);
});

test("another repository's findings are untouched by all that", async () => {
  const [one, two] = [await newRepository(), await newRepository()];
  const results = [stackResult("shop", "complete", [finding("f1")])];
  await applyFindings(db, scan(one, 0, { results }));
  await applyFindings(db, scan(two, 0, { results }));
  await applyFindings(db, scan(one, 1, { results: [stackResult("shop", "complete")] }));
  expect([await openOnes(one), await openOnes(two)]).toEqual([[], ["f1"]]);
});
