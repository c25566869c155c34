import { describe, expect, it, vi } from "vitest";
import { authorize, retag } from "../e2e/aws/changes.ts";
import { cutAfterWork, meanwhile } from "../e2e/github/faults.ts";
import { groupIdOf, instanceIdOf } from "../e2e/shop.ts";
import { answered, decisions } from "./answers.ts";
import { changeConfig, letEverybodyIn, loseDatabase, putRight, resize, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60 * 1000;
const API = 'module.service["api"].aws_instance.this';
/** The tags as the code has them. */
const RIGHT = { Schedule: "always", Service: "api", Project: "shop" } as const;

type Grouping = "drift" | "resource" | "stack" | "cause";

/** The shop after its first scan, in which nothing had drifted. */
async function begun(grouping: Grouping, lines = ""): Promise<Stage> {
  const { stage } = set;
  await group(stage, grouping, lines);
  await stage.scan();
  return stage;
}

function group(stage: Stage, grouping: Grouping, lines = ""): Promise<void> {
  return changeConfig(stage, (text) =>
    text.replace("version: 1", `version: 1\ngrouping: ${grouping}\n${lines}`),
  );
}

function tag(stage: Stage, key: string, value: string | null, instance = "shop-prod-api"): void {
  retag(stage.model, instanceIdOf(stage.model, instance), key, value);
}

/** With one issue (1) about two tags of one instance. */
async function twoTags(grouping: Grouping = "resource"): Promise<Stage> {
  const stage = await begun(grouping);
  tag(stage, "Schedule", "nights");
  tag(stage, "Service", "apis");
  await stage.scan();
  expect(await titles(stage)).toEqual([
    grouping === "stack"
      ? "issue 1 open: Low: 2 drifts in shop-prod"
      : `issue 1 open: Low: 2 drifts of ${API}`,
  ]);
  return stage;
}

async function titles(stage: Stage): Promise<string[]> {
  return (await stage.issues()).map(
    ({ isPull, number, state, title }) => `${isPull ? "pull" : "issue"} ${number} ${state}: ${title}`,
  );
}

async function bodyOf(stage: Stage, number: number): Promise<string> {
  return (await stage.issues()).find((one) => one.number === number)?.body ?? "";
}

/** The rows of the table about all: severity, attribute and what the cloud has. */
async function rows(stage: Stage, number: number): Promise<string[]> {
  const lines = (await bodyOf(stage, number)).split("\n");
  return lines
    .filter((line) => /^\| (critical|high|medium|low|info) \|/.test(line))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |`| \|$/g, "")))
    .map((cells) => [cells[0], cells.at(-6), cells.at(-3)].join(" "));
}

async function decided(stage: Stage): Promise<string[]> {
  return (await decisions(stage)).map(({ by, verdict }) => `${by} ${verdict}`);
}

describe("which drift shares an issue", () => {
  async function found(grouping: Grouping): Promise<string[]> {
    const stage = await begun(grouping);
    tag(stage, "Schedule", "nights");
    tag(stage, "Schedule", "nights", "shop-staging-api");
    tag(stage, "Project", "shops", "shop-prod-worker");
    tag(stage, "Project", "shops", "shop-staging-api");
    await stage.scan();
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
    return (await stage.issues()).map(({ title }) => title).toSorted();
  }

  it("drift: none, as without the setting", async () => {
    expect(await found("drift")).toHaveLength(4);
  });

  it("resource: that of one instance", async () => {
    expect(await found("resource")).toEqual([
      `Low: 2 drifts of ${API}`,
      expect.stringContaining("tags.Project"),
      expect.stringContaining("tags.Schedule"),
    ]);
  });

  it("stack: that of one stack", async () => {
    expect(await found("stack")).toEqual(["Low: 2 drifts in shop-prod", "Low: 2 drifts in shop-staging"]);
  });

  it("cause: that against one place in the code, of whatever stacks", async () => {
    expect(await found("cause")).toEqual([
      expect.stringMatching(/^Low: 2 drifts that come down to main\.tf:\d+$/),
      `Low: tags.Schedule of ${API} is nights, the code says always`,
      `Low: tags.Schedule of ${API} is nights, the code says office-hours`,
    ]);
  });
});

describe("an issue about several", () => {
  it("tells of each in a row and in full, the most severe first", async () => {
    const stage = await begun("stack");
    tag(stage, "Schedule", "nights");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await titles(stage)).toEqual(["issue 1 open: Critical: 2 drifts in shop-prod"]);
    expect((await rows(stage, 1)).map((row) => row.split(" ")[0])).toEqual(["critical", "low"]);
    const body = await bodyOf(stage, 1);
    expect(body.match(/^## /gm)).toHaveLength(2);
    expect(body.match(/^### To revert it$/gm)).toHaveLength(2);
    expect(body.match(/^### What depends on it$/gm)).toHaveLength(2);
    expect(body).toContain(`/drift ignore ${API} until DATE because …`);
  });

  it("changes in place when something is added or gone, without a word besides", async () => {
    const stage = await twoTags();
    tag(stage, "Project", "shops");
    await stage.scan();
    expect(await rows(stage, 1)).toEqual(
      ['low tags.Project "shops"', 'low tags.Schedule "nights"', 'low tags.Service "apis"'].map((row) =>
        expect.stringContaining(row),
      ),
    );
    tag(stage, "Schedule", RIGHT.Schedule);
    await stage.scan();
    expect(await titles(stage)).toEqual([`issue 1 open: Low: 2 drifts of ${API}`]);
    const body = await bodyOf(stage, 1);
    const today = stage.now().toISOString().slice(0, 10);
    expect(body).toContain(
      `What else this told of:\n\n- \`tags.Schedule\` of \`${API}\` was changed outside the code: gone since ${today}`,
    );
    expect(await stage.comments(1)).toEqual([]);
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("of which one is left is as the issue of that one", async () => {
    const stage = await twoTags();
    tag(stage, "Schedule", RIGHT.Schedule);
    await stage.scan();
    expect(await titles(stage)).toEqual([
      expect.stringMatching(/^issue 1 open: .*tags\.Service of .* is apis/),
    ]);
    const body = await bodyOf(stage, 1);
    expect(body).toContain("### What else this told of\n\n- `tags.Schedule`");
    expect(body).toContain("comment `/drift ignore until DATE because …`, close this as not planned");
    expect(body).not.toContain("## `");
  });

  it("closes with the last, says how long it lasted, and opens again when one returns", async () => {
    const stage = await twoTags();
    stage.ahead = 2 * DAY;
    tag(stage, "Schedule", RIGHT.Schedule);
    await stage.scan();
    stage.ahead = 3 * DAY;
    tag(stage, "Service", RIGHT.Service);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    expect((await stage.comments(1)).join()).toContain("lasted 3 days");
    stage.ahead = 4 * DAY;
    tag(stage, "Service", "apis");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect((await stage.comments(1)).at(-1)).toContain("The drift is there again");
    expect(await bodyOf(stage, 1)).not.toContain("What else this told of");
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("goes on without what gets a pull request", async () => {
    const stage = await begun("resource");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    resize(stage);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    await stage.comment(2, `/drift adopt ${API} tags.Schedule`);
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open", "pull 3 open"]);
    expect(await bodyOf(stage, 2)).toMatch(/`tags\.Schedule` of .*: a pull request adopts it/);
  });

  it("goes on telling of what is to get a pull request, while that has to wait", async () => {
    const stage = await begun("resource", "limits: { open_pull_requests: 0 }");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    await stage.scan();
    await stage.comment(1, `/drift adopt ${API} tags.Schedule`);
    await stage.drain();
    expect(await titles(stage)).toEqual([`issue 1 open: Low: 2 drifts of ${API}`]);
    expect(await bodyOf(stage, 1)).not.toContain("a pull request adopts it");
  });

  it("is made once, wherever the process ends", async () => {
    const stage = await begun("stack");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    stage.github.misbehave({ method: "POST", path: "/issues", fault: cutAfterWork() });
    await stage.scan().catch(() => {});
    stage.github.behave();
    tag(stage, "Project", "shops");
    await stage.scan();
    expect(await titles(stage)).toEqual(["issue 1 open: Low: 3 drifts in shop-prod"]);
  });

  it("is found again where the database was lost, and closes as others do", async () => {
    const stage = await twoTags("stack");
    await loseDatabase(stage);
    await stage.scan();
    tag(stage, "Project", "shops");
    await stage.scan();
    expect(await titles(stage)).toEqual(["issue 1 open: Low: 3 drifts in shop-prod"]);
    await loseDatabase(stage);
    for (const [key, value] of Object.entries(RIGHT)) tag(stage, key, value);
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });

  it("counts as one for the limits", async () => {
    const stage = await begun("stack", "limits: { new_per_hour: 1 }");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    tag(stage, "Service", "apis", "shop-staging-api");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open"]);
    stage.ahead = 2 * 60 * 60_000;
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
  });

  it("is taken back where everyone can read it", async () => {
    const stage = await twoTags("stack");
    stage.github.change("shop", { private: false });
    await stage.scan();
    const [issue, summary] = await stage.issues();
    expect(issue).toMatchObject({ state: "closed", title: "Drift in this repository" });
    expect(issue?.body).not.toContain("Schedule");
    expect(summary?.body).not.toContain("Schedule");
  });
});

describe("when the setting changes", () => {
  it("others tell of the drift, the old ones say which and close, and nothing is there twice", async () => {
    const stage = await begun("drift");
    tag(stage, "Schedule", "nights");
    tag(stage, "Service", "apis");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    await group(stage, "stack");
    await stage.scan();
    expect(await titles(stage)).toEqual([
      expect.stringMatching(/^issue 1 closed/),
      expect.stringMatching(/^issue 2 closed/),
      "issue 3 open: Low: 2 drifts in shop-prod",
    ]);
    for (const number of [1, 2]) expect((await stage.comments(number)).at(-1)).toContain("#3 tells of what");
    await group(stage, "drift");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open", "issue 3 closed"]);
    expect((await stage.comments(3)).at(-1)).toContain("#1, #2 tell of what");
    const before = stage.writes.length;
    await stage.scan();
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("one drift alone goes to a new issue, too, and back to the old one", async () => {
    const stage = await begun("drift");
    tag(stage, "Schedule", "nights");
    await stage.scan();
    await group(stage, "resource");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "issue 2 open"]);
    expect((await stage.comments(1)).at(-1)).toContain("#2 tells of what");
    await group(stage, "drift");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 closed"]);
  });

  it("what has to wait for a limit stays where it is", async () => {
    const stage = await twoTags("stack");
    await group(stage, "drift", "limits: { new_per_hour: 2 }");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "issue 2 open"]);
    stage.ahead = 2 * 60 * 60_000;
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "issue 2 open", "issue 3 open"]);
    expect((await stage.comments(1)).at(-1)).toContain("#2, #3 tell of what");
  });
});

