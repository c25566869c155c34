import { describe, expect, test } from "vitest";
import type { Setting } from "../../../src/terraform/code/inputs.ts";
import { evaluateFiles, outputOf, problemsOf } from "../stack.ts";

const OUTPUT = 'output "x" {\n  value     = var.x\n  sensitive = true\n}\n';

describe("which value a root variable gets", () => {
  const declared = `variable "x" {\n  default = "default"\n}\n${OUTPUT}`;
  const files = {
    "main.tf": declared,
    "terraform.tfvars": 'x = "terraform.tfvars"',
    "a.auto.tfvars": 'x = "a.auto"',
    "b.auto.tfvars": 'x = "b.auto"',
    "first.tfvars": 'x = "first"',
    "last.tfvars": 'x = "last"',
  };
  const first: Setting = { kind: "file", path: "first.tfvars" };
  const last: Setting = { kind: "file", path: "last.tfvars" };
  const given: Setting = { kind: "variable", name: "x", text: "-var" };
  const environment: Setting = { kind: "environment", name: "x", text: "TF_VAR" };

  test.each<[string, (keyof typeof files)[], Setting[], string]>([
    ["its default", ["main.tf"], [], "default"],
    ["TF_VAR_… before it", ["main.tf"], [environment], "TF_VAR"],
    ["terraform.tfvars before that, too", ["main.tf", "terraform.tfvars"], [environment], "terraform.tfvars"],
    ["--var before TF_VAR_…, wherever it stands", ["main.tf"], [given, environment], "-var"],
    ["terraform.tfvars before it", ["main.tf", "terraform.tfvars"], [], "terraform.tfvars"],
    ["*.auto.tfvars before that", ["main.tf", "terraform.tfvars", "a.auto.tfvars"], [], "a.auto"],
    ["the last of them by name", ["main.tf", "b.auto.tfvars", "a.auto.tfvars"], [], "b.auto"],
    ["--var-file before those", ["main.tf", "b.auto.tfvars", "first.tfvars"], [first], "first"],
    ["the last --var-file", ["main.tf", "first.tfvars", "last.tfvars"], [first, last], "last"],
    ["--var after a file", ["main.tf", "first.tfvars"], [first, given], "-var"],
    ["a file after --var", ["main.tf", "first.tfvars"], [given, first], "first"],
    ["no file that nobody asked for", ["main.tf", "first.tfvars"], [], "default"],
  ])("%s", (_, names, settings, expected) => {
    const present = Object.fromEntries(names.map((name) => [name, files[name]]));
    expect(outputOf(evaluateFiles(present, { settings }), "x").json).toBe(expected);
  });
});

test("TF_VAR_… of another stack is passed over", () => {
  const settings: Setting[] = [{ kind: "environment", name: "other", text: "1" }];
  expect(problemsOf(evaluateFiles('variable "x" { default = 1 }', { settings }))).toEqual([]);
});

test("an ephemeral variable is not known: no resource can have its value", () => {
  const main =
    'variable "x" {\n  default = "token"\n  ephemeral = true\n}\nlocals { y = "${var.x}!" }\noutput "x" { value = local.y }';
  expect(outputOf(evaluateFiles(main), "x")).toMatchObject({ json: null, unknown: [[]] });
});

describe("the text of --var", () => {
  test.each([
    ["string", "0042", "0042"],
    ["string", "[1]", "[1]"],
    ["number", "0042", 42],
    ["bool", "true", true],
    ["list(number)", '["1", 2]', [1, 2]],
    ["map(string)", "{ a = 1 }", { a: "1" }],
    ["object({ a = optional(number, 3) })", "{}", { a: 3 }],
    ["any", "[1, 2]", [1, 2]],
    ["any", '"text"', "text"],
  ])("where %s is declared: %s", (type, text, expected) => {
    const settings: Setting[] = [{ kind: "variable", name: "x", text }];
    const evaluation = evaluateFiles(`variable "x" {\n  type = ${type}\n}\n${OUTPUT}`, { settings });
    expect(outputOf(evaluation, "x").json).toEqual(expected);
    expect(problemsOf(evaluation)).toEqual([]);
  });

  test("is a text where nothing is declared", () => {
    const settings: Setting[] = [{ kind: "variable", name: "x", text: "[1]" }];
    expect(outputOf(evaluateFiles(`variable "x" {}\n${OUTPUT}`, { settings }), "x").json).toBe("[1]");
  });

  test.each([
    ["number", "many", 'error main.tf:1 variable "x": a number is required'],
    ["number", "1 + 1", 'error main.tf:1 variable "x": a number is required'],
    ["list(string)", "[", "error --var x: column 1 of the value: this list is not closed"],
    ["list(string)", '["a" "b"]', "error --var x: column 6 of the value: "],
    ["map(string)", "{\n  a = [\n}", "error --var x: line 3, column 1 of the value: "],
    ["list(string)", "[local.a]", "error --var x:1 only constants are possible here, no references"],
  ])("that does not fit %s: %s", (type, text, message) => {
    const settings: Setting[] = [{ kind: "variable", name: "x", text }];
    const evaluation = evaluateFiles(`variable "x" {\n  type = ${type}\n}\n${OUTPUT}`, { settings });
    expect(outputOf(evaluation, "x").unknown).toEqual([[]]);
    expect(problemsOf(evaluation)).toEqual([expect.stringContaining(message)]);
  });
});

