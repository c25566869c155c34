import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onPush } from "../../src/jobs/webhooks/code.ts";
import { onIssue } from "../../src/jobs/webhooks/talk.ts";
import { CommitArchives } from "../../src/sources/commit-archives.ts";
import { PackageCache } from "../../src/sources/modules/package-cache.ts";
import { findRepository, removeRepositories } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import { broken } from "../e2e/github/faults.ts";
import { letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const on = stagePerTest({}, { others: [{ name: "notes", files: { "README.md": "nothing here" } }] });
const set = {} as { folder: string };

beforeEach(async () => {
  set.folder = await mkdtemp(join(tmpdir(), "driftwright-commits-"));
  on.stage.archives = new CommitArchives(new PackageCache(set.folder, 1e9), on.stage.now);
});
afterEach(() => rm(set.folder, { recursive: true, force: true }));

/** Requests of the App since then, without those for tokens, which are used for an hour. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = on.stage.github.requests.length;
  await work();
  return on.stage.github.requests
    .slice(before)
    .filter(({ path, by }) => by.kind !== "person" && !path.endsWith("/access_tokens"))
    .map(({ method, path }) => `${method} ${path.replace(`/repos/${FULL_NAME}`, "")}`);
}

/** The tick at which the next scan is due, some hours later, that scan, and all that follows from it. */
async function nextScan(hours: number): Promise<string[]> {
  const { stage } = on;
  stage.ahead += hours * HOUR;
  const scan = { ...stage.job, trigger: "schedule" } as const;
  return requestsOf(async () => {
    await stage.run("tick", {});
    stage.waiting.splice(0);
    await stage.run("scan", scan);
    await stage.drain();
  });
}

/** A day later: the tick, and the scan that it enqueues; what follows from the scan waits. */
async function nextDay(): Promise<string[]> {
  const { stage } = on;
  stage.ahead += DAY;
  return requestsOf(async () => {
    await stage.run("tick", {});
    const scan = stage.waiting.find(({ name }) => name === "scan") ?? expect.fail("no scan is due");
    stage.waiting.splice(0);
    await stage.run("scan", scan.data as never);
  });
}

describe("a scan by the clock", () => {
  test("of a repository in which nothing was pushed asks nothing about it alone", async () => {
    await on.stage.scan();
    expect(await nextDay()).toEqual(["POST /graphql"]);
    const scan = await latestScan(on.stage.database.kysely, on.stage.repositoryId);
    expect(scan).toMatchObject({ outcome: "complete", commit: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  test("of one in which something was pushed asks for the code alone, and finds what is new", async () => {
    const { stage } = on;
    await stage.scan();
    const files = { "notes.txt": "new" };
    const head = await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files, message: "New" });
    expect(await nextDay()).toEqual(["POST /graphql", expect.stringMatching(/^GET \/tarball\//)]);
    expect((await latestScan(stage.database.kysely, stage.repositoryId))?.commit).toBe(head);
    expect(await nextDay()).toEqual(["POST /graphql"]);
  });

  test("that was due before something was pushed looks at what was pushed", async () => {
    const { stage } = on;
    await stage.scan();
    stage.ahead += DAY;
    await stage.run("tick", {});
    const files = { "notes.txt": "new" };
    const head = await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files, message: "New" });
    const repository = { id: stage.repositoryId, default_branch: "main" };
    const installation = { id: stage.github.installationId };
    const payload = { ref: "refs/heads/main", repository, installation };
    await onPush(stage.ports, { id: "1", name: "push", payload });
    const [{ data } = expect.fail("nothing waits")] = stage.waiting;
    expect(data).toMatchObject({ trigger: "schedule" });
    await stage.run("scan", data as never);
    expect((await latestScan(stage.database.kysely, stage.repositoryId))?.commit).toBe(head);
  });

  test("whose turn comes late asks for itself", async () => {
    const { stage } = on;
    await stage.scan();
    stage.ahead += DAY;
    await stage.run("tick", {});
    stage.waiting.splice(0);
    stage.ahead += 11 * 60_000;
    const asked = await requestsOf(() => stage.run("scan", { ...stage.job, trigger: "schedule" }));
    expect(asked).toEqual(["GET ", "GET /git/ref/heads/main"]);
  });

  test("asks for itself where GitHub does not answer for all", async () => {
    const { stage } = on;
    await stage.scan();
    stage.github.misbehave({ method: "POST", path: "/graphql", times: 9, fault: broken(502) });
    const asked = await nextDay();
    expect(asked.filter((each) => each !== "POST /graphql")).toEqual(["GET ", "GET /git/ref/heads/main"]);
    expect(stage.logged).toContainEqual(expect.objectContaining({ message: "scans ask for their commits" }));
    stage.github.behave();
  });

  test("notes what a repository is by now: another name, archived", async () => {
    const { stage } = on;
    await stage.scan();
    stage.github.change("shop", { archived: true });
    const asked = await nextDay();
    // What is not scanned is said as before, by who looks at it alone.
    expect(asked).toEqual(["POST /graphql", "GET "]);
    expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({
      archived: true,
      skipReason: expect.stringContaining("archived"),
    });
  });
});

describe("what follows from a scan", () => {
  /** Hours until a time of the day, so that a day has begun anew in between. */
  const until = (hour: number) => {
    const now = on.stage.now();
    return 24 - now.getUTCHours() + hour;
  };

  test("asks nothing where nothing has changed since it was settled, but once a day", async () => {
    const { stage } = on;
    await stage.scan();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const looked = await nextScan(until(1));
    expect(looked.length).toBeGreaterThan(3);
    await nextScan(1);
    expect(await nextScan(1)).toEqual(["POST /graphql"]);
    expect(await nextScan(8)).toEqual(["POST /graphql"]);
    expect((await nextScan(until(2))).length).toBeGreaterThan(3);
  });

  test("puts the branch of an open pull request on what was pushed, once", async () => {
    const { stage } = on;
    await stage.scan();
    resize(stage);
    await stage.scan();
    await nextScan(until(1));
    await nextScan(1);
    expect(await nextScan(1)).toEqual(["POST /graphql"]);
    const files = { "notes.txt": "new" };
    await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files, message: "New" });
    const asked = await nextScan(1);
    const written = asked.filter((one) => !/^GET |check-runs/.test(one));
    // The commits of all repositories, then which repository it is, and the move.
    expect(written.toSorted()).toEqual([
      "POST /git/commits",
      "POST /git/trees",
      ...Array.from({ length: 3 }, () => "POST /graphql"),
    ]);
    expect((await nextScan(1)).filter((one) => !one.startsWith("GET "))).toEqual(["POST /graphql"]);
    expect(await nextScan(1)).toEqual(["POST /graphql"]);
  });

  test("notices what is new in the cloud, and what people do", async () => {
    const { stage } = on;
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    await nextScan(until(1));
    await nextScan(1);
    expect(await nextScan(1)).toEqual(["POST /graphql"]);
    resize(stage);
    await nextScan(1);
    expect((await states(stage)).filter((one) => one.startsWith("pull"))).toEqual([
      expect.stringContaining("open"),
    ]);
    await nextScan(1);
    expect(await nextScan(1)).toEqual(["POST /graphql"]);
    const open = (await stage.issues()).filter(({ isPull, body }) => !isPull && body.includes("0.0.0.0/0"));
    const { number } = open.at(-1) ?? expect.fail("no issue tells of it");
    await stage.github.person("alice").closeIssue(FULL_NAME, number);
    const repository = { id: stage.repositoryId };
    const installation = { id: stage.github.installationId };
    const payload = { action: "closed", issue: { number }, repository, installation };
    await onIssue(stage.ports, { id: "1", name: "issues", payload });
    await stage.drain();
    await nextScan(1);
    expect((await stage.issues()).find((one) => one.number === number)?.state).toBe("open");
  });

  test("looks after a scan by the clock for what was closed as completed, however often nothing was new before", async () => {
    const { stage } = on;
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    const [{ number } = expect.fail("no issue tells of it")] = await stage.issues();
    await stage.github.person("alice").closeIssue(FULL_NAME, number);
    const repository = { id: stage.repositoryId };
    const payload = { action: "closed", issue: { number }, repository };
    for (const id of ["1", "2", "3"]) {
      await onIssue(stage.ports, { id, name: "issues", payload });
      await stage.drain();
    }
    expect(await states(stage)).toEqual([`issue ${number} closed`]);
    stage.ahead += 1000;
    await stage.run("scan", { ...stage.job, trigger: "schedule" });
    await stage.drain();
    expect(await states(stage)).toEqual([`issue ${number} open`]);
  });
});

describe("a scan that a person asked for", () => {
  test("asks what the newest commit is, and not for code that is kept", async () => {
    const { stage } = on;
    await stage.scan();
    const asked = await requestsOf(() => stage.run("scan", { ...stage.job, trigger: "person" }));
    expect(asked).toEqual(["GET ", "GET /git/ref/heads/main"]);
  });
});

describe("code that is kept", () => {
  test("is deleted by the sweep where the App was taken out of the repository, and no other", async () => {
    const { stage } = on;
    await stage.scan();
    const { id: other } = stage.github.repository("notes");
    await stage.archives?.keep(other, "0".repeat(40), Buffer.from("of another one"));
    await stage.run("sweep", {});
    stage.waiting.splice(0);
    expect(await readdir(join(set.folder, "objects"))).toHaveLength(2);
    const { kysely: db } = stage.database;
    const { installationId } = stage.github;
    await removeRepositories(db, installationId, [stage.repositoryId], stage.now());
    // GitHub does not list it any more either.
    stage.github.misbehave({
      method: "GET",
      path: "/installation/repositories",
      times: 9,
      fault: broken(500),
    });
    await stage.run("sweep", {});
    expect(await readdir(join(set.folder, "objects"))).toHaveLength(1);
    expect(await readdir(join(set.folder, "entries"))).toHaveLength(1);
    expect(await stage.archives?.read(other, "0".repeat(40))).toEqual(Buffer.from("of another one"));
  });

  test("is downloaded again where it is damaged", async () => {
    const { stage } = on;
    await stage.scan();
    const objects = join(set.folder, "objects");
    for (const name of await readdir(objects)) await writeFile(join(objects, name), "damaged");
    expect(await nextDay()).toEqual(["POST /graphql", expect.stringMatching(/^GET \/tarball\//)]);
    expect((await latestScan(stage.database.kysely, stage.repositoryId))?.outcome).toBe("complete");
  });

  test("is not that of another commit, whatever the folder says", async () => {
    const { stage } = on;
    await stage.scan();
    const { archives } = stage;
    const first = (await latestScan(stage.database.kysely, stage.repositoryId))?.commit ?? "";
    const archive = (await archives?.read(stage.repositoryId, first)) ?? expect.fail("nothing is kept");
    const files = { "notes.txt": "new" };
    const head = await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files, message: "New" });
    await archives?.keep(stage.repositoryId, head, archive);
    expect(await nextDay()).toEqual(["POST /graphql", expect.stringMatching(/^GET \/tarball\//)]);
  });
});
