import { describe, expect, it } from "vitest";
import type { Within } from "../../src/drift/tolerance.ts";
import { isTolerated } from "../../src/drift/tolerance.ts";
import { exactNumber } from "../../src/json/json.ts";
import { compareOne, RULES, type Three, type Variation } from "./example.ts";

const number = (text: string): Within => ({ unit: "number", amount: exactNumber(text) });
const percent = (text: string): Within => ({ unit: "percent", amount: exactNumber(text) });
const minutes = (count: number): Within => ({ unit: "milliseconds", amount: count * 60_000 });

/** Whether each finding about an attribute with these values is let be. */
function tolerated(attribute: string, values: Three, within: Within, variation: Variation = {}): boolean[] {
  return compareOne(attribute, values, variation).findings.map((one) => isTolerated(one, within, RULES));
}

const drift = (wanted: Three["desired"], observed: Three["observed"]): Three => ({
  desired: wanted as never,
  recorded: wanted as never,
  observed: observed as never,
});

describe("a number", () => {
  it.each<[string, string | number, string | number, Within, boolean]>([
    ["as far away as may be", 100, 105, number("5"), true],
    ["further away", 100, 106, number("5"), false],
    ["below", 100, 95, number("5"), true],
    ["written as text in the code", "100", 105, number("5"), true],
    [
      "that doubles would not tell exactly",
      exactNumber("0.1") as never,
      exactNumber("0.4") as never,
      number("0.3"),
      true,
    ],
    [
      "a hair further",
      exactNumber("0.1") as never,
      exactNumber("0.4000000000000000000001") as never,
      number("0.3"),
      false,
    ],
    ["within a percentage of what is wanted", 200, 210, percent("5"), true],
    ["beyond it", 200, 211, percent("5"), false],
    ["below zero", -200, -210, percent("5"), true],
    ["wanted as zero, of which every percentage is zero", 0, 1, percent("50"), false],
    ["held against a duration", 100, 101, minutes(5), false],
  ])("%s", (_what, wanted, observed, within, expected) => {
    expect(tolerated("port", drift(wanted, observed), within)).toEqual([expected]);
  });

  it("that the code does not know is held against the state", () => {
    const values = { desired: null, recorded: 10, observed: 11 };
    const unknown = { desired: { unknown: [["port"]] } };
    expect(tolerated("port", values, number("1"), unknown)).toEqual([true]);
    expect(tolerated("port", values, number("0.5"), unknown)).toEqual([false]);
  });

  it("about which code and cloud agree is held against the state", () => {
    expect(tolerated("port", { desired: 10, recorded: 11, observed: 10 }, number("1"))).toEqual([true]);
    expect(tolerated("port", { desired: 10, recorded: 90, observed: 10 }, number("1"))).toEqual([false]);
  });

  it("that the cloud does not have, or that is none, is a finding", () => {
    expect(tolerated("port", { desired: 10, recorded: 10 }, number("100"))).toEqual([false]);
    expect(tolerated("port", drift(10, "eleven"), number("100"))).toEqual([false]);
  });

  it("in a text is part of a text", () => {
    expect(tolerated("name", drift("8.0", "8.1"), number("1"))).toEqual([false]);
  });

  it("inside of a block, and in a map of numbers", () => {
    expect(tolerated("disk", drift([{ size: 10 }] as never, [{ size: 11 }] as never), number("1"))).toEqual([
      true,
    ]);
    expect(tolerated("numbers", drift({ a: 1 } as never, { a: 2 } as never), number("1"))).toEqual([true]);
  });
});

describe("a time", () => {
  it.each<[string, string, string, boolean]>([
    ["as far away as may be", "2026-05-04T10:00:00Z", "2026-05-04T10:05:00Z", true],
    ["in another zone", "2026-05-04T10:00:00Z", "2026-05-04T12:04:00+02:00", true],
    ["further away", "2026-05-04T10:00:00Z", "2026-05-04T10:05:01Z", false],
    ["of which one is none", "2026-05-04T10:00:00Z", "soon", false],
    ["without a zone", "2026-05-04T10:00:00", "2026-05-04T10:00:01", false],
    ["of a day alone", "2026-05-04", "2026-05-05", false],
  ])("%s", (_what, wanted, observed, expected) => {
    expect(tolerated("name", drift(wanted, observed), minutes(5))).toEqual([expected]);
  });

  it("in a tag", () => {
    const values = drift({ at: "2026-05-04T10:00:00Z" } as never, { at: "2026-05-04T10:00:09Z" } as never);
    expect(tolerated("tags", values, minutes(1))).toEqual([true]);
  });
});

describe("what matters to security is never let be", () => {
  it("sensitive values", () => {
    const secret = { desired: { sensitive: [["port"]] } };
    expect(tolerated("port", drift(1, 2), number("5"), secret)).toEqual([false]);
    expect(tolerated("password", drift("2026-05-04T10:00:00Z", "2026-05-04T10:00:01Z"), minutes(5))).toEqual([
      false,
    ]);
  });

  it("ports of firewall rules", () => {
    expect(tolerated("from_port", drift(22, 21), number("5"), { type: "net_rule" })).toEqual([false]);
  });

  it("what is watched", () => {
    const watched = {
      ...RULES,
      thing: {
        ...RULES["thing"],
        attributes: { ...RULES["thing"]?.attributes, port: { kind: "number", watch: "always" } },
      },
    } as typeof RULES;
    const [finding] = compareOne("port", drift(1, 2)).findings;
    if (finding === undefined) throw new Error("nothing was found");
    expect(isTolerated(finding, number("5"), RULES)).toBe(true);
    expect(isTolerated(finding, number("5"), watched)).toBe(false);
  });
});
