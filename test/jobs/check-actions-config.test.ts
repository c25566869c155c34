import { describe, expect, it, vi } from "vitest";
import { CONFIG_PATH } from "../../src/config/model.ts";
import { check, diskFiles, press, propose, runOf, textAt } from "./checks.ts";
import { changeConfig, commit, resize } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 90_000 });

/** Somebody resized the api, a scan saw it, and a pull request touches the api and has a check with buttons. */
async function resized(stage: Stage) {
  await stage.scan();
  resize(stage);
  await stage.scan();
  return propose(stage, "disk", await diskFiles());
}

async function answer(stage: Stage, sha: string): Promise<string> {
  return (await runOf(stage, sha)).output.summary;
}

describe("a button of a check that was written before", () => {
  const set = stagePerTest();

  it("commits nothing while the configuration is broken, since it may forbid that", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await changeConfig(stage, (text) => `${text}\ndry_run: perhaps\n`);
    await press(stage, proposal, "adopt");
    await check(stage, proposal);
    expect(await textAt(stage, "disk")).toBe((await diskFiles())["environments/prod.tfvars"]);
    expect(await answer(stage, proposal.sha)).toContain(
      "not done: `.github/driftwright.yml` has errors, so nothing is written until it is repaired",
    );
  });

  it("commits nothing once the configuration is gone", async () => {
    const { stage } = set;
    const proposal = await resized(stage);
    await commit(stage, { [CONFIG_PATH]: null });
    await press(stage, proposal, "adopt");
    await check(stage, proposal);
    expect(await textAt(stage, "disk")).toBe((await diskFiles())["environments/prod.tfvars"]);
    expect(await answer(stage, proposal.sha)).toContain("not done: nobody has configured");
  });
});
