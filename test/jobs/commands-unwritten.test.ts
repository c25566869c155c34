import { describe, expect, it, vi } from "vitest";
import { CONFIG_PATH } from "../../src/config/model.ts";
import { unfinishedCommands } from "../../src/store/commands.ts";
import { broken } from "../e2e/github/faults.ts";
import { answered, answerTo, verdicts } from "./answers.ts";
import { changeConfig, commit, drifted, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

const unfinished = (stage: Stage) => unfinishedCommands(stage.database.kysely, stage.repositoryId);

describe.each([
  {
    what: "in a dry run",
    change: (stage: Stage) => changeConfig(stage, (text) => `${text}\ndry_run: true\n`),
    kept: /noted, and kept\. As long as the configuration says `dry_run: true`, no issue/,
    found: "The drift is still there.",
  },
  {
    what: "while the configuration is broken",
    change: (stage: Stage) => changeConfig(stage, (text) => `${text}\nstart: never\n`),
    kept: /noted, and kept\. The configuration has errors, so no issue/,
    found: "The configuration has errors",
  },
  {
    what: "once the configuration is gone",
    change: (stage: Stage) => commit(stage, { [CONFIG_PATH]: null }),
    kept: /noted, and kept\. This repository has no configuration, so Driftwright is off here/,
    found: "Driftwright is off here",
  },
])("$what a command", ({ change, kept, found }) => {
  /** With a pull request (1) and an issue (2), and then a configuration with which nothing is written. */
  async function unwritten(): Promise<Stage> {
    const stage = await drifted(set.stage);
    await change(stage);
    await stage.scan();
    return stage;
  }

  it.each(["revert", "adopt"])("%s is answered with that, and done afterwards", async (verdict) => {
    const stage = await unwritten();
    const before = await states(stage);
    const comment = await stage.comment(1, `/drift ${verdict}`);
    await stage.drain();
    expect(await answerTo(stage, 1, comment)).toMatch(kept);
    expect(await unfinished(stage)).toEqual([]);
    expect(await states(stage)).toEqual(before);
    await changeConfig(stage, (text) => text);
    await stage.scan();
    const done = { revert: ["pull 1 closed", "issue 2 open"], adopt: ["pull 1 open", "issue 2 open"] };
    expect((await states(stage)).slice(0, 2)).toEqual(done[verdict as keyof typeof done]);
    expect(await verdicts(stage)).toEqual([verdict]);
  });

  it.each([
    ["ignore for 9 days", /ignored until the end of .*\. /],
    ["revert", /this is to be undone\. .*\. /],
  ])("%s on an issue says both", async (said, begins) => {
    const stage = await unwritten();
    const answer = await answered(stage, 2, `/drift ${said}`);
    expect(answer).toMatch(begins);
    expect(answer).toMatch(new RegExp(kept.source.replace("noted, and kept\\. ", "")));
  });

  it("that another one has overtaken says so", async () => {
    const stage = await unwritten();
    const comment = await stage.comment(1, "/drift adopt\n/drift revert");
    await stage.drain();
    const answer = await answerTo(stage, 1, comment);
    expect(answer).toMatch(/^`\/drift adopt` \(alice\): something else was decided since then/);
    expect(answer).toMatch(kept);
  });

  it("rescan says what was found", async () => {
    const stage = await unwritten();
    const comment = await stage.comment(2, "/drift rescan");
    await stage.drain();
    expect(await answerTo(stage, 2, comment)).toContain(found);
  });
});

it("GitHub is not asked any more once the commands of a dry run are answered", async () => {
  const stage = await drifted(set.stage);
  await changeConfig(stage, (text) => `${text}\ndry_run: true\n`);
  await stage.scan();
  await stage.comment(1, "/drift revert");
  await stage.drain();
  await stage.run("reconcile", stage.job);
  const before = stage.github.requests.length;
  await stage.run("reconcile", stage.job);
  expect(stage.github.requests.slice(before)).toEqual([]);
});

it("what GitHub does not give of the dashboard keeps no command from being answered", async () => {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  await stage.scan();
  await commit(stage, { "NOTES.md": "new" });
  const comment = await stage.comment(1, "/drift rescan");
  await stage.database.kysely
    .insertInto("check_runs")
    .values({
      repository_id: stage.repositoryId,
      name: "Driftwright",
      updated_at: stage.now(),
      head_sha: "2".repeat(40),
      check_run_id: 10,
      conclusion: "neutral",
    } as never)
    .execute();
  stage.github.misbehave({ method: "GET", path: /\/pulls$/, times: 99, fault: broken(500) });
  await stage.run("command", stage.job);
  await stage.run("scan", { ...stage.job, trigger: "person" });
  await stage.run("reconcile", stage.job).catch(() => {});
  expect(await answerTo(stage, 1, comment)).toContain("scanned at");
});
