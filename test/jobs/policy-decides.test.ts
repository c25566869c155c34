import { expect, it, vi } from "vitest";
import { retag } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { answered, verdicts } from "./answers.ts";
import { states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest({}, { others: [{ name: ".github", files: { "README.md": "ours" } }] });
const alice = ({ github }: Stage) => github.person("alice");

/** The organization decides about schedules, and one has drifted (1). */
async function decided(verdict: "adopt" | "revert"): Promise<Stage> {
  const { stage } = set;
  await stage.addRepositories(".github");
  const rule = `{ name: "ours & all", match: { attribute: tags.Schedule }, verdict: ${verdict} }`;
  const files = { "driftwright.yml": `version: 1\nenforced:\n  rules:\n    - ${rule}\n` };
  await alice(stage).commit("acme/.github", { branch: "main", files });
  await stage.scan();
  retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
  await stage.scan();
  return stage;
}

const bodyOf = async (stage: Stage) => (await stage.issues())[0]?.body ?? "";

it("an issue of drift that the organization has reverted offers nothing else, and says who decides", async () => {
  const stage = await decided("revert");
  expect(await states(stage)).toEqual(["issue 1 open"]);
  const keeping = (await bodyOf(stage)).split("### To keep it instead")[1] ?? "";
  expect(keeping).toContain(
    "The policy `ours &amp; all` of the organization decides about this.".replace("&amp;", "&"),
  );
  expect(keeping).not.toMatch(/\/drift|verdict:|not planned/);
});

it.each(["adopt", "ignore"])(
  "a command against it has no effect, and the answer says so: %s",
  async (name) => {
    const stage = await decided("revert");
    expect(await answered(stage, 1, `/drift ${name}`)).toMatch(
      /not done\. The policy .*ours &amp; all.* of the organization decides and says revert: as long as it holds/,
    );
    expect(await verdicts(stage)).toEqual([]);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
  },
);

it("a command that says the same as the organization is noted", async () => {
  const stage = await decided("revert");
  expect(await answered(stage, 1, "/drift revert")).toContain("this is to be undone");
  expect(await verdicts(stage)).toEqual(["revert"]);
});

it("who closes such an issue as not planned has it opened again with the reason", async () => {
  const stage = await decided("revert");
  await alice(stage).closeIssue(FULL_NAME, 1, "not_planned");
  await stage.run("reconcile", stage.job);
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open"]);
  expect(await stage.comments(1)).toEqual([
    expect.stringMatching(
      /not planned, and the policy `ours & all` of the organization decides, so .* open again/,
    ),
  ]);
  expect(await verdicts(stage)).toEqual([]);
});

it("a pull request that the organization wants promises no plan to who closes it, and comes back when it is asked for", async () => {
  const stage = await decided("adopt");
  expect(await states(stage)).toEqual(["pull 1 open"]);
  expect((await bodyOf(stage)).split("### If this was not on purpose")[1]).toMatch(
    /The policy `ours & all` of the organization has this adopted(?!.*verdict:)/s,
  );
  expect(await answered(stage, 1, "/drift revert")).toContain("decides and says adopt");
  // Said before it is closed, this does not bring it back.
  stage.ahead = -60_000;
  expect(await answered(stage, 1, "/drift adopt")).toContain("#1 adopts it");
  stage.ahead = 0;
  await alice(stage).closePullRequest(FULL_NAME, 1);
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 closed"]);
  expect((await stage.comments(1)).at(-1)).toContain(
    "There is no issue with a plan to undo it, since the policy",
  );
  expect(await answered(stage, 1, "/drift adopt")).toContain("#1 adopts it");
  expect(await states(stage)).toEqual(["pull 1 open"]);
});
