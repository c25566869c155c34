import { expect, it, vi } from "vitest";
import { findRepository } from "../../src/store/repositories.ts";
import { broken, meanwhile, refused } from "../e2e/github/faults.ts";
import { drifted, letEverybodyIn, loseDatabase, putRight, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

it("what has an issue or pull request of its own is not told a second time", async () => {
  const stage = await drifted(set.stage);
  await loseDatabase(stage);
  await stage.scan();
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  expect((await findRepository(stage.database.kysely, stage.repositoryId))?.firstScanDone).toBe(true);
});

it("drift that went away meanwhile is closed", async () => {
  const stage = await drifted(set.stage);
  await loseDatabase(stage);
  putRight(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
  expect((await stage.comments(2)).join()).toContain("did not find this drift any more");
});

it("an interruption while it is found again loses none of it", async () => {
  const stage = await drifted(set.stage);
  await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
  await stage.scan();
  await loseDatabase(stage);
  await scanOnly(stage);
  stage.github.misbehave({ method: "GET", path: "/issues/1", times: 3, fault: broken(500) });
  await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
  stage.github.behave();
  await stage.run("reconcile", stage.job);
  // What a person did not want is known again.
  resize(stage, "m6i.xlarge");
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
  putRight(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed", "issue 3 closed"]);
});

it("an object whose row alone is lost is taken in again at the next look, whenever that is", async () => {
  const stage = await drifted(set.stage);
  await stage.database.kysely.deleteFrom("objects").execute();
  putRight(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
});

it("of what two processes made at once one is kept, and the other closed", async () => {
  const { stage } = set;
  await stage.scan();
  letEverybodyIn(stage);
  await scanOnly(stage);
  // The first one is thought to be gone while GitHub takes its time.
  const second = meanwhile(() => stage.run("reconcile", stage.job));
  stage.github.misbehave({ method: "POST", path: "/issues", fault: second });
  await expect(stage.run("reconcile", stage.job)).rejects.toThrow("another process");
  expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
  await stage.run("reconcile", stage.job);
  const open = (await stage.issues()).filter(({ state }) => state === "open");
  expect(open).toHaveLength(1);
  const [closed] = (await stage.issues()).filter(({ state }) => state === "closed");
  expect(await stage.comments(closed?.number ?? 0)).toEqual([
    expect.stringContaining(`#${open[0]?.number} is about the same`),
  ]);
  const before = stage.writes.length;
  await stage.run("reconcile", stage.job);
  expect(stage.writes.slice(before)).toEqual([]);
});

it("what GitHub refuses about one keeps no other from being looked after", async () => {
  const stage = await drifted(set.stage);
  await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
  stage.github.misbehave({ method: "GET", path: "/pulls/1", times: 9, fault: refused("Not now", 422) });
  putRight(stage);
  await expect(stage.scan()).rejects.toThrow("Not now");
  expect((await states(stage))[1]).toBe("issue 2 closed");
  expect(stage.logged).toContainEqual(expect.objectContaining({ message: "could not be looked after" }));
});
