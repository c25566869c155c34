import { expect, it, vi } from "vitest";
import { authorize } from "../e2e/aws/changes.ts";
import { groupIdOf } from "../e2e/shop.ts";
import { stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 86_400_000;

it("an issue is not written anew only because months go by", async () => {
  const { stage } = set;
  await stage.scan();
  const group = groupIdOf(stage.model, "shop-prod-api");
  authorize(stage.model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } as never });
  await stage.scan();
  const told = async () => (await stage.issues()).filter(({ title }) => !title.includes("dashboard"));
  const [issue] = await told();
  expect(issue?.body).toContain("until: YYYY-MM-DD");
  for (const days of [31, 62, 400]) {
    stage.ahead = days * DAY;
    await stage.scan();
    expect(await told()).toEqual([issue]);
  }
});
