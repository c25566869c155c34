import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { JudgedFinding, StackResult } from "../../src/drift/model.ts";
import { parsePath } from "../../src/json/path.ts";
import { byteLength } from "../../src/reports/budget.ts";
import { parseMarker } from "../../src/reports/marker.ts";
import { publicSummary } from "../../src/reports/public-counts.ts";
import { Redaction } from "../../src/reports/redaction.ts";
import { Reports } from "../../src/reports/reports.ts";
import * as fixtures from "./fixtures.ts";
import {
  change,
  finding,
  inStack,
  known,
  resized,
  SECRET,
  shop,
  sshOpen,
  stack,
  UNCOMPARED,
} from "./fixtures.ts";
import { hostile, hostileFinding } from "./hostile.ts";
import { htmlTags, LINKING, rendered, tableShapes, withoutFences } from "./markdown-rules.ts";

const reports = new Reports();

/** Its edit changes more than what it is made for. */
const shared: JudgedFinding = {
  ...resized,
  adoption: {
    ...fixtures.resizeAdoption,
    verdict: "shared",
    effects: [
      ...fixtures.resizeAdoption.effects,
      {
        stack: "shop-dev",
        address: "aws_instance.b",
        path: "instance_type",
        before: "t3.micro",
        after: "t3.large",
      },
      { address: "aws_instance.c", path: "", before: null, after: { instance_type: "t3.large" } },
    ],
  },
};

