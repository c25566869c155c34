import { describe, expect, it, vi } from "vitest";
import type { JobPorts } from "../../src/jobs/ports.ts";
import { deadLetterHandler } from "../../src/jobs/scan-failure.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { startScan } from "../../src/store/scans.ts";
import { broken, primaryLimit } from "../e2e/github/faults.ts";
import { changeConfig, letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const TARBALL = /\/tarball\//;

async function scans(stage: Stage) {
  const rows = stage.database.kysely.selectFrom("scans").selectAll().orderBy("id");
  return (await rows.execute()).map(({ outcome, reason, finished_at: at }) => ({
    outcome,
    reason,
    isOver: at !== null,
  }));
}

const skipReason = async (stage: Stage) =>
  (await findRepository(stage.database.kysely, stage.repositoryId))?.skipReason;

const scan = (stage: Stage, isLastAttempt: boolean) =>
  stage.run("scan", { ...stage.job, trigger: "schedule" }, { isLastAttempt });

const told = (reason: unknown) =>
  expect.objectContaining({ message: "repository not scanned", name: FULL_NAME, reason });

const letter = (stage: Stage, reason: string, at = new Date(Date.now() + 1000)) =>
  deadLetterHandler(stage.ports)({ queue: "scan", data: stage.job, reason, at });

describe("a scan that fails at every attempt", () => {
  it("is unfinished while there is a next one, and ends as failed with the last, which is said", async () => {
    const { stage } = set;
    stage.github.misbehave({ method: "GET", path: TARBALL, times: 99, fault: broken(502) });
    await expect(scan(stage, false)).rejects.toThrow(/502/);
    expect(await scans(stage)).toEqual([{ outcome: null, reason: null, isOver: false }]);
    expect(await skipReason(stage)).toBeNull();
    await expect(scan(stage, true)).rejects.toThrow(/502/);
    const reason = expect.stringMatching(/^the scan failed each time it was tried.*502/);
    expect(await scans(stage)).toEqual([
      { outcome: "interrupted", reason: null, isOver: true },
      { outcome: "failed", reason, isOver: true },
    ]);
    expect(await skipReason(stage)).toEqual(reason);
    expect(stage.logged).toContainEqual(told(reason));
    stage.github.behave();
    await stage.scan();
    expect(await skipReason(stage)).toBeNull();
  });

  it("before it could begin is written down as well", async () => {
    const { stage } = set;
    stage.github.misbehave({ method: "GET", path: `/repos/${FULL_NAME}`, times: 99, fault: broken(500) });
    await expect(scan(stage, true)).rejects.toThrow(/500/);
    expect(await scans(stage)).toMatchObject([{ outcome: "failed", isOver: true }]);
    expect(stage.logged).toContainEqual(told(expect.stringContaining("500")));
  });

  it("is none where GitHub's limits put it off", async () => {
    const { stage } = set;
    const fault = primaryLimit(new Date(Date.now() + 600_000));
    stage.github.misbehave({ method: "GET", path: TARBALL, fault });
    await expect(scan(stage, true)).rejects.toMatchObject({ name: "RateLimited" });
    expect(await skipReason(stage)).toBeNull();
  });

  it("leaves what the scan before found to be looked after", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    stage.github.misbehave({ method: "GET", path: TARBALL, times: 3, fault: broken(502) });
    await expect(scan(stage, true)).rejects.toThrow(/502/);
    await stage.github.person("alice").closeIssue(FULL_NAME, 2);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
    expect(await stage.comments(2)).toEqual([
      expect.stringContaining("The next scan looks whether the drift is gone"),
    ]);
  });
});

it("a scan that failed is not begun again for what changed since the one before, which would go on for ever", async () => {
  const { stage } = set;
  await stage.scan();
  resize(stage);
  await stage.scan();
  await changeConfig(stage, (text) => `${text}\n# Another one.\n`);
  resize(stage, "m6i.xlarge");
  stage.github.misbehave({ method: "GET", path: TARBALL, times: 99, fault: broken(502) });
  await expect(scan(stage, true)).rejects.toThrow(/502/);
  expect(stage.waiting.splice(0).map(({ name }) => name)).toEqual(["reconcile"]);
  await stage.run("reconcile", stage.job);
  expect(stage.waiting).toEqual([]);
  stage.github.behave();
  await stage.scan();
  expect((await stage.issues())[0]?.title).toContain("m6i.xlarge");
});

describe("the process ends in the last attempt at a scan", () => {
  it("and whoever clears up ends it as failed, and says so", async () => {
    const { stage } = set;
    await startScan(stage.database.kysely, stage.repositoryId, stage.now());
    await letter(stage, "heartbeat timeout");
    const reason = expect.stringContaining("heartbeat timeout");
    expect(await scans(stage)).toEqual([{ outcome: "failed", reason, isOver: true }]);
    expect(await skipReason(stage)).toEqual(reason);
    expect(stage.logged).toContainEqual(expect.objectContaining({ message: "a job failed for good" }));
    expect(stage.logged).toContainEqual(told(reason));
  });

  it("and the next scan, which has begun by then, goes on", async () => {
    const { stage } = set;
    const givenUp = new Date(Date.now() - 1000);
    await startScan(stage.database.kysely, stage.repositoryId, stage.now());
    await letter(stage, "heartbeat timeout", givenUp);
    expect(await scans(stage)).toEqual([{ outcome: null, reason: null, isOver: false }]);
    expect(await skipReason(stage)).toBeNull();
  });

  it("of another queue changes nothing about scans", async () => {
    const { stage } = set;
    await startScan(stage.database.kysely, stage.repositoryId, stage.now());
    const ports: JobPorts = stage.ports;
    await deadLetterHandler(ports)({ queue: "reconcile", data: stage.job, reason: "x", at: new Date() });
    await deadLetterHandler(ports)({ queue: "scan", data: null, reason: "x", at: new Date() });
    expect(await scans(stage)).toMatchObject([{ isOver: false }]);
  });
});
