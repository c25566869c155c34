import { describe, expect, it, vi } from "vitest";
import { findRepository } from "../../src/store/repositories.ts";
import { broken, refused } from "../e2e/github/faults.ts";
import { changeConfig, commit, letEverybodyIn, putRight, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const HOUR = 60 * 60_000;

/** The shop after its first scan, with some lines more in its configuration. */
async function configured(lines: string): Promise<Stage> {
  const { stage } = set;
  await configure(stage, lines);
  await stage.scan();
  return stage;
}

async function configure(stage: Stage, lines: string): Promise<void> {
  await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\n${lines}`));
}

async function drift(stage: Stage): Promise<void> {
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
}

/** Bodies of the App's requests to a path, in order. */
function sent(stage: Stage, path: RegExp): unknown[] {
  return stage.github.requests
    .filter((request) => request.method === "POST" && path.test(request.path))
    .map(({ body }) => body);
}

const day = (stage: Stage, days: number) =>
  new Date(stage.now().getTime() + days * 24 * HOUR).toISOString().slice(0, 10);

describe("labels, assignees and reviewers", () => {
  const LINES = "labels: [drift]\nassignees: [alice]\nreviewers: [bob]";

  it("are given to what is opened, once", async () => {
    const stage = await configured(LINES);
    await drift(stage);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(sent(stage, /\/issues\/\d+\/labels$/)).toEqual([{ labels: ["drift"] }, { labels: ["drift"] }]);
    expect(sent(stage, /\/assignees$/)).toEqual([{ assignees: ["alice"] }, { assignees: ["alice"] }]);
    expect(sent(stage, /\/pulls\/1\/requested_reviewers$/)).toEqual([
      { reviewers: ["bob"], team_reviewers: [] },
    ]);
    const before = stage.writes.length;
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect(stage.writes.slice(before).some((write) => /label|assign|review/.test(write))).toBe(false);
  });

  it("are given by the next one who looks, where the process ended before that", async () => {
    const stage = await configured(LINES);
    letEverybodyIn(stage);
    stage.github.misbehave({ method: "POST", path: /\/labels$/, fault: broken(502) });
    await stage.scan().catch(() => {});
    stage.github.behave();
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(sent(stage, /\/issues\/1\/assignees$/)).toEqual([{ assignees: ["alice"] }]);
  });

  it("that GitHub refuses are said in the log, and keep nothing from being done", async () => {
    const stage = await configured("labels: [drift]\nreviewers: [nobody-here, bob]");
    stage.github.misbehave({ method: "POST", path: /\/labels$/, fault: refused("Validation Failed", 422) });
    await drift(stage);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(stage.logged).toContainEqual(expect.objectContaining({ message: "labels could not be added" }));
    expect(stage.logged).toContainEqual(
      expect.objectContaining({ message: "reviewers could not be added", reviewers: ["nobody-here"] }),
    );
    expect(sent(stage, /requested_reviewers$/)).toHaveLength(2);
  });
});

describe("assignees that nobody names", () => {
  const OWNERS = [
    "* @acme/platform",
    "/environments/ @nobody-else",
    "*.tf @alice @acme/platform @Alice someone@example.com",
  ].join("\n");

  async function assigned(files: Readonly<Record<string, string>>, lines = ""): Promise<unknown[]> {
    const { stage } = set;
    await commit(stage, files);
    await configure(stage, lines);
    await stage.scan();
    await drift(stage);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    return sent(stage, /\/assignees$/);
  }

  it.each([".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"])(
    "are of an issue the people who own the file that decides, as %s says: the last line that matches",
    async (path) => {
      expect(await assigned({ [path]: OWNERS })).toEqual([{ assignees: ["Alice"] }]);
      const { stage } = set;
      expect(stage.github.requests.some(({ path: asked }) => /\/issues\/2\/assignees$/.test(asked))).toBe(
        true,
      );
    },
  );

  it("are nobody where teams own it", async () => {
    expect(await assigned({ CODEOWNERS: "* @acme/platform" })).toEqual([]);
  });

  it("are nobody where the configuration says so", async () => {
    expect(await assigned({ CODEOWNERS: OWNERS }, "assignees: []")).toEqual([]);
  });

  it("that the configuration names take the place of the owners", async () => {
    const named = { assignees: ["bob"] };
    expect(await assigned({ CODEOWNERS: OWNERS }, "assignees: [bob]")).toEqual([named, named]);
  });

  it("keep nothing from being opened where GitHub refuses them", async () => {
    const fault = refused("Validation Failed", 422);
    set.stage.github.misbehave({ method: "POST", path: /\/assignees$/, fault });
    await assigned({ CODEOWNERS: OWNERS });
    expect(set.stage.logged).toContainEqual(
      expect.objectContaining({ message: "assignees could not be added", number: 2 }),
    );
  });

  it("are the people among the owners of the stack, whom the texts name without a mention", async () => {
    const { stage } = set;
    await commit(stage, { CODEOWNERS: OWNERS });
    await changeConfig(stage, (text) =>
      text.replace(
        "environment: production",
        "environment: production\n    service: checkout\n    owners: [acme/platform, bob]",
      ),
    );
    await stage.scan();
    await drift(stage);
    expect(sent(stage, /\/assignees$/)).toEqual([{ assignees: ["bob"] }]);
    for (const { body } of await stage.issues())
      expect(body).toContain("**Belongs to:** `acme/platform`, `bob` (service `checkout`)\n");
  });
});

describe("draft", () => {
  const isDraft = async (stage: Stage) =>
    (await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/pulls/1`))["draft"];

  it("has pull requests opened as drafts", async () => {
    const stage = await configured("draft: true");
    await drift(stage);
    expect(await isDraft(stage)).toBe(true);
  });

  it("gives way where the repository cannot have any", async () => {
    const stage = await configured("draft: true");
    const fault = refused("Draft pull requests are not supported in this repository.", 422);
    stage.github.misbehave({ method: "POST", path: "/pulls", fault });
    await drift(stage);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await isDraft(stage)).toBe(false);
  });
});