describe("types", () => {
  test.each<[string, string, unknown]>([
    ["list(string)", '["a", 1, true]', ["a", "1", "true"]],
    ["set(string)", '["b", "a", "b"]', ["a", "b"]],
    ["map(number)", '{ b = "2", a = 1 }', { a: 1, b: 2 }],
    ["tuple([string, number])", '[1, "2"]', ["1", 2]],
    ["object({ a = string })", '{ a = 1, dropped = "x" }', { a: "1" }],
    ["object({ a = optional(string) })", "{}", { a: null }],
    ['object({ a = optional(string, "d") })', "{ a = null }", { a: "d" }],
    ["object({ a = optional(object({ b = optional(number, 1) }), {}) })", "{}", { a: { b: 1 } }],
    ["object({ a = optional(object({ b = optional(number, 1) })) })", "{}", { a: null }],
    ['list(object({ a = optional(string, "d") }))', '[{}, { a = "x" }]', [{ a: "d" }, { a: "x" }]],
    ['map(object({ a = optional(list(string), ["d"]) }))', "{ k = {} }", { k: { a: ["d"] } }],
    ['tuple([object({ a = optional(string, "d") })])', "[{}]", [{ a: "d" }]],
    ["set(object({ a = optional(number, 2) }))", "[{ a = 1 }, {}]", [{ a: 1 }, { a: 2 }]],
    ["map(any)", '{ a = 1, b = "x" }', { a: "1", b: "x" }],
    ["any", '{ a = 1, b = ["x"] }', { a: 1, b: ["x"] }],
    ["list", '["a", 1]', ["a", "1"]],
  ])("%s of %s", (type, value, expected) => {
    const evaluation = evaluateFiles(
      `variable "x" {\n  type    = ${type}\n  default = ${value}\n}\n${OUTPUT}`,
    );
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "x").json).toEqual(expected);
  });

  test.each([
    ["number", '"many"', 'error main.tf:3 variable "x": a number is required'],
    ["list(number)", '[1, "many"]', 'error main.tf:3 variable "x": element 1: a number is required'],
    ["object({ a = string })", "{}", 'error main.tf:3 variable "x": attribute "a" is required'],
    ["tuple([string])", "[]", 'error main.tf:3 variable "x": tuple([string]) is required'],
    ["strnig", '"a"', "error main.tf:2 this is no type"],
    ["optional(string)", '"a"', "error main.tf:2 this is no type"],
    [
      'object({ a = optional(number, "x") })',
      "{}",
      "error main.tf:2 the default does not fit its type: a number is required",
    ],
  ])("%s refuses %s", (type, value, message) => {
    const evaluation = evaluateFiles(
      `variable "x" {\n  type    = ${type}\n  default = ${value}\n}\n${OUTPUT}`,
    );
    expect(outputOf(evaluation, "x").json).toBeDefined();
    expect(problemsOf(evaluation)).toEqual([expect.stringContaining(message)]);
  });
});

describe("null", () => {
  test.each([
    ["is a value", "", "x = null", null],
    ["means the default where nullable is false", "nullable = false", "x = null", "default"],
    ["leaves other values alone", "nullable = false", 'x = "given"', "given"],
  ])("%s", (_, argument, tfvars, expected) => {
    const variable = `variable "x" {\n  type = string\n  default = "default"\n  ${argument}\n}\n`;
    const evaluation = evaluateFiles({ "main.tf": `${variable}${OUTPUT}`, "terraform.tfvars": tfvars });
    expect(outputOf(evaluation, "x").json).toBe(expected);
  });
});

