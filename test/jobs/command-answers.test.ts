import { describe, expect, it, vi } from "vitest";
import { retag } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { answered, answerTo, verdicts } from "./answers.ts";
import { changeConfig, commit, drifted, letEverybodyIn, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest({}, { others: [{ name: ".github", files: { "README.md": "ours" } }] });
const API = 'module.service["api"].aws_instance.this';
const PORT = 'module.service["api"].aws_security_group.this';

async function begun(lines: string): Promise<Stage> {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\n${lines}`));
  await stage.scan();
  return stage;
}

function tag(stage: Stage, key: string, value: string): void {
  retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), key, value);
}

describe("of an issue about several, an answer says what is not decided, and why", () => {
  /** With an issue (1) about two tags, about one of which the organization decides. */
  async function policied(): Promise<Stage> {
    const { stage } = set;
    await stage.addRepositories(".github");
    const rule = "{ name: nights, match: { attribute: tags.Service }, verdict: revert }";
    const files = { "driftwright.yml": `version: 1\nenforced:\n  rules:\n    - ${rule}\n` };
    await stage.github.person("alice").commit("acme/.github", { branch: "main", files });
    await begun("grouping: stack");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    return stage;
  }

  it.each([
    ["adopt because we want", /: #2 adopts 1 of 2 drifts\. /],
    ["ignore because we wait", /: this drift is ignored .*The reason: we wait\n\n/s],
  ])("since a policy decides: /drift %s", async (said, begins) => {
    const stage = await policied();
    const answer = await answered(stage, 1, `/drift ${said}`);
    expect(answer).toMatch(begins);
    expect(answer).toMatch(
      new RegExp(
        `1 drift stays as before \\(\`${API.replace(/[[\]."]/g, "\\$&")} tags.Service\`\\): The policy "nights" .* says revert`,
      ),
    );
    expect(await verdicts(stage)).toEqual([said.split(" ")[0]]);
  });

  /** With an issue (1) about a tag and opened access, and an owner of the code who is not alice. */
  async function owned(): Promise<Stage> {
    const stage = await begun("grouping: stack");
    await commit(stage, { CODEOWNERS: "* @bob\n" });
    tag(stage, "Schedule", "nights");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    return stage;
  }

  it.each([
    ["adopt", /: #2 adopts 1 of 2 drifts\. /],
    ["ignore", /: this drift is ignored /],
  ])("since an owner of the code has to: /drift %s", async (name, begins) => {
    const stage = await owned();
    const answer = await answered(stage, 1, `/drift ${name}`);
    expect(answer).toMatch(begins);
    expect(answer).toMatch(
      /1 drift stays as before \(`.*aws_security_group\.this`\): This opens access, so only an owner of `.*\.tf` decides to let it be: `bob`\.$/,
    );
    expect(await verdicts(stage)).toEqual([name]);
    expect(await answered(stage, 1, `/drift ignore ${PORT}`)).toMatch(/: not done: this opens access/);
  });
});

describe("what is answered where somebody else has committed to the branch of a pull request", () => {
  /** The pull request (1) has alice's commit, and the drift is another one by now. */
  async function taken(): Promise<Stage> {
    const stage = await drifted(set.stage);
    const alice = stage.github.person("alice");
    const pull = await alice.send("GET", `/repos/${FULL_NAME}/pulls/1`);
    const { ref: branch } = pull["head"] as unknown as { ref: string };
    await alice.commit(FULL_NAME, { branch, files: { "notes.md": "mine" } });
    resize(stage, "m6i.xlarge");
    await stage.scan();
    return stage;
  }

  const THEIRS =
    /: #1 is open, and somebody else has committed to its branch, so Driftwright leaves it as it is/;

  it("while it is open", async () => {
    const answer = await answered(await taken(), 1, "/drift adopt because yes");
    expect(answer).toMatch(THEIRS);
    expect(answer).not.toMatch(/adopts it|no edit|yes$/);
  });

  it("once it is closed: another one has the edit of now, and theirs stays as it is", async () => {
    const stage = await taken();
    await stage.github.person("alice").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
    stage.ahead += 60_000;
    expect(await answered(stage, 1, "/drift adopt because yes")).toContain("#4 adopts it");
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 closed", "pull 4 open"]);
    expect((await stage.issues()).find(({ number }) => number === 4)?.title).toContain("m6i.xlarge");
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });
});