describe("a pull request", () => {
  const { title, body, overflow } = reports.pullRequest(inStack(shop, [resized]));

  it("says in its title what it changes", () => {
    expect(title).toBe('Adopt t3.large for instance_type of module.web["api"].aws_instance.this');
  });

  it("says first in its title that it opens access, also of one among others", () => {
    const opening = { ...sshOpen, adoption: resized.adoption };
    expect(reports.pullRequest(inStack(shop, [opening])).title).toBe(
      "Opens access: adopt the new value of ingress[2] of aws_security_group.web",
    );
    expect(reports.pullRequest(inStack(shop, [resized, opening])).title).toBe(
      "Opens access: adopt 2 changes made outside the code in shop-prod",
    );
  });

  it("says of its edit what the proof does not say already", () => {
    const why = "evaluation shows that nothing else changes";
    const adoption = { ...fixtures.resizeAdoption, why };
    const said = reports.pullRequest(inStack(shop, [{ ...resized, adoption }])).body;
    expect(said).not.toContain("valuation shows");
    const more = { ...adoption, why: `${why} but the instance's address, which moved blocks tell Terraform` };
    expect(reports.pullRequest(inStack(shop, [{ ...resized, adoption: more }])).body).toContain(
      "\n\nEvaluation shows that nothing else changes but the instance's address, which moved blocks tell Terraform.\n",
    );
  });

  it("begins with its marker", () => {
    expect(parseMarker(body)).toEqual({
      kind: "pull-request",
      stack: "shop-prod",
      fingerprints: ["5b1f0c9d2e7a4863"],
      revisions: ["a1b2c3d4e5f60718"],
    });
    expect(body.startsWith("<!-- driftwright:v1 ")).toBe(true);
  });

  it.each([
    [
      "the three values and the place",
      '| `instance_type` | `"t3.micro"` | `"t3.micro"` | `"t3.large"` | `infra/shop/prod.tfvars:4` |',
    ],
    [
      "who did it",
      "**Changed by** `alice` (user, through the console) on 2026-09-30 16:20 UTC; evidence: `CloudTrail event 6f1c2b7e`.",
    ],
    ["who judged", "**Judged to be on purpose by** the rule `sizes are on purpose`:"],
    ["why", "- capacity tests\n"],
    ["the edit", '-  api    = { size = "t3.micro" }\n+  api    = { size = "t3.large" }\n'],
    ["the proof", "It changes the value above and nothing else."],
    ["what else changes", "### What else changes\n\nNothing else.\n"],
    ["what merging does", "Merging changes nothing in the cloud"],
    ["how to reject it", "Close this pull request without merging it"],
    ["the rule that reverts", "      attribute: instance_type\n    verdict: revert\n"],
  ])("shows %s", (_, part) => {
    expect(body).toContain(part);
    expect(overflow).toBeNull();
  });

  it("lists what else a shared edit changes", () => {
    const text = reports.pullRequest(inStack(shop, [shared])).body;
    expect(text).toContain('It changes the value above and 2 more, listed under "What else changes".');
    expect(text).toContain(
      '| `aws_instance.b` in `shop-dev` | `instance_type` | `"t3.micro"` | `"t3.large"` |',
    );
    expect(text).toContain(
      '| `aws_instance.c` | *the whole instance* | *not set* | `{ instance_type = "t3.large" }` |',
    );
  });

  it("names both addresses of an instance that the edit moves", () => {
    const { address, adoption } = resized;
    if (adoption === null) throw new Error("there is no edit");
    const move = { address, path: "", before: address, after: "aws_instance.other" };
    const moving = { ...resized, adoption: { ...adoption, effects: [...adoption.effects, move] } };
    expect(reports.pullRequest(inStack(shop, [moving])).body).toContain(
      `| \`${address}\` | *the address* | \`"${address.replaceAll('"', '\\"')}"\` | \`"aws_instance.other"\` |`,
    );
  });

  it("says how severe it is, and which resource it is about", () => {
    const account = "account `123456789012`, region `eu-central-1`";
    const one = /^\*\*(?:Medium|Low|High)\*\* · drift · configuration · `aws_instance` `i-[0-9a-f]+`, /m.exec(
      body,
    );
    expect(body.slice(one?.index).split("\n")[0]).toContain(account);
    const other: JudgedFinding = { ...resized, address: "aws_instance.other", fingerprint: "77" };
    expect(
      reports.pullRequest(inStack(shop, [resized, other])).body.match(/^- \*\*\w+\*\* · drift/gm),
    ).toHaveLength(2);
  });

  it("takes findings that share one edit", () => {
    const other: JudgedFinding = { ...resized, address: "aws_instance.other", fingerprint: "77" };
    const both = reports.pullRequest(inStack(shop, [resized, other]));
    expect(both.title).toBe("Adopt t3.large for instance_type of 2 instances");
    expect(both.body).toContain('| `aws_instance.other` | `instance_type` | `"t3.micro"`');
    expect(both.body.match(/```diff/g)).toHaveLength(1);
    expect(parseMarker(both.body)?.fingerprints).toEqual(["5b1f0c9d2e7a4863", "77"]);
    expect(parseMarker(both.body)?.stack).toBe("shop-prod");
  });

  it("may be of several stacks: each row names its own", () => {
    const dev = stack({ name: "shop-dev", environment: "development" });
    const other: JudgedFinding = { ...resized, fingerprint: "77" };
    const all = [{ stack: shop, finding: resized }, ...inStack(dev, [other])] as const;
    const { title, body } = reports.pullRequest(all);
    expect(title).toBe("Adopt t3.large for instance_type of 2 instances");
    expect(body).toContain(
      "the code of the stacks `shop-prod` (`production`) and `shop-dev` (`development`) say",
    );
    expect(body).toContain("was changed outside the code (stack `shop-dev` (`development`)).");
    expect(body).toMatch(/^\| `shop-dev` \| `module\.web.*` \| `instance_type` \|/m);
    expect(parseMarker(body)).toMatchObject({ stack: null, fingerprints: ["5b1f0c9d2e7a4863", "77"] });
    const { title: another } = reports.pullRequest([all[0], { stack: dev, finding: sshOpen }]);
    expect(another).toBe("Opens access: adopt 2 changes made outside the code in 2 stacks");
  });

  it("keeps the name of the finding that it was opened for", () => {
    const named = (name: string) =>
      parseMarker(reports.pullRequest(inStack(shop, [resized]), name).body)?.name;
    expect(named(resized.fingerprint)).toBeUndefined();
    expect(named("77")).toBe("77");
  });
});

describe("titles of pull requests", () => {
  const of = 'module.web["api"].aws_instance.this';
  it.each([
    [
      "a removed tag",
      { changes: [change("tags.Owner", known("a"), known("a"), "absent")] },
      `Adopt the removal of tags.Owner of ${of}`,
    ],
    [
      "a value of many words",
      { changes: [change("description", known("a"), known("a"), known("b c"))] },
      `Adopt the new value of description of ${of}`,
    ],
    [
      "an address",
      { changes: [change("url", known("a"), known("a"), known("https://a.b"))] },
      `Adopt the new value of url of ${of}`,
    ],
    ["a number", { changes: [change("size", known(1), known(1), known(20))] }, `Adopt 20 for size of ${of}`],
    [
      "several elements",
      {
        changes: [
          change("ingress[0]", "absent", "absent", known({})),
          change("ingress[1]", "absent", "absent", known({})),
        ],
      },
      `Adopt 2 changes of ingress of ${of}`,
    ],
    ["a deletion", { kind: "deleted" as const }, `Adopt the deletion of ${of}`],
  ])("%s", (_, parts, title) => {
    expect(reports.pullRequest(inStack(shop, [finding(parts)])).title).toBe(title);
  });
});

test("the pull request of a deletion says what merging does, and what the state does with it", () => {
  const gone = { kind: "deleted" as const, changes: [] };
  const { body } = reports.pullRequest(inStack(shop, [finding(gone)]));
  expect(body).toContain("It changes whether the instance above is declared and nothing else.");
  expect(body).toContain(
    "the next plan does not create it again. Where the state still has it, Terraform forgets it",
  );
  const both = [finding(gone), finding({ ...gone, fingerprint: "f2" })] as const;
  expect(reports.pullRequest(inStack(shop, both)).body).toContain("whether the instances above are declared");
  const mixed = reports.pullRequest(inStack(shop, [resized, finding(gone)])).body;
  expect(mixed).toContain(
    "It changes the value above, and whether the instance above is declared, and nothing else.",
  );
  expect(mixed).toContain("the code then says what already runs");
  expect(mixed).toContain("The code no longer declares what was deleted");
});

describe("an issue", () => {
  const { title, body } = reports.issue(sshOpen, shop);

  it("says in its title how bad it is and what happened", () => {
    expect(title).toBe("Critical: Lets everybody in: TCP 22 from 0.0.0.0/0 (aws_security_group.web)");
    expect(reports.issue(resized, shop).title).toBe(
      'Medium: instance_type of module.web["api"].aws_instance.this is t3.large, the code says t3.micro',
    );
    expect(reports.issue(fixtures.deleted, shop).title).toBe(
      "High: aws_subnet.spare was deleted outside the code",
    );
  });

  it.each([
    [
      "severity, kind, category and environment",
      "**Critical** · drift · policy · stack `shop-prod` (`production`)",
    ],
    ["what the rule lets in", 'from_port = 22, protocol = "tcp"'],
    ["the note", "- Lets everybody in: TCP 22 from 0.0.0.0/0."],
    [
      "the resource",
      "**Resource:** `aws_security_group` `sg-0f00ba4`, account `123456789012`, region `eu-central-1`",
    ],
    ["that nobody is known", "**Changed by:** not known"],
    ["that nobody decided", "**Undecided:** nothing says whether this was on purpose."],
    [
      "what depends on it",
      "In this stack, 2 resources refer to it, directly or through others:\n\n- `module.web",
    ],
    [
      "the step",
      "1. [ ] Take the rule away\n\n   Effect: changes in place; the resource keeps running.\n\n   ```sh\n   aws ec2 revoke",
    ],
    ["a command to copy", `--ip-permissions '[{"IpProtocol":"tcp","FromPort":22,`],
    ["the edit as a preview", '+    cidr_blocks = ["0.0.0.0/0"]'],
    ["that no rule adopts it", "It lets in more than the code does, and only a person may adopt that."],
    [
      "how to ignore it for a while",
      "      attribute: ingress\n    verdict: ignore\n    until: YYYY-MM-DD\n",
    ],
  ])("shows %s", (_, part) => {
    expect(body).toContain(part);
  });

  it("offers no rule that would adopt what widens access", () => {
    expect(body).not.toContain("verdict: adopt");
    expect(reports.issue({ ...sshOpen, widensAccess: false }, shop).body).toContain("verdict: adopt");
  });

  it("lists what else the edit changes that would adopt it", () => {
    const text = reports.issue(shared, shop).body;
    expect(text).toContain("What else changes with it:\n\n| Resource | Attribute |");
    expect(text).toContain(
      '| `aws_instance.b` in `shop-dev` | `instance_type` | `"t3.micro"` | `"t3.large"` |',
    );
    expect(reports.issue(resized, shop).body).not.toContain("What else changes");
  });

  it("does not say of what was deleted that it would be destroyed", () => {
    const text = reports.issue(fixtures.deleted, shop).body;
    expect(text).toContain("Effect: creates a new resource.");
    expect(text).not.toContain("destroys");
  });

  it("says why no edit was found", () => {
    expect(reports.issue(fixtures.tagRemoved, shop).body).toContain(
      "No edit of the code was found that adopts it: infra/shop/locals.tf:9 gives the tag to 14 instances",
    );
  });

  it("numbers the steps and keeps their commands inside of them", () => {
    const steps = Array.from({ length: 11 }, (_, index) => ({
      title: `Step ${index}`,
      commands: [{ tool: "aws" as const, argv: ["a\nb"] }],
      impact: "restart" as const,
      verify: "",
    }));
    const text = reports.issue({ ...sshOpen, revert: { steps, dependents: [] } }, shop).body;
    expect(text).toContain(
      "\n11. [ ] Step 10\n\n    Effect: restarts the resource.\n\n    ```sh\n    aws 'a\n    b'\n    ```\n",
    );
    expect(text).toContain("No other resource in this stack refers to it.");
  });

  it("says where a command shows characters as escapes", () => {
    const step = { title: "x", impact: "unknown" as const, verify: "" };
    const withCommand = (argument: string) =>
      reports.issue(
        {
          ...sshOpen,
          revert: { steps: [{ ...step, commands: [{ tool: "aws", argv: [argument] }] }], dependents: [] },
        },
        shop,
      ).body;
    expect(withCommand("a\u202eb")).toContain("They show as escapes here");
    expect(withCommand("a b")).not.toContain("They show as escapes here");
  });

  it("shows long values line by line", () => {
    const policy = (action: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Action: action, Effect: "Allow", Resource: "x".repeat(300) }],
      });
    const one = finding({
      changes: [
        change("policy", known(policy("s3:GetObject")), known(policy("s3:GetObject")), known(policy("s3:*"))),
      ],
    });
    expect(reports.issue(one, shop).body).toContain(
      '-      "Action": "s3:GetObject",\n+      "Action": "s3:*",\n',
    );
  });

  it("holds nothing of a sensitive value", () => {
    const text = reports.issue(fixtures.secretChanged, shop);
    expect(`${text.title}${text.body}`).not.toContain(SECRET);
    expect(text.body).not.toContain("old secret nobody registered");
    expect(text.body).toContain("| `user_data` | *(sensitive)* | *(sensitive)* | *(sensitive)* |  |");
    expect(text.body).toContain("Commands that would contain a sensitive value are left out of the plan.");
  });
});

