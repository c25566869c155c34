import { describe, expect, it, vi } from "vitest";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { refused } from "../e2e/github/faults.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { commit, loseDatabase, putRight, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const repo = (path: string) => `/repos/${FULL_NAME}${path}`;
const alice = (stage: Stage) => stage.github.person("alice");
const escaped = (branch: string) => encodeURIComponent(branch);

interface Pull {
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string };
}

async function pull(stage: Stage, number: number): Promise<Pull> {
  return (await alice(stage).send("GET", repo(`/pulls/${number}`))) as unknown as Pull;
}

async function headOf(stage: Stage, branch: string): Promise<string> {
  const { object } = await alice(stage).send("GET", repo(`/git/ref/heads%2F${escaped(branch)}`));
  return (object as { sha: string }).sha;
}

/** What merging a branch would bring along: messages of its commits, and files. */
async function broughtBy(stage: Stage, base: string, sha: string) {
  const { commits, files } = (await alice(stage).send(
    "GET",
    repo(`/compare/${escaped(base)}...${sha}`),
  )) as unknown as { commits: { sha: string; author: { login: string } }[]; files: { filename: string }[] };
  return {
    commits: commits.length,
    authors: [...new Set(commits.map(({ author }) => author.login))],
    files: files.map(({ filename }) => filename),
  };
}

/** What a pull request should bring along, whatever happened before. */
const theEdit = (file = "environments/prod.tfvars") => ({
  commits: expect.any(Number),
  authors: ["driftwright[bot]"],
  files: [file],
});

/** Somebody takes the default branch back to a tree without its past. */
async function rewrite(stage: Stage, branch = "main"): Promise<void> {
  const now = await headOf(stage, branch);
  const { tree } = await alice(stage).send("GET", repo(`/git/commits/${now}`));
  const root = { message: "All of it", tree: (tree as { sha: string }).sha, parents: [] };
  const { sha = null } = await alice(stage).send("POST", repo("/git/commits"), root);
  await alice(stage).send("PATCH", repo(`/git/refs/heads%2F${escaped(branch)}`), { sha, force: true });
}

/** Somebody takes the newest commit off the default branch. */
async function takeBack(stage: Stage, to: string): Promise<void> {
  await alice(stage).send("PATCH", repo("/git/refs/heads%2Fmain"), { sha: to, force: true });
}

/** Somebody makes another branch, from a commit, and makes it the default one. */
async function switchTo(stage: Stage, branch: string, sha: string): Promise<void> {
  await alice(stage).send("POST", repo("/git/refs"), { ref: `refs/heads/${branch}`, sha });
  stage.github.change("shop", { defaultBranch: branch });
}