describe("closed by a person", () => {
  it("as not planned: all of it is ignored until a day that is said; what is new is told all the same", async () => {
    const stage = await twoTags("stack");
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "not_planned");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    const day = new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10);
    expect((await stage.comments(1)).at(-1)).toContain(
      `ignores all 2 drifts that this tells of until the end of ${day}`,
    );
    expect(await decided(stage)).toEqual(["alice ignore", "alice ignore"]);
    tag(stage, "Project", "shops");
    await stage.scan();
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Project/)]);
    expect((await stage.comments(1)).at(-1)).toContain("did not tell of before");
    expect(await decided(stage)).toEqual(["alice ignore", "alice ignore"]);
    stage.ahead = 100 * DAY;
    await stage.scan();
    expect(await titles(stage)).toEqual(["issue 1 open: Low: 3 drifts in shop-prod"]);
  });

  it("as not planned, and the process ends while what is new opens it: what was said holds on", async () => {
    const stage = await twoTags("stack");
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "not_planned");
    await stage.scan();
    tag(stage, "Project", "shops");
    stage.github.misbehave({ method: "PATCH", path: "/issues/1", fault: cutAfterWork() });
    await stage.scan().catch(() => {});
    stage.github.behave();
    await stage.scan();
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Project/)]);
    expect(await decided(stage)).toEqual(["alice ignore", "alice ignore"]);
  });

  it("as not planned, and the process ends while it opens again for one: of the others what was said holds on", async () => {
    const stage = await twoTags("stack");
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "not_planned");
    await stage.scan();
    const tomorrow = new Date(Date.now() + DAY).toISOString().slice(0, 10);
    await stage.comment(1, `/drift ignore ${API} tags.Service until ${tomorrow}`);
    await stage.drain();
    stage.ahead = 3 * DAY;
    stage.github.misbehave({ method: "PATCH", path: "/issues/1", fault: cutAfterWork() });
    await stage.scan().catch(() => {});
    stage.github.behave();
    stage.waiting.splice(0);
    await stage.scan();
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Service/)]);
    expect(await decided(stage)).toEqual(["alice ignore", "alice ignore"]);
  });

  it("as not planned while the App closes it for others that take its place: what they said counts", async () => {
    const stage = await twoTags();
    await changeConfig(stage, (text) => text.replace("grouping: resource", "grouping: drift"));
    const close = () => stage.github.person("alice").closeIssue(FULL_NAME, 1, "not_planned");
    stage.github.misbehave({ method: "GET", path: "/issues/1", fault: meanwhile(close) });
    await stage.scan();
    stage.github.behave();
    await stage.scan();
    expect(await decided(stage)).toEqual(["alice ignore", "alice ignore"]);
  });

  it("and opened again by one: what closing it said is taken back", async () => {
    const stage = await twoTags("stack");
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "not_planned");
    await stage.scan();
    await stage.github.person("alice").send("PATCH", `/repos/${FULL_NAME}/issues/1`, { state: "open" });
    await stage.scan();
    expect(await decided(stage)).toEqual([]);
    expect(await titles(stage)).toEqual(["issue 1 open: Low: 2 drifts in shop-prod"]);
  });

  it("as completed: opens again while some of it is there, and is verified when all is gone", async () => {
    const stage = await twoTags("stack");
    tag(stage, "Schedule", RIGHT.Schedule);
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "completed");
    await stage.scan();
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Service/)]);
    expect((await stage.comments(1)).at(-1)).toContain("found the drift still there");
    tag(stage, "Schedule", "nights");
    await stage.scan();
    tag(stage, "Schedule", RIGHT.Schedule);
    tag(stage, "Service", RIGHT.Service);
    await stage.github.person("alice").closeIssue(FULL_NAME, 1, "completed");
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed"]);
    expect((await stage.comments(1)).at(-1)).toContain("Verified:");
  });

  it("as not planned by somebody who may not decide about one of it: none of it is ignored", async () => {
    const stage = await begun("stack");
    tag(stage, "Schedule", "nights");
    letEverybodyIn(stage);
    await stage.scan();
    await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files: { CODEOWNERS: "* @alice\n" } });
    await stage.github.person("bob").closeIssue(FULL_NAME, 1, "not_planned");
    await stage.scan();
    expect(await decided(stage)).toEqual([]);
    expect((await stage.comments(1)).join()).toContain("So the drift is not ignored");
    expect(await states(stage)).toEqual(["issue 1 open"]);
  });
});