describe("a check run", () => {
  const reverts = {
    finding: sshOpen,
    stack: shop,
    effect: "reverts" as const,
    places: [{ file: "infra/shop/network.tf", from: 20, to: 22 }],
  };
  const conflicts = { finding: fixtures.conflict, stack: shop, effect: "conflicts" as const, places: [] };
  const contains = {
    finding: resized,
    stack: shop,
    effect: "contains" as const,
    places: [
      { file: "a.tf", from: 1, to: 1 },
      { file: "b.tf", from: 2, to: 2 },
    ],
  };

  it("counts, and says of each what applying the change would do", () => {
    const run = reports.checkRun([reverts, conflicts, contains]);
    expect(run.title).toBe("This change touches 3 drifted instances");
    expect(run.conclusion).toBe("neutral");
    expect(run.summary).toContain("- 1 drift would be reverted by applying this change.");
    expect(run.summary).toContain(
      "| would set a third value: neither what the state recorded nor what runs now |",
    );
    expect(run.summary).toContain(
      '| `instance_type`: `"t3.micro"` → `"t3.large"` | changes nothing there: the code already contains it |',
    );
    expect(run.text).toContain("### `ingress[2]` of `aws_security_group.web` was changed outside the code");
    expect(run.text).toContain("This change touches it at `infra/shop/network.tf:20-22`.");
  });

  it("annotates every place in plain text", () => {
    expect(reports.checkRun([reverts, contains]).annotations).toEqual([
      {
        path: "infra/shop/network.tf",
        start_line: 20,
        end_line: 22,
        annotation_level: "warning",
        title: "Critical drift: aws_security_group.web",
        message: expect.stringContaining("Applying this change would revert it"),
      },
      expect.objectContaining({ path: "a.tf", start_line: 1, annotation_level: "notice" }),
      expect.objectContaining({ path: "b.tf", start_line: 2, annotation_level: "notice" }),
    ]);
  });

  it("succeeds where nothing would be undone", () => {
    expect(reports.checkRun([])).toMatchObject({
      title: "Nothing that this change touches has drifted",
      conclusion: "success",
      annotations: [],
      text: "\n",
    });
    expect(reports.checkRun([contains])).toMatchObject({
      title: "Adopts 1 drift: the code then says what the cloud has",
      conclusion: "success",
      summary: expect.not.stringContaining("Before you merge"),
    });
    expect(reports.checkRun([contains]).annotations[0]?.message).toContain(
      "Applying this change changes nothing there: the code already contains it.",
    );
  });

  it("lists the most severe first, in the table and below", () => {
    const run = reports.checkRun([contains, conflicts, reverts]);
    const severities = [...run.summary.matchAll(/^\| (critical|high|medium) \|/gm)].map(([, word]) => word);
    expect(severities).toEqual(["critical", "high", "medium"]);
    expect(run.text.indexOf("ingress")).toBeLessThan(run.text.indexOf("t3.micro"));
  });

  it.each([
    ["destroys", "would destroy the resource", "1 drift would go with its resource: destroyed.", true],
    ["replaces", "would replace the resource", "1 drift would go with its resource: replaced.", true],
    ["recreates", "would create it again", "1 deleted resource would be created again.", true],
    ["unknown", "may change it", "Of 1 drift it is not known before an apply", false],
    ["unset", "may leave it or set the provider's default", "1 drift may stay or go back", false],
    ["leaves", "would leave it as it is", "1 drift would stay: the code does not decide it.", false],
  ] as const)("tells when a change %s", (effect, row, count, isAdvised) => {
    const run = reports.checkRun([{ ...reverts, effect }]);
    expect(run.conclusion).toBe("neutral");
    expect(run.summary).toContain(`| ${row}`);
    expect(run.summary).toContain(`- ${count}`);
    expect(run.summary.includes("Before you merge")).toBe(isAdvised);
    expect(run.annotations[0]?.annotation_level).toBe(isAdvised ? "warning" : "notice");
  });

  it("says what could not be evaluated, and nothing in its place", () => {
    const context = { notEvaluated: [{ stack: "app", why: "app/main.tf does not parse" }], adopts: [] };
    const run = reports.checkRun([], context);
    expect(run).toMatchObject({ title: "1 stack could not be evaluated in full", conclusion: "neutral" });
    expect(run.summary).toContain("### Not evaluated\n\n- `app`: app/main.tf does not parse.");
    expect(run.summary).not.toContain("has drifted");
    expect(reports.checkRun([contains], context)).toMatchObject({
      title: "Adopts 1 drift: the code then says what the cloud has; 1 stack could not be evaluated in full",
      conclusion: "neutral",
    });
  });

  it("of a pull request of its own tells what that does, and what it is no part of", () => {
    const context = { notEvaluated: [], adopts: [resized.fingerprint] };
    const run = reports.checkRun(
      [contains, { ...reverts, finding: { ...sshOpen, address: resized.address } }],
      context,
    );
    expect(run.title).toBe("Adopts 1 drift; 1 other of the same resources is not part of it");
    expect(run.summary).toContain("with or without this pull request");
    expect(run.summary).not.toContain("Before you merge");
  });
});

