import { describe, expect, it, vi } from "vitest";
import { onRepository } from "../../src/jobs/webhooks/installations.ts";
import { onIssue, onIssueComment } from "../../src/jobs/webhooks/talk.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { unfinishedCommands } from "../../src/store/commands.ts";
import { latestDecisions } from "../../src/store/decisions.ts";
import { objectsOf } from "../../src/store/objects.ts";
import { findRepository, removeRepositories, saveRepositoryNames } from "../../src/store/repositories.ts";
import { broken, brokenAfterWork, refused } from "../e2e/github/faults.ts";
import { changeConfig, letEverybodyIn, loseDatabase, putRight, resize, scanOnly } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 90_000 });

const OWNER_SAYS = "version: 1\npublic: { repository: findings }\n";
const set = stagePerTest(
  { private: false },
  {
    others: [
      { name: ".github", files: { "driftwright.yml": OWNER_SAYS } },
      { name: "findings", files: { "README.md": "ours" } },
      { name: "other-findings", files: { "README.md": "ours" } },
    ],
  },
);
const THERE = "acme/findings";
const OTHER = "acme/other-findings";
const DETAILS = /aws_|0\.0\.0\.0|m6i|instance_type|ingress|everybody in/i;

/** The App is installed in all repositories of the owner, and the shop was scanned once. */
async function begun(): Promise<Stage> {
  const { stage } = set;
  await installAll(stage);
  await stage.scan();
  return stage;
}

async function installAll(stage: Stage): Promise<void> {
  await stage.addRepositories(".github", "findings", "other-findings");
}

/** With an edit that a rule allows, and one that no rule does: two issues in the private repository. */
async function drifted(): Promise<Stage> {
  const stage = await begun();
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  return stage;
}

interface Seen {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string;
}

async function issuesIn(stage: Stage, fullName: string): Promise<Seen[]> {
  const path = `/repos/${fullName}/issues?state=all&per_page=100`;
  const { body } = await stage.github.person("alice").try("GET", path);
  return (body as unknown as Seen[]).toSorted((a, b) => a.number - b.number);
}

async function statesIn(stage: Stage, fullName: string): Promise<string[]> {
  return (await issuesIn(stage, fullName)).map(({ number, state }) => `${number} ${state}`);
}

async function commentsIn(stage: Stage, fullName: string, number: number): Promise<string[]> {
  const path = `/repos/${fullName}/issues/${number}/comments`;
  const { body } = await stage.github.person("alice").try("GET", path);
  return (body as unknown as { body: string }[]).map((comment) => comment.body);
}

async function ownerSays(stage: Stage, text: string): Promise<void> {
  await stage.github
    .person("alice")
    .commit("acme/.github", { branch: "main", files: { "driftwright.yml": text } });
  // It is asked for again after a while.
  stage.ahead += 6 * 60_000;
}

/** All that is told where everyone can read it. */
async function toldInPublic(stage: Stage): Promise<string> {
  const issues = await issuesIn(stage, FULL_NAME);
  const comments = await Promise.all(issues.map(({ number }) => commentsIn(stage, FULL_NAME, number)));
  return [...issues.flatMap(({ title, body }) => [title, body]), ...comments.flat()].join("\n");
}

const inFindings = (stage: Stage) => ({
  repository: { id: stage.github.repository("findings").id },
  installation: { id: stage.github.installationId },
});

/** The webhook of what a person did to an issue in the private repository. */
async function hear(stage: Stage, number: number, action: string): Promise<void> {
  const payload = { action, issue: { number }, ...inFindings(stage) };
  await onIssue(stage.ports, { id: crypto.randomUUID(), name: "issues", payload });
}

async function closeThere(
  stage: Stage,
  number: number,
  as: "completed" | "not_planned" = "completed",
): Promise<void> {
  await stage.github.person("alice").closeIssue(THERE, number, as);
  await hear(stage, number, "closed");
}

