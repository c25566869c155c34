import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import * as contents from "../../src/github/contents.ts";
import { WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { findRepository, saveRepositoryNames } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import type { Fault } from "../e2e/github/faults.ts";
import { shopWithoutDashboard } from "../e2e/shop.ts";
import { letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });
vi.mock("../../src/github/contents.ts", { spy: true });

const set = stagePerTest({ files: await shopWithoutDashboard() });
const TARBALL = /\/tarball\//;

const scan = (stage: Stage) => stage.run("scan", { ...stage.job, trigger: "person" });
const stored = (stage: Stage) => findRepository(stage.database.kysely, stage.repositoryId);
const lastScan = (stage: Stage) => latestScan(stage.database.kysely, stage.repositoryId);

/** Nothing was written, and the reason is kept and said. */
async function expectLeftOut(stage: Stage, reason: string, message = "repository skipped"): Promise<void> {
  expect(stage.writes).toEqual([]);
  expect((await stored(stage))?.skipReason).toContain(reason);
  expect(stage.logged).toContainEqual(
    expect.objectContaining({ message, name: FULL_NAME, reason: expect.stringContaining(reason) }),
  );
}

/** GitHub gives these bytes in place of the archive. */
function instead(bytes: Uint8Array): Fault {
  const headers = { "content-type": "application/x-gzip" };
  return { when: "before", answer: { status: 200, headers, body: bytes }, first: async () => {} };
}

describe("an archive that cannot be used", () => {
  it("since it is larger than what is taken of a repository: the scan failed, and is not tried again", async () => {
    const { stage } = set;
    const original = await vi.importActual<typeof contents>("../../src/github/contents.ts");
    vi.mocked(contents.downloadTarball).mockImplementationOnce((github, repository, sha, options) =>
      original.downloadTarball(github, repository, sha, { ...options, mostBytes: 100 }),
    );
    await scan(stage);
    await expectLeftOut(stage, "more than 100 bytes", "repository not scanned");
    expect(await lastScan(stage)).toMatchObject({ outcome: "failed" });
    // The dashboard says so.
    expect(stage.waiting.map(({ name }) => name)).toEqual(["reconcile"]);
  });

  it("since it unpacks to far more than it is", async () => {
    const { stage } = set;
    const bomb = gzipSync(new Uint8Array(80 * 1024 * 1024), { level: 1 });
    stage.github.misbehave({ method: "GET", path: TARBALL, fault: instead(bomb) });
    await scan(stage);
    await expectLeftOut(stage, "the repository is too large to be scanned", "repository not scanned");
    expect(await lastScan(stage)).toMatchObject({ outcome: "failed" });
  });

  it("since it is damaged: it is tried again", async () => {
    const { stage } = set;
    const fault = instead(new TextEncoder().encode("no archive"));
    stage.github.misbehave({ method: "GET", path: TARBALL, fault });
    await expect(scan(stage)).rejects.toThrow("damaged or incomplete");
    await scan(stage);
    expect(await lastScan(stage)).toMatchObject({ outcome: "complete" });
  });

  it("for the check of a pull request: the check says so, and ends neutral", async () => {
    const { stage } = set;
    letEverybodyIn(stage);
    await scan(stage);
    stage.waiting.splice(0);
    const alice = stage.github.person("alice");
    const headSha = await alice.commit(FULL_NAME, { branch: "change", files: { "NOTES.md": "x" } });
    const pullRequest = await alice.openPullRequest(FULL_NAME, "change");
    const bomb = gzipSync(new Uint8Array(80 * 1024 * 1024), { level: 1 });
    stage.github.misbehave({ method: "GET", path: TARBALL, fault: instead(bomb) });
    await stage.run("annotate", { ...stage.job, headSha, pullRequest });
    const { check_runs: runs } = await alice.send("GET", `/repos/${FULL_NAME}/commits/${headSha}/check-runs`);
    expect(runs).toMatchObject([
      {
        status: "completed",
        conclusion: "neutral",
        output: { title: "Not checked", summary: expect.stringContaining("too large to be scanned") },
      },
    ]);
  });
});

describe("a repository", () => {
  it("that was renamed is scanned under its new name, which is kept", async () => {
    const { stage } = set;
    await stage.scan();
    stage.github.formerName("acme/store", "shop");
    const { id, installationId, owner } = (await stored(stage)) ?? { id: 0, installationId: 0, owner: "" };
    const before = { id, installationId, owner, name: "store", private: true };
    await saveRepositoryNames(stage.database.kysely, [before], stage.now());
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await stored(stage)).toMatchObject({ owner: "acme", name: "shop", skipReason: null });
    expect(stage.writes.filter((write) => write.includes("store"))).toEqual([]);
  });

  it("that was transferred to where the App is not installed is left out", async () => {
    const { stage } = set;
    const { installationId } = stage.job;
    const gone = { id: 987_654, installationId, owner: "acme", name: "gone", private: true };
    await saveRepositoryNames(stage.database.kysely, [gone], stage.now());
    await stage.run("scan", { repositoryId: gone.id, installationId, trigger: "schedule" });
    const row = await findRepository(stage.database.kysely, gone.id);
    expect(row?.skipReason).toContain("does not show the repository to the installation");
    expect(stage.writes).toEqual([]);
  });

  it("whose name another one has by now is not taken for that one", async () => {
    const { stage } = set;
    const path = `/repos/${FULL_NAME}`;
    const { body } = await stage.github.person("alice").try("GET", path);
    const other = { ...(body as JsonObject), id: 987_654 };
    stage.github.misbehave({
      method: "GET",
      path,
      fault: { when: "before", answer: { status: 200, headers: {}, body: other }, first: async () => {} },
    });
    await scan(stage);
    await expectLeftOut(stage, "does not show the repository");
    expect(await lastScan(stage)).toMatchObject({ outcome: "skipped" });
  });
});

describe("without a permission", () => {
  const without = (name: keyof typeof WANTED_PERMISSIONS) =>
    Object.fromEntries(Object.entries(WANTED_PERMISSIONS).filter(([each]) => each !== name));

  it("to read contents nothing is scanned", async () => {
    const { stage } = set;
    await stage.install(without("contents"));
    await scan(stage);
    await expectLeftOut(stage, "contents: read");
    expect(await lastScan(stage)).toMatchObject({ outcome: "skipped" });
  });

  it.each([
    ["to write contents", { ...WANTED_PERMISSIONS, contents: "read" }, "contents: write"],
    ["for pull requests", without("pull_requests"), "pull_requests: write"],
  ])("%s it is scanned, and nothing is written", async (_what, permissions, reason) => {
    const { stage } = set;
    await stage.install(permissions);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await lastScan(stage)).toMatchObject({ outcome: "complete" });
    await expectLeftOut(stage, reason);
  });

  it("for check runs all the rest is done", async () => {
    const { stage } = set;
    await stage.install(without("checks"));
    const alice = stage.github.person("alice");
    await alice.commit(FULL_NAME, { branch: "change", files: { "NOTES.md": "x" } });
    await alice.openPullRequest(FULL_NAME, "change");
    letEverybodyIn(stage);
    await stage.scan();
    expect(stage.writes).toEqual(["POST /issues"]);
    expect(stage.logged).toContainEqual(
      expect.objectContaining({ message: "no check run", missing: ["checks: write"] }),
    );
  });
});
