import { describe, expect, it, vi } from "vitest";
import { retag } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { answered, decisions } from "./answers.ts";
import { changeConfig, letEverybodyIn, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const TAG = 'module.service["api"].aws_instance.this tags.Schedule';
const PORT = 'module.service["api"].aws_security_group.this';

/** The shop with a dashboard (1) that alone tells of a tag and of opened access, which the first scan found. */
async function found(): Promise<Stage> {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
  letEverybodyIn(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open"]);
  return stage;
}

async function dashboard(stage: Stage): Promise<string> {
  return (await stage.issues()).find(({ number }) => number === 1)?.body ?? "";
}

async function decided(stage: Stage): Promise<string[]> {
  return (await decisions(stage)).map(({ by, verdict }) => `${by} ${verdict}`);
}

describe("a command in a comment on the dashboard", () => {
  it("is shown there with an example that works", async () => {
    const stage = await found();
    const example = /about the one that it names: `([^`]+)`/.exec(await dashboard(stage))?.[1] ?? "";
    const said = example.replace("DATE", "2099-12-31").replace("…", "we know");
    expect(await answered(stage, 1, said)).toMatch(
      /is ignored until the end of 2099-12-31.* The reason: we know$/,
    );
    expect(await decided(stage)).toEqual(["alice ignore"]);
  });

  it("ignores what it names, and the dashboard says who said so and why", async () => {
    const stage = await found();
    const said = `/drift ignore ${TAG} in shop-prod until 2099-12-31 because the <b>night</b> shift | asked`;
    expect(await answered(stage, 1, said)).toContain("The reason: the &lt;b&gt;night");
    const body = await dashboard(stage);
    expect(body).toMatch(/\| 2099-12-31 \| `@alice`: the &lt;b&gt;night&lt;\/b&gt; shift &#124; asked \|$/m);
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });

  it("adopts what it names with a pull request", async () => {
    const stage = await found();
    expect(await answered(stage, 1, `/drift adopt ${TAG}`)).toMatch(/: #2 adopts it\.$/);
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("has what it names undone with an issue", async () => {
    const stage = await found();
    expect(await answered(stage, 1, `/drift revert ${TAG}`)).toMatch(
      /this is to be undone\. #2 has the plan\.$/,
    );
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
  });

  it("explains what it names", async () => {
    const stage = await found();
    expect(await answered(stage, 1, `/drift explain ${PORT}`)).toContain("Lets everybody in");
    expect(await decided(stage)).toEqual([]);
  });

  it.each([
    ["without a name", "/drift ignore", "a command names what it is about"],
    [
      "with a name that is not there",
      "/drift adopt aws_instance.x",
      "`aws_instance.x` is nothing that is told here",
    ],
  ])("%s lists the names, and decides nothing", async (_what, said, words) => {
    const stage = await found();
    const answer = await answered(stage, 1, said);
    expect(answer).toContain(words);
    expect(answer).toContain('- `module.service["api"].aws_instance.this`');
    expect(answer).not.toContain("about all");
    expect(await decided(stage)).toEqual([]);
  });

  it.each([
    ["without a name", "/drift ignore"],
    ["with a name that is not there", "/drift adopt aws_instance.x"],
  ])(
    "%s lists what is open first, the most severe of it, and counts what is ignored",
    async (_what, said) => {
      const { stage } = set;
      const lines = "version: 1\ndashboard: true\nignore:\n  - match: { attribute: 'tags.N*' }";
      await changeConfig(stage, (text) => text.replace("version: 1", lines));
      for (let index = 10; index < 40; index += 1) {
        const server = index % 2 === 0 ? "shop-prod-api" : "shop-prod-worker";
        retag(stage.model, instanceIdOf(stage.model, server), `N${index}`, "x");
      }
      retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "Schedule", "nights");
      letEverybodyIn(stage);
      await stage.scan();
      const names = (await answered(stage, 1, said)).split("\n").filter((line) => line.startsWith("- "));
      expect(names).toEqual([`- \`${PORT}\``, `- \`${TAG}\``, "- besides, what is ignored or no drift: 30"]);
      // What was said since the scan counts, too.
      await answered(stage, 1, `/drift ignore ${TAG}`);
      expect(await answered(stage, 1, said)).toContain("besides, what is ignored or no drift: 31");
    },
  );

  it("is taken from those alone who may give it", async () => {
    const stage = await found();
    stage.github.permit("bob", "read");
    expect(await answered(stage, 1, `/drift ignore ${TAG}`, { login: "bob" })).toContain(
      "only who may write",
    );
    const alice = stage.github.person("alice");
    await alice.commit(FULL_NAME, { branch: "main", files: { CODEOWNERS: "modules/ @bob\n" } });
    expect(await answered(stage, 1, `/drift adopt ${PORT}`)).toContain("only an owner of");
    expect(await decided(stage)).toEqual([]);
  });

  it("tells nothing where everyone can read it", async () => {
    const stage = await found();
    stage.github.change("shop", { private: false });
    expect(await answered(stage, 1, `/drift explain ${TAG}`)).toContain("everyone can read this repository");
  });
});

describe("the dashboard says truthfully why nothing else tells of a drift", () => {
  it("whose issue somebody closed, until a scan has looked", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    await stage.github.person("alice").closeIssue(FULL_NAME, 2);
    await stage.run("reconcile", stage.job);
    expect(await dashboard(stage)).toContain(
      "| #2, which somebody closed: the next scan looks whether it is gone |",
    );
    expect(await dashboard(stage)).not.toContain("here alone");
    await stage.scan();
    expect(await dashboard(stage)).toMatch(/\| #2 \|$/m);
  });

  it("that a freeze keeps back, until when", async () => {
    const { stage } = set;
    const day = (ahead: number) =>
      new Date(stage.now().getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
    const freeze = `freeze:\n  - from: ${day(-1)}\n    until: ${day(2)}\n`;
    await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\ndashboard: true\n${freeze}`));
    await stage.scan();
    resize(stage);
    await stage.scan();
    const body = await dashboard(stage);
    expect(body).toMatch(/\| [\d-]+ [\d:]+ UTC, the end of a freeze \| nothing yet \|$/m);
    expect(body).not.toContain("here alone");
  });

  it("that a person decided and only the next scan can adopt", async () => {
    const stage = await found();
    await stage.comment(1, `/drift adopt ${TAG}`);
    await stage.run("command", stage.job);
    stage.waiting.splice(0);
    await stage.run("reconcile", stage.job);
    expect(await dashboard(stage)).toContain("| nothing yet: the next scan looks for what was decided |");
  });
});

it("what a person said and nobody can do is told as that, on the dashboard and in the issue", async () => {
  const stage = await found();
  const said = await answered(stage, 1, `/drift adopt ${PORT}`);
  expect(said).toContain("the scan found no edit that can be made");
  expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
  const body = await dashboard(stage);
  expect(body).toMatch(/### Decided, and not possible\n[\s\S]*\| adopt, by `@alice` \| .* \| #2 \|$/m);
  const issue = (await stage.issues()).find(({ number }) => number === 2)?.body ?? "";
  expect(issue).toContain("**Not done as decided:** `@alice` says adopt, and that cannot be done as it is:");
  expect(issue).toContain("- No edit is made for it: ");
  // The edit is shown as before, with what else it would change.
  expect(issue).toContain("What else changes with it:\n\n| Resource |");
  expect(issue).toContain("```diff\n--- a/modules/service/main.tf");
  await scanOnly(stage);
  await stage.run("reconcile", stage.job);
  expect(await dashboard(stage)).toBe(body);
});
