import { describe, expect, it, vi } from "vitest";
import { deadLetterHandler } from "../../src/jobs/scan-failure.ts";
import { diskFiles, press, propose, runOf } from "./checks.ts";
import { resize } from "./drift.ts";
import { stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("a check that was given up is made later", () => {
  const set = stagePerTest();

  it("also where it was there before: a button that somebody pressed is not forgotten", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    const proposal = await propose(stage, "disk", await diskFiles());
    await press(stage, proposal, "acknowledge");
    const [{ data } = expect.fail("nothing waits")] = stage.waiting.splice(0);
    await deadLetterHandler(stage.ports)({ queue: "annotate", reason: "no answer", at: stage.now(), data });
    await stage.drain();
    expect((await runOf(stage, proposal.sha)).output.summary).toContain("1 drift is known for");
  });
});