describe("a summary", () => {
  const { body } = reports.summary([shop, fixtures.broken], [{ path: "live/prod", tool: "Terragrunt" }]);

  it.each([
    [
      "the counts",
      "6 changes made outside the code in 1 stack: 1 critical, 3 high, 1 medium, 1 low. 1 stack could not be scanned.",
    ],
    [
      "failures with their reason",
      '- `billing`: `infra/billing/main.tf:7:10`: Expected "=" or a block after "bucket".',
    ],
    [
      "coverage",
      "| `shop-prod` | `infra/shop` | `production` | incomplete: a part could not be read | 13 of 14 | 170 of 210 | 7 |",
    ],
    ["what is not scanned yet", "### Found, not scanned yet\n\n- `live/prod`: Terragrunt\n"],
  ])("shows %s", (_, part) => {
    expect(body).toContain(part);
  });

  it("lists the most severe first", () => {
    const severities = [...body.matchAll(/^\| (critical|high|medium|low|info) \|/gm)].map(
      ([, severity]) => severity,
    );
    expect(severities).toEqual(["critical", "high", "high", "high", "medium", "low", "info"]);
  });

  it("says when there is none, and counts what is ignored", () => {
    expect(reports.summary([stack()]).body).toContain("No drift in 1 stack.");
    expect(reports.summary([stack({ status: "incomplete" })]).body).toContain(
      "No drift in 1 stack, in what could be read.",
    );
    expect(reports.summary([fixtures.broken]).body).toContain("\n1 stack could not be scanned.\n");
    const ignored = finding({ intent: { verdict: "ignore", decidedBy: '"x"', because: [] } });
    const text = reports.summary([stack({ findings: [ignored] })]).body;
    expect(text).toContain("1 finding more is ignored by rules.");
    expect(text).not.toContain("### Findings");
  });

  it.each<[string, StackResult[], string]>([
    ["drift", [shop, fixtures.broken], "Drift found by the first scan"],
    [
      "nothing but a failure",
      [fixtures.broken],
      "Nothing is known of drift yet: 1 stack could not be scanned",
    ],
    [
      "a failure beside what has not drifted",
      [stack(), fixtures.broken],
      "No drift found yet: 1 of 2 stacks could not be scanned",
    ],
    [
      "too much at once",
      [stack({ status: "suspect" })],
      "No drift believed yet: too much of 1 of 1 stack changed at once",
    ],
    ["nothing, in what could be read", [stack({ status: "incomplete" })], "No drift in what could be read"],
    [
      "nothing of which anything could be compared",
      [stack({ coverage: UNCOMPARED })],
      "Nothing is known of drift yet: nothing could be compared in 1 stack",
    ],
    [
      "nothing, where a part could not be compared",
      [stack(), stack({ coverage: UNCOMPARED })],
      "No drift in what could be read",
    ],
    ["nothing", [stack()], "No drift"],
  ])("has a title for %s", (_what, stacks, title) => {
    expect(reports.summary(stacks).title).toBe(title);
    expect(publicSummary(stacks).title).toBe(
      title.replace("Drift found by the first scan", "Drift in this repository"),
    );
  });

  it("says what a suspect stack means", () => {
    expect(reports.summary([stack({ status: "suspect" })]).body).toContain("Nothing is written from it");
  });
});

