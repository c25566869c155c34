import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectoryInUse, DirectoryLock } from "../../../src/store/directory-lock.ts";
import { isAlive, ownIdentity } from "../../../src/store/process-identity.ts";

const QUICK = { beatMs: 20, watchMs: 200 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "driftwright-lock-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** A lock file as another process has written it. */
async function leave(holder: object | string): Promise<void> {
  const text = typeof holder === "string" ? holder : JSON.stringify(holder);
  await writeFile(join(directory, "lock"), text);
}

function take(onLost = () => {}): Promise<DirectoryLock> {
  return DirectoryLock.take(directory, onLost, QUICK);
}

const other = { ...ownIdentity(), token: "another" };
/** No process of Linux has such a number (proc(5), pid_max). */
const NOBODY = 5_000_000;

describe("a directory is kept to one process", () => {
  test("the second is refused with a sentence that says by whom and what to do; after the release it may", async () => {
    const first = await take();
    const second = take();
    await expect(second).rejects.toThrow(DirectoryInUse);
    await expect(second).rejects.toThrow(
      new RegExp(`in use by process ${process.pid} on .*DATABASE_URL`, "s"),
    );
    await first.release();
    await (await take()).release();
    expect(await readdir(directory)).toEqual([]);
  });

  test("of many that start at once one gets it", async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => take()));
    const taken = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    expect(taken).toHaveLength(1);
    await taken[0]?.release();
  });

  test("of many that find a lock left behind one gets it", async () => {
    await leave({ ...other, pid: NOBODY });
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => take()));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const answer of answers) if (answer.status === "fulfilled") await answer.value.release();
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("a lock that was left behind is taken over", () => {
  test.each([
    ["its process is gone", { ...other, pid: NOBODY }],
    ["its number belongs to a process that began later", { ...other, started: "1" }],
    ["it is from another machine, and nobody touches it", { ...other, scope: "another boot" }],
    ["it is damaged, and nobody touches it", '{"pid":'],
    ["it is empty", ""],
    ["it is something else", "[]"],
  ])("%s", async (_, holder) => {
    await leave(holder);
    const lock = await take();
    const { pid } = JSON.parse(await readFile(join(directory, "lock"), "utf8"));
    expect(pid).toBe(process.pid);
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  test("not while its holder on another machine touches it", async () => {
    await leave({ ...other, scope: "another boot", host: "another-host" });
    const beat = setInterval(() => void utimes(join(directory, "lock"), new Date(), new Date()), 20);
    await expect(take()).rejects.toThrow("on another-host");
    clearInterval(beat);
  });
});

describe("the holder", () => {
  test("touches its lock", async () => {
    const lock = await take();
    await utimes(join(directory, "lock"), 0, 0);
    await expect.poll(async () => (await stat(join(directory, "lock"))).mtimeMs).toBeGreaterThan(0);
    await lock.release();
  });

  test("learns that another process took over, and leaves it its lock", async () => {
    let lost = 0;
    const lock = await take(() => {
      lost += 1;
    });
    await leave(other);
    await expect.poll(() => lost).toBe(1);
    await lock.release();
    expect(await readdir(directory)).toEqual(["lock"]);
    expect(lost).toBe(1);
  });
});

test("a process is alive while it runs, and another with its number is not it", () => {
  expect(isAlive(ownIdentity())).toBe(true);
  expect(isAlive({ ...ownIdentity(), pid: NOBODY })).toBe(false);
  expect(isAlive({ ...ownIdentity(), pid: NOBODY, started: null })).toBe(false);
  expect(isAlive({ ...ownIdentity(), started: null })).toBe(true);
});
