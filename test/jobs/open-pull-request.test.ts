import { describe, expect, it, vi } from "vitest";
import { latestDecisions } from "../../src/store/decisions.ts";
import { resizeInstance, retag } from "../e2e/aws/changes.ts";
import { broken, type Fault, refused } from "../e2e/github/faults.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { changeConfig, commit, letEverybodyIn, ownBranches, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const EDITED = "environments/prod.tfvars";
const alice = ({ github }: Stage) => github.person("alice");

/** With a pull request (1). */
async function proposed(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  resize(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open"]);
  return stage;
}

async function branchOf(stage: Stage): Promise<string> {
  const { head } = await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/1`);
  return String((head as { ref?: string }).ref);
}

/** What merging the pull request would change, how many commits of the default branch it does not have, and how many of its own. */
async function brings(stage: Stage): Promise<{ lines: string[]; behind: number; ahead: number }> {
  const branch = encodeURIComponent(await branchOf(stage));
  const {
    files,
    behind_by: behind,
    ahead_by: ahead,
  } = (await alice(stage).send("GET", `/repos/${FULL_NAME}/compare/main...${branch}`)) as unknown as {
    files: { patch: string }[];
    behind_by: number;
    ahead_by: number;
  };
  const lines = files.flatMap(({ patch }) => patch.split("\n").filter((line) => /^[-+]/.test(line)));
  return { lines: lines.map((line) => line.replace(/ +/g, " ")), behind, ahead };
}

/** GraphQL refuses with 200. */
function unmoved(message: string): Fault {
  const body = { data: { updateRefs: null }, errors: [{ message }] };
  return { ...broken(), answer: { status: 200, headers: {}, body } };
}

const QUEUED = "Branches that are queued for merging cannot be updated";

const EDIT = ['- size = "medium"', '+ size = "large"'];

/** What is written by a scan, and what follows from it, but for check runs. */
async function writtenBy(stage: Stage): Promise<string[]> {
  const before = stage.writes.length;
  await stage.scan();
  return stage.writes.slice(before).filter((each) => !each.includes("/check-runs"));
}

describe("the default branch moves under an open pull request", () => {
  it("elsewhere: the branch follows once, without a word, and shows the same edit", async () => {
    const stage = await proposed();
    await commit(stage, { "NOTES.md": "new" });
    const written = await writtenBy(stage);
    expect(written.filter((each) => !each.includes("/git/"))).toEqual(["POST /graphql"]);
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 0, ahead: 1 });
    expect(await stage.comments(1)).toEqual([]);
    expect(await writtenBy(stage)).toEqual([]);
  });

  it("elsewhere, with `rebase: conflicted`: it is as good as before, and nothing is written", async () => {
    await changeConfig(set.stage, (text) => `${text}\nrebase: conflicted\n`);
    const stage = await proposed();
    await commit(stage, { "NOTES.md": "new" });
    expect(await writtenBy(stage)).toEqual([]);
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 1, ahead: 1 });
  });

  it("elsewhere, and somebody has committed to the branch: nothing is written or said", async () => {
    const stage = await proposed();
    const files = { "NOTES.md": "of Alice" };
    const theirs = await alice(stage).commit(FULL_NAME, { branch: await branchOf(stage), files });
    await commit(stage, { "OTHER.md": "new" });
    expect(await writtenBy(stage)).toEqual([]);
    const { head } = await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/1`);
    expect(head).toMatchObject({ sha: theirs });
    expect(await stage.comments(1)).toEqual([]);
  });

  it("elsewhere, and somebody has amended the commit: nothing is written or said", async () => {
    const stage = await proposed();
    const branch = await branchOf(stage);
    const ref = `/repos/${FULL_NAME}/git/refs/heads%2F${encodeURIComponent(branch)}`;
    const { head } = await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/1`);
    const commits = `/repos/${FULL_NAME}/git/commits`;
    const old = await alice(stage).send("GET", `${commits}/${(head as { sha?: string }).sha}`);
    const { author, message, tree, parents } = old as unknown as {
      author: { name: string; email: string; date: string };
      message: string;
      tree: { sha: string };
      parents: { sha: string }[];
    };
    const amended = await alice(stage).send("POST", commits, {
      message: `${message}, as agreed`,
      tree: tree.sha,
      parents: parents.map(({ sha }) => sha),
      author: { name: author.name, email: author.email, date: author.date },
      committer: { name: "Alice", email: "alice@example.com" },
    });
    await alice(stage).send("PATCH", ref, { sha: String(amended["sha"]), force: true });
    await commit(stage, { "OTHER.md": "new" });
    expect(await writtenBy(stage)).toEqual([]);
    const now = await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/1`);
    expect(now["head"]).toMatchObject({ sha: amended["sha"] });
  });

  it.each<[string, Fault]>([
    ["waits in a merge queue", unmoved(QUEUED)],
    ["a rule forbids to replace its commits", unmoved("Cannot force-push to this branch")],
    ["that question fails", broken(502)],
    ["nobody answers that question", refused("Not Found", 404)],
  ])("elsewhere, and %s: the pull request stays as it is, and all else goes on", async (_, fault) => {
    const stage = await proposed();
    stage.github.misbehave({ method: "POST", path: "/graphql", times: 20, fault });
    for (const name of ["ONE.md", "TWO.md"]) {
      await commit(stage, { [name]: "new" });
      await stage.scan();
    }
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 2, ahead: 1 });
    expect(await stage.comments(1)).toEqual([]);
  });

  it("under a pull request in a merge queue that has a new value to tell: it stays as it is until it is out", async () => {
    const stage = await proposed();
    const inQueue = refused(`Protected branch update failed. ${QUEUED}.`, 422);
    stage.github.misbehave({ method: "PATCH", path: /\/git\/refs\/heads/, fault: inQueue });
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await brings(stage)).toMatchObject({ lines: EDIT });
    await stage.scan();
    expect((await brings(stage)).lines.at(-1)).toContain("xlarge");
  });

  it("and again after the scan: the branch waits for the scan that has seen it", async () => {
    const stage = await proposed();
    await commit(stage, { "NOTES.md": "new" });
    await stage.run("scan", { ...stage.job, trigger: "person" });
    await commit(stage, { "NOTES.md": "newer" });
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before).filter((each) => each.includes("/git/"))).toEqual([]);
    stage.waiting.splice(0);
    await stage.scan();
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 0, ahead: 1 });
  });

  it("by the merge of one of several: the others follow once each", async () => {
    const stage = await proposed();
    const other = instanceIdOf(stage.model, "shop-staging-api");
    resizeInstance(stage.model, other, "m6i.large");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "pull 2 open"]);
    await alice(stage).merge(FULL_NAME, 2, stage.now());
    const moves = (written: string[]) => written.filter((each) => each.endsWith("/graphql")).length;
    expect(moves(await writtenBy(stage))).toBe(1);
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 0, ahead: 1 });
    expect(moves(await writtenBy(stage))).toBe(0);
  });

  it("beside the edited line: the branch takes that in, and the edit is shown anew", async () => {
    const stage = await proposed();
    const text = (await shopFiles())[EDITED] ?? "";
    await commit(stage, { [EDITED]: text.replace(/^.*size += "medium"\n/m, "    # Enough for now.\n$&") });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await brings(stage)).toEqual({ lines: EDIT, behind: 0, ahead: 1 });
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("with the edit itself: it is closed with the reason", async () => {
    const stage = await proposed();
    const text = (await shopFiles())[EDITED] ?? "";
    await commit(stage, { [EDITED]: text.replace(/(size += )"medium"/, '$1"large"') });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await stage.comments(1)).toHaveLength(1);
    expect(await ownBranches(stage)).toEqual([false]);
  });
});

