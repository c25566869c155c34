import { expect, test } from "vitest";
import { areMovesKnown } from "../../../src/terraform/code/moves-known.ts";
import { evaluateFiles } from "../stack.ts";

test.each<[string, boolean]>([
  ["", true],
  [">= 0.13", true],
  ["> 1.0.0", true],
  ["!= 1.0.0", true],
  ["~> 1.0", true],
  ["~> 1", true],
  ["~> 1.5.0", true],
  ["= 1.1.0", true],
  ["1.9", true],
  ["< 2.0.0, >= 1.3", true],
  ["<= 1.1", true],
  ["~> 0.14", false],
  ["~> 1.0.4", false],
  ["0.13.7", false],
  ["= 1.0.11", false],
  [">= 0.12, < 1.1", false],
  ["<= 1.0.11", false],
])("required_version %j lets in a Terraform that reads moved blocks: %s", (version, expected) => {
  const { root } = evaluateFiles(version === "" ? "" : `terraform {\n  required_version = "${version}"\n}\n`);
  expect(areMovesKnown(root.module)).toBe(expected);
});
