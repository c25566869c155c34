import { setTimeout } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { broken, refused } from "../e2e/github/faults.ts";
import { decisions } from "./answers.ts";
import { changeConfig, commit, drifted, resize, retagged, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60_000;
const alice = ({ github }: Stage) => github.person("alice");

/** Decisions that count: what was said, and how. */
async function said(stage: Stage): Promise<string[]> {
  return (await decisions(stage)).map(({ verdict, via, until }) =>
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
  expect(await said(stage)).toEqual(["ignore command 2099-01-01"]);
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
  expect(await said(stage)).toEqual([expect.stringMatching(/^ignore command/)]);
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
  expect((await stage.comments(1)).join()).not.toContain("an issue has the plan");
});

it("a pull request that is wanted again before anybody saw that it was closed comes back", async () => {
  const stage = await drifted(set.stage);
  await alice(stage).closePullRequest(FULL_NAME, 1);
  await stage.comment(1, "/drift adopt");
  await settle(stage);
  expect(await said(stage)).toEqual(["adopt command"]);
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
  expect(await said(stage)).toEqual([]);
});

it("a pull request that is closed with a comment is back when what the comment says has ended", async () => {
  const stage = await drifted(set.stage);
  await stage.comment(1, "/drift ignore for 5 days");
  await alice(stage).closePullRequest(FULL_NAME, 1);
  await settle(stage);
  stage.ahead = 7 * DAY;
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
});

it("a command that is worked off after a later closing does not count before it", async () => {
  const stage = await retagged(set.stage);
  stage.ahead = -60_000;
  await stage.comment(1, "/drift revert");
  stage.ahead = 0;
  await alice(stage).closeIssue(FULL_NAME, 1, "not_planned");
  await stage.run("reconcile", stage.job);
  await settle(stage);
  expect(await said(stage)).toEqual([expect.stringMatching(/^ignore closed-issue/)]);
  expect(await states(stage)).toEqual(["issue 1 closed"]);
});

it("a pull request that somebody closes who may not write is opened again, and says why", async () => {
  const stage = await drifted(set.stage);
  stage.github.permit("bob", "read");
  await stage.github.person("bob").closePullRequest(FULL_NAME, 1);
  await settle(stage);
  expect(await said(stage)).toEqual([]);
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  const told = (await stage.comments(1)).filter((text) => text.includes("closed without merging"));
  expect(told).toEqual([expect.stringContaining("only who may write to this repository can decide")]);
});

it("an issue that is opened again before its closing was wholly written down stays open", async () => {
  const stage = await retagged(set.stage);
  await alice(stage).closeIssue(FULL_NAME, 1, "not_planned");
  stage.github.misbehave({ method: "POST", path: "/issues/1/comments", times: 9, fault: broken(500) });
  await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
  stage.github.behave();
  await setTimeout(1100);
  await alice(stage).send("PATCH", `/repos/${FULL_NAME}/issues/1`, { state: "open" });
  await settle(stage);
  expect(await said(stage)).toEqual([]);
  expect(await states(stage)).toEqual(["issue 1 open"]);
});

it("an issue whose drift was ignored by a command opens again after that, however long it was closed", async () => {
  const stage = await retagged(set.stage);
  await stage.comment(1, "/drift ignore for 20 days");
  await settle(stage);
  expect(await states(stage)).toEqual(["issue 1 closed"]);
  stage.ahead = 22 * DAY;
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open"]);
  expect((await stage.comments(1)).at(-1)).toContain(
    "The time is over for which this drift was to be ignored",
  );
});

it("a pull request that closes since its drift is ignored by a command elsewhere says why, whatever was refused on it", async () => {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  await stage.scan();
  resize(stage);
  await stage.scan();
  stage.github.permit("bob", "read");
  await stage.comment(2, "/drift ignore", { login: "bob" });
  await stage.drain();
  await stage.comment(
    1,
    '/drift ignore module.service["api"].aws_instance.this in shop-prod because it is a trial',
  );
  await settle(stage);
  expect(await states(stage)).toEqual(["issue 1 open", "pull 2 closed"]);
  expect((await stage.comments(2)).at(-1)).toContain("Somebody decided that this drift is to be ignored");
});

it("a pull request that somebody closes whose branch GitHub does not delete is not adopted all the same", async () => {
  const stage = await drifted(set.stage);
  await alice(stage).closePullRequest(FULL_NAME, 1);
  const fault = refused("Cannot delete this branch", 422);
  stage.github.misbehave({ method: "DELETE", path: /\/git\/refs\//, times: 99, fault });
  stage.github.misbehave({ method: "POST", path: "/graphql", body: /updateRefs/, times: 99, fault });
  await settle(stage);
  expect(await said(stage)).toEqual(["revert closed-pull-request"]);
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
});