describe("a body that is too long", () => {
  const effects = Array.from({ length: 3_000 }, (_, index) => ({
    address: `module.web["${index}"].aws_instance.this`,
    path: "tags.Owner",
    before: "a",
    after: "日本",
  }));
  const shared: JudgedFinding = { ...resized, adoption: { ...fixtures.resizeAdoption, effects } };

  it("leaves out whole rows and says where they are", () => {
    const { body, overflow } = new Reports({ overflowFile: "rest.md" }).pullRequest(inStack(shop, [shared]));
    expect(byteLength(body)).toBeLessThanOrEqual(58_000);
    expect(byteLength(body)).toBeGreaterThan(57_000);
    expect(body).toMatch(/\*[\d,]+ more are left out here; `rest\.md` has all\.\*/);
    expect(body).toContain("### If this was not on purpose");
    expect(overflow).toContain('`module.web["2999"].aws_instance.this`');
    expect(
      new Set(
        tableShapes(body)
          .flat()
          .filter((cells) => cells === 4),
      ).size,
    ).toBe(1);
  });

  it("closes the fence of a diff that is cut", () => {
    const diff = `--- a/f\n+++ b/f\n@@ -1,5000 +1,5000 @@\n${"+line of the file\n".repeat(8_000)}`;
    const long: JudgedFinding = {
      ...resized,
      adoption: { ...fixtures.resizeAdoption, files: [{ path: "f", diff }] },
    };
    const { body } = reports.pullRequest(inStack(shop, [long]));
    expect(byteLength(body)).toBeLessThanOrEqual(58_000);
    expect(withoutFences(body)).toMatch(
      /\*The diff goes on for [\d,]+ more lines; the comments below have all\.\*/,
    );
  });

  it("goes on in comments that hold all of it, and no marker", () => {
    const { body, continuations, overflow } = reports.pullRequest(inStack(shop, [shared]));
    expect(body).toContain("more are left out here; the comments below have all.");
    expect(continuations.every((part) => byteLength(part) <= 58_000)).toBe(true);
    expect(continuations[0]).toMatch(
      new RegExp(`^\\*\\*The complete report, part 1 of ${continuations.length}\\*\\*\n\n`),
    );
    const rows = (text: string) => [...text.matchAll(/^\| `module\.web\["\d+"\].*$/gm)].map(([row]) => row);
    expect(rows(continuations.join("\n"))).toEqual(rows(overflow ?? ""));
    expect(rows(continuations.join("\n")).length).toBe(3_000);
    expect(continuations.map(parseMarker)).toEqual(continuations.map(() => null));
    expect(reports.pullRequest(inStack(shop, [resized])).continuations).toEqual([]);
  });

  it("of a check run, which has no comments, says where the rest is", () => {
    const many = Array.from({ length: 2_000 }, () => ({
      finding: resized,
      stack: shop,
      effect: "reverts" as const,
      places: [],
    }));
    expect(reports.checkRun(many).summary).toContain(
      "the issues and pull requests of Driftwright tell of all drift",
    );
  });

  it("fits whatever the findings hold", () => {
    fc.assert(
      fc.property(hostileFinding, (one) => {
        const small = new Reports({ budget: 12_000 });
        const many = { ...one, changes: Array.from({ length: 60 }, () => one.changes).flat() };
        expect(byteLength(small.issue(many, shop).body)).toBeLessThanOrEqual(12_000);
      }),
      { numRuns: 20 },
    );
  });
});

const OUR_TAGS = ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>", "<br>"];
const OUR_HEADINGS = [
  "### The edit",
  "### What else changes",
  "### What merging does",
  "### If this was not on purpose",
  "### What depends on it",
  "### To revert it",
  "### To keep it instead",
  "### Problems",
  "### Not evaluated",
  "### Findings",
  "### Stacks",
  "### Found, not scanned yet",
];

describe("values from the cloud, the code and the state", () => {
  function expectTame(body: string): void {
    const [first, ...rest] = body.split("\n");
    const marked = first?.startsWith("<!-- driftwright:v1 ") === true;
    const ours = marked ? rest.join("\n") : body;
    for (const tag of htmlTags(ours)) expect(OUR_TAGS).toContain(tag);
    for (const shape of tableShapes(ours)) expect(new Set(shape).size).toBe(1);
    const shown = rendered(ours);
    for (const pattern of LINKING) expect(shown).not.toMatch(pattern);
    for (const line of withoutFences(ours).split("\n")) {
      if (/^ {0,3}#{1,6} /.test(line) && !/^### [`<]/.test(line)) expect(OUR_HEADINGS).toContain(line);
    }
    expect(ours).not.toMatch(/<!--\s*driftwright/i);
    if (marked) expect(parseMarker(body)).not.toBeNull();
  }

  it("cannot act in any document", () => {
    fc.assert(
      fc.property(hostileFinding, hostile, (one, name) => {
        const context: StackResult = {
          ...stack({ name, environment: name, path: name, findings: [one] }),
          diagnostics: [{ severity: "error", message: name, file: name, line: 1, column: 2 }],
        };
        expectTame(reports.pullRequest(inStack(context, [one, one])).body);
        expectTame(reports.issue(one, context).body);
        const run = reports.checkRun(
          [{ finding: one, stack: context, effect: "reverts", places: [{ file: name, from: 1, to: 1 }] }],
          { notEvaluated: [{ stack: name, why: name }], adopts: [] },
        );
        expectTame(run.summary);
        expectTame(run.text);
        expectTame(reports.summary([context], [{ path: name, tool: name }]).body);
      }),
      { numRuns: 300 },
    );
  });

  it("cannot reach into a template", () => {
    const one = finding({ address: "{{marker}} {{#each this}}", notes: ["{{constructor}} {{../../x}}"] });
    const { body } = reports.issue(one, shop);
    expect(body).toContain("`{{marker}} {{#each this}}`");
    expect(body).toContain("- {{constructor}} {{../../x}}");
  });

  it("are cleaned of registered secrets before they are escaped", () => {
    const secret = "a*b_c|d<e>@f";
    const one = finding({
      address: secret,
      notes: [secret],
      changes: [{ ...change("x", "absent", "absent", known(secret)), path: parsePath("x") }],
    });
    const safe = new Reports({ redaction: new Redaction([secret]) });
    const shown = rendered(safe.issue(one, shop).body).replaceAll("\u200b", "");
    expect(shown).not.toContain(secret);
    expect(safe.issue(one, shop).title).not.toContain(secret);
  });
});
