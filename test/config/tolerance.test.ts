import { describe, expect, it } from "vitest";
import type { Tolerance } from "../../src/config/model.ts";
import { parseOwnerConfig } from "../../src/config/owner-config.ts";
import { parseConfig } from "../../src/config/parse.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
const FILE = "driftwright.yml";

function parsed(text: string) {
  const { config, diagnostics } = parseConfig(`version: 1\n${text}\n`, FILE, NOW);
  const said = diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return { config, said };
}

const within = (text: string) => parsed(`tolerances: [{ match: { attribute: iops }, within: ${text} }]`);

describe("tolerances", () => {
  it.each<[string, Tolerance["within"]]>([
    ["5", { unit: "number", amount: 5 }],
    ["0.25", { unit: "number", amount: 0.25 }],
    ["0", { unit: "number", amount: 0 }],
    ["5%", { unit: "percent", amount: 5 }],
    ["0.5 %", { unit: "percent", amount: 0.5 }],
    ["90s", { unit: "milliseconds", amount: 90_000 }],
    ["15m", { unit: "milliseconds", amount: 900_000 }],
    ["6h", { unit: "milliseconds", amount: 21_600_000 }],
    ["1d", { unit: "milliseconds", amount: 86_400_000 }],
  ])("within %s", (text, expected) => {
    const { config, said } = within(text);
    expect(said).toEqual([]);
    expect(config?.tolerances).toEqual([{ match: { attribute: ["iops"] }, within: expected }]);
  });

  it.each(["-1", "5w", "soon", "'5'", "true", "[1]", "-5%"])("%s is none", (text) => {
    expect(within(text).said).toEqual([
      expect.stringMatching(
        /^2:\d+ tolerances\[0\]\.within must be a number, a percentage such as 5%, or a duration such as 90s, 15m, 6h or 1d, not /,
      ),
    ]);
  });

  it("name the attribute, and match by what is known before anything is judged", () => {
    expect(parsed("tolerances: [{ match: { type: aws_instance }, within: 1 }]").said).toEqual([
      expect.stringContaining("tolerances[0].match.attribute is missing"),
    ]);
    expect(parsed("tolerances: [{ match: { attribute: a, enviroment: x }, within: 1 }]").said).toEqual([
      expect.stringContaining('unknown key "enviroment" in tolerances[0].match; did you mean environment?'),
    ]);
  });

  it("of a repository take the place of the owner's, unless those are enforced", () => {
    const owner = (text: string) => parseOwnerConfig(`version: 1\n${text}\n`, FILE, NOW).config ?? undefined;
    const own = "version: 1\ntolerances: [{ match: { attribute: mine }, within: 1 }]";
    const theirs = "tolerances: [{ match: { attribute: theirs }, within: 1 }]";
    const named = (text: string, by: string) =>
      parseConfig(text, FILE, NOW, owner(by)).config?.tolerances.map(({ match }) => match.attribute);
    expect(named("version: 1", theirs)).toEqual([["theirs"]]);
    expect(named(own, theirs)).toEqual([["mine"]]);
    expect(named(own, `enforced: { ${theirs} }`)).toEqual([["theirs"]]);
  });
});
