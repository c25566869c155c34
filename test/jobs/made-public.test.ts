import { describe, expect, it, vi } from "vitest";
import { broken } from "../e2e/github/faults.ts";
import { check, officeFiles, propose } from "./checks.ts";
import { changeConfig, drifted, loseDatabase, putRight, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 90_000 });

const set = stagePerTest();
const DETAILS = /aws_|0\.0\.0\.0|m6i|instance_type|ingress|everybody in|shop-prod/i;

function makePublic(stage: Stage): void {
  stage.github.change("shop", { private: false });
}

/** What the App says in its issues and pull requests, but not what people said. */
async function told(stage: Stage): Promise<string> {
  const all = await stage.issues();
  const comments = await Promise.all(all.map(({ number }) => stage.comments(number)));
  const own = comments.flat().filter((text) => text.includes("driftwright:comment:v1"));
  return [...all.flatMap(({ title, body }) => [title, body]), ...own].join("\n");
}

/** Somebody closes both and wants to hear no more of the drift, which is still there. */
async function unwanted(stage: Stage): Promise<void> {
  const alice = stage.github.person("alice");
  await stage.comment(2, "/drift explain");
  await stage.drain();
  await alice.closePullRequest(FULL_NAME, 1);
  await alice.closeIssue(FULL_NAME, 2, "not_planned");
  await stage.scan();
  await alice.closeIssue(FULL_NAME, 3, "not_planned");
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed", "issue 3 closed"]);
  expect(await told(stage)).toMatch(DETAILS);
}

describe("a repository is made public, and nothing tells any more of single drifts", () => {
  it("that people ignored, or did not want to adopt", async () => {
    const stage = await drifted(set.stage);
    await unwanted(stage);
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
    expect((await states(stage)).slice(0, 3)).toEqual(["pull 1 closed", "issue 2 closed", "issue 3 closed"]);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("that are gone by now, so that their return tells nothing either", async () => {
    const stage = await drifted(set.stage);
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
    resize(stage);
    await stage.scan();
    expect((await states(stage)).slice(0, 2)).toEqual(["pull 1 closed", "issue 2 closed"]);
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  it("that go away at the same time", async () => {
    const stage = await drifted(set.stage);
    makePublic(stage);
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  it("that were adopted", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").merge(FULL_NAME, 1, stage.now());
    await stage.scan();
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  it("in answers on the dashboard; what is answered there from then on stays", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
    await stage.scan();
    resize(stage);
    await stage.scan();
    await stage.comment(1, "/drift ignore");
    await stage.drain();
    expect((await stage.comments(1)).join()).toMatch(DETAILS);
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
    await stage.comment(1, "/drift help");
    await stage.drain();
    await stage.scan();
    expect((await stage.comments(1)).at(-1)).toContain("/drift rescan");
  });

  it("on a dashboard that somebody closed", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) =>
      text.replace("version: 1", "version: 1\ndashboard: true\nstart: all"),
    );
    resize(stage);
    await stage.scan();
    const dashboard = (await stage.issues()).find(({ title }) => title === "Driftwright dashboard");
    await stage.github.person("alice").closeIssue(FULL_NAME, dashboard?.number ?? 0);
    await stage.scan();
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  it("where that is interrupted, or the database was lost before", async () => {
    const stage = await drifted(set.stage);
    await unwanted(stage);
    await loseDatabase(stage);
    makePublic(stage);
    stage.github.misbehave({ method: "PATCH", path: "/issues/2", fault: broken(500), times: 9 });
    await scanOnly(stage);
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
    stage.github.behave();
    await stage.run("reconcile", stage.job);
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  it("each time, and all of it is told again in between", async () => {
    const stage = await drifted(set.stage);
    makePublic(stage);
    await stage.scan();
    stage.github.change("shop", { private: true });
    await stage.scan();
    expect(await told(stage)).toMatch(DETAILS);
    expect((await stage.comments(2)).at(-1)).toContain(
      "nothing else tells of it any more, so this is open again",
    );
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.github.person("alice").closeIssue(FULL_NAME, 2, "not_planned");
    await stage.comment(2, "/drift explain");
    await stage.drain();
    makePublic(stage);
    await stage.scan();
    expect(await told(stage)).not.toMatch(DETAILS);
  });

  describe("in checks", () => {
    /** All that the checks of a commit say, those included that newer ones took the place of. */
    const saidAt = async (stage: Stage, sha: string) => {
      const path = `/repos/${FULL_NAME}/commits/${sha}/check-runs?filter=all`;
      const { check_runs: runs } = await stage.github.person("alice").send("GET", path);
      const all = runs as unknown as readonly { conclusion: string; output: Record<string, string> }[];
      return all.map(({ conclusion, output }) => ({
        conclusion,
        said: `${output["title"]} ${output["summary"]} ${output["text"]}`,
      }));
    };
    const headOf = async (stage: Stage, number: number) => {
      const path = `/repos/${FULL_NAME}/pulls/${number}`;
      const { head } = await stage.github.person("alice").send("GET", path);
      return (head as unknown as { sha: string }).sha;
    };
    /** One of the App's own, one that was merged before, and one that is open; each with its check. */
    const checked = async (stage: Stage) => {
      const merged = await propose(stage, "merged", await officeFiles());
      await stage.github.person("alice").closePullRequest(FULL_NAME, merged.number);
      const open = await propose(stage, "open", await officeFiles());
      const own = await headOf(stage, 1);
      await check(stage, { sha: own, number: 1 });
      const all = [own, merged.sha, open.sha];
      for (const sha of all) expect(JSON.stringify(await saidAt(stage, sha))).toMatch(DETAILS);
      return all;
    };

    it("of pull requests that are closed by then, the App's own included, and of open ones", async () => {
      const stage = await drifted(set.stage);
      const commits = await checked(stage);
      makePublic(stage);
      await stage.scan();
      for (const sha of commits) {
        const runs = await saidAt(stage, sha);
        for (const { said } of runs) expect(said).not.toMatch(DETAILS);
        expect(runs.every(({ conclusion }) => conclusion === "neutral")).toBe(true);
      }
      const [, , open = ""] = commits;
      const again = (await saidAt(stage, open)).filter(({ said }) => said.includes("only numbers are shown"));
      expect(again).toHaveLength(1);
      const before = stage.writes.length;
      await stage.scan();
      expect(stage.writes.slice(before)).toEqual([]);
    });

    it("where that is interrupted after the pull requests are closed, or the database was lost", async () => {
      const stage = await drifted(set.stage);
      const [own = ""] = await checked(stage);
      await loseDatabase(stage);
      makePublic(stage);
      stage.github.misbehave({ method: "PATCH", path: /check-runs/, fault: broken(500), times: 9 });
      await scanOnly(stage);
      await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
      expect((await states(stage))[0]).toBe("pull 1 closed");
      stage.github.behave();
      await stage.run("reconcile", stage.job);
      expect(JSON.stringify(await saidAt(stage, own))).not.toMatch(DETAILS);
    });
  });

  it("until it is private again: what a person reopens then tells what it told", async () => {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    await alice.closeIssue(FULL_NAME, 2, "not_planned");
    await stage.scan();
    makePublic(stage);
    await stage.scan();
    stage.github.change("shop", { private: true });
    await alice.send("PATCH", `/repos/${FULL_NAME}/issues/2`, { state: "open" });
    await stage.scan();
    await stage.scan();
    const issue = (await stage.issues()).find(({ number }) => number === 2);
    expect(issue).toMatchObject({ state: "open", title: expect.stringContaining("Lets everybody in") });
    expect(issue?.body).toContain("0.0.0.0/0");
  });
});
