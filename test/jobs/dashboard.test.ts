import { describe, expect, it, vi } from "vitest";
import { retag } from "../e2e/aws/changes.ts";
import { broken, brokenAfterWork } from "../e2e/github/faults.ts";
import { instanceIdOf } from "../e2e/shop.ts";
import { changeConfig, letEverybodyIn, loseDatabase, putRight, resize, scanOnly, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60_000;
const TITLE = "Driftwright dashboard";

async function configure(stage: Stage, lines: string): Promise<void> {
  await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\n${lines}`));
}

/** The shop with a dashboard (1), after its first scan, in which nothing had drifted. */
async function begun(lines = "dashboard: true"): Promise<Stage> {
  const { stage } = set;
  await configure(stage, lines);
  await stage.scan();
  return stage;
}

async function dashboard(stage: Stage): Promise<string> {
  const all = (await stage.issues()).filter(({ title }) => title === TITLE);
  expect(all).toHaveLength(1);
  return all[0]?.body ?? "";
}

/** The rows of a section without the line of heads. */
function section(body: string, title: string): string[] {
  const [, text = ""] = body.split(`### ${title}\n`);
  const rows = (text.split("\n### ")[0] ?? "").split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2);
}

function alice(stage: Stage, method: "PATCH", path: string, body: Record<string, string>) {
  return stage.github.person("alice").send(method, `/repos/${FULL_NAME}${path}`, body);
}

