import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { attributesOf, evaluateFiles, problemsOf, sensitiveOf, unknownOf } from "../stack.ts";

const SEED = 'resource "seed" "s" {}\n';

describe("the inside of a resource", () => {
  test.each<[string, string, Json]>([
    ["arguments", 'x = 1\n  y = ["a"]', { x: 1, y: ["a"] }],
    ["a block once", "b {\n    x = 1\n  }", { b: [{ x: 1 }] }],
    ["a block again and again", "b {\n    x = 1\n  }\n  b {\n    x = 2\n  }", { b: [{ x: 1 }, { x: 2 }] }],
    ["blocks in blocks", "b {\n    c {\n      x = 1\n    }\n  }", { b: [{ c: [{ x: 1 }] }] }],
    ["a block with labels", 'b "l" {\n    x = 1\n  }', { b: [{ x: 1 }] }],
    [
      "none of what belongs to Terraform",
      'depends_on = []\n  provider = aws.west\n  lifecycle {\n    ignore_changes = all\n  }\n  provisioner "local-exec" {\n    command = self.id\n  }\n  connection {\n    host = self.ip\n  }\n  x = 1',
      { x: 1 },
    ],
    [
      "those names in a block are its own",
      "b {\n    count = 1\n    lifecycle = 2\n  }",
      { b: [{ count: 1, lifecycle: 2 }] },
    ],
  ])("%s", (_, body, expected) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  ${body}\n}\n`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual({ "a.b": expected });
  });
});

describe("dynamic blocks", () => {
  test.each<[string, string, Json]>([
    [
      "over a list",
      'dynamic "b" {\n for_each = [1, 2]\n content {\n x = b.value\n k = b.key\n }\n }',
      {
        b: [
          { k: 0, x: 1 },
          { k: 1, x: 2 },
        ],
      },
    ],
    [
      "over a map, by key",
      'dynamic "b" {\n for_each = { z = 1, a = 2 }\n content {\n x = b.key\n }\n }',
      { b: [{ x: "a" }, { x: "z" }] },
    ],
    [
      "over a set, whose keys are its values",
      'dynamic "b" {\n for_each = toset(["y", "x"])\n content {\n x = "${b.key}${b.value}"\n }\n }',
      { b: [{ x: "xx" }, { x: "yy" }] },
    ],
    ["over nothing", 'dynamic "b" {\n for_each = []\n content {\n x = b.value\n }\n }', { b: [] }],
    [
      "with an iterator",
      'dynamic "b" {\n for_each = [1]\n iterator = it\n content {\n x = it.value\n }\n }',
      { b: [{ x: 1 }] },
    ],
    [
      "with labels",
      'dynamic "b" {\n for_each = [1]\n labels = ["l"]\n content {\n x = b.value\n }\n }',
      { b: [{ x: 1 }] },
    ],
    [
      "in dynamic blocks, each with its own iterator",
      'dynamic "b" {\n for_each = { one = [1, 2] }\n content {\n dynamic "c" {\n for_each = b.value\n content {\n x = "${b.key}${c.value}"\n }\n }\n }\n }',
      { b: [{ c: [{ x: "one1" }, { x: "one2" }] }] },
    ],
    [
      "of one type in each other: the inner one counts",
      'dynamic "b" {\n for_each = ["outer"]\n content {\n dynamic "b" {\n for_each = ["inner"]\n content {\n x = b.value\n }\n }\n }\n }',
      { b: [{ b: [{ x: "inner" }] }] },
    ],
    [
      "beside plain ones",
      'b {\n x = 0\n }\n dynamic "b" {\n for_each = [1]\n content {\n x = b.value\n }\n }',
      { b: [{ x: 0 }, { x: 1 }] },
    ],
    [
      "within each",
      'for_each = { k = [7] }\n dynamic "b" {\n for_each = each.value\n content {\n x = "${each.key}${b.value}"\n }\n }',
      { b: [{ x: "k7" }] },
    ],
  ])("%s", (_, body, expected) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  ${body}\n}\n`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(Object.values(attributesOf(evaluation))).toEqual([expected]);
  });

  test("over what is not known are unknown as a whole", () => {
    const evaluation = evaluateFiles(
      `${SEED}resource "a" "b" {\n  dynamic "b" {\n for_each = seed.s.list\n content {\n x = b.value\n }\n }\n  y = 1\n}`,
    );
    expect(attributesOf(evaluation)["a.b"]).toEqual({ b: null, y: 1 });
    expect(unknownOf(evaluation)).toEqual(["a.b b"]);
  });

  test("over a sensitive collection have sensitive values", () => {
    const evaluation = evaluateFiles(
      'resource "a" "b" {\n  dynamic "b" {\n for_each = sensitive(["s"])\n content {\n x = b.value\n }\n }\n}',
    );
    expect(sensitiveOf(evaluation)).toEqual(["a.b b[0].x"]);
  });

  test.each([
    [
      "no for_each",
      'dynamic "b" {\n content {}\n }',
      "error main.tf:2 a dynamic block needs for_each and a content block",
    ],
    [
      "no content",
      'dynamic "b" {\n for_each = []\n }',
      "error main.tf:2 a dynamic block needs for_each and a content block",
    ],
    [
      "null",
      'dynamic "b" {\n for_each = null\n content {}\n }',
      "error main.tf:3 cannot iterate: the value is null",
    ],
    [
      "a text",
      'dynamic "b" {\n for_each = "x"\n content {}\n }',
      "error main.tf:3 cannot iterate over a string",
    ],
    [
      "a failure inside",
      'dynamic "b" {\n for_each = [1]\n content {\n x = b.valeu\n }\n }',
      'error main.tf:5 the object has no attribute "valeu"; did you mean "value"?',
    ],
  ])("%s is said, and the rest is evaluated", (_, body, problem) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  ${body}\n  y = 1\n}\n`);
    expect(problemsOf(evaluation)).toEqual([problem]);
    expect(attributesOf(evaluation)["a.b"]).toMatchObject({ y: 1 });
  });
});

describe("a file says what is wrong with its blocks", () => {
  test.each([
    ['resource "a" {}', 'error main.tf:1 the block "resource" needs 2 labels'],
    ["variable {}", 'error main.tf:1 the block "variable" needs 1 label'],
    ['locals "x" {}', 'error main.tf:1 the block "locals" needs no labels'],
    ['resorce "a" "b" {}', 'error main.tf:1 Terraform has no "resorce" block; did you mean "resource"?'],
    ['policy "a" "b" {}', 'warning main.tf:1 Terraform has no "policy" block; it is left out'],
    ["x = 1", "error main.tf:1 an argument is not expected here; blocks such as resource or locals are"],
    ['output "o" {}', 'error main.tf:1 output "o" has no value argument'],
    [
      'resource "a" "rest" { x = 2 }',
      "error main.tf:2 resource a.rest is declared twice; the first one counts",
    ],
    [
      "locals {\n a = 1\n}\nlocals {\n a = 2\n}",
      'error main.tf:5 local "a" is declared twice; the first one counts',
    ],
  ])("%s", (block, problem) => {
    const evaluation = evaluateFiles(`${block}\nresource "a" "rest" { x = 1 }\n`);
    expect(problemsOf(evaluation)).toEqual([problem]);
    expect([...evaluation.instances.keys()]).toEqual(["a.rest"]);
  });

  test.each([
    'check "c" {\n  assert {\n    condition = a.rest.x == 1\n    error_message = "x"\n  }\n}',
    'ephemeral "a" "e" {}',
    'terraform {\n  required_version = ">= 1.5"\n}',
    "removed {\n  from = a.gone\n  lifecycle {\n    destroy = false\n  }\n}",
    'import {\n  to = a.rest\n  id = "i"\n}',
    'action "a" "b" {}',
  ])("%s says nothing about values", (block) => {
    const evaluation = evaluateFiles(`${block}\nresource "a" "rest" { x = 1 }\n`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual({ "a.rest": { x: 1 } });
  });
});
