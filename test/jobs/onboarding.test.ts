import { describe, expect, it, vi } from "vitest";
import { CONFIG_PATH } from "../../src/config/model.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import { openFindings } from "../../src/store/findings.ts";
import { findObject } from "../../src/store/objects.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { broken, refused } from "../e2e/github/faults.ts";
import type { SeedRepository } from "../e2e/github/server.ts";
import { unconfiguredShop } from "../e2e/unconfigured-shop.ts";
import { commit, letEverybodyIn, loseDatabase, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const SHOP = { files: await unconfiguredShop() };
const BRANCH = "driftwright/onboarding";

function alice({ github }: Stage) {
  return github.person("alice");
}

async function bodyOf(stage: Stage, number = 1): Promise<string> {
  const found = (await stage.issues()).find((each) => each.number === number);
  if (found === undefined) throw new Error(`there is no #${number}`);
  return found.body;
}

/** The proposed file as it is on the branch; null where there is no branch. */
async function proposed(stage: Stage): Promise<string | null> {
  const { status, body } = await alice(stage).try(
    "GET",
    `/repos/${FULL_NAME}/contents/${CONFIG_PATH}?ref=${encodeURIComponent(BRANCH)}`,
  );
  const { content } = body as { content?: string };
  return status === 200 && content !== undefined ? Buffer.from(content, "base64").toString("utf8") : null;
}

async function skipReason({ database, repositoryId }: Stage): Promise<string | null | undefined> {
  return (await findRepository(database.kysely, repositoryId))?.skipReason;
}

function onboardingOf({ database, repositoryId }: Stage) {
  return findObject(database.kysely, { repositoryId, key: "onboarding" });
}

/** As the webhook of a closed or reopened pull request has it. */
async function lookAgain(stage: Stage): Promise<void> {
  await stage.run("reconcile", stage.job);
  await stage.drain();
}

/** As the comment about the closed pull request says. */
async function reopen(stage: Stage, number: number): Promise<void> {
  const pull = (await alice(stage).send("GET", `/repos/${FULL_NAME}/pulls/${number}`)) as {
    head?: { sha?: string };
  };
  const sha = pull.head?.sha ?? "";
  await alice(stage).try("POST", `/repos/${FULL_NAME}/git/refs`, { ref: `refs/heads/${BRANCH}`, sha });
  await alice(stage).send("PATCH", `/repos/${FULL_NAME}/pulls/${number}`, { state: "open" });
}

/** A scan later there is one pull request, which is written down, and nothing left to do. */
async function expectOne(stage: Stage): Promise<void> {
  await stage.scan();
  expect(await states(stage)).toEqual(["pull 1 open"]);
  expect(await onboardingOf(stage)).toMatchObject({ number: 1, state: "open" });
  const before = stage.writes.length;
  await stage.scan();
  expect(stage.writes.slice(before)).toEqual([]);
}

describe("a repository without any configuration", () => {
  const set = stagePerTest(SHOP);

  it("gets one pull request that adds the file, and nothing else", async () => {
    const { stage } = set;
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect((await stage.issues())[0]?.title).toBe("Set up Driftwright");
    expect(new Set(stage.writes)).toEqual(
      new Set(["POST /git/trees", "POST /git/commits", "POST /git/refs", "POST /pulls"]),
    );
    const { config, diagnostics } = parseConfig((await proposed(stage)) ?? "", CONFIG_PATH, stage.now());
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({ start: "new-only", stacks: [{ name: "shop", path: "." }] });
    expect(await skipReason(stage)).toContain("pull request #1 proposes a configuration");
  });

  it("has its findings stored all the same", async () => {
    const { stage } = set;
    resize(stage);
    await stage.scan();
    const found = await openFindings(stage.database.kysely, stage.repositoryId, { after: null, limit: 9 });
    expect(found.map(({ finding }) => finding.changes.map(({ path }) => path.join(".")))).toEqual([
      ["instance_type"],
    ]);
  });

  it("is told what was found, what it would be told of, what is missing, and what happens next", async () => {
    const { stage } = set;
    await stage.install({ ...WANTED_PERMISSIONS, members: undefined as never, checks: "read" });
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const body = await bodyOf(stage);
    expect(body).toContain("| `shop` | `.` |  |  |  | the file `terraform.tfstate` | AWS | complete |");
    expect(body).toMatch(/\| `shop` \| drift \| 1 critical, 1 medium \|/);
    expect(body).toMatch(
      /\| critical \| `shop` \| `module\S+aws_security_group\S+` \| `ingress\[1\]` \| people decide/,
    );
    expect(body).toMatch(
      /\| medium \| `shop` \| `module\S+aws_instance\S+` \| `instance_type` \| .* that edits `terraform\.tfvars` \|/,
    );
    expect(body).toContain("- `checks: write`. Without it: no check runs");
    expect(body).toContain("- `members: read`. Without it: teams are not asked for reviews");
    expect(body).toContain("- AWS: can be read, for 1 stack.");
    expect(body).toContain("**Merge**");
    expect(body).toContain("**Close without merging**");
  });

  it("is not told again what it was told", async () => {
    const { stage } = set;
    resize(stage);
    await stage.scan();
    const before = stage.writes.length;
    await stage.scan();
    await lookAgain(stage);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("costs no request while nothing has changed, until a day is over", async () => {
    const { stage } = set;
    await stage.scan();
    const asked = async () => {
      const before = stage.github.requests.length;
      await stage.run("reconcile", stage.job);
      return stage.github.requests.length - before;
    };
    await asked();
    expect(await asked()).toBe(0);
    stage.ahead = 24 * 60 * 60_000;
    expect(await asked()).toBeGreaterThan(0);
  });

  it("has the pull request brought up to date while it is open, and the file with it", async () => {
    const { stage } = set;
    await stage.scan();
    resize(stage);
    await stage.scan();
    expect(await bodyOf(stage)).toContain("`instance_type`");
    await commit(stage, { "other/main.tf": 'terraform {\n  backend "s3" {}\n}\n' });
    await stage.scan();
    expect(await bodyOf(stage)).toContain("| `other` | `other` |");
    expect(await proposed(stage)).toContain("- name: other\n    path: other\n");
    expect(await states(stage)).toEqual(["pull 1 open"]);
  });

  it("keeps what a person committed to the branch", async () => {
    const { stage } = set;
    await stage.scan();
    await alice(stage).commit(FULL_NAME, { branch: BRANCH, files: { [CONFIG_PATH]: "version: 1\n" } });
    await commit(stage, { "other/main.tf": 'terraform {\n  backend "s3" {}\n}\n' });
    await stage.scan();
    expect(await proposed(stage)).toBe("version: 1\n");
    expect(await bodyOf(stage)).toContain("| `other` | `other` |");
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("has no check run on pull requests but that of the file", async () => {
    const { stage } = set;
    resize(stage);
    await stage.scan();
    const pulls = await alice(stage).try("GET", `/repos/${FULL_NAME}/pulls`);
    const [pull] = pulls.body as unknown as { head: { sha: string } }[];
    const other = await alice(stage).commit(FULL_NAME, { branch: "change", files: { "a.md": "a" } });
    const number = await alice(stage).openPullRequest(FULL_NAME, "change");
    await stage.run("annotate", { ...stage.job, headSha: pull?.head.sha ?? "", pullRequest: 1 });
    await stage.run("annotate", { ...stage.job, headSha: other, pullRequest: number });
    const checks = stage.github.requests.filter(
      ({ method, path }) => method === "POST" && /check-runs$/.test(path),
    );
    expect(checks.map(({ body }) => (body as { name?: string }).name)).toEqual(["Driftwright configuration"]);
  });

  it("works as soon as the pull request is merged, and its open pull requests have their check", async () => {
    const { stage } = set;
    resize(stage);
    await stage.scan();
    await alice(stage).commit(FULL_NAME, { branch: "change", files: { "a.md": "a" } });
    await alice(stage).openPullRequest(FULL_NAME, "change");
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    await stage.scan();
    const [pull, change, ...others] = await stage.issues();
    expect([pull?.state, change?.isPull]).toEqual(["closed", true]);
    expect(others).toMatchObject([{ isPull: false, state: "open" }]);
    expect(others[0]?.body).toContain("instance_type");
    expect(await stage.comments(1)).toEqual([]);
    expect(stage.writes.filter((write) => write === "POST /check-runs")).toHaveLength(1);
    expect((await onboardingOf(stage))?.closedBy).toBe("merge");
  });

  it("does nothing before a scan has seen the configuration that was merged", async () => {
    const { stage } = set;
    resize(stage);
    await stage.scan();
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    const before = stage.writes.length;
    await stage.run("reconcile", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
    expect(stage.waiting.map(({ name }) => name)).toEqual(["scan"]);
  });

  it("has the pull request closed with the reason when a configuration appears some other way", async () => {
    const { stage } = set;
    await stage.scan();
    await commit(stage, { [CONFIG_PATH]: "version: 1\ndashboard: false\n" });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("has a configuration by now")]);
    expect(await proposed(stage)).toBeNull();
  });

  it("has it closed when no Terraform is left", async () => {
    const { stage } = set;
    await stage.scan();
    await commit(stage, Object.fromEntries(Object.keys(SHOP.files).map((path) => [path, null])));
    await commit(stage, { "README.md": "nothing" });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("No Terraform stack is left")]);
  });

  describe("that a person closes it in", () => {
    async function declined(stage: Stage): Promise<void> {
      await stage.scan();
      await alice(stage).closePullRequest(FULL_NAME, 1);
      await lookAgain(stage);
    }

    it("stays off, and says so once", async () => {
      const { stage } = set;
      await declined(stage);
      resize(stage);
      await stage.scan();
      await lookAgain(stage);
      expect(await states(stage)).toEqual(["pull 1 closed"]);
      const [said = "", ...more] = await stage.comments(1);
      expect(more).toEqual([]);
      expect(said).toContain("stays off here");
      // GitHub refuses to reopen a pull request without its branch.
      expect(said).toContain("restore the branch first");
      expect(await proposed(stage)).toBeNull();
      expect(await skipReason(stage)).toContain("closed without merging");
    });

    it("stays off when the database is lost", async () => {
      const { stage } = set;
      await declined(stage);
      await loseDatabase(stage);
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 closed"]);
      expect(await stage.comments(1)).toHaveLength(1);
    });

    it("goes on when a person reopens it", async () => {
      const { stage } = set;
      await declined(stage);
      const early = await alice(stage).try("PATCH", `/repos/${FULL_NAME}/pulls/1`, { state: "open" });
      expect(early).toMatchObject({ status: 422 });
      await reopen(stage, 1);
      resize(stage);
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 open"]);
      expect(await bodyOf(stage)).toContain("`instance_type`");
      await alice(stage).merge(FULL_NAME, 1, stage.now());
      await stage.scan();
      expect((await states(stage)).slice(1)).toEqual(["issue 2 open"]);
    });

    it("works when the file is added", async () => {
      const { stage } = set;
      await declined(stage);
      resize(stage);
      await commit(stage, { [CONFIG_PATH]: "version: 1\n" });
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    });
  });

  it("is off where a configuration that was added by hand is removed again, also when the database is lost", async () => {
    const { stage } = set;
    await stage.scan();
    await commit(stage, { [CONFIG_PATH]: "version: 1\ndashboard: false\n" });
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    await commit(stage, { [CONFIG_PATH]: null });
    resize(stage);
    for (const lose of [async () => {}, () => loseDatabase(stage)]) {
      await lose();
      await stage.scan();
      expect(await states(stage)).toEqual(["pull 1 closed"]);
      expect(await skipReason(stage)).toContain("was taken away");
    }
    await commit(stage, { [CONFIG_PATH]: "version: 1\ndashboard: false\n" });
    await stage.scan();
    expect((await states(stage)).slice(1)).toEqual(["issue 2 open"]);
  });

  it("is off where nobody ever proposed the file that was removed", async () => {
    const { stage } = set;
    await commit(stage, { [CONFIG_PATH]: "version: 1\n" });
    await commit(stage, { [CONFIG_PATH]: null });
    await stage.scan();
    expect(stage.writes).toEqual([]);
    expect(await skipReason(stage)).toContain("was taken away");
    expect(await onboardingOf(stage)).toBeNull();
  });

  it("leaves a branch of that name to who made it, says so as long as it is there, and proposes then", async () => {
    const { stage } = set;
    await alice(stage).commit(FULL_NAME, { branch: BRANCH, files: { "NOTES.md": "mine" } });
    for (let look = 0; look < 2; look += 1) {
      await stage.scan();
      expect(await states(stage)).toEqual([]);
      expect(await skipReason(stage)).toContain(`${BRANCH} is somebody else's`);
    }
    await alice(stage).deleteBranch(FULL_NAME, BRANCH);
    await expectOne(stage);
  });

  it("gets it where issues were not granted too, which it says; the rest waits for them", async () => {
    const { stage } = set;
    const { issues: _, ...granted } = WANTED_PERMISSIONS;
    await stage.install(granted);
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    expect(await bodyOf(stage)).toContain("- `issues: write`. Without it: ");
    const asked = stage.github.requests.flatMap(({ path, body }) =>
      path.endsWith("/access_tokens") ? [JSON.stringify(body)] : [],
    );
    expect(asked.filter((body) => body.includes("issues"))).toEqual([]);
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed"]);
    expect(await skipReason(stage)).toContain("the installation lacks issues: write");
    await stage.install();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
  });

  it("is promised no issue where issues are switched off, and gets what a rule adopts all the same", async () => {
    const { stage } = set;
    stage.github.change("shop", { issues: false });
    resize(stage);
    await stage.scan();
    const body = await bodyOf(stage);
    expect(body).toContain("Issues are switched off in this repository");
    expect(body).not.toContain("one issue tells");
    const file = ((await proposed(stage)) ?? "").replace("start: new-only", "start: all");
    const rule = "rules: [{ name: sizes, match: { attribute: instance_type }, verdict: adopt }]";
    await alice(stage).commit(FULL_NAME, { branch: BRANCH, files: { [CONFIG_PATH]: `${file}\n${rule}\n` } });
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    letEverybodyIn(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "pull 2 open"]);
  });

  it("has its text follow when issues are switched on", async () => {
    const { stage } = set;
    stage.github.change("shop", { issues: false });
    await stage.scan();
    stage.github.change("shop", { issues: true });
    await stage.scan();
    expect(await bodyOf(stage)).not.toContain("switched off");
  });

  it("is told once that it stays off, where issues were not granted either", async () => {
    const { stage } = set;
    const { issues: _, ...granted } = WANTED_PERMISSIONS;
    await stage.install(granted);
    await stage.scan();
    await alice(stage).closePullRequest(FULL_NAME, 1);
    await lookAgain(stage);
    await lookAgain(stage);
    expect(await stage.comments(1)).toEqual([expect.stringContaining("stays off here")]);
    expect(await proposed(stage)).toBeNull();
  });

  it("has a pull request that counts for no limit", async () => {
    const { stage } = set;
    await stage.scan();
    const file = ((await proposed(stage)) ?? "").replace("start: new-only", "start: all");
    const limits = "limits: { open_pull_requests: 1, new_per_hour: 1 }";
    const rule = "rules: [{ name: all, match: {}, verdict: adopt }]";
    const text = `${file}\n${limits}\n${rule}\n`;
    await alice(stage).commit(FULL_NAME, { branch: BRANCH, files: { [CONFIG_PATH]: text } });
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toContainEqual(expect.stringMatching(/^pull \d open$/));
  });

  it("is off where the file was merged and removed again", async () => {
    const { stage } = set;
    await stage.scan();
    await alice(stage).merge(FULL_NAME, 1, stage.now());
    await stage.scan();
    const before = await states(stage);
    await commit(stage, { [CONFIG_PATH]: null });
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(before);
    expect(await skipReason(stage)).toContain("merged and removed");
  });

  it("has one pull request where the process ended after the branch", async () => {
    const { stage } = set;
    stage.github.misbehave({ method: "POST", path: "/pulls", times: 99, fault: broken() });
    await expect(stage.scan()).rejects.toThrow("GitHub answered 500");
    expect(await proposed(stage)).not.toBeNull();
    stage.github.behave();
    await expectOne(stage);
  });

  it("has one pull request where the process ended before it was written down", async () => {
    const { stage } = set;
    await stage.scan();
    const { kysely: db } = stage.database;
    await db.updateTable("objects").set({ state: "creating", number: null, content_hash: null }).execute();
    await expectOne(stage);
  });

  it("finds its pull request when the database is lost", async () => {
    const { stage } = set;
    await stage.scan();
    await loseDatabase(stage);
    await expectOne(stage);
  });

  it("says which rule forbids the branch", async () => {
    const { stage } = set;
    const message = "Repository rule violations found: Cannot create ref due to creations being restricted.";
    stage.github.misbehave({ method: "POST", path: "/git/refs", times: 9, fault: refused(message, 403) });
    await stage.scan();
    expect(await states(stage)).toEqual([]);
    expect(await skipReason(stage)).toMatch(/creations being restricted.*Let the App bypass that rule/);
    stage.github.behave();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
  });

  it("answers `/drift rescan` there", async () => {
    const { stage } = set;
    await stage.scan();
    await stage.comment(1, "/drift rescan");
    await stage.drain();
    await stage.scan();
    expect(await stage.comments(1)).toEqual(["/drift rescan", expect.stringContaining("scanned at")]);
  });
});

describe("a public repository without any configuration", () => {
  const set = stagePerTest({ ...SHOP, private: false } as Partial<SeedRepository>);

  it("is told numbers alone", async () => {
    const { stage } = set;
    stage.github.change("shop", { private: false });
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const body = await bodyOf(stage);
    expect(body).toContain("| critical | 1 |");
    expect(body).toContain("| `shop` | `.` |");
    expect(body).not.toMatch(/aws_instance|instance_type|m6i|0\.0\.0\.0|123456789012|complete/);
    expect(body).toContain("No issue and no pull request tells of a single drift");
    expect(body).not.toContain("gets issues and pull requests");
  });
});

describe("a repository whose owner has a configuration for all", () => {
  const others = [{ name: ".github", files: { "driftwright.yml": "version: 1\n" } }];
  const set = stagePerTest(SHOP, { others });

  it("works at once", async () => {
    const { stage } = set;
    await stage.addRepositories(".github");
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });

  it("is off, and gets no pull request, when that is taken away", async () => {
    const { stage } = set;
    await stage.addRepositories(".github");
    resize(stage);
    await stage.scan();
    await alice(stage).commit("acme/.github", { branch: "main", files: { "driftwright.yml": null } });
    stage.ahead = 6 * 60_000;
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(await skipReason(stage)).toContain("was taken away");
  });

  it("and where that comes later, has the pull request closed", async () => {
    const { stage } = set;
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open"]);
    await stage.addRepositories(".github");
    await stage.scan();
    expect((await states(stage))[0]).toBe("pull 1 closed");
  });
});

describe("a repository without infrastructure code", () => {
  const set = stagePerTest({ files: { "README.md": "# Nothing here\n" } });

  it("is left alone, and that is written down", async () => {
    const { stage } = set;
    await stage.scan();
    expect(stage.writes).toEqual([]);
    expect(await skipReason(stage)).toBe("there is no Terraform stack in the repository");
  });
});
