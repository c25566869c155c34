import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import type { Finding, FindingKind, Intent } from "../../src/drift/model.ts";
import { asDecided, boundRevision, type Decision, lastIgnoredDay } from "../../src/intent/decision.ts";
import { judge, NO_DECIDERS } from "../../src/intent/judge.ts";
import type { JudgeContext } from "../../src/intent/match.ts";
import { finding } from "./findings.ts";

const CONTEXT: JudgeContext = { stack: "shop", environment: null, now: new Date("2026-05-01T12:00:00Z") };

function rule(name: string, verdict: Rule["verdict"], parts: Partial<Rule> = {}): Rule {
  const place = { file: ".github/driftwright.yml", line: 4, column: 5 };
  return { name, match: {}, verdict, until: null, because: null, place, ...parts };
}

function decided(verdict: Decision["verdict"], parts: Partial<Decision> = {}): Decision {
  return {
    fingerprint: "f",
    revision: null,
    verdict,
    by: "alice",
    at: new Date("2026-04-01T12:00:00Z"),
    until: null,
    because: null,
    via: "command",
    ...parts,
  };
}

describe("who decides", () => {
  const policy = { enforced: [rule("p", "revert")] };
  const person = { decision: decided("adopt") };
  const ignore = { ignore: [rule("i", "ignore")] };
  const rules = { rules: [rule("r", "adopt")] };
  const defaults = { defaults: [rule("d", "revert")] };

  it.each<[string, Partial<typeof NO_DECIDERS>, string]>([
    [
      "the organisation's policy, before all",
      { ...policy, ...person, ...ignore, ...rules },
      'revert policy "p"',
    ],
    ["a person, before all rules", { ...person, ...ignore, ...rules, ...defaults }, "adopt @alice"],
    ["what is to be ignored, before other rules", { ...ignore, ...rules, ...defaults }, 'ignore "i"'],
    ["the repository's rules, before the organisation's", { ...rules, ...defaults }, 'adopt "r"'],
    ["the organisation's rules last", { ...defaults }, 'revert "d"'],
    ["nobody", {}, "undecided default"],
  ])("%s", (_what, deciders, expected) => {
    const { verdict, decidedBy } = judge(finding(), { ...NO_DECIDERS, ...deciders }, CONTEXT);
    expect(`${verdict} ${decidedBy}`).toBe(expected);
  });

  it("a person says who, when, why and for how long", () => {
    const decision = decided("ignore", { until: "2026-06-01", because: "a test", revision: "r" });
    expect(judge(finding(), { ...NO_DECIDERS, decision }, CONTEXT).because).toEqual([
      "alice said ignore on 2026-04-01.",
      "The reason: a test",
      "It holds until the end of 2026-06-01 (UTC).",
      "It holds for these values alone.",
    ]);
  });
});

describe("a decision that does not hold any more", () => {
  it.each<[string, Partial<Decision>, string]>([
    ["since its last day is over", { until: "2026-04-30" }, "alice said ignore, which ended on 2026-04-30."],
    [
      "since it was about other values",
      { revision: "old" },
      "alice said ignore about other values than there are now.",
    ],
  ])("%s: the rules decide, and it is named", (_what, parts, said) => {
    const deciders = { ...NO_DECIDERS, decision: decided("ignore", parts), rules: [rule("r", "revert")] };
    const intent = judge(finding(), deciders, CONTEXT);
    expect(intent.verdict).toBe("revert");
    expect(intent.because[0]).toBe(said);
  });

  it("its last day counts", () => {
    const decision = decided("ignore", { until: "2026-05-01" });
    expect(judge(finding(), { ...NO_DECIDERS, decision }, CONTEXT).verdict).toBe("ignore");
  });
});

describe("the safety floor", () => {
  it.each<[string, Partial<Finding>]>([
    ["more access", { widensAccess: true }],
    [
      "the end of what held data",
      { kind: "deleted", resource: { ...finding().resource, type: "aws_s3_bucket" } },
    ],
  ])("%s is adopted by a person, and by no rule or policy", (_what, parts) => {
    const one = finding(parts);
    for (const deciders of [{ rules: [rule("r", "adopt")] }, { enforced: [rule("p", "adopt")] }]) {
      const byRule = judge(one, { ...NO_DECIDERS, ...deciders }, CONTEXT);
      expect(`${byRule.verdict} ${byRule.decidedBy}`).toBe("undecided safety");
      const decision = decided("adopt");
      expect(judge(one, { ...NO_DECIDERS, ...deciders, decision }, CONTEXT).verdict).toBe("adopt");
    }
  });

  it.each<[FindingKind, Decision["verdict"], Partial<Finding>, RegExp]>([
    ["drift", "adopt", { sensitive: true }, /no pull request may show/],
    ["conflict", "adopt", {}, /three different values/],
    ["unmanaged", "adopt", {}, /No code declares it/],
    ["unapplied", "revert", {}, /not applied yet/],
  ])("not even a person can say of %s: %s", (kind, verdict, parts, why) => {
    const deciders = { ...NO_DECIDERS, decision: decided(verdict) };
    const intent = judge(finding({ kind, ...parts }), deciders, CONTEXT);
    expect(`${intent.verdict} ${intent.decidedBy}`).toBe("undecided safety");
    expect(intent.because.at(-1)).toMatch(why);
    expect(intent.refused).toEqual({ verdict, decidedBy: "@alice" });
  });

  it.each([
    [{ widensAccess: true }, "r"],
    [{ sensitive: true }, "r"],
    [{}, null],
  ])("what is decided about %j holds for the revision %j", (parts, expected) => {
    expect(boundRevision(finding(parts))).toBe(expected);
  });
});

describe("between two scans", () => {
  const judgedFrom = new Date("2026-05-01T00:00:00Z");
  const since = new Date("2026-05-01T06:00:00Z");
  const judged = (verdict: Intent["verdict"], decidedBy = "default") => ({
    ...finding(),
    intent: { verdict, decidedBy, because: [] },
    adoption: null,
    revert: null,
  });

  it.each<[string, ReturnType<typeof judged>, Decision | null, string]>([
    ["what needs no edit holds at once", judged("adopt", '"r"'), decided("ignore", { at: since }), "ignore"],
    ["an edit waits for the next scan", judged("revert"), decided("adopt", { at: since }), "revert pending"],
    ["unless it is looked for already", judged("adopt"), decided("adopt", { at: since }), "adopt"],
    ["what the scan knew is judged", judged("undecided", "safety"), decided("adopt"), "undecided"],
    ["what a person took back waits", judged("ignore", "@alice"), null, "ignore pending"],
    ["what was said before that counts again", judged("ignore", "@alice"), decided("revert"), "revert"],
    ["but for an edit", judged("ignore", "@alice"), decided("adopt"), "ignore pending"],
    ["policy stays", judged("revert", 'policy "p"'), decided("ignore", { at: since }), "revert"],
  ])("%s", (_what, given, decision, expected) => {
    const { finding: now, pending } = asDecided(given, { decision, judgedFrom });
    expect(`${now.intent.verdict}${pending ? " pending" : ""}`).toBe(expected);
  });
});

it("drift is ignored for 90 days where nobody says until when", () => {
  expect(lastIgnoredDay(new Date("2026-05-01T23:59:59Z"))).toBe("2026-07-30");
});
