import { describe, expect, it, vi } from "vitest";
import { sweepJob } from "../../src/jobs/sweep-job.ts";
import { findCheckRun, saveCheckRun } from "../../src/store/check-runs.ts";
import { recordDelivery } from "../../src/store/deliveries.ts";
import { activeInstallations } from "../../src/store/installations.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { broken, meanwhile, primaryLimit, refused } from "../e2e/github/faults.ts";
import { FULL_NAME, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

describe("the sweep", () => {
  it("finds installations and repositories that no webhook told of", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    await db.deleteFrom("repositories").execute();
    await db.deleteFrom("installations").execute();
    await stage.run("sweep", {});
    expect(await activeInstallations(db, { after: null, limit: 5 })).toMatchObject([
      { id: 1001, permissions: { contents: "write" } },
    ]);
    expect(await findRepository(db, stage.repositoryId)).toMatchObject({
      owner: "acme",
      name: "shop",
      defaultBranch: "main",
      removed: false,
    });
    expect(stage.waiting).toEqual([{ name: "tick", data: {} }]);
  });

  it("notices installations that went away", async () => {
    const { stage } = set;
    stage.github.changeInstallation("deleted");
    await stage.run("sweep", {});
    const { kysely: db } = stage.database;
    expect(await activeInstallations(db, { after: null, limit: 5 })).toEqual([]);
  });

  it("asks again for webhooks that did not arrive, a few times, after longer and longer", async () => {
    const { stage } = set;
    stage.github.deliverTo(null);
    const { guid } = await stage.github.send("push", { ref: "refs/heads/main" });
    const attempts = () => stage.github.deliveries.filter((delivery) => delivery.guid === guid).length;
    const seen: number[] = [];
    for (const minutes of [0, 10, 59, 61, 120, 400, 700, 1_000, 1_500, 1_900, 4_000]) {
      stage.ahead = minutes * 60_000;
      await stage.run("sweep", {});
      seen.push(attempts());
    }
    // In this GitHub every attempt was made just now, so the waits are counted from the start.
    expect(seen).toEqual([2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5]);
  });

  it("asks for some of many, the oldest first, and goes on the next time", async () => {
    const { stage } = set;
    stage.github.deliverTo(null);
    for (let i = 0; i < 130; i += 1) await stage.github.send("push", { ref: `refs/heads/${i}` });
    const again = () => stage.github.deliveries.filter(({ redelivery }) => redelivery);
    await stage.run("sweep", {});
    expect(again()).toHaveLength(100);
    expect(again()[0]?.payload).toMatchObject({ ref: "refs/heads/0" });
    await stage.run("sweep", {});
    expect(again()).toHaveLength(130);
  });

  it("asks for the others where GitHub does not have one of them any more", async () => {
    const { stage } = set;
    stage.github.deliverTo(null);
    await stage.github.send("push", { ref: "refs/heads/a" });
    await stage.github.send("push", { ref: "refs/heads/b" });
    stage.github.misbehave({ method: "POST", path: /attempts$/, fault: refused("Not Found", 404) });
    await stage.run("sweep", {});
    expect(stage.github.deliveries.at(-1)).toMatchObject({
      redelivery: true,
      payload: { ref: "refs/heads/b" },
    });
  });

  it("does the rest where one part fails, and fails then", async () => {
    const { stage } = set;
    stage.github.misbehave({ method: "GET", path: "/app/installations", times: 9, fault: broken(500) });
    await stage.github.send("push", { ref: "refs/heads/main" });
    await expect(stage.run("sweep", {})).rejects.toThrow(/500/);
    expect(stage.github.deliveries.at(-1)).toMatchObject({ redelivery: true });
  });

  it("forgets what is old although GitHub allows nothing more, and does not fail for that", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    await recordDelivery(db, { id: "old", event: "push", receivedAt: stage.now() });
    stage.ahead = 40 * 24 * 60 * 60_000;
    const fault = primaryLimit(new Date(stage.now().getTime() + 3_600_000));
    stage.github.misbehave({ method: "GET", path: /^\/app/, times: 9, fault });
    await stage.run("sweep", {});
    expect(await recordDelivery(db, { id: "old", event: "push", receivedAt: stage.now() })).toBe(true);
  });

  it("looks at the other installations where one cannot be read", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    stage.github.misbehave({
      method: "GET",
      path: "/installation/repositories",
      times: 9,
      fault: broken(500),
    });
    await stage.run("sweep", {});
    expect(stage.waiting).toEqual([{ name: "tick", data: {} }]);
    expect(stage.logged).toContainEqual(expect.objectContaining({ message: "installation not readable" }));
    expect(await findRepository(db, stage.repositoryId)).toMatchObject({ removed: false });
  });

  it("finishes the check runs that can be finished, and the others the next time", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    const alice = stage.github.person("alice");
    const keys: { repositoryId: number; headSha: string; name: string }[] = [];
    for (const branch of ["one", "two"]) {
      const headSha = await alice.commit(FULL_NAME, { branch, files: { "a.md": branch } });
      const client = stage.ports.github.repository(stage.github.installationId, stage.repositoryId, {
        checks: "write",
      });
      const place = { owner: "acme", repo: "shop", name: "Driftwright", head_sha: headSha };
      const { data } = await client.rest.checks.create({ ...place, status: "in_progress" });
      const key = { repositoryId: stage.repositoryId, headSha, name: "Driftwright" };
      const run = { checkRunId: data.id, conclusion: null, contentHash: null, updatedAt: stage.now() };
      await saveCheckRun(db, { ...key, ...run });
      keys.push(key);
    }
    const conclusions = async () => {
      const runs = await Promise.all(keys.map((key) => findCheckRun(db, key)));
      return runs.map((run) => run?.conclusion ?? null);
    };
    stage.ahead = 20 * 60_000;
    stage.github.misbehave({ method: "PATCH", path: /check-runs/, fault: broken(500) });
    await stage.run("sweep", {});
    expect((await conclusions()).toSorted()).toEqual(["neutral", null]);
    stage.ahead = 40 * 60_000;
    await stage.run("sweep", {});
    expect(await conclusions()).toEqual(["neutral", "neutral"]);
  });

  it("asks for tokens that can read the list of repositories, and finish check runs, and no more", async () => {
    const { stage } = set;
    await stage.run("sweep", {});
    const tokens = stage.github.requests.filter(({ path }) => /access_tokens$/.test(path));
    expect(tokens.map(({ body }) => body)).toEqual([{ permissions: { metadata: "read" } }]);
  });

  it("stops where the process must", async () => {
    const { stage } = set;
    stage.github.deliverTo(null);
    for (let i = 0; i < 5; i += 1) await stage.github.send("push", { ref: `refs/heads/${i}` });
    const stopping = new AbortController();
    const first = async () => stopping.abort(new Error("stopping"));
    stage.github.misbehave({ method: "POST", path: /attempts$/, fault: meanwhile(first) });
    const job = { id: "1", data: {}, signal: stopping.signal, attempt: 1, isLastAttempt: false };
    await expect(sweepJob(stage.ports)(job)).rejects.toThrow("stopping");
    expect(stage.github.deliveries.filter(({ redelivery }) => redelivery)).toHaveLength(1);
  });
});

describe("the tick", () => {
  it("enqueues what is due once in each interval", async () => {
    const { stage } = set;
    const scan = { name: "scan", data: { ...stage.job, trigger: "schedule" } };
    await stage.run("tick", {});
    expect(stage.waiting.splice(0)).toEqual([scan]);
    await stage.run("tick", {});
    expect(stage.waiting).toEqual([]);
    stage.ahead = 24 * 60 * 60 * 1000;
    await stage.run("tick", {});
    expect(stage.waiting).toEqual([scan]);
  });
});
