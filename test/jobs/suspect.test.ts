import { describe, expect, it, vi } from "vitest";
import { confirmStack, suspectedOf } from "../../src/store/suspicions.ts";
import { check, diskFiles, propose, runOf } from "./checks.ts";
import { changeConfig, letEverybodyIn, resize, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

/** The shop with a dashboard (1), after its first scan, in which nothing had drifted. */
async function begun(lines = "dashboard: true"): Promise<Stage> {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\n${lines}`));
  await stage.scan();
  return stage;
}

/** All that the cloud has is gone. @returns what brings it back */
function emptied({ model }: Stage): () => void {
  const { instances, groups, subnets, vpcs } = model;
  const kept = [instances, groups, subnets, vpcs].map((all) => [all, new Map<string, unknown>(all)] as const);
  for (const [all] of kept) all.clear();
  return () => {
    for (const [all, entries] of kept) for (const [id, one] of entries) all.set(id, one as never);
  };
}

async function dashboard(stage: Stage): Promise<string> {
  return (await stage.issues()).find(({ number }) => number === 1)?.body ?? "";
}

function section(body: string, title: string): string[] {
  const [, text = ""] = body.split(`### ${title}\n`);
  return (text.split("\n### ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);
}

/** What is answered to a comment. */
async function answered(stage: Stage, number: number, text: string): Promise<string> {
  const id = await stage.comment(number, text);
  await stage.run("command", stage.job);
  await stage.drain();
  const own = (await stage.comments(number)).filter((body) => body.includes(`command:${id} `));
  return own.join("\n");
}

describe("a stack of which too much is different at once", () => {
  it("has what was found on the dashboard, which never says that nothing drifted", async () => {
    const stage = await begun();
    const back = emptied(stage);
    await stage.scan();
    const body = await dashboard(stage);
    expect(body).toContain("**2 stacks are suspect: what was found there is not believed.**");
    expect(body).not.toContain("No drift");
    const rows = section(body, "Suspect");
    expect(rows.length).toBeGreaterThan(9);
    for (const row of rows) expect(row).toMatch(/was deleted .* \(today\) \| here \|$/);
    expect(section(body, "Stacks")[0]).toMatch(/\| \d+, not believed \|$/);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    stage.ahead = 3 * 24 * 60 * 60_000;
    await stage.scan();
    for (const row of section(await dashboard(stage), "Suspect")) expect(row).toContain("(3 days)");
    back();
    await stage.scan();
    expect(await dashboard(stage)).toContain("**No drift in 2 stacks.**");
  });

  it("is explained by its name, and nothing is decided about it", async () => {
    const stage = await begun();
    emptied(stage);
    await stage.scan();
    const name = 'module.service["api"].aws_instance.this in shop-prod';
    expect(await answered(stage, 1, `/drift explain ${name}`)).toMatch(
      /the last scan of `shop-prod` is not believed.*was deleted/s,
    );
    expect(await answered(stage, 1, `/drift adopt ${name}`)).toMatch(
      /: not done: .*`shop-prod`.*nothing is decided/,
    );
    expect(await answered(stage, 1, "/drift explain")).not.toContain("no scan finds");
  });

  it("keeps what was known of it, told as of before", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const before = await states(stage);
    emptied(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(before);
    expect(await answered(stage, 3, "/drift explain")).toMatch(
      /the last scan of `shop-prod` is not believed, so this is as an earlier one found it/,
    );
  });

  it("has nothing adopted of what was known of it, and says why to who asks for that", async () => {
    const stage = await begun();
    resize(stage);
    await stage.scan();
    emptied(stage);
    await stage.scan();
    const before = await states(stage);
    expect(before).toEqual(["issue 1 open", "pull 2 open"]);
    expect(await answered(stage, 2, "/drift adopt")).toMatch(
      /noted, and nothing is written of it yet: the last scan of `shop-prod` failed or is not believed/,
    );
    expect(await states(stage)).toEqual(before);
  });

  it("does not count what was told before it", async () => {
    const stage = await begun();
    const { instances, groups, subnets, vpcs } = stage.model;
    for (const all of [instances, groups]) all.clear();
    await stage.scan();
    expect(await dashboard(stage)).not.toContain("suspect");
    for (const all of [subnets, vpcs]) all.clear();
    await stage.scan();
    expect(await dashboard(stage)).not.toContain("suspect");
    expect(section(await dashboard(stage), "Stacks")[0]).toMatch(/\| 7 \|$/);
  });

  it("makes no check of a change of it a success, and the checks that are there are made again", async () => {
    const stage = await begun();
    const proposal = await propose(stage, "disk", await diskFiles());
    expect(await runOf(stage, proposal.sha)).toMatchObject({ conclusion: "success" });
    const back = emptied(stage);
    await stage.scan();
    expect(await runOf(stage, proposal.sha)).toMatchObject({
      conclusion: "neutral",
      output: {
        title: "The last scan of 1 stack that this change touches is not believed",
        summary: expect.stringContaining("The last scan is not believed of `shop-prod`"),
      },
    });
    const other = await propose(stage, "docs", { "README.md": "x" });
    expect(await runOf(stage, other.sha)).toMatchObject({ conclusion: "success" });
    back();
    await stage.scan();
    await check(stage, proposal);
    expect(await runOf(stage, proposal.sha)).toMatchObject({ conclusion: "success" });
  });

  it("is in the summary, where there is no dashboard", async () => {
    const { stage } = set;
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: false"));
    emptied(stage);
    await stage.scan();
    const [summary] = await stage.issues();
    expect(summary?.title).toBe("No drift believed yet: too much of 2 of 2 stacks changed at once");
    expect(summary?.body).toMatch(/^\| high .* \| not believed \|/m);
    expect(summary?.body).not.toContain("No drift in");
  });
});

describe("/drift confirm", () => {
  it("has the named stack believed as the last scan found it, at once and from then on", async () => {
    const stage = await begun();
    emptied(stage);
    await stage.scan();
    expect(await answered(stage, 1, "/drift confirm")).toMatch(
      /not done: several stacks are suspect.*`\/drift confirm shop-prod`, `\/drift confirm shop-staging`/,
    );
    expect(await answered(stage, 1, "/drift confirm shop")).toContain("no stack of that name is suspect");
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(await answered(stage, 1, "/drift confirm shop-prod because we moved")).toMatch(
      /^`\/drift confirm shop-prod` \(alice\): scanned at .*`shop-prod` is believed: (\d+) differences that were confirmed, \1 deletions among them.*The reason: we moved/,
    );
    const there = await states(stage);
    expect(there.length).toBeGreaterThan(1);
    expect(await dashboard(stage)).toContain("1 stack is suspect");
    await stage.scan();
    expect(await states(stage)).toEqual(there);
    expect(section(await dashboard(stage), "Stacks")[0]).not.toContain("suspect");
    // One alone needs no name.
    expect(await answered(stage, 1, "/drift confirm")).toContain("`shop-staging` is believed");
    expect(await dashboard(stage)).not.toContain("suspect");
    expect(await answered(stage, 1, "/drift confirm")).toContain("there is nothing to confirm");
  });

  it("holds for what was there, and not for what comes later", async () => {
    const stage = await begun();
    emptied(stage);
    await stage.scan();
    const stored = await suspectedOf(stage.database.kysely, stage.repositoryId);
    const some = stored.get("shop-prod")?.what ?? [];
    expect(some).toHaveLength(7);
    const said = { by: "alice", at: new Date(0).toISOString(), source: "x", what: some.slice(0, 2) };
    await confirmStack(stage.database.kysely, { repositoryId: stage.repositoryId, stack: "shop-prod" }, said);
    await stage.scan();
    expect(section(await dashboard(stage), "Stacks")[0]).toContain("suspect");
  });

  it("is forgotten of what is there again", async () => {
    const stage = await begun();
    const back = emptied(stage);
    await stage.scan();
    await answered(stage, 1, "/drift confirm shop-prod");
    back();
    await stage.scan();
    expect(await dashboard(stage)).toContain("**No drift in 2 stacks.**");
    emptied(stage);
    await stage.scan();
    expect(await dashboard(stage)).toContain("2 stacks are suspect");
  });

  it("is for who may write, and for no name that anybody could read in public", async () => {
    const stage = await begun();
    emptied(stage);
    await stage.scan();
    stage.github.permit("bob", "read");
    const id = await stage.comment(1, "/drift confirm shop-prod", { login: "bob" });
    await stage.run("command", stage.job);
    expect((await stage.comments(1)).find((body) => body.includes(`command:${id} `))).toContain(
      "not done: only who may write",
    );
    stage.github.change("shop", { private: false });
    await stage.scan();
    const answer = await answered(stage, 1, "/drift confirm");
    expect(answer).toContain("several stacks are suspect");
    expect(answer).not.toContain("shop-");
    expect(await answered(stage, 1, "/drift confirm shop-prod")).toContain("the stack is believed");
  });
});
