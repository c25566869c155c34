import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { onIssue } from "../../src/jobs/webhooks/talk.ts";
import { verdicts } from "./answers.ts";
import { resize, retagged, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const alice = ({ github }: Stage) => github.person("alice");

/** Long before anything else happens. */
async function says(stage: Stage, command: string): Promise<void> {
  stage.ahead = -60_000;
  await stage.comment(1, command);
  stage.ahead = 0;
  await stage.drain();
}

/** Alice does something to the first one, and the webhook of it arrives. */
async function heard(
  stage: Stage,
  action: "closed" | "reopened",
  doing: () => Promise<unknown>,
): Promise<void> {
  // GitHub's times have whole seconds.
  await setTimeout(1100);
  await doing();
  const payload = {
    action,
    issue: { number: 1 },
    repository: { id: stage.repositoryId },
    installation: { id: stage.github.installationId },
  };
  await onIssue(stage.ports, { id: crypto.randomUUID(), name: "issues", payload });
  await stage.drain();
}

const closesIt = (stage: Stage) =>
  heard(stage, "closed", () => alice(stage).closeIssue(FULL_NAME, 1, "not_planned"));

const reopensIt = (stage: Stage) =>
  heard(stage, "reopened", () =>
    alice(stage).send("PATCH", `/repos/${FULL_NAME}/issues/1`, { state: "open" }),
  );

async function last(stage: Stage): Promise<string> {
  return (await stage.comments(1)).at(-1) ?? "";
}

describe("a person who opens an issue again", () => {
  it.each<[string, readonly (string | "close" | "scan")[], readonly string[]]>([
    ["that was closed by /drift ignore", ["/drift ignore"], []],
    ["the same after a scan", ["/drift ignore", "scan"], []],
    ["that they closed as not planned", ["close", "scan"], []],
    [
      "that they closed after /drift revert, which counts again",
      ["/drift revert", "close", "scan"],
      ["revert"],
    ],
    ["that they closed after /drift ignore", ["/drift ignore until 2099-01-01", "close", "scan"], []],
  ])("%s has it stay open, and is told once what has ended", async (_what, steps, left) => {
    const stage = await retagged(set.stage);
    for (const step of steps) {
      if (step === "scan") await stage.scan();
      else if (step === "close") await closesIt(stage);
      else await says(stage, step);
    }
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    await reopensIt(stage);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(await last(stage)).toContain("to have ignored what it tells of has ended");
    expect(await verdicts(stage)).toEqual(left);
    const told = (await stage.comments(1)).length;
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(await stage.comments(1)).toHaveLength(told);
  });

  it.each(["/drift ignore", "close"])("and may not decide ends no %s, and is told so once", async (step) => {
    const stage = await retagged(set.stage);
    await (step === "close" ? closesIt(stage) : says(stage, step));
    stage.github.permit("alice", "read");
    await reopensIt(stage);
    await stage.scan();
    expect(await verdicts(stage)).toEqual(["ignore"]);
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    const told = (await stage.comments(1)).filter((text) => text.includes("This was opened again"));
    expect(told).toEqual([expect.stringMatching(/only who may write .* holds on, so this closes again/)]);
  });

  it.each(["command", "reconcile"] as const)(
    "and then has it ignored all the same is heard, with the %s job first",
    async (first) => {
      const stage = await retagged(set.stage);
      await says(stage, "/drift ignore");
      await setTimeout(1100);
      await alice(stage).send("PATCH", `/repos/${FULL_NAME}/issues/1`, { state: "open" });
      await setTimeout(1100);
      await stage.comment(1, "/drift ignore until 2099-01-01");
      await stage.run(first, stage.job);
      await stage.drain();
      await stage.scan();
      expect(await states(stage)).toEqual(["issue 1 closed"]);
      expect(await verdicts(stage)).toEqual(["ignore"]);
    },
  );
});

it("a person who opens a pull request again that /drift revert had closed wants it after all", async () => {
  const { stage } = set;
  await stage.scan();
  resize(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open"]);
  const { head } = await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/1`);
  const { ref, sha } = head as { ref: string; sha: string };
  await says(stage, "/drift revert");
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
  await heard(stage, "reopened", async () => {
    await alice(stage).send("POST", `/repos/${FULL_NAME}/git/refs`, { ref: `refs/heads/${ref}`, sha });
    await alice(stage).send("PATCH", `/repos/${FULL_NAME}/pulls/1`, { state: "open" });
  });
  expect(await last(stage)).toContain("what people said before against adopting this has ended");
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
});
