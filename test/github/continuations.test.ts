import { describe, expect, test } from "vitest";
import { commentOnce, keepContinuations } from "../../src/github/comments.ts";
import { Unavailable } from "../../src/github/errors.ts";
import { openIssue } from "../../src/github/issues.ts";
import { updateThread } from "../../src/github/threads.ts";
import { contentHash, type Wanted } from "../../src/github/written.ts";
import { type Marker, printMarker } from "../../src/reports/marker.ts";
import { broken, brokenAfterWork, cutAfterWork } from "../e2e/github/faults.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub();

const MARKER: Marker = { kind: "issue", stack: "shop-prod", fingerprints: ["f1"], revisions: ["r1"] };

function wanted(...continuations: string[]): Wanted {
  return { title: "Drift", body: `Much.\n\n${printMarker(MARKER)}`, continuations };
}

async function opened(): Promise<number> {
  const { github, repository, identity } = stage;
  const { issue } = await openIssue(github, repository, identity, { ...wanted(), marker: MARKER });
  return issue.number;
}

function keep(number: number, ...bodies: string[]): Promise<void> {
  return keepContinuations(stage.github, stage.repository, stage.identity, number, bodies);
}

/** What the comments say, without the line with their key. */
async function comments(number: number): Promise<string[]> {
  const { body } = await stage.alice.try("GET", `/repos/${stage.fullName}/issues/${number}/comments`);
  return (body as { body: string }[]).map((comment) => comment.body.split("\n")[0] ?? "");
}

const writes = () =>
  sent(stage, "POST", /comments$/) + sent(stage, "PATCH", /comments/) + sent(stage, "DELETE", /comments/);

describe("comments that continue a body", () => {
  test("are made in order, and not a second time", async () => {
    const number = await opened();
    await keep(number, "one", "two");
    await keep(number, "one", "two");
    expect(await comments(number)).toEqual(["one", "two"]);
    expect(writes()).toBe(2);
  });

  test("are written anew where they changed, in their places", async () => {
    const number = await opened();
    await keep(number, "one", "two");
    await stage.alice.send("POST", `/repos/${stage.fullName}/issues/${number}/comments`, { body: "Thanks." });
    await keep(number, "one", "another", "three");
    expect(await comments(number)).toEqual(["one", "another", "Thanks.", "three"]);
    expect(sent(stage, "PATCH", /comments/)).toBe(1);
  });

  test("are deleted where there is less to say; the other comments stay", async () => {
    const number = await opened();
    await keep(number, "one", "two", "three");
    await commentOnce(stage.github, stage.repository, stage.identity, number, {
      key: "gone:1",
      body: "Gone.",
    });
    await keep(number, "one");
    expect(await comments(number)).toEqual(["one", "Gone."]);
    await keep(number);
    expect(await comments(number)).toEqual(["Gone."]);
  });

  test("are ours alone: a copy that someone else wrote is neither changed nor counted", async () => {
    const number = await opened();
    const body = "mine\n\n<!-- driftwright:comment:v1 continuation:1 -->";
    await stage.alice.send("POST", `/repos/${stage.fullName}/issues/${number}/comments`, { body });
    await keep(number, "one");
    expect(await comments(number)).toEqual(["mine", "one"]);
    await keep(number);
    expect(await comments(number)).toEqual(["mine"]);
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("are made once although GitHub did it and gave %s", async (_, fault) => {
    const number = await opened();
    stage.hub.misbehave({ method: "POST", path: /comments$/, fault });
    await keep(number, "one", "two");
    expect(await comments(number)).toEqual(["one", "two"]);
  });

  test.each(["POST", "PATCH", "DELETE"] as const)("are made whole after a %s that failed", async (method) => {
    const number = await opened();
    await keep(number, "one", "two", "three");
    const next = method === "POST" ? ["one", "2", "three", "four"] : ["one", "2"];
    stage.hub.misbehave({ method, path: /comments/, fault: broken() });
    await expect(keep(number, ...next)).rejects.toThrow(Unavailable);
    stage.hub.behave();
    await keep(number, ...next);
    expect(await comments(number)).toEqual(next);
  });

  test("that are there twice are there once afterwards", async () => {
    const number = await opened();
    const { owner, name: repo } = stage.repository;
    for (const text of ["one", "again"]) {
      const body = `${text}\n\n<!-- driftwright:comment:v1 continuation:1 -->`;
      await stage.github.rest.issues.createComment({ owner, repo, issue_number: number, body });
    }
    await keep(number, "one");
    expect(await comments(number)).toEqual(["one"]);
  });
});

describe("an issue with more than a body holds", () => {
  test("is brought up to date with its comments, and left alone when nothing is new", async () => {
    const { github, repository, identity } = stage;
    const { issue } = await openIssue(github, repository, identity, { ...wanted(), marker: MARKER });
    const update = (text: Wanted, last: string | null) =>
      updateThread(github, repository, identity, issue, text, last);
    const { hash } = await update(wanted("one"), contentHash(wanted()));
    expect(await comments(issue.number)).toEqual(["one"]);
    const before = stage.hub.requests.length;
    expect(await update(wanted("one"), hash)).toEqual({ changed: false, hash });
    expect(stage.hub.requests).toHaveLength(before);
    await update(wanted(), hash);
    expect(await comments(issue.number)).toEqual([]);
  });

  test("gets its comments where nobody knows what was written last", async () => {
    const number = await opened();
    const { github, repository, identity } = stage;
    const there = { kind: "issue", number, state: "open", ...wanted() } as const;
    await updateThread(github, repository, identity, there, wanted("one"), null);
    expect(await comments(number)).toEqual(["one"]);
    expect(sent(stage, "PATCH", /issues\/\d+$/)).toBe(0);
  });
});
