import { expect, it, vi } from "vitest";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { changeConfig, commit, states } from "./drift.ts";
import { stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

it("who owns the code is read once for all issues that are opened", async () => {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: revert"));
  await commit(stage, { CODEOWNERS: "* @alice\n" });
  await stage.scan();
  for (const name of ["shop-prod-api", "shop-prod-worker", "shop-staging-api"])
    resizeInstance(stage.model, instanceIdOf(stage.model, name), "m6i.large");
  const before = stage.github.requests.length;
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open", "issue 3 open"]);
  const since = stage.github.requests.slice(before);
  expect(since.filter(({ path }) => path.endsWith("/assignees"))).toHaveLength(3);
  expect(since.filter(({ path }) => path.endsWith("/contents/CODEOWNERS"))).toHaveLength(1);
});