async function say(stage: Stage, number: number, body: string, login = "alice"): Promise<number> {
  const id = await stage.github.person("alice").comment(THERE, number, body);
  const sender = { login, type: "User" };
  const comment = { id, body, created_at: stage.now().toISOString(), user: sender };
  const payload = { action: "created", issue: { number }, comment, sender, ...inFindings(stage) };
  await onIssueComment(stage.ports, { id: crypto.randomUUID(), name: "issue_comment", payload });
  return id;
}

async function decisions(stage: Stage): Promise<string[]> {
  const latest = await latestDecisions(stage.database.kysely, stage.repositoryId);
  return [...latest.values()].map(({ by, verdict, via }) => `${by} ${verdict} ${via}`);
}

const writesSince = (stage: Stage, before: number) => stage.writes.slice(before);

describe("single findings of a public repository", () => {
  it("are issues of the private one that the owner names, the public one has numbers alone", async () => {
    const stage = await drifted();
    const all = await issuesIn(stage, THERE);
    for (const { title, body } of all) {
      expect(title).toMatch(/^acme\/shop: /);
      expect(body).toContain("**Of:** `acme/shop`, which everyone can read.");
    }
    expect(all.map(({ title }) => title).join("\n")).toContain("Lets everybody in");
    const resized = all.find(({ title }) => title.includes("m6i.large"));
    expect(resized?.body).toContain(
      "the repository is public, and a pull request would tell everybody of it.",
    );
    expect(resized?.body).toContain("The edit that makes the code follow");
    expect(resized?.body).not.toContain("for a pull request with this edit");
    // In the public repository, who reads it would know what is ignored.
    expect(resized?.body).not.toContain("verdict: ignore");
    expect(await issuesIn(stage, FULL_NAME)).toEqual([
      expect.objectContaining({ title: "Drift in this repository", state: "open" }),
    ]);
    expect(await toldInPublic(stage)).not.toMatch(DETAILS);
    expect(stage.writes.some((write) => /pulls|refs/.test(write))).toBe(false);
  });

  it("cost no request where nothing changed", async () => {
    const stage = await drifted();
    await stage.run("reconcile", stage.job);
    const before = stage.github.requests.length;
    await stage.run("reconcile", stage.job);
    expect(stage.github.requests.slice(before)).toEqual([]);
  });

  it("are brought up to date, closed when they are gone, and open again when they return", async () => {
    const stage = await drifted();
    resize(stage, "m6i.xlarge");
    await stage.scan();
    expect((await issuesIn(stage, THERE)).map(({ title }) => title).join("\n")).toContain("m6i.xlarge");
    putRight(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    expect(await commentsIn(stage, THERE, 1)).toEqual([
      expect.stringContaining("the last scan does not find it any more"),
    ]);
    letEverybodyIn(stage);
    await stage.scan();
    expect((await statesIn(stage, THERE)).filter((state) => state.endsWith("open"))).toHaveLength(1);
    expect(await statesIn(stage, THERE)).toHaveLength(2);
  });

  it("are left alone by the private repository's own jobs", async () => {
    const stage = await drifted();
    const { repository, installation } = inFindings(stage);
    const job = { repositoryId: repository.id, installationId: installation.id };
    await stage.run("scan", { ...job, trigger: "person" });
    await stage.drain();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
    expect(await objectsOf(stage.database.kysely, job, { after: null, limit: 10 })).toEqual([]);
  });

  it("share issues as the configuration groups them", async () => {
    const stage = await begun();
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ngrouping: stack"));
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    const [issue, ...others] = await issuesIn(stage, THERE);
    expect(others).toEqual([]);
    expect(issue?.title).toMatch(/^acme\/shop: \w+: 2 drifts in /);
    putRight(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed"]);
  });

  it.each([
    ["a dry run", "dry_run: true", "says `dry_run: true`, no issue and no pull request is opened"],
    ["a broken configuration", "start: never", "The configuration has errors"],
  ])("have their commands answered in %s of the public one", async (_what, line, words) => {
    const stage = await drifted();
    await changeConfig(stage, (text) => `${text}\n${line}\n`);
    await stage.scan();
    await say(stage, 1, "/drift adopt");
    await stage.drain();
    expect((await commentsIn(stage, THERE, 1)).at(-1)).toContain(words);
    expect(await unfinishedCommands(stage.database.kysely, stage.repositoryId)).toEqual([]);
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  });

  it("count for the limits of the public one", async () => {
    const stage = await begun();
    await changeConfig(stage, (text) =>
      text.replace("version: 1", "version: 1\nlimits: { new_per_hour: 1 }"),
    );
    resize(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open"]);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open"]);
    stage.ahead += 61 * 60_000;
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  });

  it("are opened once, also where the process ends when one was made", async () => {
    const stage = await begun();
    resize(stage);
    letEverybodyIn(stage);
    await scanOnly(stage);
    stage.github.misbehave({ method: "POST", path: `/repos/${THERE}/issues`, fault: brokenAfterWork() });
    // Nobody can look whether it was made.
    stage.github.misbehave({
      method: "GET",
      path: `/repos/${THERE}/issues`,
      after: 2,
      times: 9,
      fault: broken(),
    });
    await expect(stage.run("reconcile", stage.job)).rejects.toThrow(/50\d/);
    stage.github.behave();
    expect(await statesIn(stage, THERE)).toContain("1 open");
    await stage.run("reconcile", stage.job);
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  });

  it.each(["PATCH", "POST"])("are closed once, also where the process ends after a %s", async (method) => {
    const stage = await drifted();
    putRight(stage);
    await scanOnly(stage);
    const path = new RegExp(`^/repos/${THERE}/issues/[12]${method === "POST" ? "/comments" : ""}$`);
    stage.github.misbehave({ method, path, fault: brokenAfterWork() });
    await stage.run("reconcile", stage.job).catch(() => {});
    stage.github.behave();
    await stage.run("reconcile", stage.job);
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    for (const number of [1, 2]) expect(await commentsIn(stage, THERE, number)).toHaveLength(1);
  });

  it("are known again after the database was lost, also what a person had closed", async () => {
    const stage = await drifted();
    await closeThere(stage, 1, "not_planned");
    await stage.drain();
    await stage.database.kysely.deleteFrom("repositories").execute();
    await loseDatabase(stage);
    await installAll(stage);
    await stage.scan();
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 open"]);
  });
});

describe("what people say where single findings are told", () => {
  it("closed as not planned: it is ignored, until it is opened again", async () => {
    const stage = await drifted();
    await closeThere(stage, 1, "not_planned");
    await stage.drain();
    expect(await decisions(stage)).toEqual(["alice ignore closed-issue"]);
    expect(await commentsIn(stage, THERE, 1)).toEqual([expect.stringContaining("ignores this drift until")]);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 open"]);
    await stage.github.person("alice").send("PATCH", `/repos/${THERE}/issues/1`, { state: "open" });
    await hear(stage, 1, "reopened");
    await stage.drain();
    expect(await decisions(stage)).toEqual([]);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  });

  it("closed as completed: the next scan looks, and opens it again", async () => {
    const stage = await drifted();
    await closeThere(stage, 2);
    await stage.drain();
    expect(await decisions(stage)).toEqual([]);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
    expect((await commentsIn(stage, THERE, 2)).at(-1)).toContain("found the drift still there");
  });

  it.each(["shop", "findings"])(
    "closed by somebody who may not write to %s: it is not ignored",
    async (name) => {
      const stage = await drifted();
      stage.github.permit("alice", "read", name);
      await closeThere(stage, 1, "not_planned");
      await stage.drain();
      expect(await decisions(stage)).toEqual([]);
      expect(await commentsIn(stage, THERE, 1)).toEqual([
        expect.stringContaining("may write to this repository and to the one that it tells of"),
      ]);
    },
  );

  it("moved away to another repository: nobody knows who may do that, so nothing is ignored", async () => {
    const stage = await drifted();
    await closeThere(stage, 1, "not_planned");
    const fault = refused("Not Found", 404);
    stage.github.misbehave({ method: "GET", path: `/repos/${THERE}/issues/1`, times: 99, fault });
    await stage.drain();
    expect(await decisions(stage)).toEqual([]);
    await stage.scan();
    stage.github.behave();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 open", "3 open"]);
  });

  it("is no decision about the issue of the same number in the public one", async () => {
    const stage = await drifted();
    await closeThere(stage, 1, "not_planned");
    await stage.drain();
    await stage.github.person("alice").closeIssue(FULL_NAME, 1);
    const payload = { action: "closed", issue: { number: 1 }, repository: { id: stage.repositoryId } };
    await onIssue(stage.ports, { id: crypto.randomUUID(), name: "issues", payload });
    await stage.drain();
    await stage.github.person("alice").send("PATCH", `/repos/${FULL_NAME}/issues/1`, { state: "open" });
    await onIssue(stage.ports, {
      id: crypto.randomUUID(),
      name: "issues",
      payload: { ...payload, action: "reopened" },
    });
    await stage.drain();
    expect(await decisions(stage)).toEqual(["alice ignore closed-issue"]);
  });

  it("a command decides, and is answered there", async () => {
    const stage = await drifted();
    const comment = await say(stage, 1, "/drift ignore because we move");
    expect(stage.waiting).toEqual([{ name: "command", data: stage.job }]);
    await stage.drain();
    expect(await decisions(stage)).toEqual(["alice ignore command"]);
    expect(stage.github.reactions(comment)).toEqual(["driftwright[bot] eyes"]);
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 open"]);
    expect((await commentsIn(stage, THERE, 1)).at(-1)).toMatch(/ignore.*alice/);
    expect(await toldInPublic(stage)).not.toMatch(DETAILS);
  });

  it("a command explains it there", async () => {
    const stage = await drifted();
    await say(stage, 1, "/drift explain");
    await stage.drain();
    expect((await commentsIn(stage, THERE, 1)).at(-1)).toContain("/drift explain");
    expect((await commentsIn(stage, THERE, 1)).at(-1)).toContain("aws_");
    await stage.run("reconcile", stage.job);
    const before = stage.github.requests.length;
    await stage.run("command", stage.job);
    expect(stage.github.requests.slice(before)).toEqual([]);
  });

  it("a command that waits for a scan is answered after it", async () => {
    const stage = await drifted();
    const all = await issuesIn(stage, THERE);
    const resized = all.find(({ title }) => title.includes("m6i.large"))?.number ?? 0;
    await say(stage, resized, "/drift adopt");
    stage.ahead += 1_000;
    await stage.drain();
    expect(await decisions(stage)).toEqual(["alice adopt command"]);
    expect((await commentsIn(stage, THERE, resized)).at(-1)).toContain(
      "a pull request would tell everybody of it",
    );
    await say(stage, 3 - resized, "/drift rescan");
    stage.ahead += 1_000;
    await stage.drain();
    expect((await commentsIn(stage, THERE, 3 - resized)).at(-1)).toContain("still");
    expect(stage.writes.some((write) => /pulls|refs/.test(write))).toBe(false);
  });

  it.each(["shop", "findings"])("a command of somebody who may not write to %s is refused", async (name) => {
    const stage = await drifted();
    stage.github.permit("bob", "read", name);
    await say(stage, 1, "/drift ignore", "bob");
    await stage.drain();
    expect(await decisions(stage)).toEqual([]);
    expect((await commentsIn(stage, THERE, 1)).at(-1)).toContain("and to the one that this tells of");
  });

  it("a command is left unanswered where everyone can read the answer by then", async () => {
    const stage = await drifted();
    await say(stage, 1, "/drift explain");
    stage.github.change("findings", { private: false });
    await stage.run("command", stage.job);
    expect(await commentsIn(stage, THERE, 1)).toEqual(["/drift explain"]);
    expect(await unfinishedCommands(stage.database.kysely, stage.repositoryId)).toEqual([]);
  });
});

describe("the private repository", () => {
  it("named when drift is there already gets what is new, with nothing said in public", async () => {
    const { stage } = set;
    await ownerSays(stage, "version: 1\n");
    await begun();
    letEverybodyIn(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual([]);
    await ownerSays(stage, OWNER_SAYS);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open"]);
    expect(await toldInPublic(stage)).not.toMatch(DETAILS);
  });

  it("changed for another one: what it told is closed there, and told in the other one", async () => {
    const stage = await drifted();
    await ownerSays(stage, OWNER_SAYS.replace("findings", "Other-Findings"));
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    expect(await commentsIn(stage, THERE, 1)).toEqual([expect.stringContaining("not tell of the drift")]);
    expect(await statesIn(stage, OTHER)).toEqual(["1 open", "2 open"]);
    const before = stage.writes.length;
    await stage.scan();
    expect(writesSince(stage, before)).toEqual([]);
    await ownerSays(stage, OWNER_SAYS);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
    expect(await statesIn(stage, OTHER)).toEqual(["1 closed", "2 closed"]);
  });

  it("named no more: what it told is closed there", async () => {
    const stage = await drifted();
    await ownerSays(stage, "version: 1\n");
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    expect(await toldInPublic(stage)).not.toMatch(DETAILS);
  });

  it("is not needed where the public one is made private: its own issues tell, those there point nowhere", async () => {
    const stage = await drifted();
    stage.github.change("shop", { private: true });
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    expect((await commentsIn(stage, THERE, 1)).join("\n")).not.toMatch(/#\d/);
    const own = await issuesIn(stage, FULL_NAME);
    expect(own.map(({ title }) => title).join("\n")).toContain("Lets everybody in");
    stage.github.change("shop", { private: false });
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
    const now = await issuesIn(stage, FULL_NAME);
    expect(
      now
        .filter(({ state }) => state === "open")
        .map(({ title, body }) => title + body)
        .join(),
    ).not.toMatch(DETAILS);
  });

  it("made public tells nothing any more, as soon as GitHub says so", async () => {
    const stage = await drifted();
    stage.github.change("findings", { private: false });
    const payload = { action: "publicized", ...inFindings(stage) };
    await onRepository(stage.ports, { id: crypto.randomUUID(), name: "repository", payload });
    await stage.drain();
    for (const { state, title, body } of await issuesIn(stage, THERE)) {
      expect({ state, title }).toEqual({ state: "closed", title: "Drift in this repository" });
      expect(body).toContain("While everyone can read this repository");
      expect(body).not.toMatch(DETAILS);
    }
    const before = stage.writes.length;
    resize(stage, "m6i.2xlarge");
    await stage.scan();
    expect(writesSince(stage, before).filter((write) => write.includes(THERE))).toEqual([]);
    expect((await findRepository(stage.database.kysely, stage.repositoryId))?.skipReason).toBe(
      "single findings are told nowhere: findings, which the configuration names for them, is not private",
    );
  });

  it("made public tells nothing any more of what people had closed, though all of it is closed", async () => {
    const stage = await drifted();
    await say(stage, 1, "/drift explain");
    await stage.drain();
    for (const number of [1, 2]) await closeThere(stage, number, "not_planned");
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual(["1 closed", "2 closed"]);
    stage.github.change("findings", { private: false });
    const payload = { action: "publicized", ...inFindings(stage) };
    await onRepository(stage.ports, { id: crypto.randomUUID(), name: "repository", payload });
    await stage.drain();
    for (const { number, title, body } of await issuesIn(stage, THERE)) {
      const own = (await commentsIn(stage, THERE, number)).filter((text) => !text.startsWith("/drift"));
      expect([title, body, ...own].join("\n")).not.toMatch(DETAILS);
      expect(body).toContain("While everyone can read this repository");
    }
    const before = stage.writes.length;
    await stage.scan();
    expect(writesSince(stage, before)).toEqual([]);
  });

  it("made public tells nothing any more where only a listing said so, and nothing else changed", async () => {
    const stage = await drifted();
    await stage.run("reconcile", stage.job);
    stage.github.change("findings", { private: false });
    const { id, owner, name } = stage.github.repository("findings");
    const row = { id, installationId: stage.github.installationId, owner, name, private: false };
    await saveRepositoryNames(stage.database.kysely, [row], stage.now());
    await stage.run("reconcile", stage.job);
    expect((await issuesIn(stage, THERE)).map(({ title, body }) => title + body).join()).not.toMatch(DETAILS);
  });

  it("made public between two looks gets no more than what takes the details away", async () => {
    const stage = await drifted();
    stage.github.change("findings", { private: false });
    resize(stage, "m6i.2xlarge");
    await stage.scan();
    const all = await issuesIn(stage, THERE);
    expect(all.map(({ state }) => state)).toEqual(["closed", "closed"]);
    expect(all.map(({ title, body }) => title + body).join()).not.toMatch(DETAILS);
  });

  it.each<[string, (stage: Stage) => Promise<void> | void, string]>([
    ["public", (stage) => stage.github.change("findings", { private: false }), "is not private"],
    ["archived", (stage) => stage.github.change("findings", { archived: true }), "is archived"],
    ["without issues", (stage) => stage.github.change("findings", { issues: false }), "has no issues"],
    [
      "not one of the installation",
      async (stage) => {
        const { repository, installation } = inFindings(stage);
        await removeRepositories(stage.database.kysely, installation.id, [repository.id], stage.now());
      },
      "is not a repository of the installation",
    ],
    [
      "the public one",
      (stage) => ownerSays(stage, OWNER_SAYS.replace("findings", "shop")),
      "is the public repository itself",
    ],
  ])("that is %s gets nothing: numbers are told, and that something is wrong", async (_what, change, why) => {
    const stage = await begun();
    await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
    await change(stage);
    letEverybodyIn(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual([]);
    const told = await toldInPublic(stage);
    expect(told).toContain(
      "The private repository that the configuration names for single findings cannot be used",
    );
    expect(told).not.toMatch(DETAILS);
    expect(told).not.toContain("findings/");
    const stored = await findRepository(stage.database.kysely, stage.repositoryId);
    expect(stored?.skipReason).toContain(why);
  });

  it("that only the public repository's own file names gets nothing", async () => {
    const { stage } = set;
    await ownerSays(stage, "version: 1\n");
    await begun();
    await changeConfig(stage, (text) =>
      text.replace("version: 1", "version: 1\npublic: { repository: findings }"),
    );
    letEverybodyIn(stage);
    await stage.scan();
    expect(await statesIn(stage, THERE)).toEqual([]);
  });

  it("is told the new name of the public one", async () => {
    const stage = await drifted();
    const { body } = await stage.github.person("alice").try("GET", `/repos/${FULL_NAME}`);
    const renamed = { status: 200, headers: {}, body: { ...(body as JsonObject), name: "store" } };
    stage.github.formerName("acme/store", "shop");
    stage.github.misbehave({
      method: "GET",
      path: /^\/repos\/acme\/(shop|store)$/,
      times: 99,
      fault: { when: "before", answer: renamed, first: async () => {} },
    });
    await stage.scan();
    for (const { title } of await issuesIn(stage, THERE)) expect(title).toMatch(/^acme\/store: /);
    expect(await statesIn(stage, THERE)).toEqual(["1 open", "2 open"]);
  });
});