describe("the dashboard", () => {
  it("is there from the first scan on, and says so where nothing drifted", async () => {
    const stage = await begun();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    const body = await dashboard(stage);
    expect(body).toContain("**No drift in 2 stacks.** Last scan: ");
    expect(section(body, "Stacks").map((row) => row.split(" | ").slice(0, 3))).toEqual([
      ["| `shop-prod`", "`production`", "complete"],
      ["| `shop-staging`", "`staging`", "complete"],
    ]);
  });

  it("links the issues and pull requests, and says until when is ignored", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    retag(stage.model, instanceIdOf(stage.model, "shop-prod-api"), "LastPatched", "2026-11-01");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open", "issue 3 open"]);
    const body = await dashboard(stage);
    expect(section(body, "Open")).toEqual([expect.stringMatching(/adopt \| .* \(today\) \| #2 \|$/)]);
    expect(section(body, "Waiting for a decision")).toEqual([
      expect.stringMatching(/^\| critical .*undecided \| .* \(today\) \| #3 \|$/),
    ]);
    expect(section(body, "Ignored")).toEqual([expect.stringContaining("| 2032-12-31 |")]);
    expect(body).not.toContain("here alone");
  });

  it("takes the place of the summary of the first scan", async () => {
    const { stage } = set;
    await configure(stage, "dashboard: true");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(section(await dashboard(stage), "Waiting for a decision")).toEqual([
      expect.stringContaining("| *here alone* |"),
    ]);
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("is written when it has something else to say, and on a new day", async () => {
    const stage = await begun();
    resize(stage);
    await stage.scan();
    const before = stage.writes.length;
    await stage.scan();
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
    stage.ahead = DAY;

    await stage.scan();

    expect(stage.writes.slice(before)).toEqual(["PATCH /issues/1"]);
    expect(await dashboard(stage)).toContain("(1 day)");
  });

  it("says what limits keep back, and counts for none of them", async () => {
    const stage = await begun("dashboard: true\nlimits: { new_per_hour: 1 }");
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    expect(section(await dashboard(stage), "Held back")).toEqual([
      expect.stringMatching(
        /adopt \| .* \| [\d-]+ [\d:]+ UTC at the earliest \(`new_per_hour`\) \| nothing yet \|$/,
      ),
    ]);
  });

  it("has the labels of the configuration", async () => {
    const stage = await begun("dashboard: true\nlabels: [drift]");
    expect(stage.writes).toEqual(["POST /issues", "POST /issues/1/labels"]);
  });

  it("tells of checks on what others have open, and of no commit that nobody waits for", async () => {
    const stage = await begun();
    const alice = stage.github.person("alice");
    const shas: string[] = [];
    for (const branch of ["open", "good", "shut"]) {
      shas.push(await alice.commit(FULL_NAME, { branch, files: { [`${branch}.md`]: "x" } }));
      const number = await alice.openPullRequest(FULL_NAME, branch);
      if (branch === "shut") await alice.closePullRequest(FULL_NAME, number);
    }
    const [open, good, shut] = shas;
    const { repositoryId: repository_id } = stage;
    const values = { repository_id, name: "Driftwright configuration", updated_at: stage.now() };
    await stage.database.kysely
      .insertInto("check_runs")
      .values([
        { ...values, head_sha: open, check_run_id: 7, conclusion: "failure" },
        { ...values, head_sha: good, check_run_id: 8, conclusion: "success" },
        { ...values, head_sha: shut, check_run_id: 9, conclusion: "failure" },
        { ...values, head_sha: "2".repeat(40), check_run_id: 10, conclusion: "failure" },
      ] as never)
      .execute();
    await stage.scan();
    expect(section(await dashboard(stage), "Checks that want attention")).toEqual([
      `| #2 | ${open} | Driftwright configuration | failure |`,
    ]);
  });
});

describe("open pull requests", () => {
  /** Requests for a list of them, of a scan with a check run that has something to say. */
  async function lists(lines: string, isPublic = false): Promise<number> {
    const { stage } = set;
    if (isPublic) stage.github.change("shop", { private: false });
    await configure(stage, lines);
    await stage.scan();
    const { repositoryId: repository_id } = stage;
    const row = { repository_id, name: "Driftwright", updated_at: stage.now(), head_sha: "2".repeat(40) };
    await stage.database.kysely
      .insertInto("check_runs")
      .values({ ...row, check_run_id: 10, conclusion: "neutral" } as never)
      .execute();
    const before = stage.github.requests.length;
    await stage.run("reconcile", stage.job);
    return stage.github.requests
      .slice(before)
      .filter(({ method, path }) => method === "GET" && /\/pulls(\?|$)/.test(path)).length;
  }

  it("are asked for where a dashboard shows checks", async () => {
    expect(await lists("dashboard: true")).toBeGreaterThan(0);
  });

  it.each([
    ["is not wanted", "dashboard: false", false],
    ["tells numbers alone", "dashboard: true", true],
  ])("are not asked for where a dashboard %s", async (_what, lines, isPublic) => {
    expect(await lists(lines, isPublic)).toBe(0);
  });
});

/** A scan whose last attempt fails, since GitHub does not give the code. */
async function failedScan(stage: Stage): Promise<void> {
  stage.github.misbehave({ method: "GET", path: /\/tarball\//, times: 99, fault: broken(500) });
  const scan = stage.run("scan", { ...stage.job, trigger: "person" }, { isLastAttempt: true });
  await expect(scan).rejects.toThrow("500");
  stage.github.behave();
  await stage.drain();
}

describe("a scan that fails as a whole", () => {
  it("is told, with its reason, and with all that the scan before found, until one does not fail", async () => {
    const stage = await begun();
    letEverybodyIn(stage);
    await stage.scan();
    await failedScan(stage);
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    const body = await dashboard(stage);
    expect(body).toMatch(
      /^\*\*The scan of [\d-]+ \(UTC\) failed\*\*, so all of this is .*\. The scan failed each .*500/m,
    );
    expect(section(body, "Waiting for a decision")).toEqual([expect.stringMatching(/\| #2 \|$/)]);
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
    await stage.scan();
    expect(await dashboard(stage)).not.toContain("failed");
  });

  it.each(["counts", "details"])(
    "is told without its reason where everyone can read it: %s",
    async (shown) => {
      const { stage } = set;
      stage.github.change("shop", { private: false });
      await configure(stage, `dashboard: true\npublic: ${shown}`);
      await stage.scan();
      await failedScan(stage);
      const body = await dashboard(stage);
      expect(body).toMatch(/^\*\*The scan of [\d-]+ \(UTC\) failed\*\*/m);
      expect(body).not.toContain("500");
    },
  );
});

it("tells of stacks that are not believed, and nothing is opened or closed because of them", async () => {
  const stage = await begun();
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  const there = await states(stage);
  const { instances, groups, subnets, vpcs } = stage.model;
  const kept = [instances, groups, subnets, vpcs].map((all) => [all, new Map<string, unknown>(all)] as const);
  for (const [all] of kept) all.clear();
  const before = stage.writes.length;
  await stage.scan();
  expect(await states(stage)).toEqual(there);
  expect(stage.writes.slice(before).filter((path) => !path.includes("check-runs"))).toEqual([
    "PATCH /issues/1",
  ]);
  const body = await dashboard(stage);
  const results = section(body, "Stacks").map((row) => row.split(" | ")[2]);
  expect(results).toEqual([expect.stringMatching(/^suspect: /), expect.stringMatching(/^suspect: /)]);
  // What was told before is still told in its own issue and pull request.
  const told = section(body, "Suspect").filter((row) => !row.endsWith("| here |"));
  expect(told).toEqual([expect.stringMatching(/\| #3 \|$/), expect.stringMatching(/\| #2 \|$/)]);
  for (const [all, entries] of kept) for (const [id, one] of entries) all.set(id, one as never);
  await stage.scan();
  expect(await states(stage)).toEqual(there);
  expect(await dashboard(stage)).not.toContain("### Suspect");
});

describe("what people do with the dashboard", () => {
  it("closed: there is none until somebody opens it again, which is said once", async () => {
    const stage = await begun();
    await alice(stage, "PATCH", "/issues/1", { state: "closed" });
    letEverybodyIn(stage);
    await stage.scan();
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "issue 2 open"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("there is no dashboard any more")]);
    await alice(stage, "PATCH", "/issues/1", { state: "open" });
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    expect(await dashboard(stage)).toContain("| #2 |");
    expect(await stage.comments(1)).toHaveLength(1);
  });

  it("edited: stays until there is something new to say", async () => {
    const stage = await begun();
    const { body = "" } = (await stage.issues())[0] ?? {};
    const edited = body.replace("### Stacks", "### Hello");
    await alice(stage, "PATCH", "/issues/1", { body: edited });
    await stage.scan();
    expect(await dashboard(stage)).toContain("### Hello");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await dashboard(stage)).not.toContain("### Hello");
  });

  it("`dashboard: false` closes it, and what was there at first has a summary; without it, it is back", async () => {
    const { stage } = set;
    await configure(stage, "dashboard: true");
    letEverybodyIn(stage);
    await stage.scan();
    await configure(stage, "dashboard: false");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "issue 2 open"]);
    expect((await stage.issues())[1]?.title).toBe("Drift found by the first scan");
    await configure(stage, "dashboard: true");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 closed"]);
    expect(await stage.comments(2)).toEqual([expect.stringContaining("The dashboard tells of this now")]);
    putRight(stage);
    await stage.scan();
    expect(await dashboard(stage)).toContain("**No drift in 2 stacks.**");
  });
});

describe("there is one dashboard", () => {
  it.each([
    ["before", broken(500)],
    ["after", brokenAfterWork()],
  ])("where the process is interrupted %s it is made", async (_when, fault) => {
    const { stage } = set;
    await configure(stage, "dashboard: true");
    await scanOnly(stage);
    stage.github.misbehave({ method: "POST", path: "/issues", fault });
    await stage.run("reconcile", stage.job).catch(({ name }: Error) => expect(name).toBe("Unavailable"));
    stage.github.behave();
    await stage.run("reconcile", stage.job);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("where the database is lost, also when somebody closed it", async () => {
    const stage = await begun();
    await loseDatabase(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    await alice(stage, "PATCH", "/issues/1", { state: "closed" });
    await loseDatabase(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });
});

describe("nothing is told", () => {
  it("but numbers where everyone can read it", async () => {
    const { stage } = set;
    stage.github.change("shop", { private: false });
    await configure(stage, "dashboard: true");
    letEverybodyIn(stage);
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    const body = await dashboard(stage);
    expect(body).toContain("2 stacks: 2 complete.");
    expect(section(`### Counts\n${body}`, "Counts")).toEqual([
      expect.stringMatching(/^\| Waiting for a decision \| 1 \| 1 \|/),
      expect.stringMatching(/^\| Open \| 1 \|/),
    ]);
    expect(body).not.toMatch(/shop-prod|aws_|production|m6i/);
  });

  it("in a dry run, and while the configuration is broken", async () => {
    const { stage } = set;
    await configure(stage, "dashboard: true\ndry_run: true");
    letEverybodyIn(stage);
    await stage.scan();
    expect(stage.writes).toEqual([]);
    await changeConfig(stage, () => "version: 2\ndashboard: true\n");
    await stage.scan();
    expect((await stage.issues()).map(({ title }) => title)).toEqual([
      "Driftwright cannot read its configuration",
    ]);
  });

  it("of a repository without issues, whose pull requests are opened all the same", async () => {
    const { stage } = set;
    stage.github.change("shop", { issues: false });
    await configure(stage, "dashboard: true\nstart: all");
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    stage.github.change("shop", { issues: true });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  });
});
