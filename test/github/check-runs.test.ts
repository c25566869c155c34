import { describe, expect, test } from "vitest";
import {
  abandonCheckRun,
  beginCheckRun,
  type CheckAnnotation,
  type CheckReport,
  type CheckRun,
  findCheckRun,
  finishCheckRun,
} from "../../src/github/check-runs.ts";
import { Forbidden, Unavailable } from "../../src/github/errors.ts";
import { broken, brokenAfterWork, cutAfterWork, refused } from "../e2e/github/faults.ts";
import { sent, withGitHub } from "./fixture.ts";

const stage = withGitHub({}, 30);
const NAME = "Driftwright";
const NOW = new Date("2030-01-02T03:04:05.678Z");

function annotation(line: number): CheckAnnotation {
  const place = { path: "main.tf", start_line: line, end_line: line };
  return { ...place, annotation_level: "warning", title: `line ${line}`, message: "drifted" };
}

function report(annotations = 1): CheckReport {
  return {
    conclusion: "neutral",
    title: "This change touches 1 drifted instance",
    summary: "One drift.",
    text: "",
    annotations: Array.from({ length: annotations }, (_, index) => annotation(index + 1)),
  };
}

async function begin(): Promise<CheckRun> {
  const { github, repository, identity } = stage;
  return beginCheckRun(github, repository, identity, { headSha: await stage.head(), name: NAME }, NOW);
}

const finish = (run: CheckRun, what = report(), hash = "h1") =>
  finishCheckRun(stage.github, stage.repository, run, what, { hash, now: NOW });

async function found(): Promise<CheckRun | null> {
  const { github, repository, identity } = stage;
  return findCheckRun(github, repository, identity, { headSha: await stage.head(), name: NAME });
}

async function lines(run: CheckRun): Promise<number[]> {
  const path = `/repos/${stage.fullName}/check-runs/${run.id}/annotations`;
  const read = async (page: number) =>
    (await stage.alice.try("GET", `${path}?per_page=100&page=${page}`)).body as { start_line: number }[];
  return [...(await read(1)), ...(await read(2))].map((each) => each.start_line);
}

const created = () => sent(stage, "POST", /check-runs$/);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("a check run", () => {
  test("is begun and finished", async () => {
    expect(await found()).toBeNull();
    const run = await begin();
    expect(run).toMatchObject({ finished: false, conclusion: null, hash: "", annotations: 0, name: NAME });
    expect(run.startedAt).toEqual(new Date("2030-01-02T03:04:05Z"));
    const done = await finish(run);
    expect(done).toMatchObject({
      id: run.id,
      finished: true,
      conclusion: "neutral",
      hash: "h1",
      annotations: 1,
    });
    expect(await found()).toEqual(done);
  });

  test("that was begun and left is taken up again", async () => {
    const run = await begin();
    expect((await begin()).id).toBe(run.id);
    expect(created()).toBe(1);
  });

  test("that is finished is not written again; a new one has the newer result", async () => {
    const first = await begin();
    await finish(first);
    expect(await finish(first, report(3), "h2")).toMatchObject({ hash: "h1", annotations: 1 });
    const second = await begin();
    expect(second.id).not.toBe(first.id);
    await finish(second, report(3), "h2");
    expect(await found()).toMatchObject({ id: second.id, hash: "h2", annotations: 3 });
  });

  test.each([
    ["502", brokenAfterWork()],
    ["no answer", cutAfterWork()],
  ])("is begun once although GitHub did it and gave %s", async (_, fault) => {
    stage.hub.misbehave({ method: "POST", path: "/check-runs", fault });
    await begin();
    expect(created()).toBe(1);
  });

  test("of another name is not ours", async () => {
    const { github, repository, identity } = stage;
    await begin();
    const key = { headSha: await stage.head(), name: "Another" };
    expect(await findCheckRun(github, repository, identity, key)).toBeNull();
  });

  test("without the permission names it", async () => {
    const { app, hub, repository, identity } = stage;
    const poor = app.repository(hub.installationId, repository.id, { checks: "read" });
    const key = { headSha: await stage.head(), name: NAME };
    await expect(beginCheckRun(poor, repository, identity, key, NOW)).rejects.toThrow(Forbidden);
  });
});

