import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderExpression, renderKey } from "../../src/hcl/editing/render.ts";
import { parse, parseExpression } from "../../src/hcl/syntax/parser.ts";
import { equalJson, type Json, parseJson } from "../../src/json/json.ts";
import { literalOf } from "./literal.ts";

describe("renderExpression", () => {
  test.each<[Json, string]>([
    [null, "null"],
    [true, "true"],
    [0, "0"],
    [-1.5, "-1.5"],
    [parseJson("12345678901234567890.123456789"), "12345678901234567890.123456789"],
    [parseJson("1e21"), "1000000000000000000000"],
    ["text", '"text"'],
    ['a "b" \\ c', '"a \\"b\\" \\\\ c"'],
    ["a\nb\r\tc", '"a\\nb\\r\\tc"'],
    ["\u0000\u001b\u007f", '"\\u0000\\u001b\\u007f"'],
    ["${a} %{b} $ % $x", '"$${a} %%{b} $ % $x"'],
    ["$${a}", '"$$${a}"'],
    ["é 😀", '"é 😀"'],
    [[], "[]"],
    [{}, "{}"],
    [[1, "two", null], '[1, "two", null]'],
    [[[1], [2]], "[\n  [1],\n  [2],\n]"],
    [[{ a: 1 }], "[\n  {\n    a = 1\n  },\n]"],
    [["x".repeat(60), "y".repeat(60)], `[\n  "${"x".repeat(60)}",\n  "${"y".repeat(60)}",\n]`],
    [{ a: 1, bcd: "x" }, '{\n  a   = 1\n  bcd = "x"\n}'],
    [{ "a b": 1, "1": 2 }, '{\n  "1"   = 2\n  "a b" = 1\n}'],
    // What goes on over lines is not aligned, and parts the lines that are.
    [{ a: 1, long: 2, b: { c: 3 }, d: 4 }, "{\n  a    = 1\n  long = 2\n  b = {\n    c = 3\n  }\n  d = 4\n}"],
  ])("%j", (value, text) => {
    expect(renderExpression(value)).toBe(text);
  });

  test("later lines stand as deep as the first says", () => {
    expect(renderExpression({ a: [{}] }, "    ")).toBe("{\n      a = [\n        {},\n      ]\n    }");
  });

  test("what is written means the value", () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => parseJson(JSON.stringify(value)));
    fc.assert(
      fc.property(json, fc.constantFrom("", "    "), (value, indentation) => {
        const text = renderExpression(value, indentation);
        const { expression, diagnostics } = parseExpression({ path: "x", text });
        expect(diagnostics).toEqual([]);
        const read = expression === null ? undefined : literalOf(expression);
        expect(read !== undefined && equalJson(read, value)).toBe(true);
      }),
    );
  });

  test("no text breaks out of its string", () => {
    const characters = fc.constantFrom(
      "$",
      "%",
      "{",
      "}",
      '"',
      "\\",
      "\n",
      "\r",
      "~",
      "a",
      "#",
      "<<EOT\n",
      "é",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(characters), (parts) => {
        const value = parts.join("");
        const file = { path: "x.tf", text: `a = ${renderExpression(value)}\n` };
        const { body, diagnostics } = parse(file);
        expect(diagnostics).toEqual([]);
        expect(body.items).toHaveLength(1);
        const [item] = body.items;
        expect(item?.kind === "attribute" && literalOf(item.value)).toBe(value);
      }),
    );
  });
});

describe("renderKey", () => {
  test.each([
    ["Name", "Name"],
    ["with-dash_1", "with-dash_1"],
    ["1st", '"1st"'],
    ["a b", '"a b"'],
    ["", '""'],
    ["größe", '"größe"'],
    ["kubernetes.io/role", '"kubernetes.io/role"'],
    // These would be a keyword, or start a `for` expression.
    ["for", '"for"'],
    ["null", '"null"'],
  ])("%s", (name, text) => {
    expect(renderKey(name)).toBe(text);
  });
});
