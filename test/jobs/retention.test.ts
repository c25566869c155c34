import { describe, expect, it, vi } from "vitest";
import type { JobPorts } from "../../src/jobs/ports.ts";
import { recordDelivery } from "../../src/store/deliveries.ts";
import { finishScan, startScan } from "../../src/store/scans.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60 * 1000;

/** Sweeps at a time of a day, and gives how often the database was maintained. */
async function sweptAt(stage: Stage, time: string): Promise<number> {
  let maintained = 0;
  const maintain = async () => {
    maintained += 1;
    await stage.database.maintain();
  };
  const ports: JobPorts = {
    ...stage.ports,
    database: { ...stage.database, maintain },
    now: () => new Date(`2030-05-05T${time}Z`),
  };
  await stage.run("sweep", {}, { ports });
  return maintained;
}

describe("the sweep", () => {
  it("forgets deliveries and scans after 30 days, but never the last scan of a repository", async () => {
    const { stage } = set;
    const { kysely: db } = stage.database;
    const ago = (days: number) => new Date(Date.now() - days * DAY);
    for (const [id, days] of [
      ["old", 31],
      ["young", 29],
    ] as const)
      await recordDelivery(db, { id, event: "push", receivedAt: ago(days) });
    for (const days of [60, 50, 40]) {
      const id = await startScan(db, stage.repositoryId, ago(days));
      await finishScan(db, id, { at: ago(days), outcome: "complete", reason: null, commit: "c", stacks: [] });
    }
    await stage.run("sweep", {});
    expect(await db.selectFrom("deliveries").select("id").execute()).toEqual([{ id: "young" }]);
    const scans = await db.selectFrom("scans").select("started_at").execute();
    expect(scans).toHaveLength(1);
    expect(scans[0]?.started_at.getTime()).toBeGreaterThan(ago(41).getTime());
  });

  it("maintains the database four times a day", async () => {
    const { stage } = set;
    const times = ["02:50:00", "03:00:04", "03:10:00", "04:00:00", "09:09:59", "15:00:00", "21:05:00"];
    const counts: number[] = [];
    for (const time of times) counts.push(await sweptAt(stage, time));
    expect(counts).toEqual([0, 1, 0, 0, 1, 1, 1]);
  });
});
