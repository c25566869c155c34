import { expect, it } from "vitest";
import { ageText, dayText } from "../../src/reports/age.ts";

const NOW = new Date("2026-11-22T00:10:00Z");

it.each([
  ["2026-11-22T00:00:00Z", "today"],
  ["2026-11-23T00:00:00Z", "today"],
  ["2026-11-21T23:59:00Z", "1 day"],
  ["2026-11-09T12:00:00Z", "13 days"],
  ["2026-11-08T12:00:00Z", "2 weeks"],
  ["2026-09-14T12:00:00Z", "9 weeks"],
  ["2026-09-13T12:00:00Z", "2 months"],
  ["2024-11-23T12:00:00Z", "23 months"],
  ["2024-11-20T12:00:00Z", "2 years"],
])("from %s it is %s", (from, expected) => {
  expect(ageText(new Date(from), NOW)).toBe(expected);
});

it("is the same all day long", () => {
  const from = new Date("2026-11-01T18:00:00Z");
  const times = Array.from({ length: 24 }, (_, hour) => new Date(Date.UTC(2026, 10, 22, hour)));
  expect(new Set(times.map((time) => ageText(from, time)))).toEqual(new Set(["3 weeks"]));
  expect(new Set(times.map(dayText))).toEqual(new Set(["2026-11-22"]));
});
