import { describe, expect, it, vi } from "vitest";
import { objectsOf } from "../../src/store/objects.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { broken, refused } from "../e2e/github/faults.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { changeConfig, ownBranches, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const RULE = {
  method: "POST",
  path: "/git/refs",
  times: 9,
  fault: refused("Repository rule violations found", 422),
};

/** As if a secret stood in the line that the stored edit changes: then nobody can tell what the line is. */
async function hideEdits(stage: Stage): Promise<void> {
  const { kysely: db } = stage.database;
  const rows = await db.selectFrom("findings").select(["fingerprint", "data"]).execute();
  for (const { fingerprint, data } of rows) {
    const text = JSON.stringify(data).replace(/\\n-[^\\]*/g, "\\n-(sensitive)");
    await db.updateTable("findings").set({ data: text }).where("fingerprint", "=", fingerprint).execute();
  }
}

describe("an adoption that cannot be written", () => {
  it("is an issue with the reason and the plan to revert, once", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    stage.github.misbehave(RULE);
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    const [issue] = await stage.issues();
    expect(issue?.body).toContain("Repository rule violations found");
    expect(issue?.body).toContain("### To revert it\n\n1. [ ] ");
    expect((await findRepository(stage.database.kysely, stage.repositoryId))?.skipReason).toContain(
      "rule violations",
    );
    const objects = await objectsOf(stage.database.kysely, stage.job, { after: null, limit: 10 });
    expect(objects.map(({ key, state }) => `${key.split(":")[0]} ${state}`)).toEqual(["issue open"]);
  });

  it("is the pull request again as soon as it can be", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    stage.github.misbehave(RULE);
    await stage.scan();
    stage.github.behave();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
    expect(await stage.comments(1)).toEqual([
      expect.stringContaining("so #2, which adopts it, takes the place of this issue"),
    ]);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("because a symbolic link is in the place of its file is an issue too", async () => {
    const { stage } = set;
    const path = "environments/prod.tfvars";
    const files = { [path]: "../shared.tfvars", "shared.tfvars": (await shopFiles())[path] ?? "" };
    const modes = { [path]: "120000" } as const;
    await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files, modes });
    await stage.scan();
    resize(stage);
    await stage.scan();
    await stage.scan();
    expect((await states(stage)).filter((state) => !state.startsWith("issue"))).toEqual([]);
    const about = (await stage.issues()).find(({ title }) => title.includes("m6i.large"));
    expect(about?.body).toContain("symbolic link");
  });

  it("because its edit does not fit any more closes the pull request of before, and opens it again", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    resize(stage, "m6i.xlarge");
    await scanOnly(stage);
    await hideEdits(stage);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    expect((await stage.issues())[1]?.body).toContain("the edit of main.tf does not fit");
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
  });

  it.each(["driftwright", "driftwright/shop-prod"])(
    "because a branch %s is in the way is an issue that says so, until that one is gone",
    async (blocker) => {
      const { stage } = set;
      await stage.scan();
      const alice = stage.github.person("alice");
      await alice.commit(FULL_NAME, { branch: blocker, files: { "NOTES.md": "mine" } });
      resize(stage);
      await stage.scan();
      expect(await states(stage)).toEqual(["issue 1 open"]);
      expect((await stage.issues())[0]?.body).toContain(
        `there is a branch ${blocker}; rename or delete that one`,
      );
      await alice.deleteBranch(FULL_NAME, blocker);
      await stage.scan();
      expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
    },
  );

  it("because it would change nothing is an issue with GitHub's reason", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    const fault = refused("Validation Failed: No commits between main and driftwright/x", 422);
    stage.github.misbehave({ method: "POST", path: "/pulls", fault });
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect((await stage.issues())[0]?.body).toContain("No commits between");
    expect(await ownBranches(stage)).toEqual([false]);
  });

  it("makes room for another one that waited, and who asked for either hears of it", async () => {
    const { stage } = set;
    const atMostOne = "version: 1\nlimits: { open_pull_requests: 1 }";
    await changeConfig(stage, (text) =>
      text.replace("verdict: adopt", "verdict: revert").replace("version: 1", atMostOne),
    );
    await stage.scan();
    resize(stage);
    resizeInstance(stage.model, instanceIdOf(stage.model, "shop-staging-api"), "m6i.large");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    for (const number of [1, 2]) await stage.comment(number, "/drift adopt");
    stage.github.misbehave({ ...RULE, times: 1 });
    await stage.run("command", stage.job);
    await scanOnly(stage);
    await stage.run("reconcile", stage.job);
    const open = (await states(stage)).filter((state) => state.endsWith("open"));
    expect(open).toEqual([expect.stringMatching(/^issue [12] open$/), "pull 3 open"]);
    const answers = [...(await stage.comments(1)), ...(await stage.comments(2))].join("\n");
    expect(answers).toContain("Repository rule violations found");
    expect(answers).toContain("#3 adopts it.");
  });

  it("for a reason that nobody knows is tried again, and an issue when all attempts are used up", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await scanOnly(stage);
    const fault = refused("Reference update failed", 422);
    stage.github.misbehave({ method: "POST", path: "/git/refs", times: 2, fault });
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow("Reference update failed");
    await stage.run("reconcile", stage.job, { isLastAttempt: true });
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect((await stage.issues())[0]?.body).toContain("Reference update failed");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
  });
});

it("a branch of ours that a person opened a pull request of is theirs, and stays", async () => {
  const { stage } = set;
  await stage.scan();
  resize(stage);
  await scanOnly(stage);
  stage.github.misbehave({ method: "POST", path: "/pulls", fault: broken(500) });
  await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/500/);
  const created = stage.github.requests.find(
    ({ method, path }) => method === "POST" && path.endsWith("/refs"),
  );
  const branch = String((created?.body as { ref?: string } | undefined)?.ref).replace("refs/heads/", "");
  await stage.github.person("alice").openPullRequest(FULL_NAME, branch, "Mine");
  await stage.run("reconcile", stage.job);
  await stage.scan();
  expect((await stage.issues()).map(({ state, title }) => `${state} ${title}`)).toEqual(["open Mine"]);
  expect(await ownBranches(stage)).toEqual([true]);
  expect(stage.logged).toContainEqual(
    expect.objectContaining({ message: "left to somebody else", by: "alice" }),
  );
});
