import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonErrorOffset } from "../../src/json/error-offset.ts";

describe("where a text stops being JSON", () => {
  test.each<[string, number]>([
    ["", 0],
    ["  ", 2],
    ["{", 1],
    ['{"a"', 4],
    ['{"a": ', 6],
    ['{"a": 1', 7],
    ['{"a": 1,', 8],
    ['{"a": "b', 8],
    ['{"a": "b\\', 9],
    ['{"a": "b\\u00', 12],
    ["[1, tr", 6],
    ["[1.", 3],
    ["[-", 2],
    ["[1e", 3],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ["{a: 1}", 1],
    ["[1 2]", 3],
    ["[1,]", 3],
    ["[01]", 2],
    ["[+1]", 1],
    ["[.5]", 1],
    ["[trux]", 4],
    ["[nul]", 4],
    ["[1}", 2],
    ["{]", 1],
    ["{} x", 3],
    ['["a\nb"]', 3],
    ['["a\\qb"]', 3],
    ["['a']", 1],
    ["NaN", 0],
    ["\u00a0{}", 0],
  ])("%j: %i", (text, offset) => {
    expect(jsonErrorOffset(text)).toBe(offset);
  });

  test.each([
    "{}",
    " [ ] ",
    '"\u007f\u2028"',
    "-0.5e+10",
    '{"a": [{}, [[]], "\\u00e9\\n"], "b": null}',
    "true",
  ])("%j is JSON", (text) => {
    expect(jsonErrorOffset(text)).toBeNull();
  });

  test("agrees with the engine's parser on whether a text is JSON", () => {
    const pieces = fc.constantFrom(
      ...[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        '"a"',
        "\\",
        "1",
        "-",
        ".",
        "e",
        "0",
        "true",
        "nul",
        " ",
        "\n",
        "\t",
      ],
      ...['"a":', "\\u00", "\u0001", "é"],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (chosen) => {
        expect(jsonErrorOffset(chosen.join("")) === null).toBe(isJson(chosen.join("")));
      }),
      { numRuns: 3000 },
    );
  });

  test("a document cut off anywhere ends too early", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (document, cut) => {
        const whole = JSON.stringify(document, null, 1);
        expect(jsonErrorOffset(whole)).toBeNull();
        const text = whole.slice(0, cut % whole.length);
        expect(jsonErrorOffset(text)).toBe(text.length);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
