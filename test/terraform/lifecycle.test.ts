import { expect, test } from "vitest";
import { printPath } from "../../src/json/path.ts";
import { ignoredChanges } from "../../src/terraform/lifecycle.ts";
import { evaluateFiles } from "./stack.ts";

test.each<[string, "all" | string[]]>([
  ["", []],
  ["lifecycle {}", []],
  ["lifecycle {\n prevent_destroy = true\n }", []],
  ["lifecycle {\n ignore_changes = []\n }", []],
  ["lifecycle {\n ignore_changes = all\n }", "all"],
  ['lifecycle {\n ignore_changes = ["*"]\n }', "all"],
  ["lifecycle {\n ignore_changes = [tags, ami]\n }", ["tags", "ami"]],
  ['lifecycle {\n ignore_changes = ["tags"]\n }', ["tags"]],
  ['lifecycle {\n ignore_changes = [tags["Name"], tags.Owner]\n }', ["tags.Name", "tags.Owner"]],
  ["lifecycle {\n ignore_changes = [ingress[0].cidr_blocks]\n }", ["ingress[0].cidr_blocks"]],
  ["lifecycle {\n ignore_changes = [tags[local.x], ami]\n }", ["ami"]],
])("ignore_changes of %s", (body, expected) => {
  const instance = evaluateFiles(`resource "a" "b" {\n ${body}\n}\n`).instances.get("a.b");
  const ignored = instance && ignoredChanges(instance.block.body);
  expect(ignored === "all" ? ignored : ignored?.map(printPath)).toEqual(expected);
});
