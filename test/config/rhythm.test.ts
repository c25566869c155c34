import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { rhythmsOf } from "../../src/config/rhythm.ts";

const NOW = new Date("2026-05-01T12:00:00Z");

function rhythms(text: string, paths: readonly string[]) {
  const { config } = parseConfig(`version: 1\n${text}`, "f.yml", NOW);
  if (config === null) throw new Error("not valid");
  const stacks = paths.map((path) => ({ path }));
  return rhythmsOf(config, stacks);
}

const USUAL = { every: "usual" };
const QUARTER = { every: "quarter-hour" };
const CRON = { cron: "0 6 * * *", timeZone: "UTC" };

describe("when stacks are scanned", () => {
  it.each([
    ["nothing is said", "", ["a", "b"], [USUAL]],
    [
      "an environment is critical",
      "stacks: [{ path: a, environment: production }]",
      ["a", "b"],
      [QUARTER, USUAL],
    ],
    ["it is not", "stacks: [{ path: a, environment: staging }]", ["a"], [USUAL]],
    [
      "others are critical",
      "critical_environments: [live-*]\nstacks: [{ path: a, environment: live-eu }, { path: b, environment: production }]",
      ["a", "b"],
      [QUARTER, USUAL],
    ],
    [
      "none is critical",
      'critical_environments: "!*"\nstacks: [{ path: a, environment: production }]',
      ["a"],
      [USUAL],
    ],
    [
      "the file has a schedule",
      "schedule: 0 6 * * *\nstacks: [{ path: a, environment: production }]",
      ["a", "b"],
      [CRON],
    ],
    [
      "a stack has one",
      "schedule: 0 6 * * *\nstacks: [{ path: a, schedule: { cron: 0 7 * * *, time_zone: Europe/Berlin } }]",
      ["a", "b"],
      [{ cron: "0 7 * * *", timeZone: "Europe/Berlin" }, CRON],
    ],
    ["the stack is not there", "stacks: [{ path: gone, environment: production }]", ["a"], [USUAL]],
  ] as const)("%s", (_what, text, paths, expected) => {
    expect(rhythms(text, paths)).toEqual(expected);
  });
});

describe("a schedule that cannot be", () => {
  it.each([
    ["schedule: 0 6 * *", "schedule must be a cron expression of five fields, such as 0 6 * * 1-5"],
    ["schedule: 0 0 6 * * *", "schedule must be a cron expression of five fields"],
    ['schedule: "@daily"', "schedule must be a cron expression of five fields"],
    ["schedule: 61 * * * *", "schedule must be a cron expression with values that there are: minutes 0-59"],
    ["schedule: 0 0 31 2 *", "days that one of its months has"],
    ['schedule: "*/5 * * * *"', "schedule has moments that are less than 15 minutes apart"],
    [
      "schedule: { cron: 0 6 * * *, time_zone: Berlin }",
      "schedule.time_zone must be a time zone such as Europe/Berlin",
    ],
    ["stacks: [{ path: a, schedule: '0,5 3 * * *' }]", "stacks[0].schedule has moments that are less than"],
  ])("%s", (text, message) => {
    const { config, diagnostics } = parseConfig(`version: 1\n${text}`, "f.yml", NOW);
    expect(config).toBeNull();
    expect(diagnostics[0]).toMatchObject({ line: 2, message: expect.stringContaining(message) });
  });
});

describe("a freeze", () => {
  const freezes = (text: string) => parseConfig(`version: 1\nfreeze: [${text}]`, "f.yml", NOW);

  it("of days ends with the last one, in UTC", () => {
    expect(
      freezes("{ from: 2026-12-20, until: 2026-12-31, because: the end of the year }").config?.freezes,
    ).toEqual([
      {
        from: new Date("2026-12-20T00:00:00Z"),
        until: new Date("2027-01-01T00:00:00Z"),
        because: "the end of the year",
      },
    ]);
  });

  it("of times ends at the last one", () => {
    const { config } = freezes('{ from: "2026-12-20T18:00:00+01:00", until: "2026-12-20T20:00:00Z" }');
    expect(config?.freezes[0]).toMatchObject({
      from: new Date("2026-12-20T17:00:00Z"),
      until: new Date("2026-12-20T20:00:00Z"),
    });
  });

  it.each([
    ["{ from: 2026-12-20, until: 2026-12-19 }", "error", "freeze[0].until is before from"],
    ["{ from: 2026-01-01, until: 2026-01-02 }", "warning", "freeze[0].until is over; remove the entry"],
    [
      "{ from: 20. Dezember, until: 2026-12-19 }",
      "error",
      "freeze[0].from must be a day written as 2026-12-20",
    ],
  ])("%s", (text, severity, message) => {
    expect(freezes(text).diagnostics[0]).toMatchObject({
      severity,
      line: 2,
      message: expect.stringContaining(message),
    });
  });
});
