import { describe, expect, it, vi } from "vitest";
import { latestScan } from "../../src/store/scans.ts";
import { broken } from "../e2e/github/faults.ts";
import { shopFiles } from "../e2e/shop.ts";
import { commit, letEverybodyIn, resize, scanOnly } from "./drift.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

describe("an operator learns from the log", () => {
  it("which stack was not scanned, and why", async () => {
    const { stage } = set;
    await commit(stage, { "staging.tfstate": "not a state" });
    await scanOnly(stage);
    expect(stage.logged).toContainEqual({
      message: "stack not scanned whole",
      repository: stage.repositoryId,
      name: FULL_NAME,
      stack: "shop-staging",
      status: "failed",
      reasons: [expect.stringContaining("staging.tfstate")],
    });
    expect(stage.logged).toContainEqual(
      expect.objectContaining({ message: "repository scanned", name: FULL_NAME, stacks: 2, failed: 1 }),
    );
  });

  it("what was opened, brought up to date and closed", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    resize(stage, "m6i.xlarge");
    await stage.scan();
    resize(stage, "t3.medium");
    await stage.scan();
    const told = stage.logged.filter((line) => Object.hasOwn(line as object, "number"));
    expect(told).toMatchObject([
      { name: FULL_NAME, message: "pull request opened", number: 1 },
      { name: FULL_NAME, message: "issue opened", number: 2 },
      { name: FULL_NAME, message: "pull request updated", number: 1 },
      { name: FULL_NAME, message: "pull request closed", number: 1, because: "gone" },
    ]);
  });

  it("which repository a line of progress is about", async () => {
    const { stage } = set;
    await scanOnly(stage);
    const lines = stage.logged as { message: string; name?: string }[];
    expect(lines.filter(({ message }) => message.startsWith("evaluating"))).not.toEqual([]);
    expect(lines.every(({ name }) => name === FULL_NAME)).toBe(true);
  });
});

describe("open pull requests cannot be listed", () => {
  it("and the scan is stored all the same; their checks follow as soon as they can", async () => {
    const { stage } = set;
    const alice = stage.github.person("alice");
    const headSha = await alice.commit(FULL_NAME, { branch: "readme", files: { "README.md": "x" } });
    const pullRequest = await alice.openPullRequest(FULL_NAME, "readme");
    letEverybodyIn(stage);
    stage.github.misbehave({ method: "GET", path: /\/pulls(?:\?|$)/, times: 3, fault: broken(502) });
    await stage.run("scan", { ...stage.job, trigger: "person" });
    expect(await latestScan(stage.database.kysely, stage.repositoryId)).toMatchObject({
      outcome: "complete",
    });
    expect(stage.waiting).toEqual([{ name: "reconcile", data: stage.job }]);
    stage.waiting.splice(0);
    await stage.run("reconcile", stage.job);
    expect(stage.waiting).toEqual([{ name: "annotate", data: { ...stage.job, headSha, pullRequest } }]);
    stage.waiting.splice(0);
    await stage.run("reconcile", stage.job);
    expect(stage.waiting).toEqual([]);
  });
});

it("a stack whose state is there again is told of no more", async () => {
  const { stage } = set;
  const state = (await shopFiles())["staging.tfstate"] ?? "";
  await commit(stage, { "staging.tfstate": "not a state" });
  await scanOnly(stage);
  stage.logged.splice(0);
  await commit(stage, { "staging.tfstate": state });
  await scanOnly(stage);
  expect(stage.logged).not.toContainEqual(expect.objectContaining({ message: "stack not scanned whole" }));
});
