import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { table, wrap } from "../../src/reports/table.ts";

function rows(...texts: readonly (readonly string[])[]): { text: string }[][] {
  return texts.map((row) => row.map((text) => ({ text })));
}

describe("a table", () => {
  it("aligns its columns", () => {
    expect(table(rows(["a", "bb", "c"], ["aaa", "b", ""]), 80)).toEqual(["a    bb  c", "aaa  b"]);
  });

  it("takes room from the widest column", () => {
    expect(table(rows(["id", "one two three four", "x"]), 20)).toEqual(["id  one two three  x", "    four"]);
  });

  it("leaves the firm column whole while it can", () => {
    expect(table(rows(["aaaa bbbb cccc", "file.tf:12345"]), 28, 1)).toEqual([
      "aaaa bbbb      file.tf:12345",
      "cccc",
    ]);
  });

  it("counts wide characters as two columns", () => {
    expect(table(rows(["日本", "x"], ["abc", "y"]), 80)).toEqual(["日本  x", "abc   y"]);
  });

  it("colours every line of a wrapped cell by itself", () => {
    const paint = (text: string) => `<${text}>`;
    expect(table([[{ text: "one two", paint }]], 6)).toEqual(["<one>", "<two>"]);
  });

  it("is empty without rows", () => {
    expect(table([], 80)).toEqual([]);
  });
});

describe("wrapping", () => {
  it.each([
    ["between words", "aaa bbb ccc", 7, ["aaa bbb", "ccc"]],
    ["inside a word that is too wide", "abcdefgh ij", 3, ["abc", "def", "gh", "ij"]],
    ["never inside a character", "👩‍👩‍👧👩‍👩‍👧", 2, ["👩‍👩‍👧", "👩‍👩‍👧"]],
    ["nothing", "", 5, [""]],
  ])("breaks %s", (_, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("keeps the width and every character but spaces", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.integer({ min: 4, max: 30 }),
        (text, width) => {
          const lines = wrap(text, width);
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        },
      ),
    );
  });
});
