import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { printPath } from "../../../src/json/path.ts";
import { evaluateFiles, outputOf, problemsOf, type RecordedResource } from "../stack.ts";

const MAIN = `
resource "a" "single" {
  name  = "n"
  size  = "8080"
  unset = null
  block {
    x = 1
  }
}
resource "a" "counted" {
  count = 2
  i     = count.index
}
resource "a" "each" {
  for_each = { k = 1, l = 2 }
  v        = each.value
}
resource "a" "none" {
  count = 0
  i     = count.index
}
data "d" "found" {
  filter = "f"
}
`;

const RECORDED: RecordedResource[] = [
  {
    type: "a",
    name: "single",
    instances: [
      {
        attributes: {
          id: "i-1",
          name: "n (in the state)",
          size: 8080,
          unset: "chosen",
          computed: { a: [1, null] },
          secret: "s",
          block: [{ x: 1, more: "m" }],
        },
        sensitive_attributes: [[{ type: "get_attr", value: "secret" }]],
      },
    ],
  },
  {
    type: "a",
    name: "counted",
    instances: [0, 1].map((index) => ({ index_key: index, attributes: { id: `c${index}`, i: index } })),
  },
  {
    type: "a",
    name: "each",
    instances: ["k", "l"].map((key) => ({ index_key: key, attributes: { id: `e-${key}` } })),
  },
  {
    mode: "data",
    type: "d",
    name: "found",
    instances: [{ attributes: { id: "d-1", filter: "f", arn: "arn:d" } }],
  },
];

function outputWith(expression: string, recorded?: readonly RecordedResource[]) {
  const options = recorded === undefined ? {} : { recorded };
  const evaluation = evaluateFiles(`${MAIN}output "x" {\n  value = ${expression}\n}\n`, options);
  expect(problemsOf(evaluation)).toEqual([]);
  const { json, unknown, sensitive } = outputOf(evaluation, "x");
  return { json, unknown: unknown.length > 0, sensitive: sensitive.length > 0 };
}

describe("with a state", () => {
  test.each<[string, Json]>([
    ["a.single.name", "n"],
    ["a.single.id", "i-1"],
    ["a.single.computed.a[0]", 1],
    ["a.single.computed.a[1]", null],
    ["a.single.unset", "chosen"],
    ["a.single.size", 8080],
    ["a.single.block[0].more", "m"],
    ["resource.a.single.id", "i-1"],
    ["a.counted[1].id", "c1"],
    ["a.counted[*].id", ["c0", "c1"]],
    ["a.counted.*.id", ["c0", "c1"]],
    ["length(a.counted)", 2],
    ['a.each["k"].id', "e-k"],
    ["{ for k, r in a.each : k => [r.id, r.v] }", { k: ["e-k", 1], l: ["e-l", 2] }],
    ["values(a.each)[*].id", ["e-k", "e-l"]],
    ["keys(a.each)", ["k", "l"]],
    ["a.none[*].id", []],
    ["one(a.none[*].id)", null],
    ['try(a.none[0].id, "none")', "none"],
    ["data.d.found.arn", "arn:d"],
    ["data.d.found.filter", "f"],
  ])("%s", (expression, json) => {
    expect(outputWith(expression, RECORDED)).toEqual({ json, unknown: false, sensitive: false });
  });

  test("what the state calls sensitive is", () => {
    expect(outputWith("a.single.secret", RECORDED)).toEqual({ json: "s", unknown: false, sensitive: true });
    expect(outputWith('"<${a.single.secret}>"', RECORDED).sensitive).toBe(true);
    expect(outputWith("a.single.id", RECORDED).sensitive).toBe(false);
  });
});

describe("without a state", () => {
  test.each<[string, Json]>([
    ["a.single.name", "n"],
    ["a.single.block[0].x", 1],
    ["length(a.counted)", 2],
    ["a.counted[*].i", [0, 1]],
    ["keys(a.each)", ["k", "l"]],
    ['"x${a.single.id}" == null', false],
  ])("%s is known", (expression, json) => {
    expect(outputWith(expression)).toEqual({ json, unknown: false, sensitive: false });
  });

  test.each([
    "a.single.id",
    "a.single.computed.a[0]",
    "a.single.unset",
    "a.single.block[0].more",
    "a.counted[*].id",
    "data.d.found.arn",
    'try(a.single.computed.missing, "fallback")',
    "jsonencode(a.single)",
    "[for x in a.single.list : x]",
    "keys(a.single)",
    "false ? 1 : a.single.id",
    "ephemeral.a.b.c",
  ])("%s is unknown", (expression) => {
    expect(outputWith(expression).unknown).toBe(true);
  });
});

