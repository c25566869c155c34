import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { branchName } from "../../src/jobs/branch-name.ts";
import { applyDiff } from "../../src/jobs/edited-files.ts";
import { unifiedDiff } from "../../src/reconcile/diff.ts";

const BEFORE = ["a = 1", 'password = "hunter2"', "size = small", "b = 2", "c = 3", ""].join("\n");
const AFTER = BEFORE.replace("small", "large");

describe("applying a stored diff", () => {
  it("gives back the text that the diff was made of", () => {
    const text = fc.array(fc.string(), { maxLength: 30 }).map((lines) => lines.join("\n"));
    const ending = fc.constantFrom("\n", "\r\n");
    fc.assert(
      fc.property(text, text, ending, (before, after, end) => {
        const [a, b] = [before, after].map((one) => one.replaceAll("\n", end)) as [string, string];
        fc.pre(a !== b && !`${a}${b}`.includes("(sensitive)"));
        expect(applyDiff(a, unifiedDiff("main.tf", a, b))).toBe(b);
      }),
    );
  });

  const masked = unifiedDiff("main.tf", BEFORE, AFTER).replace("hunter2", "(sensitive)");

  it("works where a secret in the lines around the change was masked", () => {
    expect(masked).toContain("(sensitive)");
    expect(applyDiff(BEFORE, masked)).toBe(AFTER);
  });

  it.each([
    ["the file has changed there", BEFORE.replace("small", "medium"), masked],
    ["a line around it has changed", BEFORE.replace("b = 2", "b = 3"), masked],
    ["the lines moved", `x\n${BEFORE}`.replace("a = 1", "a = 0"), masked],
    [
      "what is written was masked",
      BEFORE,
      unifiedDiff("main.tf", BEFORE, BEFORE.replace("small", "(sensitive)")),
    ],
    ["it is no diff", BEFORE, "nothing"],
  ])("refuses where %s", (_what, text, diff) => {
    expect(applyDiff(text, diff)).toBeNull();
  });
});

describe("a branch's name", () => {
  it.each([
    ["shop-prod", "driftwright/shop-prod/abc"],
    ["infra/shop prod", "driftwright/infra-shop-prod/abc"],
    ["../..", "driftwright/stack/abc"],
    ["a..b.lock", "driftwright/a-b-lock/abc"],
    ["-", "driftwright/stack/abc"],
  ])("of the stack %s", (stack, expected) => {
    expect(branchName(stack, "abc")).toBe(expected);
  });

  it("is one that Git takes, whatever the stack is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (stack) => {
        expect(branchName(stack, "abc")).toMatch(/^driftwright\/[A-Za-z0-9_][A-Za-z0-9_-]{0,59}\/abc$/);
      }),
    );
  });
});
