import { describe, expect, it, vi } from "vitest";
import type { JobPorts } from "../../src/jobs/ports.ts";
import { objectsOf } from "../../src/store/objects.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import {
  broken,
  brokenAfterWork,
  cutAfterWork,
  type Fault,
  meanwhile,
  primaryLimit,
  refused,
  secondaryLimit,
} from "../e2e/github/faults.ts";
import { deletedBranch } from "../e2e/github/layer.ts";
import { shopFiles } from "../e2e/shop.ts";
import { changeConfig, drifted, letEverybodyIn, putRight, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60 * 1000;

/** The repository after its first scan, in which nothing had drifted. */
async function begun(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  return stage;
}

describe("the first scan", () => {
  it("gives one issue about everything, and nothing else", async () => {
    const { stage } = set;
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const [summary, ...others] = await stage.issues();
    expect(others).toEqual([]);
    expect(summary).toMatchObject({ isPull: false, state: "open", title: "Drift found by the first scan" });
    const rows = summary?.body.split("\n").filter((row) => /^\| (critical|low|medium|high) /.test(row)) ?? [];
    expect(rows.map((row) => row.split(" ")[1])).toEqual(["critical", expect.any(String)]);
  });

  it("is followed by single ones for what is new, and its issue closes when all of it is gone", async () => {
    const { stage } = set;
    letEverybodyIn(stage);
    await stage.scan();
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 closed"]);
  });

  it("gives single ones too with `start: all`", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\nstart: all"));
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open", "issue 3 open"]);
  });

  it("opens nothing where nothing is found", async () => {
    const stage = await begun();
    expect(stage.writes).toEqual([]);
    expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({
      firstScanDone: true,
      skipReason: null,
    });
  });
});

