import { describe, expect, it, vi } from "vitest";
import { findRepository } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import { shopFiles } from "../e2e/shop.ts";
import { commit, letEverybodyIn, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const left = async (stage: Stage) => [
  (await findRepository(stage.database.kysely, stage.repositoryId))?.skipReason,
  (await latestScan(stage.database.kysely, stage.repositoryId))?.outcome,
];

describe("an empty repository", () => {
  const set = stagePerTest({ files: {} });

  it("is left out until there is a commit, and scanned then", async () => {
    const { stage } = set;
    await stage.scan();
    expect(await left(stage)).toEqual(["the repository has no commit on its default branch yet", "skipped"]);
    expect(stage.writes).toEqual([]);
    letEverybodyIn(stage);
    await commit(stage, await shopFiles());
    await stage.scan();
    expect(await left(stage)).toEqual([null, "complete"]);
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });
});

describe("a repository without Terraform", () => {
  const set = stagePerTest({ files: { "README.md": "# Nothing here\n" } });

  it("has nothing written into it, and its first scan is the one that finds a stack", async () => {
    const { stage } = set;
    await stage.scan();
    expect(await left(stage)).toEqual(["there is no Terraform stack in the repository", "skipped"]);
    expect(stage.writes).toEqual([]);
    letEverybodyIn(stage);
    await commit(stage, await shopFiles());
    await stage.scan();
    expect(await left(stage)).toEqual([null, "complete"]);
    expect((await stage.issues()).map(({ title }) => title)).toEqual(["Drift found by the first scan"]);
  });
});
