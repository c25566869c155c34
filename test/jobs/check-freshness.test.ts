import { describe, expect, it, vi } from "vitest";
import { deadLetterHandler } from "../../src/jobs/scan-failure.ts";
import { onPush } from "../../src/jobs/webhooks/code.ts";
import { broken } from "../e2e/github/faults.ts";
import { diskFiles, officeFiles, propose, runOf, runsOf } from "./checks.ts";
import { changeConfig, letEverybodyIn, resize } from "./drift.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 90_000 });

describe("the check run of an open pull request is made again", () => {
  const set = stagePerTest();

  it("when the configuration on the default branch makes such drift fail", async () => {
    const { stage } = set;
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    const { sha } = await propose(stage, "office", await officeFiles());
    expect(await runOf(stage, sha)).toMatchObject({ conclusion: "neutral" });
    await changeConfig(stage, (text) => `${text}\nchecks: { fail: { severities: [critical, high] } }\n`);
    await stage.scan();
    expect(await runOf(stage, sha)).toMatchObject({ conclusion: "failure" });
    expect((await runOf(stage, sha)).output.summary).toMatch(/This check fails because of 1 drift/);
  });

  it("when somebody has the drift ignored", async () => {
    const { stage } = set;
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    const { sha } = await propose(stage, "office", await officeFiles());
    const issue = (await stage.issues()).findLast(
      ({ isPull, title }) => !isPull && !/dashboard/i.test(title),
    );
    await stage.comment(issue?.number ?? 0, "/drift ignore");
    await stage.drain();
    expect(await runOf(stage, sha)).toMatchObject({ conclusion: "success" });
  });

  it("when another branch that it goes into is pushed to, and by nothing else that is pushed", async () => {
    const { stage } = set;
    await stage.scan();
    const alice = stage.github.person("alice");
    await alice.commit(FULL_NAME, { branch: "release", files: { "a.md": "a" } });
    const sha = await alice.commit(FULL_NAME, { branch: "disk", files: await diskFiles() });
    const { number } = await alice.send("POST", `/repos/${FULL_NAME}/pulls`, {
      title: "Disk",
      head: "disk",
      base: "release",
    });
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: Number(number) });
    const push = async (branch: string) => {
      await onPush(stage.ports, {
        id: crypto.randomUUID(),
        name: "push",
        payload: { ref: `refs/heads/${branch}`, repository: { id: stage.repositoryId } },
      });
      return stage.waiting.splice(0).map(({ name, data }) => [name, "headSha" in data ? data.headSha : null]);
    };
    expect(await push("elsewhere")).toEqual([]);
    expect(await push("release")).toEqual([["annotate", sha]]);
  });

  it("later, where GitHub did not answer for as long as it was tried", async () => {
    const { stage } = set;
    const data = { ...stage.job, headSha: "0".repeat(40), pullRequest: 7 };
    const letter = { queue: "annotate", reason: "no answer", at: stage.now() };
    const failed = deadLetterHandler(stage.ports);
    await failed({ ...letter, data });
    expect(stage.waiting.splice(0)).toEqual([{ name: "annotate", data: { ...data, round: 1 } }]);
    await failed({ ...letter, data: { ...data, round: 4 } });
    expect(stage.waiting).toEqual([]);
  });

  it("and is finished where the configuration cannot be read at the last attempt", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    const alice = stage.github.person("alice");
    const sha = await alice.commit(FULL_NAME, { branch: "disk", files: await diskFiles() });
    const number = await alice.openPullRequest(FULL_NAME, "disk");
    stage.github.misbehave({ method: "GET", path: /\/contents\//, times: 99, fault: broken(500) });
    const data = { ...stage.job, headSha: sha, pullRequest: number };
    await stage.run("annotate", data, { isLastAttempt: true });
    stage.github.behave();
    expect(await runsOf(stage, sha)).toMatchObject([{ status: "completed", conclusion: "neutral" }]);
  });
});
