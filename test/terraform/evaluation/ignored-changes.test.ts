import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parsePath } from "../../../src/json/path.ts";
import { traceValue } from "../../../src/terraform/tracing/trace.ts";
import { type BlockAnswer, ourIgnoredAnswer } from "../../terraform-binary/block-answers.ts";
import { IGNORED_CASES } from "../../terraform-binary/ignored-cases.ts";
import { attributesOf, evaluateFiles, type StackOptions } from "../stack.ts";

/** The answers were made by test/terraform-binary/remake-blocks.ts. */
const { ignored } = JSON.parse(readFileSync(new URL("../fixtures/blocks.json", import.meta.url), "utf8")) as {
  ignored: Record<string, BlockAnswer>;
};

test("every case has an answer", () => {
  expect(Object.keys(ignored)).toEqual(Object.keys(IGNORED_CASES));
});

describe("an instance that ignores changes is what Terraform planned, and so is what reads it", () => {
  test.each(Object.keys(IGNORED_CASES))("%s", (name) => {
    expect(ourIgnoredAnswer(name)).toEqual(ignored[name]);
  });
});

const CODE = `
variable "name" { default = "new" }
resource "x_y" "a" {
  name   = var.name
  bucket = "written"
  tags   = { Owner = "code", Team = "code" }
  rule {
    port = 1
  }
  lifecycle {
    ignore_changes = [name, tags["Owner"], rule[0].port, rule[1].port, missing]
  }
}
resource "x_y" "reader" {
  name  = x_y.a.name
  owner = x_y.a.tags.Owner
  team  = x_y.a.tags["Team"]
}
`;

const RECORDED: NonNullable<StackOptions["recorded"]> = [
  {
    type: "x_y",
    name: "a",
    instances: [
      {
        attributes: { id: "1", name: "old", tags: { Owner: "cloud" }, rule: [{ port: 2, id: "r" }] },
        sensitive_attributes: [],
      },
    ],
  },
];

test("what the state does not have is as the code says, and nothing is added that the code leaves out", () => {
  expect(attributesOf(evaluateFiles(CODE, { recorded: RECORDED }))).toEqual({
    "x_y.a": {
      name: "old",
      bucket: "written",
      tags: { Owner: "cloud", Team: "code" },
      rule: [{ port: 2 }],
    },
    "x_y.reader": { name: "old", owner: "cloud", team: "code" },
  });
});

test("an instance that is not in the state is made as the code says", () => {
  expect(attributesOf(evaluateFiles(CODE))["x_y.reader"]).toEqual({
    name: "new",
    owner: "code",
    team: "code",
  });
});

test.each<[string, string, string[]]>([
  ["x_y.a", "name", ["attribute main.tf:4", "ignored main.tf:11"]],
  ["x_y.a", "tags.Owner", ["attribute main.tf:6", "ignored main.tf:11"]],
  ["x_y.a", "tags.Team", ["attribute main.tf:6", "literal main.tf:6"]],
  ["x_y.a", "rule[0].port", ["attribute main.tf:8", "ignored main.tf:11"]],
  ["x_y.a", "bucket", ["attribute main.tf:5", "literal main.tf:5"]],
  ["x_y.reader", "name", ["attribute main.tf:15", "expression main.tf:15"]],
  ["x_y.reader", "owner", ["attribute main.tf:16", "expression main.tf:16"]],
  ["x_y.reader", "team", ["attribute main.tf:17", "attribute main.tf:6", "literal main.tf:6"]],
])("the trace of %s %s ends where it is decided", (address, path, expected) => {
  const instance = evaluateFiles(CODE, { recorded: RECORDED }).instances.get(address);
  const steps = instance === undefined ? [] : traceValue(instance, parsePath(path));
  expect(
    steps.map(({ kind, range: { file, start } }) => `${kind} ${file.path}:${lineAt(file.text, start)}`),
  ).toEqual(expected);
});

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
