import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KnownNames } from "../../src/hcl/syntax/known-names.ts";

describe("names of a text", () => {
  test.each([
    ["one after the other", "name name", [0, 4], [5, 9], ["name", "name"]],
    ["a longer one that starts the same", "ab abc", [0, 2], [3, 6], ["ab", "abc"]],
    ["a shorter one that starts the same", "abc ab", [0, 3], [4, 6], ["abc", "ab"]],
    ["none", "a", [0, 0], [1, 1], ["", ""]],
  ] as const)("%s", (_, text, [start, end], [nextStart, nextEnd], expected) => {
    const names = new KnownNames();
    expect([names.at(text, start, end), names.at(text, nextStart, nextEnd)]).toEqual(expected);
  });

  test("each is what stands at its place, however many there were before", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 6, unit: "binary" }), { maxLength: 600 }), (words) => {
        const text = words.join("");
        const names = new KnownNames();
        let start = 0;
        for (const word of words) {
          expect(names.at(text, start, start + word.length)).toBe(word);
          start += word.length;
        }
      }),
    );
  });
});
