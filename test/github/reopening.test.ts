import { expect, test } from "vitest";
import { Unavailable } from "../../src/github/errors.ts";
import { openIssue } from "../../src/github/issues.ts";
import { lastReopening } from "../../src/github/reopening.ts";
import { closeThread, reopenThread } from "../../src/github/threads.ts";
import { type Marker, printMarker } from "../../src/reports/marker.ts";
import { broken } from "../e2e/github/faults.ts";
import { withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 4);
const MARKER: Marker = { kind: "issue", stack: "shop-prod", fingerprints: ["f1"], revisions: ["r1"] };

async function issue() {
  const wanted = { title: "Drift", body: printMarker(MARKER), continuations: [], marker: MARKER };
  const { issue: opened } = await openIssue(stage.github, stage.repository, stage.identity, wanted);
  return opened;
}

const last = (number: number) => lastReopening(stage.github, stage.repository, stage.identity, number);

test("what was never closed, or is not there, was never opened again", async () => {
  const { number } = await issue();
  expect(await last(number)).toBeNull();
  expect(
    await lastReopening(stage.github, { ...stage.repository, name: "gone" }, stage.identity, 1),
  ).toBeNull();
});

test("what GitHub does not answer is asked again", async () => {
  const { number } = await issue();
  const body = { data: null, errors: [{ message: "Something went wrong" }] };
  const fault = { ...broken(), answer: { status: 200, headers: {}, body } };
  stage.hub.misbehave({ method: "POST", path: "/graphql", fault });
  await expect(last(number)).rejects.toThrow(Unavailable);
});

test("whether a person opened it again last, or the App", async () => {
  const { github, repository, identity, alice, fullName } = stage;
  const opened = await issue();
  await closeThread(github, repository, identity, opened, null);
  const before = Math.floor(Date.now() / 1000) * 1000;
  await alice.send("PATCH", `/repos/${fullName}/issues/${opened.number}`, { state: "open" });
  const byAlice = await last(opened.number);
  expect(byAlice?.byApp).toBe(false);
  expect(byAlice?.at.getTime()).toBeGreaterThanOrEqual(before);
  await closeThread(github, repository, identity, opened, null);
  await reopenThread(
    github,
    repository,
    identity,
    { ...opened, state: "closed" },
    { key: "again", body: "Again." },
  );
  expect((await last(opened.number))?.byApp).toBe(true);
});
