import { describe, expect, it } from "vitest";
import type { ChecksSettings } from "../../src/config/model.ts";
import { NO_OWNER_CONFIG, parseOwnerConfig } from "../../src/config/owner-config.ts";
import { parseConfig } from "../../src/config/parse.ts";

const NOW = new Date("2026-05-01T12:00:00Z");

function parse(text: string, ofOwner: string | null = null) {
  const owner =
    ofOwner === null ? null : parseOwnerConfig(`version: 1\n${ofOwner}\n`, "driftwright.yml", NOW).config;
  return parseConfig(`version: 1\n${text}\n`, ".github/driftwright.yml", NOW, owner ?? NO_OWNER_CONFIG);
}

describe("which drift makes a check fail", () => {
  it.each<[string, ChecksSettings]>([
    ["", { fail: null }],
    ["checks: {}", { fail: null }],
    ["checks: { fail: {} }", { fail: { severities: null, environments: null } }],
    [
      "checks: { fail: { severities: [critical, high] } }",
      { fail: { severities: ["critical", "high"], environments: null } },
    ],
    ["checks: { fail: { environments: prod } }", { fail: { severities: null, environments: ["prod"] } }],
    [
      'checks: { fail: { environments: ["live-*", "!live-test"] } }',
      { fail: { severities: null, environments: ["live-*", "!live-test"] } },
    ],
  ])("%s", (text, checks) => {
    const { config, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(config?.checks).toEqual(checks);
  });

  it("is said by the owner where the repository says nothing, and by the repository where it does", () => {
    const owner = "checks: { fail: { severities: [high] } }";
    expect(parse("", owner).config?.checks.fail?.severities).toEqual(["high"]);
    expect(parse("checks: {}", owner).config?.checks.fail).toBeNull();
  });

  it("is what the owner enforces, whatever the repository says", () => {
    const { config, diagnostics } = parse(
      "checks: {}",
      "enforced: { checks: { fail: { severities: [high] } } }",
    );
    expect(config?.checks.fail?.severities).toEqual(["high"]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "checks has no effect: driftwright.yml says it for all repositories; remove it",
    ]);
  });

  it.each([
    ["checks: { fail: { severities: [hihg] } }", /severities\[0\] must be one of critical, high/],
    ["checks: { fail: { severities: [] } }", /severities must be a list of severities/],
    ["checks: { fails: {} }", /unknown key .*fails/],
    ["checks: failure", /checks must be/],
  ])("%s is a mistake", (text, message) => {
    const { config, diagnostics } = parse(text);
    expect(config).toBeNull();
    expect(diagnostics.map((one) => one.message).join("\n")).toMatch(message);
  });
});
