import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedDiff } from "../../src/engine/masked-diff.ts";
import { unifiedDiff } from "../../src/reconcile/diff.ts";

const LINES = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** The whole of each line with one of these numbers is a secret. */
function spansOf(text: string, numbers: readonly number[]) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return numbers.map((number) => ({
    start: starts[number - 1] ?? 0,
    end: (starts[number] ?? text.length) - 1,
  }));
}

/** The lines of hunks without those of the header. */
function shown(secret: readonly number[], changed: Readonly<Record<number, string>>) {
  const before = textOf(LINES);
  const after = textOf(LINES.map((line, index) => changed[index + 1] ?? line));
  const { diff, hidden } = maskedDiff(unifiedDiff("f", before, after), before, spansOf(before, secret));
  if (hidden === null) expect(applyPatch(before, diff)).toBe(after);
  return { hunks: diff.split("\n").slice(2, -1), hidden };
}

describe("a diff beside secrets", () => {
  it.each([
    {
      name: "has all lines around the change where none is a secret",
      secret: [1],
      changed: { 6: "x" },
      hunks: [
        "@@ -3,7 +3,7 @@",
        " line 3",
        " line 4",
        " line 5",
        "-line 6",
        "+x",
        " line 7",
        " line 8",
        " line 9",
      ],
    },
    {
      name: "has fewer, as many on both sides",
      secret: [4],
      changed: { 6: "x" },
      hunks: ["@@ -5,3 +5,3 @@", " line 5", "-line 6", "+x", " line 7"],
    },
    {
      name: "has none where one stands right beside the change",
      secret: [7],
      changed: { 6: "x" },
      hunks: ["@@ -6,1 +6,1 @@", "-line 6", "+x"],
    },
    {
      name: "falls apart at a secret between two changes",
      secret: [6],
      changed: { 4: "x", 8: "y" },
      hunks: [
        "@@ -3,3 +3,3 @@",
        " line 3",
        "-line 4",
        "+x",
        " line 5",
        "@@ -7,3 +7,3 @@",
        " line 7",
        "-line 8",
        "+y",
        " line 9",
      ],
    },
    {
      name: "names the line before it where it only adds lines",
      secret: [6],
      changed: { 5: "line 5\nnew" },
      hunks: ["@@ -5,0 +6,1 @@", "+new"],
    },
  ])("$name", ({ secret, changed, hunks }) => {
    expect(shown(secret, changed)).toEqual({ hunks, hidden: null });
  });

  it("tells the first line that it cannot show", () => {
    expect(shown([6, 8], { 4: "x", 6: "y" })).toMatchObject({ hidden: 6 });
    expect(shown([6], { 6: "y" }).hunks).toContain("-(sensitive)");
  });

  it("applies, and shows no secret, whatever is changed", () => {
    const line = fc.record({ text: fc.constantFrom("a", "b", "", "c"), secret: fc.boolean() });
    const edit = fc.array(fc.constantFrom("keep", "drop", "add", "turn"), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        edit,
        fc.boolean(),
        (lines, edits, ends) => {
          const old = lines.map(({ text, secret }, index) => (secret ? `pw${index}` : `${text}${index % 5}`));
          const now = old.flatMap((each, index) => {
            const kind = lines[index]?.secret === true ? "keep" : (edits[index] ?? "keep");
            return { keep: [each], drop: [], add: [each, "new"], turn: ["other"] }[kind];
          });
          const [before, after] = [old, now].map((all) => all.join("\n") + (ends ? "\n" : ""));
          if (before === undefined || after === undefined || before === after) return;
          const secret = lines.flatMap((each, index) => (each.secret ? [index + 1] : []));
          const diff = unifiedDiff("f", before, after);
          const masked = maskedDiff(diff, before, spansOf(`${before}\n`, secret));
          expect(masked.diff).not.toMatch(/^ .*pw/m);
          if (masked.hidden === null) {
            expect(masked.diff).not.toContain("pw");
            expect(applyPatch(before, masked.diff)).toBe(after);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is as it was where there are none", () => {
    const diff = unifiedDiff("f", "a\n", "b\n");
    expect(maskedDiff(diff, "a\n", [])).toEqual({ diff, hidden: null });
  });
});
