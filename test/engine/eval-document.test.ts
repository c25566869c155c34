import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { printedSize } from "../../src/engine/document-size.ts";
import { evaluatedPage } from "../../src/engine/eval-document.ts";
import { exactNumber, type Json, printJson } from "../../src/json/json.ts";
import { evaluateFiles } from "../terraform/stack.ts";

const CODE = `resource "a_b" "c" {
  count = 3
  x     = [[["${"y".repeat(100)}"]]]
}
`;

describe("what an evaluation says of its instances", () => {
  const evaluation = evaluateFiles(CODE);
  const whole = evaluatedPage(evaluation, 0);
  const size = printedSize(whole.instances[0] as Json, Number.POSITIVE_INFINITY);

  it("is one page where it is not much", () => {
    expect(whole.instances.map(({ address }) => address)).toEqual(["a_b.c[0]", "a_b.c[1]", "a_b.c[2]"]);
    expect(whole.next).toBeNull();
  });

  it.each([
    ["one of them", 1, [1, 1, 1]],
    ["one of them, just", size, [1, 1, 1]],
    ["two of them", size + 1, [2, 1]],
    ["all of them, just", 3 * size, [3]],
  ])("comes in pages that have room for %s", (_, characters, pages) => {
    const found: (typeof whole)[] = [];
    for (let from: number | null = 0; from !== null; from = found.at(-1)?.next ?? null)
      found.push(evaluatedPage(evaluation, from, { characters, most: 1000 }));
    expect(found.map(({ instances }) => instances.length)).toEqual(pages);
    expect(found.flatMap(({ instances }) => instances)).toEqual(whole.instances);
  });

  it("is refused where one of them is too large to print", () => {
    const page = (most: number) => evaluatedPage(evaluation, 0, { characters: 10_000, most });
    expect(() => page(size - 1)).toThrow(
      `the values of a_b.c[0] take more than ${size - 1} characters to print; ask for one of them with \`driftwright trace ADDRESS PATH\``,
    );
    expect(page(size).instances).toHaveLength(3);
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
