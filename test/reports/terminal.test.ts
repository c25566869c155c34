import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { StackResult } from "../../src/drift/model.ts";
import { renderScan } from "../../src/reports/terminal.ts";
import * as fixtures from "./fixtures.ts";
import { change, finding, known, SECRET, shop, stack, UNCOMPARED } from "./fixtures.ts";
import { hostile } from "./hostile.ts";

const plain = { color: false, width: 100 };

describe("a scan in the terminal", () => {
  const text = renderScan([shop, fixtures.broken], {
    ...plain,
    excerpt: (file, line) => (file === "infra/billing/main.tf" && line === 7 ? '\tbucket  "x"' : null),
    notScanned: [{ path: "live/prod", tool: "Terragrunt" }],
    shared: [{ folder: "modules/service", stacks: ["shop-prod", "billing"] }],
  });

  it("counts what a tolerance lets be, where there is any", () => {
    const tolerated = stack({ coverage: { ...shop.coverage, tolerated: 1 } });
    expect(renderScan([tolerated], plain)).toMatch(/1 not readable, 1 difference\s+within\s+tolerance\n/);
    expect(text).not.toContain("within tolerance");
  });

  it.each([
    [
      "a heading with status and coverage",
      "shop-prod (infra/shop, production)\n  incomplete: a part could not be read\n  13 of 14 instances read, 170 of 210 attributes compared, 1 not readable\n",
    ],
    [
      "values, place and intent",
      'module.web["api"].aws_instance.this\n    drift; adopt by rule "sizes are on purpose"\n    instance_type  "t3.micro" → "t3.large"  infra/shop/prod.tfvars:4\n',
    ],
    [
      "what several stacks read",
      "Read by several stacks: an edit there changes all of them\n  modules/service  shop-prod, billing\n",
    ],
    ["who did it", "    changed by alice through the console on 2026-09-30 16:20 UTC\n"],
    ["the edit", '      -  api    = { size = "t3.micro" }\n      +  api    = { size = "t3.large" }\n'],
    ["a third value", '"t3.small" → "t3.large" (state: "t3.micro")'],
    [
      "the way back",
      "    to revert it:\n      1. Take the rule away (changes in place; the resource keeps running)\n         aws ec2 revoke",
    ],
    ["why there is no edit", "    no edit: infra/shop/locals.tf:9 gives the tag to 14 instances"],
    [
      "whole instances",
      "  aws_subnet.spare\n    deleted outside the code, declared at infra/shop/network.tf:60; undecided\n",
    ],
    ["what could not be read", "    ec2:DescribeVpcs was refused (403). Give the role this permission.\n"],
    [
      "an error with its line",
      'billing (infra/billing)\n  failed: not scanned\n\n  error: infra/billing/main.tf:7:10: Expected "=" or a block after "bucket".\n    7 |     bucket  "x"\n      |             ^\n',
    ],
    ["what is not scanned yet", "Found, not scanned yet\n  live/prod  Terragrunt\n"],
    [
      "all stacks",
      "stack      status      critical  high  medium  low  info\nshop-prod  incomplete  1         3     1       1    1\nbilling    failed\n",
    ],
    [
      "the sum and what to do next",
      "6 changes made outside the code in 1 stack: 1 critical, 3 high, 1 medium, 1 low. 1 stack could not\nbe scanned.\nNext: correct the errors above and scan again.\n",
    ],
  ])("shows %s", (_, part) => {
    expect(text).toContain(part);
  });

  it("orders by severity", () => {
    const order = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"].map((label) =>
      text.indexOf(`\n  ${label}\n`),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });

  it("shows the revert plan and no edit where the cloud should follow", () => {
    const reverted = {
      ...fixtures.resized,
      intent: { verdict: "revert" as const, decidedBy: '"x"', because: [] },
    };
    const shown = renderScan([stack({ findings: [reverted] })], plain);
    expect(shown).toContain("to revert it:");
    expect(shown).not.toContain("+  api");
  });

  it("names the first of what an edit changes too, and counts the rest", () => {
    const { adoption } = fixtures.resized;
    if (adoption === null) throw new Error("the finding has an edit");
    const effect = (address: string) => ({
      address,
      path: "instance_type",
      before: "t3.micro",
      after: "t3.large",
    });
    const withOthers = (...others: readonly string[]) => {
      const effects = [fixtures.resized.address, ...others].map(effect);
      const shared = { ...fixtures.resized, adoption: { ...adoption, effects, verdict: "shared" as const } };
      return renderScan([stack({ findings: [shared] })], { ...plain, width: 400 });
    };
    expect(withOthers("aws_instance.b")).toContain(
      "    edit, which changes 1 other value too (aws_instance.b instance_type):\n",
    );
    expect(withOthers("x.a", "x.b", "x.c", "x.d", "x.e")).toContain(
      "    edit, which changes 5 other values too (x.a instance_type, x.b instance_type, x.c instance_type and 2 more):\n",
    );
  });

  it("says that all is well, and counts what is ignored", () => {
    const ignored = finding({ intent: { verdict: "ignore", decidedBy: '"x"', because: [] } });
    expect(renderScan([stack()], plain)).toMatch(/\nNo drift in 1 stack\.\n$/);
    expect(renderScan([stack({ findings: [ignored] })], plain)).toContain("1 finding ignored by rules");
  });

  it.each<[string, StackResult[], string]>([
    [
      "alone",
      [stack({ coverage: UNCOMPARED })],
      "Nothing could be compared in 1 stack: whether it has drifted is not known.",
    ],
    [
      "beside others",
      [stack(), stack({ coverage: UNCOMPARED }), stack({ coverage: UNCOMPARED })],
      "No drift in 1 stack. Nothing could be compared in 2 stacks: whether they have drifted is not known.",
    ],
    [
      "beside drift",
      [stack({ findings: [fixtures.resized] }), stack({ coverage: UNCOMPARED })],
      "1 change made outside the code in 1 stack: 1 medium. Nothing could be compared in 1 stack: whether it has drifted is not known.",
    ],
    [
      "not while nothing of it runs",
      [stack({ coverage: { ...UNCOMPARED, instances: 1 }, findings: [finding({ kind: "pending-create" })] })],
      "No drift in 1 stack.",
    ],
    [
      "where no state says what runs",
      [
        stack({
          status: "incomplete",
          state: null,
          coverage: { ...UNCOMPARED, instances: 1 },
          findings: [finding({ kind: "pending-create" })],
        }),
      ],
      "Nothing could be compared in 1 stack: whether it has drifted is not known.",
    ],
  ])("never calls what was not compared free of drift: %s", (_what, stacks, sentence) => {
    const shown = renderScan(stacks, plain).replace(/\s+/g, " ");
    expect(shown).toContain(` ${sentence}`);
    if (sentence.startsWith("Nothing")) expect(shown).not.toContain("No drift");
  });

  it.each([
    [{ write: false, out: false }, "--write puts the edits", "--out DIR writes"],
    [{ write: true, out: false }, "Next: --out DIR writes all reports as files.", "--write"],
    [{ write: false, out: true }, "Next: --write puts the edits", "--out"],
  ])("advises nothing that was done: %o", (done, says, other) => {
    const shown = renderScan([stack({ findings: [fixtures.resized] })], { ...plain, done });
    expect(shown).toContain(says);
    expect(shown.includes(other)).toBe(!done.write && !done.out);
  });

  it("warns of a suspect stack and promises no edit from it", () => {
    const shown = renderScan([stack({ status: "suspect", findings: [fixtures.resized] })], plain);
    expect(shown).toContain("nothing is written from it");
    expect(shown).not.toContain("--write");
  });

  it("holds nothing of a sensitive value", () => {
    expect(text).not.toContain(SECRET);
    expect(text).toContain("(sensitive) → (sensitive)");
  });

  it("has colours only where they are wanted", () => {
    expect(text).not.toContain("\u001b");
    expect(renderScan([shop], { color: true, width: 100 })).toContain("\u001b[32m+  api");
  });
});

