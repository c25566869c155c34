import { describe, expect, it, vi } from "vitest";
import { shopFiles } from "../e2e/shop.ts";
import { changeConfig, commit, letEverybodyIn, loseDatabase, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const PATH = ".github/driftwright.yml";
const NAME = "Driftwright configuration";

/** A pull request with some files, and what the App makes of it. */
async function proposed(stage: Stage, files: Readonly<Record<string, string | null>>): Promise<string> {
  const alice = stage.github.person("alice");
  const headSha = await alice.commit(FULL_NAME, { branch: "change", files });
  const pullRequest = await alice.openPullRequest(FULL_NAME, "change");
  await stage.run("annotate", { ...stage.job, headSha, pullRequest });
  return headSha;
}

async function checks(stage: Stage, sha: string) {
  const { check_runs: runs } = (await stage.github
    .person("alice")
    .send("GET", `/repos/${FULL_NAME}/commits/${sha}/check-runs`)) as unknown as {
    check_runs: {
      id: number;
      name: string;
      conclusion: string;
      output: { title: string; summary: string; annotations_count: number };
    }[];
  };
  return runs.filter(({ name }) => name === NAME);
}

async function annotations(stage: Stage, id: number) {
  const { body } = await stage.github
    .person("alice")
    .try("GET", `/repos/${FULL_NAME}/check-runs/${id}/annotations`);
  return body as unknown as { path: string; start_line: number; annotation_level: string; message: string }[];
}

describe("the check of the configuration", () => {
  it("says on the lines what is wrong, and what was probably meant", async () => {
    const { stage } = set;
    await stage.scan();
    const sha = await proposed(stage, { [PATH]: "version: 1\nlabls: [drift]\nstart: everything\n" });
    const [run, ...others] = await checks(stage, sha);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ conclusion: "failure", output: { title: "2 mistakes" } });
    expect(await annotations(stage, run?.id ?? 0)).toMatchObject([
      {
        path: PATH,
        start_line: 2,
        annotation_level: "failure",
        message: expect.stringContaining("did you mean labels?"),
      },
      { start_line: 3, message: expect.stringContaining("start must be one of new-only, all") },
    ]);
  });

  it("succeeds where all is well, and remarks on what is probably not meant", async () => {
    const { stage } = set;
    await stage.scan();
    const old = (await shopFiles())[PATH] ?? "";
    const sha = await proposed(stage, { [PATH]: old.replace("2032-12-31", "2020-12-31") });
    const [run] = await checks(stage, sha);
    expect(run).toMatchObject({ conclusion: "success", output: { title: "1 remark" } });
    expect(run?.output.summary).toContain("ended on 2020-12-31");
  });

  it.each([
    ["that does not change it", { "README.md": "other" }],
    ["that removes it", { [PATH]: null }],
  ])("is not made on a change %s", async (_what, files) => {
    const { stage } = set;
    await stage.scan();
    expect(await checks(stage, await proposed(stage, files))).toEqual([]);
  });

  it("is not made where only the default branch changed it since", async () => {
    const { stage } = set;
    await stage.scan();
    const alice = stage.github.person("alice");
    await alice.commit(FULL_NAME, { branch: "change", files: { "README.md": "other" } });
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndraft: true"));
    expect(await checks(stage, await proposed(stage, { "README.md": "more" }))).toEqual([]);
  });

  it("is made before the first scan too, and once", async () => {
    const { stage } = set;
    const sha = await proposed(stage, { [PATH]: "version: 2\n" });
    expect(await checks(stage, sha)).toHaveLength(1);
    const before = stage.writes.length;
    await stage.run("annotate", { ...stage.job, headSha: sha, pullRequest: 1 });
    expect(stage.writes.slice(before).filter((write) => write === "POST /check-runs")).toEqual([]);
  });
});

describe("the issue about a configuration that cannot be read", () => {
  const titles = async (stage: Stage) =>
    (await stage.issues()).map(({ title, state }) => `${state} ${title}`);

  async function broken(): Promise<Stage> {
    const { stage } = set;
    await stage.scan();
    await changeConfig(stage, () => "version: 1\nstats: all\n");
    await stage.scan();
    expect(await titles(stage)).toEqual(["open Driftwright cannot read its configuration"]);
    return stage;
  }

  it("has the lines, is the only thing that is written, and closes by itself", async () => {
    const stage = await broken();
    const [issue] = await stage.issues();
    expect(issue?.body).toContain('line 2: unknown key "stats"; did you mean stacks?');
    letEverybodyIn(stage);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
    await changeConfig(stage, (text) => text);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "issue 2 open"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("can be read again")]);
  });

  it("says that the file was taken away, and what that means", async () => {
    const stage = await broken();
    await commit(stage, { [PATH]: null });
    await stage.scan();
    expect((await titles(stage))[0]).toBe("closed Driftwright cannot read its configuration");
    const [said = ""] = await stage.comments(1);
    expect(said).toContain("was taken away, so Driftwright is off here");
    expect(said).not.toContain("can be read again");
  });

  it("is kept up to date, and opens again", async () => {
    const stage = await broken();
    await changeConfig(stage, () => "version: 1\nrules: 7\n");
    await stage.scan();
    expect((await stage.issues())[0]?.body).toContain("rules must be a list of rules");
    await changeConfig(stage, (text) => text);
    await stage.scan();
    await changeConfig(stage, () => "version: 3\n");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect((await stage.comments(1)).at(-1)).toContain("open again");
  });

  it("stays closed where a person closed it, until the file was repaired", async () => {
    const stage = await broken();
    await stage.github.person("alice").closeIssue(FULL_NAME, 1);
    await changeConfig(stage, () => "version: 1\nrules: 7\n");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    expect(await stage.comments(1)).toEqual([]);
    await changeConfig(stage, (text) => text);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });

  it("is told where there is no stack to be found without it", async () => {
    const { stage } = set;
    await commit(stage, {
      ...Object.fromEntries(Object.keys(await shopFiles()).map((path) => [path, null])),
      [PATH]: "version: one\n",
    });
    await stage.scan();
    expect(await titles(stage)).toEqual(["open Driftwright cannot read its configuration"]);
  });

  it("survives a lost database", async () => {
    const stage = await broken();
    await loseDatabase(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await loseDatabase(stage);
    await changeConfig(stage, (text) => text);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });
});
