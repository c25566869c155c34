import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, counted, cut, plainLine, visible, visibleLines } from "../../src/reports/visible.ts";
import { hostile } from "./hostile.ts";
import { LINKING } from "./markdown-rules.ts";

describe("visible text", () => {
  it.each([
    ["a line break", "a\nb", "a\\nb"],
    ["a tab", "a\tb", "a\\tb"],
    ["an escape sequence", "\u001b[31mred", "\\u001B[31mred"],
    ["an eight-bit control", "\u009b2J", "\\u009B2J"],
    ["a bidirectional override", "abc\u202egpj.exe", "abc\\u202Egpj.exe"],
    ["a zero-width space", "t3\u200b.large", "t3\\u200B.large"],
    ["a no-break space", "a\u00a0b", "a\\u00A0b"],
    ["a tag character", "a\u{e0041}", "a\\u{E0041}"],
    ["half a surrogate pair", "a\ud800b", "a\\uD800b"],
    ["letters of any script", "Zürich 日本 😀", "Zürich 日本 😀"],
  ])("shows %s", (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("keeps lines and tabs where asked to, and nothing else", () => {
    expect(visibleLines("a\tb\r\nc\u001b[0m\rd")).toBe("a\tb\nc\\u001B[0m\\rd");
  });

  it("never holds a character that acts", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe("cutting", () => {
  it("says how long the whole is", () => {
    expect(cut("abcdef", 3)).toBe("abc… (6 characters)");
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("x".repeat(1234), 1)).toBe("x… (1,234 characters)");
  });

  it("never cuts a surrogate pair in two", () => {
    expect(cut("😀😀", 3)).toBe("😀… (4 characters)");
    expect(cut("😀😀", 1)).toBe("… (4 characters)");
  });
});

describe("titles", () => {
  it("are one line without links, mentions and controls", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const title = plainLine(text, 60);
        expect(title.replaceAll("\u200b", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        for (const pattern of LINKING) expect(title).not.toMatch(pattern);
        expect(title.replaceAll("\u200b", "").length).toBeLessThanOrEqual(60 + "… (999 characters)".length);
      }),
    );
  });
});

it("writes counts for people", () => {
  expect([count(7), count(999), count(1000), count(1234567)]).toEqual(["7", "999", "1,000", "1,234,567"]);
  expect([counted(1, "row"), counted(0, "row"), counted(2000, "entry", "entries")]).toEqual([
    "1 row",
    "0 rows",
    "2,000 entries",
  ]);
});
