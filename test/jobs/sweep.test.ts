import { describe, expect, it, vi } from "vitest";
import { activeInstallations } from "../../src/store/installations.ts";
import { findRepository } from "../../src/store/repositories.ts";
import { broken } from "../e2e/github/faults.ts";
import { stagePerTest } from "./stage.ts";

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

  it("asks again for webhooks that did not arrive, once each", async () => {
    const { stage } = set;
    stage.github.deliverTo(null);
    const { guid } = await stage.github.send("push", { ref: "refs/heads/main" });
    await stage.run("sweep", {});
    const attempts = stage.github.deliveries.filter((delivery) => delivery.guid === guid);
    expect(attempts.map(({ redelivery }) => redelivery)).toEqual([false, true]);
  });

  it("does the rest where one part fails, and fails then", async () => {
    const { stage } = set;
    stage.github.misbehave({ method: "GET", path: "/app/installations", times: 9, fault: broken(500) });
    await stage.github.send("push", { ref: "refs/heads/main" });
    await expect(stage.run("sweep", {})).rejects.toThrow(/500/);
    expect(stage.github.deliveries.at(-1)).toMatchObject({ redelivery: true });
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
