import { expect, it, vi } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { authorize } from "../e2e/aws/changes.ts";
import { broken, brokenAfterWork } from "../e2e/github/faults.ts";
import { groupIdOf } from "../e2e/shop.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

function letEverybodyIn({ model }: Stage): void {
  const group = groupIdOf(model, "shop-prod-api");
  authorize(model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } as never });
}

/** The issue's finding as if it had so many changes; `change` makes its revision another one. */
async function lengthen(stage: Stage, count: number): Promise<void> {
  const { kysely: db } = stage.database;
  const rows = await db.selectFrom("findings").select(["fingerprint", "data"]).execute();
  for (const { fingerprint, data } of rows) {
    const changes = Array.from({ length: count }, (_, index) => ({
      path: ["tags", `key${index}`],
      desired: { known: "a".repeat(60) },
      recorded: { known: "a".repeat(60) },
      observed: { known: "b".repeat(60) },
      source: null,
    }));
    const text = JSON.stringify({ ...data, changes } as unknown as Json);
    await db.updateTable("findings").set({ data: text }).where("fingerprint", "=", fingerprint).execute();
  }
}

/** Every key that the body or one of the comments tells of. */
async function told(stage: Stage): Promise<Set<string>> {
  const [issue] = await stage.issues();
  const texts = [issue?.body ?? "", ...(await stage.comments(1))];
  return new Set(texts.join("\n").match(/key\d+/g));
}

async function found(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  letEverybodyIn(stage);
  await stage.run("scan", { ...stage.job, trigger: "person" });
  stage.waiting.splice(0);
  return stage;
}

it("what a body has no room for is in comments: all of it, once, and only as long as it is needed", async () => {
  const stage = await found();
  await lengthen(stage, 700);
  await stage.run("reconcile", stage.job);
  expect((await told(stage)).size).toBe(700);
  const comments = await stage.comments(1);
  expect(comments.length).toBeGreaterThan(1);
  for (const text of comments) expect(text.length).toBeLessThan(65_536);

  const before = stage.writes.length;
  await stage.run("reconcile", stage.job);
  expect(stage.writes.slice(before)).toEqual([]);

  await lengthen(stage, 3);
  await stage.run("reconcile", stage.job);
  expect((await told(stage)).size).toBe(3);
  expect(await stage.comments(1)).toEqual([]);
});

it("ten comments at most tell of it, and the last says that there is more", async () => {
  const stage = await found();
  await lengthen(stage, 20_000);
  await stage.run("reconcile", stage.job);
  const comments = await stage.comments(1);
  expect(comments).toHaveLength(10);
  expect(comments.at(-1)).toContain("A report goes on for 10 comments at most.");

  const before = stage.writes.length;
  await stage.run("reconcile", stage.job);
  expect(stage.writes.slice(before)).toEqual([]);
});

it.each([
  ["before", broken(500)],
  ["after", brokenAfterWork()],
])("an interruption %s a comment was made neither loses nor doubles one", async (_when, fault) => {
  const stage = await found();
  await lengthen(stage, 700);
  stage.github.misbehave({ method: "POST", path: /\/comments$/, after: 1, fault });
  await stage.run("reconcile", stage.job).catch(({ name }: Error) => expect(name).toBe("Unavailable"));
  stage.github.behave();
  await stage.run("reconcile", stage.job);
  expect(await stage.issues()).toHaveLength(1);
  expect((await told(stage)).size).toBe(700);
  const comments = await stage.comments(1);
  expect(new Set(comments).size).toBe(comments.length);
  expect(comments.map((text) => /part (\d+) of/.exec(text)?.[1])).toEqual(
    comments.map((_, index) => String(index + 1)),
  );
});
