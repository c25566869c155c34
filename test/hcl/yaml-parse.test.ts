import { describe, expect, it } from "vitest";
import { parseYamlText } from "../../src/hcl/syntax/yaml-parse.ts";

function read(text: string): unknown {
  const [document] = parseYamlText(text);
  return document === undefined || document.errors.length > 0 ? "an error" : document.toJS();
}

// What `terraform console` (1.11.4) says of `yamldecode` for the same text.
describe("YAML with brackets that close further to the left than its specification has it", () => {
  it.each([
    ["a: [{\n  b: x\n}]\nc: y\n", { a: [{ b: "x" }], c: "y" }],
    ["a:\n  b: [\n    x # one\n# two\n\n]\n  c: y\n", { a: { b: ["x"], c: "y" } }],
    [
      'a: [{\r\n  b: [ {\r\n   c: x # one\r\n}\r\n]\r\n}]\r\nd: "}"\r\n',
      { a: [{ b: [{ c: "x" }] }], d: "}" },
    ],
    ["- {\n  b: c\n}\n- d\n", [{ b: "c" }, "d"]],
    ["a:\n  - {\n    b: c\n}\n  - d\n", { a: [{ b: "c" }, "d"] }],
    ["a: |\n  x [{\n  }]\nb: [{\n\n }\n]\n", { a: "x [{\n}]\n", b: [{}] }],
    ["a: [{\n}}]\n", "an error"],
    ["a: [{\n  b: x\n", "an error"],
    ["a: [\n--- b\n]\n", "an error"],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("does not read a text again without end", () => {
    expect(read(`a: [\n${"  {\n},\n".repeat(2_000)}]\n`)).toBe("an error");
  });
});