describe("a reference to what is not there", () => {
  test.each([
    ["var.regoin", 'there is no variable "regoin" in the root module; did you mean "region"?'],
    ["local.nope", 'there is no local "nope" in the root module'],
    ["a.singel.id", 'there is no a.singel in the root module; did you mean "a.single"?'],
    ["data.d.lost.id", "there is no data.d.lost in the root module"],
    ["a.counted[5].i", "a.counted has no instance [5]"],
    ['a.each["z"].v', 'a.each has no instance ["z"]'],
    ['a.single["name"]', 'a.single has no instance ["name"]'],
    ["module.m.x", 'there is no module call "m" in the root module'],
    ["nope", 'there is no "nope"; a reference starts with var, local, module, data or a resource type'],
    ["data.d", "the reference is not complete; write data.TYPE.NAME"],
    ["var", "the reference is not complete; write var.NAME"],
    ["each.key", '"each" has no meaning here'],
    ["count.index", '"count" has no meaning here'],
    ["self.id", '"self" has no meaning here'],
    ["terraform.version", "the reference is not complete; write terraform.workspace"],
    ["path.here", "the reference is not complete; write path.module, path.root or path.cwd"],
  ])("%s", (expression, message) => {
    const main = `${MAIN}variable "region" { default = "eu" }\noutput "x" {\n  value = ${expression}\n}\n`;
    const evaluation = evaluateFiles(main);
    expect(evaluation.diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message]);
    expect(outputOf(evaluation, "x").unknown).toEqual([[]]);
    expect(evaluation.instances.size).toBe(5);
  });
});

describe("what needs itself", () => {
  test.each([
    [
      "locals",
      "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}",
      "local.a -> local.b -> local.c -> local.a",
    ],
    ["a local", "locals {\n  a = { x = local.a }\n}", "local.a -> local.a"],
    ["arguments", 'resource "a" "x" { v = a.y.v }\nresource "a" "y" { v = a.x.v }', "a.x -> a.y -> a.x"],
    [
      "a variable",
      'module "m" {\n  source = "./m"\n  in = module.m.out\n}',
      "module.m.var.in -> module.m.output.out -> module.m.var.in",
    ],
  ])("%s", (_, code, members) => {
    const evaluation = evaluateFiles({
      "main.tf": `${code}\nresource "a" "rest" { x = 1 }`,
      "m/main.tf": 'variable "in" {}\noutput "out" { value = var.in }',
    });
    expect(problemsOf(evaluation)).toEqual([
      expect.stringMatching(/^error \S+ these wait for each other, so none can be made first: /),
    ]);
    expect(problemsOf(evaluation)[0]).toContain(`: ${members};`);
    expect(evaluation.instances.has("a.rest")).toBe(true);
  });

  test("two attributes of one resource that refer to each other's neighbours are evaluated all the same", () => {
    const evaluation = evaluateFiles('resource "a" "b" {\n  x = a.b.y\n  y = 1\n}');
    expect(evaluation.instances.get("a.b")?.plain().json).toEqual({ x: 1, y: 1 });
  });
});

test("terraform.workspace is the stack's", () => {
  const main = 'output "x" { value = terraform.workspace }';
  expect(outputOf(evaluateFiles(main, { workspace: "blue" }), "x").json).toBe("blue");
});

/** A state does not say whether a list is a list, a set or a tuple, and Terraform holds those for different. */
test.each([
  ["data.d.found.list == []", false],
  ["data.d.found.none == []", true],
  ['data.d.found.list == tolist(["x"])', true],
  ["data.d.found.list == {}", false],
  ["data.d.found.list == null", false],
  ['data.d.found.list[0] == "x"', false],
  ['{ a = data.d.found.list } == { a = ["x"] }', true],
  ["length(data.d.found.list) == 1", false],
])("%s compares with what the state has", (expression, unknown) => {
  const recorded: RecordedResource[] = [
    { mode: "data", type: "d", name: "found", instances: [{ attributes: { list: ["x"], none: [] } }] },
  ];
  expect(outputWith(expression, recorded).unknown).toEqual(unknown);
});

describe("a resource as a whole, of which the code says only a part", () => {
  const USE = 'output "x" { value = [var.in.name, var.in.arn] }';
  test.each([
    ["an object", "object({ name = string, arn = string })", ["n", null], ["[1]"]],
    [
      "an object that may leave out",
      "object({ name = string, arn = optional(string) })",
      ["n", null],
      ["[1]"],
    ],
    ["a map", "map(string)", [null, null], ["[0]", "[1]"]],
  ])("fits with %s", (_, type, expected, unknown) => {
    const evaluation = evaluateFiles({
      "main.tf": `resource "a" "b" { name = "n" }\nmodule "m" {\n  source = "./m"\n  in = a.b\n}\noutput "x" { value = module.m.x }`,
      "m/main.tf": `variable "in" { type = ${type} }\n${USE}`,
    });
    expect(problemsOf(evaluation)).toEqual([]);
    const { json, unknown: found } = outputOf(evaluation, "x");
    expect(json).toEqual(expected);
    expect(found.map(printPath)).toEqual(unknown);
  });
});