describe("commands on an issue about several", () => {
  const said = (stage: Stage, body: string, login = "alice") => answered(stage, 1, body, { login });

  it("are about all of it", async () => {
    const stage = await twoTags();
    expect(await said(stage, "/drift ignore")).toContain("2 drifts are ignored until");
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });

  it("are about one that is named", async () => {
    const stage = await twoTags();
    expect(await said(stage, `/drift ignore ${API} tags.Service until 2100-01-01 because of a test`)).toBe(
      `\`/drift ignore ${API} tags.Service\` (alice): this drift is ignored until the end of 2100-01-01 (UTC). What is there then is told again. The reason: of a test`,
    );
    expect(await decided(stage)).toEqual(["alice ignore"]);
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Schedule/)]);
    expect(await bodyOf(stage, 1)).toMatch(/`tags\.Service` of .*: ignored for now/);
  });

  it("say what there is where a name is nothing of it, or could be several", async () => {
    const stage = await twoTags();
    const names = [`- \`${API} tags.Schedule\``, `- \`${API} tags.Service\``];
    const unknown = await said(stage, "/drift adopt aws_instance.other");
    expect(unknown).toContain("`aws_instance.other` is nothing that is told here");
    expect(unknown.split("\n").filter((line) => line.startsWith("- "))).toEqual(names);
    const ambiguous = await said(stage, `/drift revert ${API} tags`);
    expect(ambiguous).toContain("can be each of these");
    expect(ambiguous.split("\n").filter((line) => line.startsWith("- "))).toEqual(names);
    expect(await decided(stage)).toEqual([]);
  });

  it("tell the same address in several stacks apart by the stack", async () => {
    const stage = await begun("cause");
    tag(stage, "Project", "shops");
    tag(stage, "Project", "shops", "shop-staging-api");
    await stage.scan();
    expect(await said(stage, `/drift explain ${API}`)).toContain(`- \`${API} in shop-staging\``);
    expect(await said(stage, `/drift ignore ${API} in shop-staging`)).toContain("this drift is ignored");
    expect(await titles(stage)).toEqual([expect.stringMatching(/^issue 1 open: .*tags\.Project/)]);
  });

  it("adopt: a pull request for what can be, and why the others cannot", async () => {
    const stage = await begun("stack");
    tag(stage, "Schedule", "nights");
    letEverybodyIn(stage);
    await stage.scan();
    expect(await said(stage, "/drift adopt because of a test")).toMatch(
      /#2 adopts 1 of 2 drifts\. Of the others, the scan found no edit that can be made\./,
    );
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  });

  it("explain and rescan tell of each", async () => {
    const stage = await twoTags();
    expect((await said(stage, "/drift explain")).match(/undecided/g)).toHaveLength(2);
    expect((await said(stage, `/drift explain ${API} tags.Service`)).match(/undecided/g)).toHaveLength(1);
    tag(stage, "Service", RIGHT.Service);
    expect(await said(stage, "/drift rescan")).toContain("Of 2 drifts: 1 still there, 1 gone.");
  });

  it("ask a code owner where one of what they are about opens access", async () => {
    const stage = await begun("stack");
    tag(stage, "Schedule", "nights");
    authorize(stage.model, groupIdOf(stage.model, "shop-prod-api"), {
      protocol: "tcp",
      from: 22,
      source: { cidr: "0.0.0.0/0" } as never,
    });
    await stage.scan();
    await stage.github
      .person("alice")
      .commit(FULL_NAME, { branch: "main", files: { CODEOWNERS: "* @alice\n" } });
    expect(await said(stage, "/drift ignore", "bob")).toContain("only an owner of");
    expect(await decided(stage)).toEqual(["bob ignore"]);
    expect(await states(stage)).toEqual(["issue 1 open"]);
    expect(await said(stage, "/drift ignore", "alice")).toMatch(/this drift is ignored|drifts are ignored/);
    expect(await states(stage)).toEqual(["issue 1 closed"]);
  });
});

it("the dashboard names the issue of each", async () => {
  const stage = await begun("stack", "dashboard: true");
  tag(stage, "Schedule", "nights");
  tag(stage, "Service", "apis");
  await stage.scan();
  const [dashboard] = await stage.issues();
  expect(
    dashboard?.body.split("\n").filter((line) => line.includes("`tags.") && line.includes("#2")),
  ).toHaveLength(2);
  putRight(stage);
});
