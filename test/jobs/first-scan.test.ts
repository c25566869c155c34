import { expect, it, vi } from "vitest";
import { findRepository } from "../../src/store/repositories.ts";
import { refused } from "../e2e/github/faults.ts";
import { changeConfig, letEverybodyIn, putRight, resize, scanOnly, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

async function isDone(stage: Stage): Promise<boolean | undefined> {
  return (await findRepository(stage.database.kysely, stage.repositoryId))?.firstScanDone;
}

it("whose summary cannot be written owes it until it can be", async () => {
  const { stage } = set;
  stage.github.change("shop", { issues: false });
  letEverybodyIn(stage);
  await stage.scan();
  expect(await isDone(stage)).toBe(true);
  stage.github.change("shop", { issues: true });
  await stage.scan();
  const [summary, ...others] = await stage.issues();
  expect(others).toEqual([]);
  expect(summary).toMatchObject({ state: "open", title: "Drift found by the first scan" });
});

it("is over, whatever GitHub refuses about a single pull request", async () => {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\nstart: all"));
  resize(stage);
  const fault = refused("Validation Failed", 422);
  stage.github.misbehave({ method: "POST", path: "/pulls", times: 99, fault });
  await expect(stage.scan()).rejects.toThrow("Validation Failed");
  expect(await isDone(stage)).toBe(true);
  expect(await states(stage)).toEqual(["issue 1 open"]);
});

it("that ends while another one runs makes what that one finds new", async () => {
  const { stage } = set;
  await scanOnly(stage);
  const { ports } = stage;
  const inventories: typeof ports.clouds.inventories = async (repository) => {
    await stage.run("reconcile", stage.job);
    resize(stage);
    letEverybodyIn(stage);
    return ports.clouds.inventories(repository);
  };
  const clouds = { ...ports.clouds, inventories };
  await stage.run("scan", { ...stage.job, trigger: "person" }, { ports: { ...ports, clouds } });
  await stage.drain();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
});

it("with `start: all` keeps its summary while there is something left of it", async () => {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\nstart: all"));
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  const before = stage.writes.length;
  await stage.scan();
  expect(stage.writes.slice(before)).toEqual([]);
  putRight(stage);
  await stage.scan();
  expect((await stage.issues()).map(({ state }) => state)).toEqual(["closed", "closed", "closed"]);
});