describe("what is wrong is said, and the rest is evaluated", () => {
  test("a variable without a value is unknown", () => {
    const evaluation = evaluateFiles(`variable "x" {\n  type = string\n}\n${OUTPUT}`);
    expect(outputOf(evaluation, "x").unknown).toEqual([[]]);
    expect(problemsOf(evaluation)).toEqual([
      'warning main.tf:1 variable "x" has no value; give one in a .tfvars file, with --var-file or with --var',
    ]);
  });

  test.each<[string, string, Setting[], string]>([
    [
      "a value for no variable in a file",
      'regoin = "eu"',
      [],
      'warning terraform.tfvars:1 the root module has no variable "regoin"; did you mean "region"?',
    ],
    [
      "a --var for no variable",
      "",
      [{ kind: "variable", name: "regoin", text: "eu" }],
      'error --var regoin: the root module has no variable "regoin"; did you mean "region"?',
    ],
    [
      "a file that is not there",
      "",
      [{ kind: "file", path: "missing.tfvars" }],
      "error the variable file missing.tfvars cannot be read: there is no such file, or it is a link that leads nowhere or out of the root; mend it, or give a --root that holds what it leads to",
    ],
    [
      "a block in a variable file",
      "locals {}",
      [],
      "error terraform.tfvars:1 a variable file holds only lines such as name = value, no blocks",
    ],
    [
      "a reference in a variable file",
      "region = var.other",
      [],
      "error terraform.tfvars:1 only constants are possible here, no references",
    ],
    [
      "a function in a variable file",
      'region = upper("eu")',
      [],
      "error terraform.tfvars:1 no function can be called here, only constants are possible",
    ],
  ])("%s", (_, tfvars, settings, problem) => {
    const main = 'variable "region" {\n  default = "us"\n}\nresource "a" "b" {\n  region = var.region\n}\n';
    const evaluation = evaluateFiles({ "main.tf": main, "terraform.tfvars": tfvars }, { settings });
    expect(problemsOf(evaluation)).toEqual([problem]);
    expect([...evaluation.instances.keys()]).toEqual(["a.b"]);
  });
});

test("names that objects have anyway are names like others", () => {
  const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
  const main = names.map((name) => `variable "${name}" {}\noutput "${name}" {\n  value = var.${name}\n}\n`);
  const tfvars = names.map((name) => `${name} = "${name}!"\n`);
  const evaluation = evaluateFiles({ "main.tf": main.join(""), "terraform.tfvars": tfvars.join("") });
  expect(problemsOf(evaluation)).toEqual([]);
  expect(names.map((name) => outputOf(evaluation, name).json)).toEqual(names.map((name) => `${name}!`));
});

/** Judged by Terraform 1.11. */
test.each<[type: string, value: string]>([
  ["list(any)", "[{ k = 1 }, null]"],
  ["set(any)", '[["a"], null]'],
  ["map(list(any))", '{ a = [], b = [{ k = "z" }] }'],
  ["set(object({ a = any }))", '[{ a = {} }, { a = { k = "z" } }]'],
  ["set(object({ a = optional(any) }))", "[{ a = true }, {}]"],
  ["map(tuple([any]))", "{ a = [{}], b = [null], c = [{ k = 1 }] }"],
  ["list(object({ a = any }))", "[{ a = 1 }, { a = [1] }]"],
  ["list(list(any))", '[[{ k = "z" }], []]'],
])("%s is not what %s is", (type, value) => {
  const { diagnostics } = evaluateFiles(`variable "v" {\n  type = ${type}\n  default = ${value}\n}\n`);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^variable "v": .*elements must have the same type$/),
  ]);
});

test("what comes from a state or is not known may have a type in Terraform", () => {
  const recorded = [{ type: "a", name: "b", instances: [{ attributes: { none: null } }] }];
  const code = `
resource "a" "b" {}
module "m" {
  source = "./m"
  values = [a.b.object, { k = 1 }, a.b.none]
}
`;
  const files = { "main.tf": code, "m/main.tf": 'variable "values" {\n  type = list(any)\n}\n' };
  expect(problemsOf(evaluateFiles(files, { recorded }))).toEqual([]);
});
