import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../src/hcl/syntax/parser.ts";
import { literalText } from "../../../src/terraform/code/literal.ts";
import { evaluateFiles } from "../stack.ts";

describe("the text of a string", () => {
  test.each([
    ['"west"', "west"],
    ['""', ""],
    ['"a\\nb"', "a\nb"],
    ['"west-${local.x}"', undefined],
    ['"${local.x}-west"', undefined],
    ["local.x", undefined],
    ["1", undefined],
  ])("%s", (text, expected) => {
    const { expression } = parseExpression({ path: "main.tf", text });
    expect(expression && literalText(expression)).toBe(expected);
  });
});

test("an alias is not the beginning of a text that has to be evaluated", () => {
  const { root } = evaluateFiles(`
provider "aws" {
  alias = "west"
}
provider "aws" {
  alias = "west-\${terraform.workspace}"
}
`);
  expect(root.providers.map(({ alias, address }) => [alias, address])).toEqual([
    ["west", "provider.aws.west"],
    [null, "provider.aws"],
  ]);
});
