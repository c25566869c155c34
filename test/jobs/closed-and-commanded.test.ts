import { expect, it, vi } from "vitest";
import { latestDecisions } from "../../src/store/decisions.ts";
import { refused } from "../e2e/github/faults.ts";
import { commit, drifted, retagged, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const alice = ({ github }: Stage) => github.person("alice");

/** Decisions that count: what was said, and how. */
async function decisions(stage: Stage): Promise<string[]> {
  const all = await latestDecisions(stage.database.kysely, stage.repositoryId);
  return [...all.values()].map(({ verdict, via, until }) =>
    [verdict, via, ...(until ? [until] : [])].join(" "),
  );
}

/** Does what waits, then looks at what people did without a webhook of it. */
async function settle(stage: Stage): Promise<void> {
  await stage.drain();
  await stage.run("reconcile", stage.job);
  await stage.scan();
}

it("an issue that is closed with a comment is ignored as the comment says", async () => {
  const stage = await retagged(set.stage);
  await stage.comment(1, "/drift ignore until 2099-01-01 because the nights are cheaper");
  await alice(stage).closeIssue(FULL_NAME, 1, "not_planned");
  await settle(stage);
  expect(await decisions(stage)).toEqual(["ignore command 2099-01-01"]);
  expect(await states(stage)).toEqual(["issue 1 closed"]);
  const told = (await stage.comments(1)).filter((text) => text.includes("ignore"));
  expect(told.filter((text) => !text.startsWith("/drift"))).toEqual([
    expect.stringContaining("until the end of 2099-01-01"),
  ]);
});

it("a pull request that is closed with a comment does what the comment says", async () => {
  const stage = await drifted(set.stage);
  await stage.comment(1, "/drift ignore because it is a trial");
  await alice(stage).closePullRequest(FULL_NAME, 1);
  await settle(stage);
  expect(await decisions(stage)).toEqual([expect.stringMatching(/^ignore command/)]);
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
  expect((await stage.comments(1)).join()).not.toContain("an issue has the plan");
});

it("a pull request that is wanted again before anybody saw that it was closed comes back", async () => {
  const stage = await drifted(set.stage);
  await alice(stage).closePullRequest(FULL_NAME, 1);
  await stage.comment(1, "/drift adopt");
  await settle(stage);
  expect(await decisions(stage)).toEqual(["adopt command"]);
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
});

it("an issue that was moved elsewhere has nobody accept opened access", async () => {
  const stage = await drifted(set.stage);
  await commit(stage, { CODEOWNERS: "* @carol\n" });
  await alice(stage).closeIssue(FULL_NAME, 2, "not_planned");
  const path = `/repos/${FULL_NAME}/issues/2`;
  stage.github.misbehave({ method: "GET", path, times: 99, fault: refused("Not Found", 404) });
  await stage.run("reconcile", stage.job);
  stage.github.behave();
  await settle(stage);
  expect(await decisions(stage)).toEqual([]);
});
