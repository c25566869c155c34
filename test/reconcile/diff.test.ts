import { applyPatch, createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstChangedLine, unifiedDiff } from "../../src/reconcile/diff.ts";

/** Few different lines, so that they repeat and match in many ways. */
const line = fc.constantFrom("a\n", "b\n", "c\n", "  }\n", "\n", "d\r\n", "@@ -1 +1 @@\n", "-- x\n");
const lines = (maxLength: number) => fc.array(line, { maxLength }).map((all) => all.join(""));

/** Two texts that differ in some places, of which the last line may have no end. */
const pair = fc
  .tuple(
    lines(60),
    fc.array(fc.tuple(lines(4), lines(4), lines(40)), { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "x"),
  )
  .map(([first, parts, end]) => {
    const text = (index: 0 | 1) => first + parts.map((part) => part[index] + part[2]).join("") + end;
    return [text(0), text(1)] as const;
  });

/** A long text in which nothing, or little, repeats itself, and an edit of a few lines. */
const longPair = fc
  .record({
    count: fc.integer({ min: 50, max: 800 }),
    period: fc.constantFrom(3, 7, 1000),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    gone: fc.integer({ min: 0, max: 3 }),
    added: lines(3),
  })
  .map(({ count, period, at, gone, added }) => {
    const all = Array.from({ length: count }, (_, index) => `line ${index % period}\n`);
    const start = Math.floor(at * (count - 1));
    return [all.join(""), all.toSpliced(start, gone, added).join("")] as const;
  });

function hunksOf(diff: string): string {
  return diff.split("\n").slice(2).join("\n");
}

describe("unifiedDiff", () => {
  it.each([
    ["short texts whose lines repeat", pair, 2_000],
    ["long texts with one edit", longPair, 500],
  ])("says of %s what a comparison of the whole texts says", (_, texts, numRuns) => {
    fc.assert(
      fc.property(texts, ([before, after]) => {
        fc.pre(before !== after);
        const whole = createTwoFilesPatch("a", "b", before, after, undefined, undefined, { context: 3 });
        const [expected, got] = [
          whole.slice(whole.indexOf("\n@@ ") + 1),
          hunksOf(unifiedDiff("f", before, after)),
        ];
        expect(got).toBe(expected);
        expect(applyPatch(before, unifiedDiff("f", before, after))).toBe(after);
      }),
      { numRuns },
    );
  });

  it("has no hunks where nothing changed", () => {
    expect(unifiedDiff("main.tf", "a\n", "a\n")).toBe("--- a/main.tf\n+++ b/main.tf\n");
  });

  it.each([
    ["a new file", "main.tf", null, "a\n", "--- /dev/null\n+++ b/main.tf\n@@ -0,0 +1,1 @@\n+a\n"],
    [
      "a name with spaces",
      "my main.tf",
      "a\n",
      "b\n",
      "--- a/my main.tf\t\n+++ b/my main.tf\t\n@@ -1,1 +1,1 @@\n-a\n+b\n",
    ],
    [
      "a last line without an end",
      "main.tf",
      "a\nb",
      "a\nc",
      "--- a/main.tf\n+++ b/main.tf\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n",
    ],
  ])("tells of %s", (_, path, before, after, expected) => {
    expect(unifiedDiff(path, before, after)).toBe(expected);
  });

  it("finds a change in a long file", () => {
    const entry = (index: number) => `  server-${index} = {\n    size = "small"\n    disk = ${index}\n  }\n`;
    const before = `servers = {\n${Array.from({ length: 20_000 }, (_, index) => entry(index)).join("")}}\n`;
    const after = before.replace("disk = 9000\n", "disk = 9001\n");
    expect(unifiedDiff("a.tfvars", before, after)).toContain("@@ -36001,7 +36001,7 @@");
  });
});

describe("firstChangedLine", () => {
  it("is the first line that differs", () => {
    fc.assert(
      fc.property(fc.oneof(pair, longPair), ([before, after]) => {
        const [old, now] = [before.split("\n"), after.split("\n")];
        const at = old.findIndex((text, index) => text !== now[index]);
        expect(firstChangedLine(before, after)).toBe((at === -1 ? old.length : at) + 1);
      }),
    );
  });
});