describe("a person", () => {
  it("who deletes the branch closes the pull request with it: not adopted, and that is said once", async () => {
    const stage = await proposed();
    await alice(stage).deleteBranch(FULL_NAME, await branchOf(stage));
    await alice(stage).closePullRequest(FULL_NAME, 1);
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("is not adopted while it lasts")]);
    await stage.comment(1, "/drift adopt");
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
    expect((await brings(stage)).lines).toEqual(EDIT);
  });

  it("who takes the edit back after the merge has the matter reopened", async () => {
    const stage = await proposed();
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    await commit(stage, { [EDITED]: (await shopFiles())[EDITED] ?? "" });
    await stage.scan();
    const [merged, again, ...others] = await stage.issues();
    expect([merged?.state, others]).toEqual(["closed", []]);
    expect(again).toMatchObject({ state: "open", title: expect.stringContaining("m6i.large") });
    expect((await stage.comments(1)).join()).not.toContain("Verified");
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("who closes an issue as a duplicate has its drift ignored, as with not planned", async () => {
    const { stage } = set;
    await stage.scan();
    retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await alice(stage).closeIssue(FULL_NAME, 1, "duplicate");
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    expect(await stage.comments(1)).toEqual([
      expect.stringMatching(
        /closed as a duplicate, which counts as not planned, so .* ignores this drift until the end of/,
      ),
    ]);
    const [decision] = (await latestDecisions(stage.database.kysely, stage.repositoryId)).values();
    expect(decision?.because).toBe("It was closed as a duplicate.");
  });
});
