import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import type { Actor, Finding } from "../../src/drift/model.ts";
import { type JudgeContext, matchesRule } from "../../src/intent/match.ts";
import { change, finding } from "./findings.ts";

const CONTEXT: JudgeContext = {
  stack: "shop",
  environment: "production",
  now: new Date("2026-05-01T12:00:00Z"),
};
const OPERATOR: Actor = {
  id: "arn:aws:sts::123456789012:assumed-role/ops/ann",
  name: "ann",
  kind: "role",
  via: "console",
  at: "2026-05-01T11:00:00Z",
  evidence: "event 1",
};

function matches(
  match: Rule["match"],
  parts: Partial<Finding> = {},
  context: Partial<JudgeContext> = {},
): boolean {
  const place = { file: "c.yml", line: 1, column: 1 };
  const rule: Rule = { name: "r", match, verdict: "ignore", until: null, because: null, place };
  return matchesRule(finding(parts), rule, { ...CONTEXT, ...context });
}

describe("what a rule looks at", () => {
  it.each<[match: Rule["match"], matched: boolean]>([
    [{}, true],
    [{ type: ["aws_instance"] }, true],
    [{ type: ["aws_vpc"] }, false],
    [{ type: ["aws_vpc", "aws_i*"] }, true],
    [{ type: ["aws_*"], stack: ["shop"] }, true],
    [{ type: ["aws_*"], stack: ["other"] }, false],
    [{ environment: ["production"] }, true],
    [{ environment: ["!production"] }, false],
    [{ service: ["*"] }, false],
    [{ service: ["!checkout"] }, false],
    [{ address: ["aws_instance.web"] }, true],
    [{ category: ["policy"] }, false],
    [{ severity: ["low", "medium"] }, true],
    [{ attribute: ["instance_type"] }, true],
    [{ attribute: ["instance"] }, false],
    [{ actor: ["*"] }, false],
  ])("%j: %s", (match, matched) => {
    expect(matches(match)).toBe(matched);
  });

  it("knows the service of a stack that has one", () => {
    const context = { service: "checkout" };
    expect(matches({ service: ["check*"] }, {}, context)).toBe(true);
    expect(matches({ service: ["shop"] }, {}, context)).toBe(false);
  });

  it("takes brackets and quotes in addresses as they are", () => {
    const address = 'module.web["a"].aws_instance.this[0]';
    expect(matches({ address: ['module.web["a"].*'] }, { address })).toBe(true);
    expect(matches({ address: ['module.web["b"].*'] }, { address })).toBe(false);
    expect(matches({ address: ["module.web[ab].*"] }, { address })).toBe(false);
  });

  it("knows an actor by id or by name", () => {
    expect(matches({ actor: ["*:assumed-role/ops/*"] }, { actor: OPERATOR })).toBe(true);
    expect(matches({ actor: ["ann"] }, { actor: OPERATOR })).toBe(true);
    expect(matches({ actor: ["*", "!ann"] }, { actor: OPERATOR })).toBe(false);
  });

  it("does not take what is unknown for something else", () => {
    expect(matches({ environment: ["!production"] }, {}, { environment: null })).toBe(false);
    expect(matches({ actor: ["!ann"] }, { actor: null })).toBe(false);
  });
});

describe("attributes", () => {
  it.each<[patterns: readonly string[], paths: readonly string[], matched: boolean]>([
    [["tags.*"], ["tags.Name"], true],
    [["tags.*"], ['tags["kubernetes.io/role"]'], true],
    [["tags.kubernetes.io/*"], ['tags["kubernetes.io/role"]'], true],
    [['tags["kubernetes.io/role"]'], ['tags["kubernetes.io/role"]'], true],
    [["tags"], ["tags.Name"], true],
    [["tags.Name"], ["tags"], false],
    [["tags.Name"], ["tags.Name2"], false],
    [["ingress"], ["ingress[0].cidr_blocks[1]"], true],
    [["ingress[0]"], ["ingress[1].cidr_blocks"], false],
    [["ingress*"], ["ingress[3]"], true],
    [["*.cidr_blocks"], ["ingress[0].cidr_blocks[1]"], true],
    [["tags", "!tags.Owner"], ["tags.Name"], true],
    [["tags", "!tags.Owner"], ["tags.Owner"], false],
    [["!tags"], ["tags.Owner"], false],
    [["tags.*"], ["tags.Name", "tags.Owner"], true],
    [["tags.Name"], ["tags.Name", "tags.Owner"], false],
    [["*"], [], false],
    [["!tags"], [], false],
  ])("%j against changes of %j: %s", (patterns, paths, matched) => {
    expect(matches({ attribute: patterns }, { changes: paths.map((path) => change(path)) })).toBe(matched);
  });
});
