import { describe, expect, test } from "vitest";
import { positionAt } from "../../../src/hcl/syntax/source.ts";
import { ignoredChanges } from "../../../src/terraform/evaluation/ignored-changes.ts";
import { traceValue } from "../../../src/terraform/tracing/trace.ts";
import { attributesOf, evaluateFiles, outputOf, problemsOf, sensitiveOf } from "../stack.ts";

type Files = Readonly<Record<string, string>>;

/** What Terraform 1.11.4 does, found out by trying it. */
describe("an override file changes what others declare", () => {
  test.each<[string, Files, Record<string, unknown>]>([
    [
      "arguments take the place of those of their name",
      {
        "main.tf": 'resource "a" "b" {\n  x = 1\n  y = 1\n}',
        "override.tf": 'resource "a" "b" {\n  y = 2\n  z = 2\n}',
      },
      { "a.b": { x: 1, y: 2, z: 2 } },
    ],
    [
      "null is a value",
      { "main.tf": 'resource "a" "b" { x = 1 }', "override.tf": 'resource "a" "b" { x = null }' },
      { "a.b": { x: null } },
    ],
    [
      "blocks of a type take the place of all of that type",
      {
        "main.tf":
          'resource "a" "b" {\n  x {\n    n = 1\n  }\n  x {\n    n = 2\n  }\n  y {\n    n = 3\n  }\n}',
        "override.tf": 'resource "a" "b" {\n  x {\n    n = 4\n  }\n}',
      },
      { "a.b": { x: [{ n: 4 }], y: [{ n: 3 }] } },
    ],
    [
      "dynamic blocks count as those they make",
      {
        "main.tf":
          'resource "a" "b" {\n  dynamic "x" {\n    for_each = [1]\n    content {\n      n = x.value\n    }\n  }\n  y {\n    n = 3\n  }\n}',
        "override.tf":
          'resource "a" "b" {\n  x {\n    n = 4\n  }\n  dynamic "y" {\n    for_each = [5, 6]\n    content {\n      n = y.value\n    }\n  }\n}',
      },
      { "a.b": { x: [{ n: 4 }], y: [{ n: 5 }, { n: 6 }] } },
    ],
    [
      "files are merged by their names, the last one counts",
      {
        "main.tf": 'resource "a" "b" { x = 1 }',
        "z.tf": "locals {}",
        "a_override.tf": 'resource "a" "b" { x = "a" }',
        "b_override.tf.json": '{"resource": {"a": {"b": {"x": "b${1}"}}}}',
        "override.tf": 'resource "a" "b" { y = "plain" }',
      },
      { "a.b": { x: "b1", y: "plain" } },
    ],
    [
      "one file may override a resource twice",
      {
        "main.tf": 'resource "a" "b" { x = 1 }',
        "override.tf": 'resource "a" "b" { x = 2 }\nresource "a" "b" { y = 3 }',
      },
      { "a.b": { x: 2, y: 3 } },
    ],
    [
      "count beside for_each wins",
      {
        "main.tf": 'resource "a" "b" { for_each = { k = 1 } }',
        "override.tf": 'resource "a" "b" { count = 2 }',
      },
      { "a.b[0]": {}, "a.b[1]": {} },
    ],
    [
      "code in JSON is overridden by the native syntax, and the other way round",
      {
        "main.tf.json": '{"resource": {"a": {"b": {"x": {"n": 1}, "y": [{"n": 2}]}, "c": {"z": 1}}}}',
        "override.tf": 'resource "a" "b" {\n  x {\n    n = 3\n  }\n}',
        "other_override.tf.json": '{"resource": {"a": {"c": {"z": [2]}}}}',
      },
      { "a.b": { x: [{ n: 3 }], y: [{ n: 2 }] }, "a.c": { z: [2] } },
    ],
    [
      "OpenTofu's files override too",
      {
        "main.tofu": 'resource "a" "b" { x = 1 }',
        "override.tofu.json": '{"resource": {"a": {"b": {"x": 2}}}}',
      },
      { "a.b": { x: 2 } },
    ],
  ])("%s", (_, files, expected) => {
    const evaluation = evaluateFiles(files);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual(expected);
  });

  test("variables, locals, outputs and module calls", () => {
    const evaluation = evaluateFiles({
      "main.tf":
        'variable "v" { default = "base" }\nvariable "t" {\n  type = list(string)\n  default = ["1"]\n}\nlocals {\n  a = 1\n  b = 2\n}\noutput "o" { value = [var.v, var.t, local.a, local.b, module.m.o] }\nmodule "m" {\n  source = "./m1"\n  x = 1\n  y = 2\n}',
      "override.tf":
        'variable "v" {\n  default = "over"\n  sensitive = true\n}\nvariable "t" { type = set(number) }\nlocals { a = "over" }\noutput "o" { sensitive = true }\nmodule "m" {\n  source = "./m2"\n  y = 3\n}',
      "m1/main.tf": 'variable "x" {}\nvariable "y" {}\noutput "o" { value = "m1" }',
      "m2/main.tf": 'variable "x" {}\nvariable "y" {}\noutput "o" { value = "m2 ${var.x} ${var.y}" }',
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "o")).toMatchObject({
      json: ["over", [1], "over", 2, "m2 1 3"],
      sensitive: [[], [0]],
    });
  });

  test("what has become sensitive is so everywhere", () => {
    const evaluation = evaluateFiles({
      "main.tf": 'variable "v" { default = "x" }\nresource "a" "b" { x = var.v }',
      "override.tf": 'variable "v" { sensitive = true }',
    });
    expect(sensitiveOf(evaluation)).toEqual(["a.b x"]);
  });

  test.each([
    ["[x]", "all", "all"],
    ["all", "[x]", "all"],
    ["[x]", "[]", [["x"]]],
    ["[x]", "[y]", [["y"]]],
  ])("ignore_changes %s and then %s", (base, over, expected) => {
    const evaluation = evaluateFiles({
      "main.tf": `resource "a" "b" {\n  lifecycle {\n    ignore_changes = ${base}\n    create_before_destroy = true\n  }\n}`,
      "override.tf": `resource "a" "b" {\n  lifecycle {\n    ignore_changes = ${over}\n    prevent_destroy = true\n  }\n}`,
    });
    const body = evaluation.instances.get("a.b")?.block.body;
    if (body === undefined) throw new Error("no instance");
    expect(ignoredChanges(body)).toEqual(expected);
    const [lifecycle, ...more] = body.items.filter((item) => item.kind === "block");
    expect(more).toEqual([]);
    expect(lifecycle?.body.items.map((item) => (item.kind === "attribute" ? item.name : item.type))).toEqual([
      "ignore_changes",
      "create_before_destroy",
      "prevent_destroy",
    ]);
  });

  test("a provider that is not written out can be overridden, one with an alias cannot", () => {
    const evaluation = evaluateFiles({
      "main.tf": 'provider "aws" {\n  alias = "west"\n  region = "us-west-1"\n}',
      "override.tf":
        'provider "aws" { region = "eu-west-1" }\nprovider "aws" {\n  alias = "west"\n  region = "us-west-2"\n}\nprovider "aws" {\n  alias = "east"\n}',
    });
    expect(problemsOf(evaluation)).toEqual([
      "error override.tf:6 there is no provider aws.east to override; declare it in another file, or give this one a name without override",
    ]);
    expect(evaluation.root.providers.map((provider) => [provider.address, provider.plain().json])).toEqual([
      ["provider.aws.west", { alias: "west", region: "us-west-2" }],
      ["provider.aws", { region: "eu-west-1" }],
    ]);
  });
});