it("a scan that is not believed is answered as that to /drift rescan, with what has it believed", async () => {
  const stage = await begun("dashboard: true");
  letEverybodyIn(stage);
  await stage.scan();
  const { instances, groups, subnets, vpcs } = stage.model;
  for (const all of [instances, groups, subnets, vpcs]) all.clear();
  await stage.scan();
  const answer = await answered(stage, 2, "/drift rescan");
  expect(answer).toMatch(/: scanned at .*`shop-prod` is not believed, since too much is different/);
  expect(answer).toContain("`/drift confirm shop-prod`");
  expect(answer).not.toContain("in full");
});

it("a dashboard that is closed is not said to be up to date", async () => {
  const stage = await begun("dashboard: true");
  await stage.github.person("alice").closeIssue(FULL_NAME, 1);
  await stage.run("reconcile", stage.job);
  expect(await answered(stage, 1, "/drift rescan")).toContain("This is closed, so what is told above stays");
});

describe("while something holds back what was asked for, the answer says what, and until when", () => {
  const day = (stage: Stage, ahead: number) =>
    new Date(stage.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10);

  it("a freeze, and then what came of it", async () => {
    const stage = await begun("");
    tag(stage, "Schedule", "nights");
    await stage.scan();
    const until = day(set.stage, 2);
    await changeConfig(stage, (text) =>
      text.replace("version: 1", `version: 1\nfreeze:\n  - from: ${day(stage, -1)}\n    until: ${until}\n`),
    );
    const id = await stage.comment(1, "/drift adopt");
    await stage.drain();
    const answer = await answerTo(stage, 1, id);
    expect(answer).toMatch(
      new RegExp(
        `: noted\\. A freeze lasts until ${day(stage, 3)} 00:00 UTC,.* no pull request .*this comment then says`,
      ),
    );
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
    stage.ahead = 4 * 86_400_000;
    await stage.scan();
    expect(await answerTo(stage, 1, id)).toMatch(/: #2 adopts it\.$/);
  });

  it("a limit", async () => {
    const stage = await begun("limits: { open_pull_requests: 0 }");
    tag(stage, "Schedule", "nights");
    await stage.scan();
    const answer = await answered(stage, 1, "/drift adopt");
    expect(answer).toMatch(/: noted\. No pull request is opened while `open_pull_requests` is 0/);
  });
});

it("what is not believed is explained with the values of the last scan, but where everyone can read them", async () => {
  const stage = await begun("dashboard: true\npublic: details");
  tag(stage, "Schedule", "nights");
  await stage.scan();
  expect(await answered(stage, 2, "/drift explain")).not.toContain("the cloud has");
  const { instances, groups, subnets, vpcs } = stage.model;
  for (const all of [groups, subnets, vpcs]) all.clear();
  const api = instanceIdOf(stage.model, "shop-prod-api");
  for (const id of [...instances.keys()]) if (id !== api) instances.delete(id);
  tag(stage, "Project", "other");
  tag(stage, "Schedule", "days");
  await stage.scan();
  const name = `${API} tags.Project in shop-prod`;
  const values = '`tags.Project`: the code says `"shop"`, the cloud has `"other"`';
  expect(await answered(stage, 1, `/drift explain ${name}`)).toContain(values);
  expect(await answered(stage, 2, "/drift explain")).toMatch(/as an earlier one found it.*the cloud has/s);
  stage.github.change("shop", { private: false });
  expect(await answered(stage, 1, `/drift explain ${name}`)).not.toContain("the cloud has");
});

it("a faulty command is quoted with the name of what it is about", async () => {
  const stage = await drifted(set.stage);
  expect(await answered(stage, 2, `/drift ignore ${PORT} until 2020-01-01`)).toContain(
    `\`/drift ignore ${PORT} until 2020-01-01\` (alice): \`2020-01-01\` is over already.`,
  );
  expect(await answered(stage, 2, `/drift adopt ${PORT} because`)).toContain(
    `\`/drift adopt ${PORT} because\` (alice): there is no reason`,
  );
});
