import { describe, expect, it } from "vitest";
import { excerptLines } from "../../src/reports/excerpt.ts";

const diagnostic = { severity: "error" as const, message: "x", file: "main.tf", line: 7, column: 10 };

describe("the source line of a diagnostic", () => {
  it("has a caret below the column", () => {
    expect(excerptLines(diagnostic, '  bucket "x"', 80)).toEqual(['7 |   bucket "x"', "  |          ^"]);
  });

  it("counts tabs and wide characters as they show", () => {
    expect(excerptLines({ ...diagnostic, column: 4 }, "\t日本x", 80)).toEqual([
      "7 |     日本x",
      "  |         ^",
    ]);
  });

  it("shows what stands around the column of a long line", () => {
    const [source, caret] = excerptLines(
      { ...diagnostic, column: 501 },
      `${"a".repeat(500)}!${"b".repeat(500)}`,
      44,
    );
    expect(source).toBe(`7 | …${"a".repeat(19)}!${"b".repeat(18)}…`);
    expect(source?.[caret?.indexOf("^") ?? 0]).toBe("!");
  });

  it("needs no column, and no line without one", () => {
    expect(excerptLines({ ...diagnostic, column: null }, "x", 80)).toEqual(["7 | x"]);
    expect(excerptLines({ ...diagnostic, line: null }, "x", 80)).toEqual([]);
  });
});
