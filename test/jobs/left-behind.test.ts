import { describe, expect, it, vi } from "vitest";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { broken } from "../e2e/github/faults.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { officeFiles, propose, runOf } from "./checks.ts";
import { commit, drifted, ownBranches, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

async function begun(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  return stage;
}

async function branchOf(stage: Stage, number: number): Promise<string> {
  const { head } = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/${number}`);
  return String((head as { ref?: string }).ref);
}

describe("the branch of a pull request that was never made", () => {
  it("is deleted when the drift is gone", async () => {
    const stage = await begun();
    resize(stage);
    await scanOnly(stage);
    stage.github.misbehave({ method: "POST", path: "/pulls", fault: broken(500) });
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
    expect(await ownBranches(stage)).toEqual([true]);
    resize(stage, "t3.medium");
    await stage.scan();
    expect(await ownBranches(stage)).toEqual([false]);
    expect(await states(stage)).toEqual([]);
  });

  it("is used where the drift is still there", async () => {
    const stage = await begun();
    resize(stage);
    await scanOnly(stage);
    stage.github.misbehave({ method: "POST", path: "/pulls", fault: broken(500) });
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await ownBranches(stage)).toEqual([true]);
  });
});

describe("Terraform leaves the repository", () => {
  const CODE = /\.(tf|tfvars|tfstate|yml)$/;

  it("and all that was about it is closed", async () => {
    const stage = await drifted(set.stage);
    const paths = Object.keys(await shopFiles()).filter((path) => CODE.test(path));
    const files = Object.fromEntries(paths.map((path) => [path, null]));
    await commit(stage, { ...files, ".github/driftwright.yml": "version: 1\n" });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
    expect(await stage.comments(2)).toEqual([expect.stringContaining("in no stack of this repository")]);
    expect(stage.logged).toContainEqual(
      expect.objectContaining({
        message: "repository skipped",
        name: FULL_NAME,
        reason: "there is no Terraform stack in the repository",
      }),
    );
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("but not where a configuration with mistakes may hide it", async () => {
    const stage = await drifted(set.stage);
    const paths = Object.keys(await shopFiles()).filter((path) => CODE.test(path));
    const files = Object.fromEntries(paths.map((path) => [path, null]));
    await commit(stage, { ...files, ".github/driftwright.yml": "version: 2\n" });
    await stage.scan();
    // The third one is about the mistakes.
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open", "issue 3 open"]);
  });
});

describe("a repository is made public", () => {
  it("and what tells of single drifts is taken away and closed", async () => {
    const stage = await drifted(set.stage);
    stage.github.change("shop", { private: false });
    await stage.scan();
    const [pull, issue, summary] = await stage.issues();
    for (const one of [pull, issue]) {
      expect(one).toMatchObject({ state: "closed", title: "Drift in this repository" });
      expect(one?.body).toContain("While everyone can read this repository");
      expect(one?.body).not.toMatch(/api|instance|0\.0\.0\.0/);
      const said = await stage.comments(one?.number ?? 0);
      expect(said).toEqual([expect.stringContaining("While everyone can read this repository")]);
    }
    expect(summary).toMatchObject({ state: "open" });
    expect(await ownBranches(stage)).toEqual([false]);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("and what was commented there, and what checks of open pull requests say, is taken away too", async () => {
    const stage = await drifted(set.stage);
    const change = await propose(stage, "office", await officeFiles());
    expect((await runOf(stage, change.sha)).output.summary).toContain("0.0.0.0/0");
    await stage.comment(2, "/drift explain");
    await stage.drain();
    expect((await stage.comments(2)).join()).toContain("0.0.0.0/0");
    stage.github.change("shop", { private: false });
    await stage.scan();
    for (const number of [1, 2]) {
      const ours = (await stage.comments(number)).filter((text) => !text.startsWith("/drift"));
      expect(ours.join()).not.toMatch(/api|instance|0\.0\.0\.0/);
    }
    const { output } = await runOf(stage, change.sha);
    expect(`${output.title} ${output.summary} ${output.text}`).not.toMatch(/aws_|0\.0\.0\.0/);
  });

  it("and private again: they are open again, and tell it again", async () => {
    const stage = await drifted(set.stage);
    stage.github.change("shop", { private: false });
    await stage.scan();
    stage.github.change("shop", { private: true });
    await stage.scan();
    const [pull, issue] = await stage.issues();
    expect(pull).toMatchObject({ state: "open", title: expect.stringContaining("m6i.large") });
    expect(issue).toMatchObject({ state: "open", title: expect.stringContaining("Lets everybody in") });
    expect(issue?.body).toContain("### To revert it");
  });
});

describe("a person", () => {
  it("who refuses an edit for several refuses it for each of them", async () => {
    const stage = await begun();
    // What they share is one literal.
    for (const name of ["shop-prod-worker", "shop-staging-api", "shop-staging-worker"])
      resizeInstance(stage.model, instanceIdOf(stage.model, name), "t3a.small");
    await stage.scan();
    const ofAll = (await stage.issues()).find(({ title }) => title.endsWith("3 instances"));
    expect(ofAll?.body.match(/^- `instance_type`/gm)).toHaveLength(3);
    await stage.github.person("alice").closePullRequest(FULL_NAME, ofAll?.number ?? 0);
    await stage.scan();
    const opened = () => states(stage).then((all) => all.filter((one) => /^issue .* open$/.test(one)));
    expect(await opened()).toHaveLength(3);
    // The one that named the pull request is put right: the others without it are not proposed again.
    const [, first = ""] = /"fingerprints":\["([0-9a-f]+)"/.exec(ofAll?.body ?? "") ?? [];
    const findings = stage.database.kysely.selectFrom("findings").select(["data", "stack"]);
    const { data, stack } = await findings.where("fingerprint", "=", first).executeTakeFirstOrThrow();
    const which = `${stack}-${data.address.includes("worker") ? "worker" : "api"}`;
    resizeInstance(stage.model, instanceIdOf(stage.model, which), "t3.small");
    await stage.scan();
    expect(await opened()).toHaveLength(2);
    expect((await states(stage)).filter((one) => /^pull .* open$/.test(one))).toEqual([]);
  });

  it("who commits to the branch gets the new edit as soon as the commits are off it", async () => {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    const branch = await branchOf(stage, 1);
    const { head } = await alice.send("GET", `/repos/${FULL_NAME}/pulls/1`);
    const ours = (head as { sha: string }).sha;
    await alice.commit(FULL_NAME, { branch, files: { "NOTES.md": "mine" } });
    resize(stage, "m6i.xlarge");
    await stage.scan();
    await stage.scan();
    expect(await stage.comments(1)).toEqual([
      expect.stringContaining("take the other commits off the branch"),
    ]);
    const ref = `heads%2F${encodeURIComponent(branch)}`;
    await alice.send("PATCH", `/repos/${FULL_NAME}/git/refs/${ref}`, { sha: ours, force: true });
    await stage.scan();
    expect((await stage.issues())[0]).toMatchObject({
      state: "open",
      title: expect.stringContaining("m6i.xlarge"),
    });
    expect(await stage.comments(1)).toHaveLength(1);
  });

  it("who closes an issue is told what that means, once", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").closeIssue(FULL_NAME, 2, "not_planned");
    await stage.scan();
    await stage.scan();
    expect(await stage.comments(2)).toEqual([expect.stringContaining("ignores this drift until the end of")]);
  });

  it("who closes a pull request is told how to open it again", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    expect(await stage.comments(1)).toEqual([
      expect.stringMatching(/not adopted.*`\/drift adopt` to bring this back/),
    ]);
  });
});