describe("dry_run", () => {
  it("scans and writes nothing, says in the log what it would do, and leaves what is there as it is", async () => {
    const stage = await configured("start: all");
    letEverybodyIn(stage);
    await stage.scan();
    await configure(stage, "start: all\ndry_run: true");
    const before = stage.writes.length;
    putRight(stage);
    resize(stage);
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(stage.logged).toContainEqual({
      message: "dry run, so nothing is written",
      repository: stage.repositoryId,
      name: FULL_NAME,
      wishes: 2,
      wanted: [
        { kind: "open-adoption", key: expect.stringMatching(/^adoption:/) },
        { kind: "close", key: expect.stringMatching(/^issue:/) },
      ],
    });
  });

  it("leaves the first scan to be told when it is over", async () => {
    const stage = await configured("dry_run: true");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await findRepository(stage.database.kysely, stage.repositoryId)).toMatchObject({
      firstScanDone: false,
    });
    await configure(stage, "");
    await stage.scan();
    expect((await stage.issues()).map(({ title }) => title)).toEqual(["Drift found by the first scan"]);
  });
});

describe("freeze", () => {
  it("opens and changes no pull request while it lasts; issues go on, and nothing is lost", async () => {
    const { stage } = set;
    await configure(stage, `freeze: [{ from: ${day(stage, -1)}, until: ${day(stage, 1)} }]`);
    await stage.scan();
    await drift(stage);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await stage.run("tick", {});
    stage.waiting.splice(0);
    stage.ahead = 2 * 24 * HOUR;
    await stage.run("tick", {});
    expect(stage.waiting).toContainEqual({ name: "reconcile", data: stage.job });
    stage.waiting.splice(0);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
    stage.waiting.splice(0);
    await stage.run("tick", {});
    expect(stage.waiting.filter(({ name }) => name === "reconcile")).toEqual([]);
  });

  it("closes what is gone all the same", async () => {
    const stage = await configured("");
    await drift(stage);
    await configure(stage, `freeze: [{ from: ${day(stage, -1)}, until: ${day(stage, 1)} }]`);
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect((await stage.issues())[0]?.title).toContain("m6i.large");
    putRight(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 closed"]);
  });
});

describe("limits", () => {
  it("let the most severe in first, and the rest after an hour", async () => {
    const stage = await configured("limits: { new_per_hour: 1 }");
    await drift(stage);
    expect((await stage.issues()).map(({ title }) => title)).toEqual([
      expect.stringContaining("Critical: Lets everybody in"),
    ]);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    stage.ahead = HOUR + 60_000;
    await stage.run("tick", {});
    expect(stage.waiting).toContainEqual({ name: "reconcile", data: stage.job });
    stage.waiting.splice(0);
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("of open pull requests leave issues alone", async () => {
    const stage = await configured("limits: { open_pull_requests: 0 }");
    await drift(stage);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await configure(stage, "limits: { open_pull_requests: 1 }");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("do not close an issue before the pull request in its place is there", async () => {
    const stage = await configured("limits: { open_pull_requests: 0 }");
    await changeConfig(stage, (text) =>
      text
        .replace("verdict: adopt", "verdict: revert")
        .replace("version: 1", "version: 1\nlimits: { open_pull_requests: 0 }"),
    );
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await configure(stage, "limits: { open_pull_requests: 0 }");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await commit(stage, { "README.md": "more" });
    await configure(stage, "");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
  });
});

describe("schedule", () => {
  const dueIn = async (stage: Stage) => {
    const row = await findRepository(stage.database.kysely, stage.repositoryId);
    return (row?.nextScanAt.getTime() ?? 0) - stage.now().getTime();
  };

  it("has critical environments scanned every quarter of an hour", async () => {
    const stage = await configured("");
    expect(await dueIn(stage)).toBeLessThanOrEqual(HOUR / 4);
    stage.ahead = HOUR / 4;
    await stage.run("tick", {});
    expect(stage.waiting).toContainEqual({ name: "scan", data: { ...stage.job, trigger: "schedule" } });
    expect(await dueIn(stage)).toBeGreaterThan(0);
    expect(await dueIn(stage)).toBeLessThanOrEqual(HOUR / 4);
  });

  it("of the file counts from the next scan on, and stays while the file is broken", async () => {
    const next = new Date(set.stage.now().getTime() + 40 * 24 * HOUR);
    const cron = `30 4 ${next.getUTCDate()} ${next.getUTCMonth() + 1} *`;
    const stage = await configured(`schedule: { cron: ${cron}, time_zone: Asia/Tokyo }`);
    const before = await dueIn(stage);
    expect(before).toBeGreaterThan(38 * 24 * HOUR);
    await changeConfig(stage, () => "version: 2");
    await stage.scan();
    expect(await dueIn(stage)).toBeGreaterThan(38 * 24 * HOUR);
  });
});