describe("annotations", () => {
  test.each([
    [0, 1],
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [120, 3],
  ])("%i go out in %i requests, in order", async (count, requests) => {
    const run = await begin();
    expect(await finish(run, report(count))).toMatchObject({ finished: true, annotations: count });
    expect(await lines(run)).toEqual(upTo(count));
    expect(sent(stage, "PATCH", /check-runs/)).toBe(requests);
  });

  test.each([
    ["failed before", broken(), 0],
    ["failed before", broken(), 1],
    ["failed before", broken(), 2],
    ["did it and gave 502", brokenAfterWork(), 0],
    ["did it and gave 502", brokenAfterWork(), 1],
    ["did it and gave 502", brokenAfterWork(), 2],
  ])("are there once although GitHub %s at request %#", async (_, fault, after) => {
    const run = await begin();
    stage.hub.misbehave({ method: "PATCH", path: `/check-runs/${run.id}`, fault, after });
    await expect(finish(run, report(120))).rejects.toThrow(Unavailable);
    expect(await finish(run, report(120))).toMatchObject({ finished: true, annotations: 120 });
    expect(await lines(run)).toEqual(upTo(120));
  });

  test("that GitHub refuses are left out, and the check is finished", async () => {
    const run = await begin();
    const fault = refused("Validation Failed", 422);
    stage.hub.misbehave({ method: "PATCH", path: `/check-runs/${run.id}`, fault });
    expect(await finish(run, report(3))).toMatchObject({
      finished: true,
      annotations: 0,
      conclusion: "neutral",
    });
    const { output } = await stage.alice.send("GET", `/repos/${stage.fullName}/check-runs/${run.id}`);
    expect(String(Object(output)["summary"])).toContain("GitHub did not take the annotations");
  });

  test("of a report that was interrupted do not mix with those of the next", async () => {
    const run = await begin();
    stage.hub.misbehave({ method: "PATCH", path: `/check-runs/${run.id}`, fault: broken(), after: 1 });
    await expect(finish(run, report(120))).rejects.toThrow(Unavailable);
    const next = await begin();
    expect(next).toMatchObject({ finished: false, annotations: 0 });
    await finish(next, report(2), "h2");
    expect(await lines(next)).toEqual([1, 2]);
    const { status, conclusion } = await stage.alice.send(
      "GET",
      `/repos/${stage.fullName}/check-runs/${run.id}`,
    );
    expect([status, conclusion]).toEqual(["completed", "neutral"]);
  });
});

describe("texts that are too long", () => {
  test("are cut at GitHub's limits, between characters", async () => {
    const run = await begin();
    const long = "🦫".repeat(40_000);
    await finish(run, { ...report(0), title: "é".repeat(200), summary: long, text: long });
    const { output } = await stage.alice.send("GET", `/repos/${stage.fullName}/check-runs/${run.id}`);
    const { title, summary, text } = output as { title: string; summary: string; text: string };
    for (const cut of [summary, text]) {
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(65_535);
      expect(Buffer.byteLength(cut)).toBeGreaterThan(65_520);
      expect(cut).toMatch(/^(🦫)+…$/u);
    }
    expect(Buffer.byteLength(title)).toBeLessThanOrEqual(255);
  });
});

describe("a check run that cannot be made", () => {
  test("ends as neutral, with the reason", async () => {
    const run = await begin();
    const why = { why: "The evaluation took too long.", now: NOW };
    await abandonCheckRun(stage.github, stage.repository, run.id, why);
    expect(await found()).toMatchObject({ finished: true, conclusion: "neutral" });
  });

  test("does not lose a result that is there", async () => {
    const run = await begin();
    await finish(run, { ...report(), conclusion: "success" });
    await abandonCheckRun(stage.github, stage.repository, run.id, { why: "late", now: NOW });
    expect(await found()).toMatchObject({ conclusion: "success", hash: "h1" });
  });
});
