import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { printedSize } from "../../src/engine/document-size.ts";
import { evalDocument } from "../../src/engine/eval-document.ts";
import { exactNumber, type Json, printJson } from "../../src/json/json.ts";
import { evaluateFiles } from "../terraform/stack.ts";

const CODE = `resource "a_b" "c" {
  count = 3
  x     = [[["${"y".repeat(100)}"]]]
}
`;

describe("a document that is too large to print", () => {
  it("is refused with the instance that does not fit, and what to do", () => {
    expect(() => evalDocument(evaluateFiles(CODE), 1000)).toThrow(
      "the values of all instances take more than 1000 characters to print: a_b.c[2] is the first that does not fit; split the stack, or ask for one value with `driftwright trace ADDRESS PATH`",
    );
  });

  it("is measured with the spaces of its lines", () => {
    const document = evalDocument(evaluateFiles(CODE));
    expect(() => evalDocument(evaluateFiles(CODE), printJson(document, 2).length)).not.toThrow();
    expect(() => evalDocument(evaluateFiles(CODE), printJson(document).length)).toThrow("does not fit");
  });
});

test("the size is that of the printed text", () => {
  const json = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.constant(null),
      fc.boolean(),
      fc.constant(exactNumber("12345678901234567890")),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("json"), { maxKeys: 4 }),
    ),
  })).json;
  fc.assert(
    fc.property(json, (value) => {
      expect(printedSize(value, Number.POSITIVE_INFINITY)).toBe(printJson(value, 2).length);
    }),
  );
});
