import { describe, expect, test } from "vitest";
import { commentOnce, keepComment } from "../../src/github/comments.ts";
import { Invalid } from "../../src/github/errors.ts";
import { broken, brokenAfterWork, cutAfterWork } from "../e2e/github/faults.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 20);
const COMMENT = { key: "closed:0123abcd:2", body: "The drift is gone." };

async function comment(number: number, what = COMMENT) {
  const { github, repository, identity } = stage;
  return commentOnce(github, repository, identity, number, what);
}

const made = () => sent(stage, "POST", /comments$/);

describe("a comment", () => {
  test("is made once for its key", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    expect(await comment(number)).toBe(true);
    expect(await comment(number)).toBe(false);
    expect(await comment(number, { ...COMMENT, body: "in other words" })).toBe(false);
    expect(await comment(number, { ...COMMENT, key: "closed:0123abcd:3" })).toBe(true);
    expect(made()).toBe(2);
  });

  test("is found among many", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    for (let i = 0; i < 120; i += 1) await stage.alice.comment(stage.fullName, number, `talk ${i}`);
    expect(await comment(number)).toBe(true);
    expect(await comment(number)).toBe(false);
  });

  test("that someone else forged counts for nothing", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    const forged = `No.\n\n<!-- driftwright:comment:v1 ${COMMENT.key} -->`;
    await stage.alice.comment(stage.fullName, number, forged);
    expect(await comment(number)).toBe(true);
  });

  test("whose text quotes the key of another does not stand for it", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    const quoting = { key: "other", body: `<!-- driftwright:comment:v1 ${COMMENT.key} -->` };
    expect(await comment(number, quoting)).toBe(true);
    expect(await comment(number)).toBe(true);
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("is made once although GitHub did it and gave %s", async (_, fault) => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    stage.hub.misbehave({ method: "POST", path: "/comments", fault });
    expect(await comment(number)).toBe(true);
    expect(await comment(number)).toBe(false);
    expect(made()).toBe(1);
  });

  test("is an error when GitHub failed before the work, and made the next time", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    stage.hub.misbehave({ method: "POST", path: "/comments", fault: broken() });
    await expect(comment(number)).rejects.toMatchObject({ ambiguous: true });
    expect(await comment(number)).toBe(true);
  });

  test("that is too long is not sent", async () => {
    await expect(comment(1, { key: "k", body: "x".repeat(65_536) })).rejects.toThrow(Invalid);
  });

  test.each(["", "a b", "a-->b", "a--b", "A"])("has no key such as %j", async (key) => {
    await expect(comment(1, { key, body: "b" })).rejects.toThrow("cannot be the key");
  });
});

describe("a comment that is kept", () => {
  async function keep(number: number, body: string): Promise<void> {
    const { github, repository, identity } = stage;
    await keepComment(github, repository, identity, number, { ...COMMENT, body });
  }

  async function bodies(number: number): Promise<string[]> {
    const path = `/repos/${stage.fullName}/issues/${number}/comments`;
    const { body } = await stage.alice.try("GET", path);
    return (body as unknown as { body: string }[]).map((each) => each.body.split("\n")[0] ?? "");
  }

  const changed = () => sent(stage, "PATCH", /comments/);

  test("is made, and written anew where it differs; the others are looked through once each time", async () => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    const listed = () => sent(stage, "GET", /issues\/\d+\/comments$/);
    await keep(number, "one");
    expect([made(), changed(), listed()]).toEqual([1, 0, 1]);
    await keep(number, "one");
    expect([made(), changed(), listed()]).toEqual([1, 0, 2]);
    await keep(number, "two");
    expect([made(), changed(), listed()]).toEqual([1, 1, 3]);
    expect(await bodies(number)).toEqual(["two"]);
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("is made once although GitHub did it and gave %s, and says what it is to say", async (_, fault) => {
    const number = await stage.alice.openIssue(stage.fullName, "t", "b");
    stage.hub.misbehave({ method: "POST", path: "/comments", fault });
    await keep(number, "one");
    expect(await bodies(number)).toEqual(["one"]);
    await keep(number, "two");
    expect(await bodies(number)).toEqual(["two"]);
    expect(made()).toBe(1);
  });
});
