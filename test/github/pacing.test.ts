import { describe, expect, test } from "vitest";
import { RateLimited } from "../../src/github/errors.ts";
import { Budget, GITHUB_PACE } from "../../src/github/pacing.ts";
import { TestClock } from "./fixture.ts";

const START = Date.parse("2030-01-01T00:00:00Z");

function budget(pace = GITHUB_PACE) {
  const clock = new TestClock(START);
  return { clock, budget: new Budget(clock, pace) };
}

describe("writes", () => {
  test("are a second apart, reads are not", async () => {
    const { clock, budget: budgeted } = budget();
    for (let i = 0; i < 3; i += 1) await budgeted.take("write", "w");
    await budgeted.take("read", "r");
    expect(clock.waits).toEqual([1000, 1000]);
  });

  test("do not wait when a second has passed anyway", async () => {
    const { clock, budget: budgeted } = budget();
    await budgeted.take("write", "w");
    clock.pass(1500);
    await budgeted.take("create", "c");
    expect(clock.waits).toEqual([]);
  });

  test("that come at once get turns one after the other", async () => {
    const { clock, budget: budgeted } = budget();
    await Promise.all([1, 2, 3].map(() => budgeted.take("write", "w")));
    expect(clock.now().getTime() - START).toBe(2000);
  });
});

describe("creates", () => {
  test("are eighty a minute", async () => {
    const { clock, budget: budgeted } = budget({ ...GITHUB_PACE, apart: 10 });
    for (let i = 0; i < 80; i += 1) await budgeted.take("create", "c");
    const refused = budgeted.take("create", "POST /issues");
    await expect(refused).rejects.toMatchObject({ until: new Date(START + 60_000), status: null });
    await budgeted.take("write", "other writes go on");
    clock.pass(60_000);
    await budgeted.take("create", "c");
  });

  test("are five hundred an hour", async () => {
    const { clock, budget: budgeted } = budget({ ...GITHUB_PACE, perMinute: 1_000 });
    for (let i = 0; i < 500; i += 1) await budgeted.take("create", "c");
    await expect(budgeted.take("create", "c")).rejects.toMatchObject({ until: new Date(START + 3_600_000) });
    clock.pass(3_600_000 - 499_000);
    await budgeted.take("create", "c");
  });
});

test("a pause that GitHub asked for holds for everything, reads too", async () => {
  const { clock, budget: budgeted } = budget();
  budgeted.pause(new Date(START + 5_000));
  budgeted.pause(new Date(START + 1_000));
  await expect(budgeted.take("read", "GET /x")).rejects.toThrow(RateLimited);
  clock.pass(5_000);
  await budgeted.take("read", "GET /x");
});
