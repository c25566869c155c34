import { describe, expect, it, vi } from "vitest";
import { authorize, resizeInstance } from "../e2e/aws/changes.ts";
import { groupIdOf, instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const STATES = ["prod.tfstate", "staging.tfstate"];

/** Puts files into the default branch; those of the example where nothing else is given. */
async function commit(stage: Stage, paths: readonly string[], text?: string): Promise<void> {
  const example = await shopFiles();
  const files = Object.fromEntries(paths.map((path) => [path, text ?? example[path] ?? ""]));
  await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files });
}

/** Everybody is let into both environments by SSH. */
function letEverybodyIn({ model }: Stage): void {
  for (const name of ["shop-prod-api", "shop-staging-api"]) {
    authorize(model, groupIdOf(model, name), {
      protocol: "tcp",
      from: 22,
      source: { cidr: "0.0.0.0/0" } as never,
    });
  }
}

async function titles(stage: Stage): Promise<string[]> {
  return (await stage.issues()).map(({ state, title }) => `${state}: ${title}`);
}

describe("a stack that could not be scanned at first", () => {
  it("joins the summary when it can be, and has nothing of its own", async () => {
    const { stage } = set;
    await commit(stage, ["staging.tfstate"], "not a state");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await titles(stage)).toEqual(["open: Drift found by the first scan"]);
    await commit(stage, ["staging.tfstate"]);
    await stage.scan();
    const [summary, ...others] = await stage.issues();
    expect(others).toEqual([]);
    expect(summary?.body.match(/^\| critical \| `shop-\w+`/gm)).toEqual([
      "| critical | `shop-prod`",
      "| critical | `shop-staging`",
    ]);
    resizeInstance(stage.model, instanceIdOf(stage.model, "shop-staging-api"), "m6i.large");
    await stage.scan();
    expect((await stage.issues()).map(({ isPull }) => isPull)).toEqual([false, true]);
  });

  it("is said in the title where nothing else is known", async () => {
    const { stage } = set;
    await commit(stage, STATES, "not a state");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await titles(stage)).toEqual([
      "open: Nothing is known of drift yet: 2 stacks could not be scanned",
    ]);
    await commit(stage, STATES);
    await stage.scan();
    expect(await titles(stage)).toEqual(["open: Drift found by the first scan"]);
  });

  it("gets issues of its own where a person had closed the summary by then", async () => {
    const { stage } = set;
    await commit(stage, ["staging.tfstate"], "not a state");
    letEverybodyIn(stage);
    await stage.scan();
    await stage.github.person("alice").closeIssue(FULL_NAME, 1);
    stage.ahead = 60_000;
    await commit(stage, ["staging.tfstate"]);
    await stage.scan();
    expect(await titles(stage)).toEqual([
      "closed: Drift found by the first scan",
      expect.stringMatching(/^open: Critical: Lets everybody in/),
    ]);
  });
});

it("a stack that is added later is new, and so is its drift", async () => {
  const { stage } = set;
  const path = ".github/driftwright.yml";
  const config = (await shopFiles())[path] ?? "";
  await commit(stage, [path], config.slice(0, config.indexOf("  - name: shop-staging")));
  await stage.scan();
  letEverybodyIn(stage);
  await commit(stage, [path]);
  await stage.scan();
  expect(await titles(stage)).toHaveLength(2);
});