describe("the width of the terminal", () => {
  /** Diffs, commands and the excerpt are left as they are, so that they can be copied. */
  function wrapped(text: string): readonly string[] {
    return text.split("\n").filter((line) => !/^ {6}[-+ @]|^ {9}/.test(line));
  }

  function oneLine(text: string): string {
    return text.replaceAll("\n", "");
  }

  it.each([60, 80, 120, 200])("is kept at %i columns", (width) => {
    const text = renderScan([shop, fixtures.broken], { color: false, width });
    for (const line of wrapped(text)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  it("is kept whatever the values are, and nothing in them reaches the terminal", () => {
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 60, max: 200 }), (a, b, width) => {
        const one = finding({
          address: a,
          notes: [b],
          changes: [{ ...change("tags", known(a), known(b), "absent"), path: ["tags", b] }],
          adoption: {
            files: [{ path: a, diff: `+${oneLine(a)}\n-${oneLine(b)}\n` }],
            effects: [],
            verdict: "exact",
            why: b,
          },
          revert: {
            steps: [{ title: a, commands: [{ tool: "aws", argv: [b] }], impact: "unknown", verify: "" }],
            dependents: [],
          },
        });
        const broken = { severity: "error" as const, message: b, file: a, line: 3, column: 4 };
        const text = renderScan([stack({ name: b, findings: [one], diagnostics: [broken] })], {
          color: false,
          width,
          excerpt: () => `${a}${b}`,
        });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        for (const line of wrapped(text)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 300 },
    );
  });
});
