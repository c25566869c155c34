import { describe, expect, it } from "vitest";
import type { Intent, JudgedFinding } from "../../src/drift/model.ts";
import { Reports } from "../../src/reports/reports.ts";
import * as fixtures from "./fixtures.ts";
import { deleted, shop, sshOpen, UNDECIDED } from "./fixtures.ts";

const reports = new Reports();
const resized: JudgedFinding = { ...fixtures.resized, intent: UNDECIDED };
const OTHER = {
  stack: "shop-dev",
  address: "aws_instance.b",
  path: "instance_type",
  before: "t3.micro",
  after: "t3.large",
};

function withSharedEdit(finding: JudgedFinding): JudgedFinding {
  const { adoption } = finding;
  if (adoption === null) throw new Error("the fixture has no edit");
  return { ...finding, adoption: { ...adoption, verdict: "shared", effects: [...adoption.effects, OTHER] } };
}

/** What an issue says below "To keep it instead", up to how it is ignored. */
function keepPart(finding: JudgedFinding): string {
  const { body } = reports.issue(finding, shop);
  return (body.split("### To keep it instead\n")[1] ?? "").split("To leave it as it is")[0] ?? "";
}

/** As it is when the edits of all stacks were brought together and this one was left out. */
const LEFT_OUT: Intent = {
  verdict: "undecided",
  decidedBy: "safety",
  because: ["alice said adopt on 2026-10-02.", "No edit is made for it: the literal at main.tf:7 is shared."],
  refused: { verdict: "adopt", decidedBy: "@alice" },
};

describe("an issue offers to adopt", () => {
  it("by a person or a rule what one edit adopts alone", () => {
    expect(keepPart(resized)).toMatch(/comment `\/drift adopt` for a pull request with this edit, or let/);
    expect(keepPart(resized)).toContain("verdict: adopt");
  });

  it.each([
    ["drift", withSharedEdit({ ...resized, intent: LEFT_OUT })],
    ["drift that nobody judged", withSharedEdit(resized)],
    ["opened access", withSharedEdit(sshOpen)],
  ])("%s with an edit that changes more only together with that", (_what, finding) => {
    const part = keepPart(finding);
    expect(part).toContain("<summary>The edit that makes the code follow, and changes other values with it");
    expect(part).toContain("| `aws_instance.b` in `shop-dev` |");
    expect(part).toContain(
      "makes a pull request with it only if all of that has drifted to the same value and is adopted as well, or is not in the cloud; as long as that is not so, neither `/drift adopt` nor a rule brings one",
    );
    expect(part).not.toMatch(/verdict: adopt|for a pull request with this edit/);
  });

  it("opened access by a person alone", () => {
    expect(keepPart(sshOpen)).toMatch(
      /only a person may adopt that\. If it was on purpose, comment `\/drift adopt` \(where the file has code owners, one of them\) for a pull request/,
    );
    expect(keepPart(sshOpen)).not.toContain("verdict: adopt");
  });

  it("what held data and was deleted by a person alone", () => {
    const bucket = {
      ...deleted,
      resource: { ...deleted.resource, type: "aws_s3_bucket" },
      adoption: resized.adoption,
    };
    expect(keepPart(bucket)).toMatch(/What was deleted held data.*comment `\/drift adopt` for/);
    expect(keepPart(bucket)).not.toContain("verdict: adopt");
  });

  it.each<[string, Partial<JudgedFinding>, string]>([
    ["a sensitive value", { sensitive: true }, "put it into the code by hand"],
    ["a conflict", { kind: "conflict" }, "put the right one into the code by hand"],
    ["what has no edit", { adoption: null }, "change the code in a reviewed pull request"],
  ])("nothing of %s", (_what, parts, words) => {
    const part = keepPart({ ...resized, ...parts });
    expect(part).toContain(words);
    expect(part).not.toMatch(/drift adopt|verdict: adopt/);
  });

  it("nothing that is to be adopted already and has no pull request", () => {
    const part = keepPart({ ...resized, intent: { verdict: "adopt", decidedBy: "@alice", because: [] } });
    expect(part).toContain("judged to be on purpose already");
    expect(part).not.toMatch(/drift adopt|verdict: adopt/);
  });
});

describe("an issue about what was decided and cannot be done", () => {
  const { body } = reports.issue({ ...resized, intent: LEFT_OUT }, shop);

  it("says who decided what, why it is not done, and what to do next", () => {
    expect(body).toContain(`**Not done as decided:** \`@alice\` says adopt, and that cannot be done as it is:

- alice said adopt on 2026-10-02.
- No edit is made for it: the literal at main.tf:7 is shared.

Until somebody decides otherwise, or changes the code by hand in a reviewed pull request, this is treated as a change to revert.`);
    expect(body).not.toContain("nothing says whether this was on purpose");
  });

  it("says of a rule that a person alone may decide so, who is asked to", () => {
    const intent: Intent = {
      ...LEFT_OUT,
      because: [
        'Rule "all" says adopt.',
        "It lets in more than the code does, and only a person may adopt that.",
      ],
      refused: { verdict: "adopt", decidedBy: '"all"' },
    };
    const text = reports.issue({ ...sshOpen, intent }, shop).body;
    expect(text).toContain("the rule `all` says adopt, and only a person may decide so:");
    expect(text).toContain("Until a person decides, this is treated as a change to revert.");
    expect(keepPart({ ...sshOpen, intent })).toContain("comment `/drift adopt` (where");
  });

  it("shows the edit, and promises no pull request with it", () => {
    const part = keepPart({ ...resized, intent: LEFT_OUT });
    expect(part).toContain("```diff");
    expect(part).toContain("No pull request is made with this edit, for the reason above.");
    expect(part).not.toMatch(/drift adopt|verdict: adopt/);
  });

  it.each([
    ['"sizes"', "the rule `sizes`"],
    ['policy "sizes"', "the policy `sizes` of the organization"],
  ])("names %s", (decidedBy, name) => {
    const intent: Intent = { ...LEFT_OUT, refused: { verdict: "revert", decidedBy } };
    expect(reports.issue({ ...resized, intent }, shop).body).toContain(
      `${name} says revert, and that cannot`,
    );
  });
});

describe("where a policy of the organization decides", () => {
  const policy: Intent = { verdict: "revert", decidedBy: 'policy "ours"', because: [] };
  const decided = (fingerprint: string): JudgedFinding => ({ ...resized, fingerprint, intent: policy });
  const told = (...findings: [JudgedFinding, ...JudgedFinding[]]) => {
    const [first, ...others] = findings.map((finding) => ({
      finding,
      stack: shop,
      firstSeenAt: new Date(0),
    }));
    if (first === undefined) throw new Error("there is one");
    return reports.issueOf({ findings: [first, ...others], grouping: "stack", left: [], name: "stack:1" })
      .body;
  };

  it("an issue offers no command, no closing and no rule", () => {
    expect(keepPart(decided("a"))).toContain("The policy `ours` of the organization decides about this.");
    for (const body of [told(decided("a")), told(decided("a"), decided("b"))])
      expect(body).not.toMatch(/\/drift|not planned|verdict:/);
  });

  it("an issue about several shows how to decide about one of the others", () => {
    expect(told(decided("a"), { ...resized, fingerprint: "b", address: "aws_instance.other" })).toContain(
      "name that: `/drift ignore aws_instance.other`",
    );
  });
});
