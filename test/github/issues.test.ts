import { describe, expect, test } from "vitest";
import { Forbidden, Gone, Unavailable } from "../../src/github/errors.ts";
import type { GitHub } from "../../src/github/github.ts";
import { findIssue, type Issue, openIssue, whoClosed } from "../../src/github/issues.ts";
import { listMarked } from "../../src/github/markers.ts";
import { closeThread, reopenThread, updateThread } from "../../src/github/threads.ts";
import { contentHash } from "../../src/github/written.ts";
import { type Marker, printMarker } from "../../src/reports/marker.ts";
import { broken, brokenAfterWork, cutAfterWork, refused } from "../e2e/github/faults.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 30);

const MARKER: Marker = { kind: "issue", stack: "shop-prod", fingerprints: ["f1"], revisions: ["r1"] };
const CLOSING = { key: "gone:1", body: "The drift is gone." };

function written(marker = MARKER, text = "Somebody changed it.") {
  const body = `${text}\n\n${printMarker(marker)}`;
  return { title: "Drift in shop-prod", body, continuations: [], marker };
}

function open(wanted = written()) {
  return openIssue(stage.github, stage.repository, stage.identity, wanted);
}

const find = (number: number) => findIssue(stage.github, stage.repository, stage.identity, number);
async function at(number: number): Promise<Issue> {
  const issue = await find(number);
  if (issue === null) throw new Error("not there");
  return issue;
}

const created = () => sent(stage, "POST", /issues$/);

async function commentsOn(number: number): Promise<string[]> {
  const path = `/repos/${stage.fullName}/issues/${number}/comments`;
  const { body } = await stage.alice.try("GET", path);
  return (body as { body: string }[]).map((comment) => comment.body.split("\n")[0] ?? "");
}

