import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, exactNumber, type Json, parseJson, printJson } from "../../src/json/json.ts";
import { isExactNatively } from "../../src/json/native-reading.ts";

describe("isExactNatively", () => {
  it.each([
    ["0"],
    ["-7"],
    ["123456789012345"],
    ["-123456789.123456"],
    ["0.000001"],
    ["1.50"],
    ["[1, 2.5, -3]"],
    ['{"text": "12345678901234567890 and 1e400"}'],
    ['{"quoted \\" 1e400": "\\\\"}'],
    [`${"[".repeat(1000)}${"]".repeat(1000)}`],
    [`[${"[[]],".repeat(2000)}0]`],
  ])("is so for %s", (text) => {
    expect(isExactNatively(text)).toBe(true);
  });

  it.each([
    ["more digits than a double has", "[1234567890123456]"],
    ["more digits with a point", "[1234567890.123456]"],
    ["more decimals", "[0.0000001]"],
    ["an exponent", "[1e3]"],
    ["an exponent after a point", "[1.5E-3]"],
    ["a negative zero", "[-0]"],
    ["such a number behind an escaped quote", '["\\"", 1e400]'],
    ["such a number behind a string of backslashes", '["\\\\\\\\", 1e400]'],
    ["such a number as a value", '{"a":12345678901234567890}'],
    ["a string without end", '["'],
    ["very deep arrays", `${"[".repeat(1001)}${"]".repeat(1001)}`],
    ["very deep objects", `${'{"a":'.repeat(1001)}0${"}".repeat(1001)}`],
  ])("is not so for %s", (_what, text) => {
    expect(isExactNatively(text)).toBe(false);
  });

  it("holds of no text that would be read otherwise", () => {
    const number = fc
      .tuple(
        fc.constantFrom("", "-"),
        fc.constantFrom("0", "7", "12", "123456789", "9007199254740993", "999999999999999"),
        fc.constantFrom("", ".0", ".5", ".10", ".123456", ".1234567", ".000000", ".9999999999999999"),
        fc.constantFrom("", "e3", "E-7", "e+21"),
      )
      .map((parts) => parts.join(""));
    const text = fc.array(
      fc.oneof(
        number,
        fc.string().map((value) => JSON.stringify(value)),
      ),
    );
    fc.assert(
      fc.property(text, (items) => {
        const exactly = items.map((item) => (item.startsWith('"') ? JSON.parse(item) : exactNumber(item)));
        const read = parseJson(`[${items.join(", ")}]`);
        expect(equalJson(read, exactly as Json)).toBe(true);
        expect(printJson(read)).toBe(printJson(exactly as Json));
      }),
    );
  });
});
