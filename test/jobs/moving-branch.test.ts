import { describe, expect, it, vi } from "vitest";
import { meanwhile } from "../e2e/github/faults.ts";
import { shopFiles } from "../e2e/shop.ts";
import { changeConfig, commit, letEverybodyIn, putRight, resize, scanOnly, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const EDITED = "environments/prod.tfvars";

async function begun(): Promise<Stage> {
  const { stage } = set;
  await stage.scan();
  return stage;
}

const again = (stage: Stage) => [{ name: "scan", data: { ...stage.job, trigger: "push" } }];

describe("the default branch moves between the scan and what follows from it", () => {
  it("elsewhere: all is written, on the newest commit", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await scanOnly(stage);
    const head = await commit(stage, { "NOTES.md": "new" });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(stage.waiting).toEqual([]);
    const pull = await stage.github.person("alice").send("GET", "/repos/acme/shop/pulls/1");
    const branch = (pull["head"] as { sha: string }).sha;
    const made = await stage.github.person("alice").send("GET", `/repos/acme/shop/git/commits/${branch}`);
    expect((made["parents"] as { sha: string }[]).map(({ sha }) => sha)).toEqual([head]);
  });

  it("in a file that the edit changes: the issue is opened, the pull request only after another scan", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await scanOnly(stage);
    await commit(stage, { [EDITED]: `# New\n${(await shopFiles())[EDITED]}` });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(stage.waiting).toEqual(again(stage));
    stage.ahead = 60 * 60_000;
    await stage.drain();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("in the configuration, which may not allow it any more: the same", async () => {
    const stage = await begun();
    resize(stage);
    await scanOnly(stage);
    await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: ignore"));
    await stage.run("reconcile", stage.job);
    expect(stage.writes).toEqual([]);
    expect(stage.waiting).toEqual(again(stage));
  });

  it("and what is gone is closed all the same", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    putRight(stage);
    await scanOnly(stage);
    await commit(stage, { [EDITED]: "" });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
  });
});

describe("the default branch moves while the pull request is made", () => {
  const meantime = (stage: Stage, path: string) => {
    const text = async () => `# Meanwhile\n${(await shopFiles())[EDITED]}`;
    const fault = meanwhile(async () => commit(stage, { [EDITED]: await text() }));
    stage.github.misbehave({ method: "POST", path, fault });
  };

  it.each(["/git/trees", "/git/commits", "/git/refs", "/pulls"])(
    "before %s is done: the next scan brings it up to date, and it is one",
    async (path) => {
      const stage = await begun();
      resize(stage);
      await scanOnly(stage);
      meantime(stage, path);
      await stage.run("reconcile", stage.job);
      expect(await states(stage)).toEqual(["pull 1 open"]);
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 open"]);
      const alice = stage.github.person("alice");
      const { head } = await alice.send("GET", "/repos/acme/shop/pulls/1");
      const { sha } = head as { sha: string };
      const { files } = await alice.send("GET", `/repos/acme/shop/compare/main...${sha}`);
      expect((files as { filename: string; patch?: string }[]).map(({ filename }) => filename)).toEqual([
        EDITED,
      ]);
      const before = stage.writes.length;
      await stage.scan();
      expect(stage.writes.slice(before)).toEqual([]);
    },
  );

  it("and there is one already: it stays as it is until another scan", async () => {
    const stage = await begun();
    resize(stage);
    await stage.scan();
    resize(stage, "m6i.2xlarge");
    await scanOnly(stage);
    await commit(stage, { "main.tf": `# New\n${(await shopFiles())["main.tf"]}` });
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
    expect(stage.waiting).toEqual(again(stage));
    stage.ahead = 60 * 60_000;
    await stage.drain();
    expect((await stage.issues()).map(({ title }) => title)).toEqual([
      expect.stringContaining("m6i.2xlarge"),
    ]);
  });
});

describe("an issue whose pull request cannot be made yet", () => {
  it("stays until it is there", async () => {
    const stage = await begun();
    await changeConfig(stage, (text) => text.replace("verdict: adopt", "verdict: revert"));
    resize(stage);
    await stage.scan();
    await changeConfig(stage, (text) => text);
    await scanOnly(stage);
    await commit(stage, { [EDITED]: `# New\n${(await shopFiles())[EDITED]}` });
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    stage.ahead = 60 * 60_000;
    await stage.drain();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
  });
});

describe("a push right after a scan", () => {
  it("waits as long as that scan took, so that pushes cannot have a repository scanned all the time", async () => {
    const stage = await begun();
    const db = stage.database.kysely;
    const ended = stage.now();
    const started = new Date(ended.getTime() - 120_000);
    await db.updateTable("scans").set({ started_at: started, finished_at: ended }).execute();
    const push = { ...stage.job, trigger: "push" } as const;
    const put = await stage.run("scan", push).catch((error: unknown) => error);
    expect(put).toMatchObject({ name: "TooSoon", until: new Date(ended.getTime() + 120_000) });
    stage.ahead = 121_000;
    await stage.run("scan", push);
    expect(await db.selectFrom("scans").select("id").execute()).toHaveLength(2);
  });
});
