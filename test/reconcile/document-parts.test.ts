import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, type Json, parseJson, printJson } from "../../src/json/json.ts";
import {
  hasSeveralParts,
  isCloserDocument,
  isOtherDocument,
  nextDocument,
  toldPart,
} from "../../src/reconcile/document-parts.ts";
import { allDifferences, withPart } from "../../src/reconcile/json-difference.ts";

const document = fc
  .dictionary(fc.constantFrom("a", "b", "c d", "__proto__"), fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
  })
  .map((value) => parseJson(JSON.stringify(value)));

describe("a document that is made what is wanted part by part", () => {
  it("is closer to it after each part, and at last is it", () => {
    fc.assert(
      fc.property(document, document, (now, wanted) => {
        const asked = printJson(wanted);
        let text = printJson(now);
        for (let next = nextDocument(text, asked); next !== null; next = nextDocument(text, asked)) {
          expect(isCloserDocument(text, next, asked)).toBe(true);
          text = next;
        }
        expect(equalJson(parseJson(text), wanted)).toBe(true);
        expect(isOtherDocument(text, asked)).toBe(false);
      }),
    );
  });

  it("each difference alone is made up for by its part", () => {
    fc.assert(
      fc.property(document, document, (now, wanted) => {
        const result = allDifferences(now, wanted).reduce<Json>((json, part) => withPart(json, part), now);
        expect(equalJson(result, wanted)).toBe(true);
      }),
    );
  });

  it.each<readonly [string, Json, Json, string | null]>([
    ["a member", { a: 1, b: 2 }, { a: 1, b: 3 }, "in the document b"],
    ["an element", [{ image: "x" }], [{ image: "y" }], "in the document [0].image"],
    ["a list that has become longer", { a: [1] }, { a: [1, 2] }, "in the document a"],
    ["nothing", { a: 1 }, { a: 1 }, null],
  ])("says which part: %s", (_, now, wanted, told) => {
    expect(toldPart(printJson(now), printJson(wanted))).toBe(told);
  });

  it("other texts have no parts", () => {
    expect(nextDocument("info", "debug")).toBeNull();
    expect(nextDocument("{}", "[]")).toBeNull();
    expect(hasSeveralParts('{"a":1}', '{"a":2}')).toBe(false);
    expect(hasSeveralParts('{"a":1,"b":1}', '{"a":2,"b":2}')).toBe(true);
  });
});
