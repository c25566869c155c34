import { describe, expect, it, vi } from "vitest";
import { findRepository } from "../../src/store/repositories.ts";
import { latestScan } from "../../src/store/scans.ts";
import { broken, refused } from "../e2e/github/faults.ts";
import { changeConfig, letEverybodyIn, resize, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest({}, { others: [{ name: ".github", files: { "README.md": "ours" } }] });
const SPEAKER = "acme/.github";
const MINUTE = 60_000;

/** The owner's repository says something, and the App is installed in it. */
async function spoken(text: string | null, path = "driftwright.yml"): Promise<Stage> {
  const { stage } = set;
  await stage.addRepositories(".github");
  if (text !== null) await say(stage, text, path);
  return stage;
}

async function say(stage: Stage, text: string | null, path = "driftwright.yml"): Promise<void> {
  await stage.github.person("alice").commit(SPEAKER, { branch: "main", files: { [path]: text } });
}

const speakerJob = (stage: Stage) => ({
  repositoryId: stage.github.repository(".github").id,
  installationId: stage.github.installationId,
});

/** Requests for files of the owner's repository, by their answers. */
function asked(stage: Stage): number[] {
  return stage.github.requests
    .filter(({ path, by }) => path.startsWith(`/repos/${SPEAKER}/contents/`) && by.kind === "installation")
    .map(({ status }) => status);
}

async function diagnostics(stage: Stage): Promise<string> {
  const scan = await latestScan(stage.database.kysely, stage.repositoryId);
  return (scan?.stacks ?? []).flatMap((stack) => stack.diagnostics.map(({ message }) => message)).join("\n");
}

const labels = (stage: Stage) =>
  stage.github.requests.filter(({ path }) => path.endsWith("/labels")).map(({ body }) => body);

describe("what an owner says for all repositories", () => {
  it.each(["driftwright.yml", ".github/driftwright.yml"])(
    "holds where a repository says nothing: %s",
    async (path) => {
      const stage = await spoken("version: 1\nstart: all\nlabels: [ours]\n", path);
      letEverybodyIn(stage);
      await stage.scan();
      expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
      expect(labels(stage)).toEqual([{ labels: ["ours"] }, { labels: ["ours"] }]);
    },
  );

  it("gives way to what the repository says itself", async () => {
    const stage = await spoken(
      "version: 1\nlabels: [ours]\nlimits: { new_per_hour: 7, open_pull_requests: 0 }\n",
    );
    await changeConfig(stage, (text) =>
      text.replace("version: 1", "version: 1\nlabels: [theirs]\nlimits: { open_pull_requests: 3 }"),
    );
    await stage.scan();
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(labels(stage)).toEqual([{ labels: ["theirs"] }]);
  });

  it("holds against the repository where it is enforced, which is said", async () => {
    const stage = await spoken("version: 1\nenforced: { dry_run: true }\n");
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndry_run: false"));
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual([]);
    expect(await diagnostics(stage)).toContain(
      "dry_run has no effect: acme/.github/driftwright.yml says it for all repositories; remove it",
    );
  });

  it("has rules before and after those of the repository", async () => {
    const stage = await spoken(
      [
        "version: 1",
        "rules: [{ name: ours comes last, match: {}, verdict: revert }]",
        "enforced:",
        "  rules: [{ name: sizes go back, match: { attribute: instance_type }, verdict: revert }]",
        "",
      ].join("\n"),
    );
    await stage.scan();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const bodies = (await stage.issues()).map(({ body }) => body).join("\n");
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    expect(bodies).toContain("sizes go back");
    expect(bodies).toContain("ours comes last");
  });

  it("is nothing where the App is not installed in the repository that says it", async () => {
    const { stage } = set;
    await say(stage, "version: 1\nenforced: { dry_run: true }\n");
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(asked(stage)).toEqual([]);
  });
});

describe("reading it", () => {
  it("takes one request in five minutes, and one that costs nothing where it did not change", async () => {
    const stage = await spoken("version: 1\nlabels: [ours]\n");
    await stage.scan();
    await stage.scan();
    expect(asked(stage)).toEqual([200]);
    stage.ahead = 6 * MINUTE;
    await stage.scan();
    expect(asked(stage)).toEqual([200, 304]);
    await say(stage, "version: 1\nlabels: [other]\n");
    stage.ahead = 12 * MINUTE;
    letEverybodyIn(stage);
    await stage.scan();
    expect(asked(stage)).toEqual([200, 304, 200]);
    expect(labels(stage)).toEqual([{ labels: ["other"] }]);
  });

  it("is done at once when the owner's repository is scanned", async () => {
    const stage = await spoken("version: 1\nlabels: [ours]\n");
    await stage.scan();
    await say(stage, "version: 1\nlabels: [other]\n");
    await stage.run("scan", { ...speakerJob(stage), trigger: "push" });
    letEverybodyIn(stage);
    await stage.scan();
    expect(labels(stage)).toEqual([{ labels: ["other"] }]);
  });

  it("counts what was taken away", async () => {
    const stage = await spoken("version: 1\nenforced: { dry_run: true }\n");
    await stage.scan();
    await say(stage, null);
    stage.ahead = 6 * MINUTE;
    letEverybodyIn(stage);
    await stage.scan();
    expect((await stage.issues()).map(({ title }) => title)).toEqual(["Drift found by the first scan"]);
  });
});

describe("what cannot be used", () => {
  const FAULTS = [
    ["a refusal", () => refused("Resource not accessible by integration")],
    ["an outage", () => broken()],
  ] as const;

  it.each(FAULTS)("%s leaves the last that was read, and is said", async (_what, fault) => {
    const stage = await spoken("version: 1\nenforced: { dry_run: true }\n");
    await stage.scan();
    stage.ahead = 6 * MINUTE;
    stage.github.misbehave({ method: "GET", path: /\.github\/contents\//, times: 100, fault: fault() });
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual([]);
    expect(await diagnostics(stage)).toContain("what it said before still holds");
  });

  it("scans all the same where it was never read, and writes nothing until it is", async () => {
    const stage = await spoken("version: 1\nlabels: [ours]\n");
    stage.github.misbehave({ method: "GET", path: /\.github\/contents\//, times: 100, fault: refused("No") });
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual([]);
    expect(await diagnostics(stage)).toContain("and nothing is written");
    expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({
      skipReason: expect.stringContaining("acme/.github/driftwright.yml"),
    });
    stage.github.behave();
    stage.ahead = 6 * MINUTE;
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });

  it("mistakes leave the last that had none, and are told in the owner's repository", async () => {
    const stage = await spoken("version: 1\nlabels: [ours]\n");
    await stage.scan();
    await say(stage, "version: 1\nenforced: { labls: [other] }\n");
    await stage.run("scan", { ...speakerJob(stage), trigger: "push" });
    await stage.drain();
    letEverybodyIn(stage);
    await stage.scan();
    expect(labels(stage)).toEqual([{ labels: ["ours"] }]);
    expect(await diagnostics(stage)).toContain(
      'line 2: unknown key "labls" in enforced; did you mean labels?',
    );
    const { body } = await stage.github.person("alice").try("GET", `/repos/${SPEAKER}/issues?state=open`);
    expect(body).toMatchObject([
      {
        title: "Driftwright cannot read its configuration",
        body: expect.stringContaining("what it said before them goes on to hold in all repositories"),
      },
    ]);
    expect(JSON.stringify(body)).not.toContain("changes and closes nothing else here");
  });

  it("is told where the file is taken away while it has mistakes, and what that means", async () => {
    const stage = await spoken("version: 1\nenforced: { labls: [other] }\n");
    const speak = async () => {
      await stage.run("scan", { ...speakerJob(stage), trigger: "push" });
      await stage.drain();
    };
    await speak();
    await say(stage, null);
    await speak();
    const { body } = await stage.github.person("alice").try("GET", `/repos/${SPEAKER}/issues/1/comments`);
    expect(body).toMatchObject([
      { body: expect.stringContaining("nothing is said any more that holds in all") },
    ]);
  });

  it("of a repository's own file ends when it is taken away: then the owner's holds", async () => {
    const stage = await spoken("version: 1\nlabels: [ours]\n");
    await changeConfig(stage, () => "version: 1\nstats: all\n");
    await stage.scan();
    await stage.github
      .person("alice")
      .commit("acme/shop", { branch: "main", files: { ".github/driftwright.yml": null } });
    await stage.scan();
    const [said = "", ...more] = await stage.comments(1);
    expect(more).toEqual([]);
    expect(said).toContain("What the owner of this repository says for all of theirs counts here now.");
  });

  it("is found by the check of a pull request there", async () => {
    const stage = await spoken(null);
    const alice = stage.github.person("alice");
    const files = { "driftwright.yml": "version: 1\nenforced: { stacks: [] }\n" };
    const headSha = await alice.commit(SPEAKER, { branch: "change", files });
    const pullRequest = await alice.openPullRequest(SPEAKER, "change");
    await stage.run("annotate", { ...speakerJob(stage), headSha, pullRequest });
    const { check_runs: runs } = await alice.send("GET", `/repos/${SPEAKER}/commits/${headSha}/check-runs`);
    expect(runs).toContainEqual(
      expect.objectContaining({
        name: "Driftwright configuration",
        conclusion: "failure",
        output: expect.objectContaining({
          summary: expect.stringContaining("goes on to hold in all repositories of this owner"),
        }),
      }),
    );
  });
});