describe("opening an issue", () => {
  test("gives what is on GitHub then", async () => {
    const { issue, created: isNew } = await open();
    expect(isNew).toBe(true);
    expect(issue).toMatchObject({ state: "open", title: "Drift in shop-prod", byApp: true, marker: MARKER });
    expect(await find(issue.number)).toEqual(issue);
  });

  test("a second time finds the first, whatever the values are now", async () => {
    const { issue } = await open();
    const again = await open(written({ ...MARKER, revisions: ["r2"] }, "Changed again."));
    expect(again).toMatchObject({ issue: { number: issue.number }, created: false });
    expect(created()).toBe(1);
  });

  test.each<[string, Partial<Marker>]>([
    ["fingerprint", { fingerprints: ["f2"] }],
    ["stack", { stack: "shop-staging" }],
    ["kind", { kind: "summary" }],
  ])("of another %s opens another", async (_, other) => {
    await open();
    expect(await open(written({ ...MARKER, ...other }))).toMatchObject({ created: true });
  });

  test("ignores the marker that someone else wrote", async () => {
    await stage.alice.openIssue(stage.fullName, "Drift in shop-prod", written().body);
    expect(await open()).toMatchObject({ created: true });
    expect(await listMarked(stage.github, stage.repository, stage.identity)).toHaveLength(1);
  });

  test("opens a new one where the last is closed", async () => {
    const { issue } = await open();
    await stage.alice.closeIssue(stage.fullName, issue.number);
    const second = await open();
    expect(second.created).toBe(true);
    expect(await open()).toMatchObject({ created: false, issue: { number: second.issue.number } });
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("makes one although GitHub did it and gave %s", async (_, fault) => {
    stage.hub.misbehave({ method: "POST", path: "/issues", fault });
    const { issue, created: isNew } = await open();
    expect(isNew).toBe(true);
    expect((await open()).issue.number).toBe(issue.number);
    expect(created()).toBe(1);
  });

  test("is an error when GitHub failed before the work", async () => {
    stage.hub.misbehave({ method: "POST", path: "/issues", fault: broken() });
    await expect(open()).rejects.toThrow(Unavailable);
    expect(await open()).toMatchObject({ created: true });
  });

  test("where issues are disabled says so", async () => {
    stage.hub.change(stage.repository.name, { issues: false });
    await expect(open()).rejects.toThrow(Gone);
  });

  test("in an archived repository is refused", async () => {
    stage.hub.change(stage.repository.name, { archived: true });
    await expect(open()).rejects.toThrow(Forbidden);
  });

  test("without the permission names it", async () => {
    const { app, hub, repository, identity } = stage;
    const poor = app.repository(hub.installationId, repository.id, { contents: "write", issues: "read" });
    const opening = openIssue(poor, repository, identity, written());
    await expect(opening).rejects.toMatchObject({ name: "Forbidden", permissions: "issues=write" });
  });

  test("cuts a title that is too long", async () => {
    const { issue } = await open({ ...written(), title: `a\n${"x".repeat(300)}` });
    expect(issue.title).toHaveLength(256);
    expect(issue.title.startsWith("a xxx")).toBe(true);
  });
});

describe("an issue that was transferred", () => {
  /** GitHub redirects to where it is now, and the client follows. */
  const answering = (url: string, number: number): GitHub => {
    const data = { number, url, title: "Theirs", user: null, closed_at: null, state: "open", html_url: "" };
    const rest = { issues: { get: async () => ({ data }) } };
    return { rest } as unknown as GitHub;
  };
  const acme = { id: 1, owner: "acme", name: "shop" };

  test.each([
    ["has another number there", "https://api.github.com/repositories/99/issues/7", 7, null],
    ["has the same number there", "https://api.github.com/repos/acme/other/issues/5", 5, null],
    ["is none", "https://api.github.com/repos/Acme/Shop/issues/5", 5, "Theirs"],
  ])("%s", async (_, url, number, title) => {
    const issue = await findIssue(answering(url, number), acme, stage.identity, 5);
    expect(issue?.title ?? null).toBe(title);
  });
});

describe("updating an issue", () => {
  const update = (number: number, text: string, hash: string | null) =>
    at(number).then((now) => {
      const wanted = written(MARKER, text);
      return updateThread(stage.github, stage.repository, stage.identity, now, wanted, hash);
    });
  const updates = () => sent(stage, "PATCH", /issues\/\d+$/);

  test("writes what is new, and nothing twice", async () => {
    const { issue } = await open();
    const first = await update(issue.number, "Another value.", contentHash(written()));
    expect(first.changed).toBe(true);
    expect((await find(issue.number))?.body).toContain("Another value.");
    expect(await update(issue.number, "Another value.", first.hash)).toEqual({
      changed: false,
      hash: first.hash,
    });
    expect(updates()).toBe(1);
  });

  test("leaves what a person edited until there is something new", async () => {
    const { issue } = await open();
    await stage.alice.send("PATCH", `/repos/${stage.fullName}/issues/${issue.number}`, { title: "Mine" });
    expect(await update(issue.number, "Somebody changed it.", contentHash(written()))).toMatchObject({
      changed: false,
    });
    expect((await find(issue.number))?.title).toBe("Mine");
  });

  test("without a known hash compares what is there", async () => {
    const { issue } = await open();
    expect(await update(issue.number, "Somebody changed it.", null)).toMatchObject({ changed: false });
    expect(await update(issue.number, "New.", null)).toMatchObject({ changed: true });
  });

  test.each([
    ["line ends", "a\r\nb", "a\nb", true],
    ["white space at the end", "a\n\n", "a", true],
    ["words", "a", "b", false],
  ])("%s", (_, one, other, same) => {
    const hashOf = (body: string) => contentHash({ title: "t", body, continuations: [] });
    expect(hashOf(one) === hashOf(other)).toBe(same);
  });
});

describe("closing an issue", () => {
  const close = async (number: number) =>
    closeThread(stage.github, stage.repository, stage.identity, await at(number), CLOSING);

  test("says why, once", async () => {
    const { issue } = await open();
    await close(issue.number);
    await close(issue.number);
    expect(await find(issue.number)).toMatchObject({
      state: "closed",
      closedBy: { login: "driftwright[bot]", isApp: true },
    });
    expect(await commentsOn(issue.number)).toEqual([CLOSING.body]);
    expect(sent(stage, "PATCH", /issues/)).toBe(1);
  });

  test("goes on after a failure between comment and closing", async () => {
    const { issue } = await open();
    stage.hub.misbehave({ method: "PATCH", path: `/issues/${issue.number}`, fault: broken() });
    await expect(close(issue.number)).rejects.toThrow(Unavailable);
    await close(issue.number);
    expect(await commentsOn(issue.number)).toEqual([CLOSING.body]);
    expect((await find(issue.number))?.state).toBe("closed");
  });

  test("that is not there any more is not found", async () => {
    expect(await find(999)).toBeNull();
  });

  test("that a person closed is told apart", async () => {
    const { issue } = await open();
    expect(await whoClosed(stage.github, stage.repository, stage.identity, issue.number)).toBeNull();
    await stage.alice.closeIssue(stage.fullName, issue.number);
    expect(await whoClosed(stage.github, stage.repository, stage.identity, issue.number)).toEqual({
      login: "alice",
      isApp: false,
    });
  });

  test("can be undone, with a word", async () => {
    const { issue } = await open();
    await close(issue.number);
    const again = { key: "back:1", body: "It is back." };
    await reopenThread(stage.github, stage.repository, stage.identity, await at(issue.number), again);
    expect(await find(issue.number)).toMatchObject({ state: "open", closedBy: null });
    expect(await commentsOn(issue.number)).toEqual([CLOSING.body, again.body]);
  });
});

describe("everything that the App opened", () => {
  test("is found by its markers alone, on every page", async () => {
    const { github, repository, identity, alice, fullName } = stage;
    for (const index of Array(105).keys()) {
      await github.rest.issues.create({
        owner: repository.owner,
        repo: repository.name,
        ...{ title: "t", body: printMarker({ ...MARKER, fingerprints: [`f${index}`] }) },
      });
    }
    await alice.openIssue(fullName, "t", printMarker(MARKER));
    const marked = await listMarked(github, repository, identity);
    expect(marked).toHaveLength(105);
    expect(marked[0]).toMatchObject({ kind: "issue", state: "open", marker: { fingerprints: ["f104"] } });
    expect(await listMarked(github, repository, identity, { mostPages: 1 })).toHaveLength(100);
  });

  test("a pause that GitHub asks for ends the search with its time", async () => {
    stage.hub.misbehave({
      method: "GET",
      path: "/issues",
      fault: refused("You have exceeded a secondary rate limit.", 403, { "retry-after": "9" }),
    });
    await expect(listMarked(stage.github, stage.repository, stage.identity)).rejects.toMatchObject({
      name: "RateLimited",
      until: new Date(stage.clock.now().getTime() + 10_000),
    });
  });
});
