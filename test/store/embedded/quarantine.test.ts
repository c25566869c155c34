import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOrReplace } from "../../../src/store/quarantine.ts";
import { collectingLog } from "../logs.ts";

const NOW = new Date("2026-10-01T08:00:00.000Z");

let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "driftwright-quarantine-"));
  directory = join(parent, "database");
  await mkdir(directory);
  await writeFile(join(directory, "PG_VERSION"), "18");
  await writeFile(join(directory, "contents"), "the old ones");
});
afterEach(() => rm(parent, { recursive: true }));

/** Opens what is not there yet, and nothing else. */
async function openNew(path: string): Promise<string> {
  if ((await readdir(path).catch(() => [])).length > 0) throw new Error("it does not start");
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "contents"), "new ones");
  return "opened";
}

test("one that opens is left as it is", async () => {
  const log = collectingLog();
  expect(
    await openOrReplace(
      directory,
      async () => "opened",
      () => true,
      log,
      NOW,
    ),
  ).toBe("opened");
  expect(await readdir(parent)).toEqual(["database"]);
  expect(log.lines).toEqual([]);
});

test("one that is damaged is replaced, and kept", async () => {
  const log = collectingLog();
  expect(await openOrReplace(directory, openNew, () => true, log, NOW)).toBe("opened");
  const aside = "database.damaged-2026-10-01T08-00-00.000Z";
  expect((await readdir(parent)).toSorted()).toEqual(["database", aside]);
  expect(await readFile(join(parent, aside, "contents"), "utf8")).toBe("the old ones");
  expect(log.lines).toHaveLength(1);
});

test("an error that is not about its contents leaves it as it is", async () => {
  const log = collectingLog();
  await expect(openOrReplace(directory, openNew, () => false, log, NOW)).rejects.toThrow("it does not start");
  expect(await readdir(parent)).toEqual(["database"]);
});

test("where a new one does not open either, the old one is put back", async () => {
  const open = async (path: string) => {
    await mkdir(path, { recursive: true });
    throw new Error("no memory");
  };
  await expect(openOrReplace(directory, open, () => true, collectingLog(), NOW)).rejects.toThrow("no memory");
  expect(await readdir(parent)).toEqual(["database"]);
  expect(await readFile(join(directory, "contents"), "utf8")).toBe("the old ones");
});