describe("drift", () => {
  it("on purpose becomes a pull request that changes one line, any other an issue with a plan", async () => {
    const stage = await drifted(set.stage);
    const [pull, issue] = await stage.issues();
    expect(pull?.title).toContain("Adopt m6i.large for instance_type");
    expect(issue?.title).toContain("Critical: Lets everybody in");
    const { head } = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`);
    const branch = String((head as { ref?: string }).ref);
    expect(branch).toMatch(/^driftwright\/shop-prod\/[0-9a-f]+$/);
    const { files } = (await stage.github
      .person("alice")
      .send("GET", `/repos/${FULL_NAME}/compare/main...${encodeURIComponent(branch)}`)) as unknown as {
      files: { filename: string }[];
    };
    expect(files.map(({ filename }) => filename)).toEqual(["environments/prod.tfvars"]);
  });

  it("that is the same changes nothing at a second scan", async () => {
    const stage = await drifted(set.stage);
    const before = stage.writes.length;
    await stage.scan();
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("with a new value updates the same pull request", async () => {
    const stage = await drifted(set.stage);
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    const [pull] = await stage.issues();
    expect(pull?.title).toContain("m6i.xlarge");
    expect(stage.writes.slice(-4)).toEqual([
      "POST /git/trees",
      "POST /git/commits",
      expect.stringMatching(/^PATCH \/git\/refs\/heads/),
      "PATCH /pulls/1",
    ]);
  });

  it("that is gone closes both, says how long it lasted, and deletes the branch", async () => {
    const stage = await drifted(set.stage);
    stage.ahead = 3 * DAY;
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
    for (const number of [1, 2]) {
      expect(await stage.comments(number)).toEqual([expect.stringContaining("lasted 3 days")]);
    }
    expect(stage.github.requests.filter((sent) => deletedBranch(sent) !== null)).toHaveLength(1);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("that returns within days opens both again, and is new after weeks", async () => {
    const stage = await drifted(set.stage);
    putRight(stage);
    await stage.scan();
    stage.ahead = 2 * DAY;
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    putRight(stage);
    await stage.scan();
    stage.ahead = 40 * DAY;
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed", "issue 3 open"]);
  });

  it("whose rule is turned round goes from the pull request to an issue", async () => {
    const stage = await drifted(set.stage);
    await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: revert"));
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
    expect((await stage.comments(1)).join()).toContain("no longer judged to be on purpose");
    await changeConfig(stage, (text) => text);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open", "issue 3 closed"]);
    expect((await stage.comments(1)).at(-1)).toContain("This drift is to be adopted, and can be");
    expect((await stage.comments(3)).join()).toContain(
      "judged to be on purpose, and an edit adopts it, so #1",
    );
  });

  it("that a rule ignores has nothing on GitHub", async () => {
    const stage = await drifted(set.stage);
    await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: ignore"));
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    expect((await stage.comments(1)).join()).toContain("ignores this drift");
  });
});

describe("people", () => {
  it("who close a pull request get an issue with the plan: one comment, no branch, no pull request again", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    await stage.scan();
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("is not adopted while it lasts")]);
    expect((await stage.issues())[2]?.body).toMatch(/alice closed its pull request.*### To revert it/s);
    expect(stage.github.requests.filter((sent) => deletedBranch(sent) !== null)).toHaveLength(1);
  });

  it("who close a pull request while the App is about to close it have said so all the same", async () => {
    const stage = await drifted(set.stage);
    await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: revert"));
    const close = () => stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    stage.github.misbehave({ method: "GET", path: "/pulls/1", fault: meanwhile(close) });
    await stage.scan();
    stage.github.behave();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
    expect((await stage.comments(1)).join()).toContain("is not adopted while it lasts");
    expect((await stage.issues())[2]?.body).toContain("alice closed its pull request");
  });

  it("who close an issue as completed: the next scan looks, and opens it again or says that it is so", async () => {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    await alice.closeIssue(FULL_NAME, 2);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.comments(2)).at(-1)).toContain("found the drift still there");
    await alice.closeIssue(FULL_NAME, 2);
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
    expect((await stage.comments(2)).at(-1)).toContain("Verified");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
  });

  it("who close an issue as not planned: it is ignored until a day that is said, and comes back then", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").closeIssue(FULL_NAME, 2, "not_planned");
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
    const day = new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10);
    expect(await stage.comments(2)).toEqual([expect.stringContaining(`until the end of ${day} (UTC)`)]);
    stage.ahead = 89 * DAY;
    await stage.scan();
    expect((await states(stage))[1]).toBe("issue 2 closed");
    stage.ahead = 92 * DAY;
    await stage.scan();
    expect((await states(stage))[1]).toBe("issue 2 open");
    expect((await stage.comments(2)).at(-1)).toContain("The time is over");
  });

  it("who open such an issue again take back what they said", async () => {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    await alice.closeIssue(FULL_NAME, 2, "not_planned");
    await stage.scan();
    await alice.send("PATCH", `/repos/${FULL_NAME}/issues/2`, { state: "open" });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect((await stage.issues())[1]?.body).not.toContain("alice");
  });

  it("who merge the pull request get a new one for the next drift", async () => {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    await alice.merge(FULL_NAME, 1, stage.now());
    // Somebody applies it, which writes the state.
    const state = (await shopFiles())["prod.tfstate"] ?? "";
    const files = {
      "prod.tfstate": state.replace('"instance_type": "t3.medium"', '"instance_type": "m6i.large"'),
    };
    await alice.commit(FULL_NAME, { branch: "main", files });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("Verified")]);
    resize(stage, "m6i.2xlarge");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "pull 3 open"]);
  });

  it("who commit to the branch keep it: it is never written over", async () => {
    const stage = await drifted(set.stage);
    const { head } = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`);
    const branch = String((head as { ref?: string }).ref);
    const theirs = await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch, files: { "NOTES.md": "mine" } });
    resize(stage, "m6i.xlarge");
    await stage.scan();
    await stage.scan();
    const now = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`);
    expect((now["head"] as { sha?: string }).sha).toBe(theirs);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("Somebody else has committed")]);
  });

  it("who copy a marker into an issue of theirs change nothing", async () => {
    const stage = await begun();
    letEverybodyIn(stage);
    await stage.scan();
    const [ours] = await stage.issues();
    await stage.github.person("bob").openIssue(FULL_NAME, "a copy", ours?.body ?? "");
    await stage.database.kysely.deleteFrom("objects").execute();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    const objects = await objectsOf(stage.database.kysely, stage.job, { after: null, limit: 10 });
    expect(objects.map(({ number }) => number)).toEqual([1]);
  });
});

describe("an interruption", () => {
  it.each([
    ["issue", "POST", "/issues"],
    ["pull request", "POST", "/pulls"],
  ] as const)("502 after the %s was made does not double it", async (_what, method, path) => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    stage.github.misbehave({ method, path, fault: brokenAfterWork() });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  });

  it("before any of the steps is written down doubles nothing", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await stage.run("scan", { ...stage.job, trigger: "person" });
    stage.waiting.splice(0);
    for (let steps = 0; steps < 4; steps += 1) {
      const ports = endingAfter(stage, steps);
      await stage.run("reconcile", stage.job, { ports }).catch(({ message }: Error) => {
        expect(message).toBe("the process ended");
      });
    }
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("after any of the requests doubles nothing", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await stage.run("scan", { ...stage.job, trigger: "person" });
    stage.waiting.splice(0);
    for (let after = 0; after < 5; after += 1) {
      const path = /\/repos\/.*\/(?:trees|commits|refs|pulls|issues)$/;
      stage.github.misbehave({ method: "POST", path, after, fault: cutAfterWork() });
      await stage.run("reconcile", stage.job).catch(({ name }: Error) => {
        expect(name).toBe("Unavailable");
      });
      stage.github.behave();
    }
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  });

  it("that loses the database loses nothing that is on GitHub", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    await stage.database.kysely.deleteFrom("repositories").execute();
    await stage.install();
    const before = (await stage.issues()).length;
    await stage.scan();
    expect((await stage.issues()).filter(({ title }) => !title.startsWith("Drift found"))).toHaveLength(
      before,
    );
    putRight(stage);
    await stage.scan();
    expect((await stage.issues()).every(({ state }) => state === "closed")).toBe(true);
  });
});

/** A database that takes so many updates, as if the process had ended then. */
function endingAfter(stage: Stage, updates: number): JobPorts {
  let left = updates;
  const ending = new Proxy(stage.database.kysely, {
    get(target, name) {
      if (name === "updateTable") {
        if (left === 0) throw new Error("the process ended");
        left -= 1;
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...stage.ports, database: { ...stage.database, kysely: ending } };
}

describe("GitHub's limits", () => {
  it.each([
    ["primary", () => primaryLimit(new Date(Date.now() + 600_000))],
    ["secondary", () => secondaryLimit(600)],
  ] as [string, () => Fault][])("the %s one puts the job off, and nothing is lost", async (_what, fault) => {
    const stage = await begun();
    letEverybodyIn(stage);
    await stage.run("scan", { ...stage.job, trigger: "person" });
    stage.waiting.splice(0);
    stage.github.misbehave({ method: "POST", path: "/issues", fault: fault() });
    const put = await stage.run("reconcile", stage.job).catch((error: unknown) => error);
    expect(put).toMatchObject({ name: "RateLimited", until: expect.any(Date) });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });
});

describe("what cannot be done is said, and keeps nothing else from being done", () => {
  const reasonOf = async (stage: Stage) =>
    (await findRepository(stage.database.kysely, stage.repositoryId))?.skipReason;

  it.each([
    ["archived", { archived: true }, "the repository is archived"],
    ["disabled", { disabled: true }, "GitHub has disabled the repository"],
    ["a fork", { fork: true }, "the repository is a fork"],
  ])("a repository that is %s", async (_what, flags, reason) => {
    const { stage } = set;
    stage.github.change("shop", flags);
    await stage.scan();
    expect(await reasonOf(stage)).toContain(reason);
    expect(await latestScan(stage.database.kysely, stage.repositoryId)).toMatchObject({
      outcome: "skipped",
      reason: expect.stringContaining(reason),
    });
    expect(stage.writes).toEqual([]);
  });

  it("issues switched off: pull requests are opened all the same", async () => {
    const stage = await begun();
    stage.github.change("shop", { issues: false });
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(stage.writes.at(-1)).toBe("POST /pulls");
    expect(await reasonOf(stage)).toContain("issues are disabled");
  });

  it("a permission that was not granted", async () => {
    const stage = await begun();
    await stage.install({ contents: "read", metadata: "read", checks: "write", pull_requests: "read" });
    letEverybodyIn(stage);
    await stage.scan();
    expect(await reasonOf(stage)).toContain("issues: write");
    expect(stage.writes).toEqual([]);
  });

  it("a rule of the repository against the branch", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    const fault = refused("Repository rule violations found", 422);
    stage.github.misbehave({ method: "POST", path: "/git/refs", fault });
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    expect(await reasonOf(stage)).toContain("rule violations");
  });

  it("a configuration with errors: nothing is written but an issue about them", async () => {
    const stage = await begun();
    const files = { ".github/driftwright.yml": "version: 2\n" };
    await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files });
    letEverybodyIn(stage);
    await stage.scan();
    expect(stage.writes).toEqual(["POST /issues"]);
    expect((await stage.issues())[0]?.title).toBe("Driftwright cannot read its configuration");
  });

  it("GitHub is down: the job fails and is done again", async () => {
    const stage = await begun();
    letEverybodyIn(stage);
    stage.github.misbehave({ method: "POST", path: "/issues", fault: broken(500) });
    await expect(stage.scan()).rejects.toThrow(/500/);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });
});
