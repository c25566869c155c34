import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import type { Finding, FindingKind, Intent } from "../../src/drift/model.ts";
import { judge as judgeBy, NO_DECIDERS } from "../../src/intent/judge.ts";
import type { JudgeContext } from "../../src/intent/match.ts";
import { finding } from "./findings.ts";

const CONTEXT: JudgeContext = { stack: "shop", environment: null, now: new Date("2026-05-01T23:59:59Z") };

function rule(name: string, verdict: Rule["verdict"], parts: Partial<Rule> = {}): Rule {
  const place = { file: ".github/driftwright.yml", line: 4, column: 5 };
  return { name, match: {}, verdict, until: null, because: null, place, ...parts };
}

/** By the rules of a repository alone. */
function judge(given: Finding, rules: readonly Rule[], context: JudgeContext): Intent {
  return judgeBy(given, { ...NO_DECIDERS, rules }, context);
}

const says = (name: string, verdict: string): string =>
  `Rule "${name}" (.github/driftwright.yml:4) says ${verdict}.`;

describe("the first rule that matches decides", () => {
  it("and says why", () => {
    const rules = [
      rule("networks", "revert", { match: { type: ["aws_vpc"] } }),
      rule("sizes", "adopt", { because: "capacity tests", until: "2027-03-31" }),
      rule("rest", "ignore"),
    ];
    expect(judge(finding(), rules, CONTEXT)).toEqual({
      verdict: "adopt",
      decidedBy: '"sizes"',
      because: [
        says("sizes", "adopt"),
        "Its reason: capacity tests",
        "It holds until the end of 2027-03-31 (UTC).",
      ],
    });
  });

  it("without one the finding is undecided", () => {
    expect(judge(finding(), [rule("n", "revert", { match: { type: ["aws_vpc"] } })], CONTEXT)).toEqual({
      verdict: "undecided",
      decidedBy: "default",
      because: ["No rule decides."],
    });
  });
});

describe("a rule's last day", () => {
  it("still counts", () => {
    expect(judge(finding(), [rule("sizes", "adopt", { until: "2026-05-01" })], CONTEXT).verdict).toBe(
      "adopt",
    );
  });

  it("is over the day after: the next rule decides, and the old one is named", () => {
    const rules = [rule("old", "ignore", { until: "2026-04-30" }), rule("new", "revert")];
    expect(judge(finding(), rules, CONTEXT)).toEqual({
      verdict: "revert",
      decidedBy: '"new"',
      because: ['Rule "old" would say ignore, but it ended on 2026-04-30.', says("new", "revert")],
    });
  });

  it("leaves the finding undecided where no other rule matches", () => {
    expect(judge(finding(), [rule("old", "ignore", { until: "2026-04-30" })], CONTEXT)).toEqual({
      verdict: "undecided",
      decidedBy: "default",
      because: ['Rule "old" would say ignore, but it ended on 2026-04-30.', "No rule decides."],
    });
  });

  it("does not matter behind the rule that decided", () => {
    const rules = [rule("new", "revert"), rule("old", "ignore", { until: "2026-04-30" })];
    expect(judge(finding(), rules, CONTEXT).because).toEqual([says("new", "revert")]);
  });
});

describe("what no rule can do", () => {
  it.each<[what: string, parts: Partial<Finding>, reason: string]>([
    [
      "more access",
      { widensAccess: true },
      "It lets in more than the code does, and only a person may adopt that.",
    ],
    [
      "a sensitive value",
      { sensitive: true },
      "It is about a sensitive value, and only a person may adopt that.",
    ],
  ])("adopt %s", (_what, parts, reason) => {
    expect(judge(finding(parts), [rule("all", "adopt")], CONTEXT)).toEqual({
      verdict: "undecided",
      decidedBy: "safety",
      because: [says("all", "adopt"), reason],
      refused: { verdict: "adopt", decidedBy: '"all"' },
    });
    expect(judge(finding(parts), [rule("all", "revert")], CONTEXT).verdict).toBe("revert");
    expect(judge(finding(parts), [rule("all", "ignore")], CONTEXT).verdict).toBe("ignore");
  });

  it.each<[kind: FindingKind, adopt: string, revert: string]>([
    ["drift", "adopt", "revert"],
    ["absorbed", "adopt", "revert"],
    ["deleted", "adopt", "revert"],
    ["unmanaged", "adopt", "revert"],
    ["stale-state", "undecided", "revert"],
    ["conflict", "undecided", "undecided"],
    ["unapplied", "undecided", "undecided"],
    ["pending-create", "undecided", "undecided"],
    ["pending-destroy", "undecided", "undecided"],
    ["needs-import", "undecided", "undecided"],
    ["unreadable", "undecided", "undecided"],
    ["version", "undecided", "undecided"],
  ])(
    "%s: a rule that says adopt makes it %s, one that says revert %s; ignore always holds",
    (kind, adopt, revert) => {
      const verdict = (says: Rule["verdict"]): string =>
        judge(finding({ kind }), [rule("all", says)], CONTEXT).verdict;
      expect([verdict("adopt"), verdict("revert"), verdict("ignore")]).toEqual([adopt, revert, "ignore"]);
    },
  );

  it("and the reason is given", () => {
    expect(judge(finding({ kind: "conflict" }), [rule("all", "adopt")], CONTEXT)).toEqual({
      verdict: "undecided",
      decidedBy: "safety",
      because: [
        says("all", "adopt"),
        "No rule can adopt this: code, state and cloud hold three different values, so a person decides which is right.",
      ],
      refused: { verdict: "adopt", decidedBy: '"all"' },
    });
  });
});