/** With a pull request (1). */
async function proposed(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  resize(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open"]);
  return stage;
}

async function openPulls(stage: Stage): Promise<number[]> {
  const open = (await stage.issues()).filter(({ isPull, state }) => isPull && state === "open");
  return open.map(({ number }) => number);
}

/** Everything is as it should be: another scan has nothing to do. */
async function expectSettled(stage: Stage): Promise<void> {
  const before = stage.writes.length;
  await stage.scan();
  expect(stage.writes.slice(before)).toEqual([]);
}

describe("the default branch is another one", () => {
  it.each([
    ["and has all of the one before", (stage: Stage) => headOf(stage, "main")],
    ["and has more", async (stage: Stage) => commit(stage, { "NOTES.md": "new" })],
  ])("%s: the pull request goes into it", async (_what, from) => {
    const stage = await proposed();
    await switchTo(stage, "trunk", await from(stage));
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    const { base, head } = await pull(stage, 1);
    expect(base.ref).toBe("trunk");
    expect(await broughtBy(stage, "trunk", head.sha)).toEqual(theEdit());
    await expectSettled(stage);
  });

  it.each([
    ["the same", "m6i.large", "environments/prod.tfvars"],
    ["another", "m6i.xlarge", "main.tf"],
  ])(
    "and lacks commits that the branch grew from: a new pull request has %s edit alone",
    async (_, type, file) => {
      const { stage } = set;
      await stage.scan();
      const older = await headOf(stage, "main");
      await commit(stage, { "unreleased.md": "not for the other branch" });
      resize(stage);
      await stage.scan();
      await switchTo(stage, "release", older);
      resize(stage, type);
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
      expect(await stage.comments(1)).toEqual([
        expect.stringContaining("A new pull request takes its place"),
      ]);
      const { base, head } = await pull(stage, 2);
      expect(base.ref).toBe("release");
      expect(await broughtBy(stage, "release", head.sha)).toEqual(theEdit(file));
      expect((await stage.issues())[1]?.title).toContain(type);
      await expectSettled(stage);
    },
  );
});

describe("the history of the default branch was rewritten", () => {
  it("from its start: a new pull request grows from the new one", async () => {
    const stage = await proposed();
    await rewrite(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
    expect(await broughtBy(stage, "main", (await pull(stage, 2)).head.sha)).toEqual(theEdit());
    await expectSettled(stage);
  });

  it("by its newest commit: what was taken back does not come along", async () => {
    const { stage } = set;
    await stage.scan();
    const older = await headOf(stage, "main");
    await commit(stage, { "secret.txt": "taken back" });
    resize(stage);
    await stage.scan();
    await takeBack(stage, older);
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
    expect(await broughtBy(stage, "main", (await pull(stage, 2)).head.sha)).toEqual(theEdit("main.tf"));
    await expectSettled(stage);
  });

  it("by a commit that the App itself had made: that does not come along either", async () => {
    const stage = await proposed();
    const older = await headOf(stage, "main");
    // Somebody takes the edit over, another drift is found, and the edit is taken back.
    const { head } = await pull(stage, 1);
    await takeBack(stage, head.sha);
    for (const name of ["shop-prod-worker", "shop-staging-api", "shop-staging-worker"])
      resizeInstance(stage.model, instanceIdOf(stage.model, name), "t3a.small");
    await stage.scan();
    const before = await openPulls(stage);
    expect(before).not.toEqual([]);
    await takeBack(stage, older);
    await stage.scan();
    const open = await openPulls(stage);
    expect(open.filter((number) => before.includes(number))).toEqual([]);
    expect(open.length).toBeGreaterThanOrEqual(before.length);
    for (const number of open) {
      const brought = await broughtBy(stage, "main", (await pull(stage, number)).head.sha);
      expect(brought).toMatchObject({ commits: 1 });
    }
    await expectSettled(stage);
  });

  it("while the drift was away: what was closed is not opened again with the old history", async () => {
    const stage = await proposed();
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    await rewrite(stage);
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
    expect(await broughtBy(stage, "main", (await pull(stage, 2)).head.sha)).toEqual(theEdit());
    expect((await stage.comments(1)).join()).not.toContain("open again");
  });

  it("and somebody committed to the branch: theirs stays as it is, and they are told once", async () => {
    const stage = await proposed();
    const { head } = await pull(stage, 1);
    const theirs = await alice(stage).commit(FULL_NAME, { branch: head.ref, files: { "NOTES.md": "mine" } });
    await rewrite(stage);
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect((await pull(stage, 1)).head.sha).toBe(theirs);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("Somebody else has committed to it")]);
  });

  it("and the database was lost: nothing of the old history is pushed on", async () => {
    const stage = await proposed();
    const { head } = await pull(stage, 1);
    await loseDatabase(stage);
    await rewrite(stage);
    await stage.scan();
    expect((await pull(stage, 1)).head.sha).toBe(head.sha);
  });

  it("an interruption after the old one was closed ends with one new", async () => {
    const stage = await proposed();
    await rewrite(stage);
    await scanOnly(stage);
    stage.github.misbehave({ method: "POST", path: "/git/refs", fault: refused("Not now", 500) });
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
    expect(await broughtBy(stage, "main", (await pull(stage, 2)).head.sha)).toEqual(theEdit());
  });
});
