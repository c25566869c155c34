import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rhythm } from "../../src/config/rhythm.ts";
import { nextScanAt } from "../../src/jobs/due.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const INTERVALS = { usual: DAY, shortest: 15 * MINUTE };

function next(id: number, now: Date, rhythms: readonly Rhythm[] | null = null, intervals = INTERVALS): Date {
  return nextScanAt({ id, rhythms }, now, intervals);
}

const times = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });

describe("the next scan without a schedule", () => {
  it("is within one interval, and at the same moment of each", () => {
    fc.assert(
      fc.property(fc.nat(), times, (id, now) => {
        const first = next(id, now);
        expect(first.getTime()).toBeGreaterThan(now.getTime());
        expect(first.getTime() - now.getTime()).toBeLessThanOrEqual(DAY);
        expect(next(id, first).getTime() - first.getTime()).toBe(DAY);
      }),
    );
  });

  it("is at different moments for different repositories", () => {
    const now = new Date("2026-01-01");
    const hours = new Set(Array.from({ length: 200 }, (_, id) => next(id, now).getUTCHours()));
    expect(hours.size).toBeGreaterThan(20);
  });

  it("comes every quarter of an hour where an environment is critical", () => {
    fc.assert(
      fc.property(fc.nat(), times, (id, now) => {
        const first = next(id, now, [{ every: "usual" }, { every: "quarter-hour" }]);
        expect(first.getTime() - now.getTime()).toBeLessThanOrEqual(15 * MINUTE);
      }),
    );
  });
});

describe("the next scan by schedules", () => {
  const berlin = { cron: "0 6 * * 1-5", timeZone: "Europe/Berlin" };

  it.each([
    ["in winter", "2026-01-05T00:00:00Z", [berlin], "2026-01-05T05:00:00Z"],
    ["in summer", "2026-07-06T00:00:00Z", [berlin], "2026-07-06T04:00:00Z"],
    ["after the weekend", "2026-01-09T12:00:00Z", [berlin], "2026-01-12T05:00:00Z"],
    [
      "whichever comes first",
      "2026-01-09T12:00:00Z",
      [berlin, { cron: "0 0 * * 6", timeZone: "UTC" }],
      "2026-01-10T00:00:00Z",
    ],
    [
      "in the hour that the clocks pass over, after it",
      "2026-03-29T00:00:00Z",
      [{ cron: "30 2 * * *", timeZone: "Europe/Berlin" }],
      "2026-03-29T01:30:00Z",
    ],
  ] as const)("%s", (_what, now, rhythms, expected) => {
    expect(next(1, new Date(now), rhythms)).toEqual(new Date(expected));
  });

  it("is never sooner than the operator has it", () => {
    const often = { cron: "*/15 * * * *", timeZone: "UTC" };
    const now = new Date("2026-01-01T00:00:00Z");
    const intervals = { usual: DAY, shortest: 120 * MINUTE };
    expect(next(1, now, [often], intervals).getTime() - now.getTime()).toBe(120 * MINUTE);
    expect(next(1, now, [{ every: "quarter-hour" }], intervals).getTime() - now.getTime()).toBeGreaterThan(0);
  });

  it("of `H` is a moment of the repository's own that stays", () => {
    const now = new Date("2026-01-01");
    const hourly = { cron: "H * * * *", timeZone: "UTC" };
    const minutes = Array.from({ length: 100 }, (_, id) => next(id, now, [hourly]).getUTCMinutes());
    expect(new Set(minutes).size).toBeGreaterThan(20);
    expect(next(7, now, [hourly])).toEqual(next(7, now, [hourly]));
  });
});
