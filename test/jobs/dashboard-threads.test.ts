import { describe, expect, it, vi } from "vitest";
import { changeConfig, resize, states } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();

/** The shop with a dashboard (1), and a pull request (2) that adopts a resize. */
async function adopting(): Promise<Stage> {
  const { stage } = set;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  await stage.scan();
  resize(stage);
  await stage.scan();
  expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
  return stage;
}

async function dashboard(stage: Stage): Promise<string> {
  return (await stage.issues()).find(({ number }) => number === 1)?.body ?? "";
}

describe("the dashboard names an open pull request", () => {
  it("also while its stack cannot be scanned, so that it stays as it is", async () => {
    const stage = await adopting();
    await changeConfig(stage, (text) =>
      text
        .replace("version: 1", "version: 1\ndashboard: true")
        .replace("environment: production", "environment: production\n    ref: nowhere"),
    );
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 open", "pull 2 open"]);
    const body = await dashboard(stage);
    expect(body).toMatch(/\| #2 \|$/m);
    expect(body).not.toContain("here alone");
  });

  it("also while a freeze keeps it from being changed", async () => {
    const stage = await adopting();
    const day = (ahead: number) => new Date(stage.now().getTime() + ahead * 86_400_000).toISOString();
    const freeze = `freeze:\n  - from: ${day(-1).slice(0, 10)}\n    until: ${day(2).slice(0, 10)}\n`;
    await changeConfig(stage, (text) => text.replace("version: 1", `version: 1\ndashboard: true\n${freeze}`));
    await stage.scan();
    const body = await dashboard(stage);
    expect(body).toContain("### Held back");
    expect(body).toMatch(/\| #2 \|$/m);
    expect(body).not.toContain("here alone");
  });
});