describe("what an override file cannot do is said", () => {
  const ADVICE = "declare it in another file, or give this one a name without override";

  test.each([
    ["locals { x = 1 }", `there is no local "x" to override; ${ADVICE}`],
    ['variable "x" {}', `there is no variable "x" to override; ${ADVICE}`],
    ['output "x" { value = 1 }', `there is no output "x" to override; ${ADVICE}`],
    ['resource "a" "x" {}', `there is no resource a.x to override; ${ADVICE}`],
    ['data "a" "x" {}', `there is no data source a.x to override; ${ADVICE}`],
    ['module "x" { source = "./m" }', `there is no module "x" to override; ${ADVICE}`],
    ["moved {\n  from = a.x\n  to = a.y\n}", "moved blocks cannot stand in an override file"],
    ["removed { from = a.x }", "removed blocks cannot stand in an override file"],
    ['import {\n  to = a.x\n  id = "x"\n}', "import blocks cannot stand in an override file"],
    ['check "x" {}', "check blocks cannot stand in an override file"],
    [
      'resource "a" "b" { depends_on = [a.c] }',
      "depends_on cannot be overridden; write it where the block is declared",
    ],
    [
      'resource "a" "b" {\n  lifecycle {\n    precondition {\n      condition = false\n      error_message = "x"\n    }\n  }\n}',
      "precondition cannot be overridden; write it where the block is declared",
    ],
    [
      'variable "v" {\n  validation {\n    condition = false\n    error_message = "x"\n  }\n}',
      "validation cannot be overridden; write it where the block is declared",
    ],
  ])("%s", (text, expected) => {
    const main = 'variable "v" { default = 1 }\nresource "a" "b" { x = 1 }\nresource "a" "c" {}';
    const evaluation = evaluateFiles({ "main.tf": main, "override.tf": text });
    expect(problemsOf(evaluation).map((problem) => problem.replace(/^error override\.tf:\d+ /, ""))).toEqual([
      expected,
    ]);
    expect(attributesOf(evaluation)).toEqual({ "a.b": { x: 1 }, "a.c": {} });
  });

  test("without anything to override in the folder", () => {
    const evaluation = evaluateFiles({ "override.tf": 'resource "a" "b" {}' });
    expect(problemsOf(evaluation)[0]).toContain("there is no resource a.b to override");
  });
});

describe("every piece keeps its place", () => {
  test("a trace leads to the file that decides the value", () => {
    const evaluation = evaluateFiles({
      "main.tf": 'locals {\n  a = 1\n}\n\nresource "a" "b" {\n  x = local.a\n  y = 1\n}\n',
      "override.tf.json": '{\n  "locals": {\n    "a": 2\n  },\n  "resource": {"a": {"b": {"y": 3}}}\n}\n',
    });
    const instance = evaluation.instances.get("a.b");
    if (instance === undefined) throw new Error("no instance");
    const places = (name: string) =>
      traceValue(instance, [name]).map(({ range: { file, start } }) => {
        return `${file.path}:${positionAt(file.text, start).line}`;
      });
    expect(places("x")).toEqual(["main.tf:6", "override.tf.json:3", "override.tf.json:3"]);
    expect(places("y")).toEqual(["override.tf.json:5", "override.tf.json:5"]);
    expect(places("z")).toEqual(["main.tf:5"]);
  });
});
