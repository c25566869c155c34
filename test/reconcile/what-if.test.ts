import { queryObjects } from "node:v8";
import { describe, expect, it } from "vitest";
import type { Edit } from "../../src/hcl/editing/edit.ts";
import type { Limits } from "../../src/hcl/functions/function.ts";
import { printJson } from "../../src/json/json.ts";
import { whatIf } from "../../src/reconcile/what-if.ts";
import { Cell } from "../../src/terraform/cells/cell.ts";
import { ModuleInstance } from "../../src/terraform/evaluation/module-instance.ts";
import type { AdoptionCase } from "../adoption/case.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { type Checked, check } from "./tried.ts";

type Files = Readonly<Record<string, string>>;

/** What follows from writing `to` where `from` stands, for the first time, in the files. */
function tried(
  files: Files,
  changes: Readonly<Record<string, string>>,
  more: Partial<AdoptionCase> = {},
  limits?: Limits,
): Checked {
  const each = {
    name: "",
    files,
    address: "",
    live: {},
    expected: { verdict: "refused", why: "" },
    ...more,
  } as const;
  const edits = Object.entries(changes).map(([from, to]): Edit => {
    const file = Object.keys(files).find((path) => files[path]?.includes(from));
    if (file === undefined) throw new Error(`no file has ${from}`);
    const start = files[file]?.indexOf(from) ?? 0;
    return { file, start, end: start + from.length, text: to };
  });
  return check(repositoryOf(each, files, limits), edits);
}

/** `address path: before -> after`. */
function told({ effects }: Checked): string[] {
  return effects.map(
    ({ address, path, before, after }) => `${address} ${path}: ${printJson(before)} -> ${printJson(after)}`,
  );
}

/** How many objects of a class are reachable. */
function alive(made: typeof Cell | typeof ModuleInstance): number {
  return Number(queryObjects(made));
}

const MODULE = {
  "main.tf": `locals {
  names = ["a", "b"]
  sizes = { small = "s", large = "l" }
}
module "m" {
  source   = "./m"
  for_each = toset(local.names)
  name     = each.key
  size     = local.sizes.small
}
resource "x_y" "out" {
  v = module.m["a"].size
  w = local.sizes.large
}
`,
  "m/main.tf": `variable "name" {}
variable "size" { default = "d" }
variable "count_of" { default = 1 }
resource "x_y" "in" {
  count = var.count_of
  name  = var.name
  size  = upper(var.size)
}
output "size" { value = x_y.in[0].size }
`,
};

const IDLE: Files = {
  "main.tf":
    'module "m" {\n  source = "./m"\n  count  = 0\n}\nresource "x_y" "z" {\n  v = length(module.m)\n}\n',
  "m/main.tf": 'variable "w" {\n  default = "d"\n}\nresource "x_y" "in" {\n  v = "one"\n  w = var.w\n}\n',
};

describe("only what reads an edited value is evaluated again", () => {
  it.each<[string, Files, Record<string, string>, string[]]>([
    [
      "a literal in place",
      { "main.tf": 'resource "x_y" "z" {\n  v = "a"\n}\n' },
      { '"a"': '"b"' },
      ['x_y.z v: "a" -> "b"'],
    ],
    ["an entry of a local", MODULE, { '"l"': '"L"' }, ['x_y.out w: "l" -> "L"']],
    [
      "an argument of a module, through its output",
      MODULE,
      { '"s"': '"t"' },
      [
        'module.m["a"].x_y.in[0] size: "S" -> "T"',
        'module.m["b"].x_y.in[0] size: "S" -> "T"',
        'x_y.out v: "S" -> "T"',
      ],
    ],
    ["what stands in a module of which there is no instance", IDLE, { '"one"': '"ONE"', '"d"': '"D"' }, []],
    [
      "the same, together with what makes an instance of it",
      IDLE,
      { '"one"': '"ONE"', "count  = 0": "count  = 1" },
      ['module.m[0].x_y.in : null -> {"v":"ONE","w":"d"}', "x_y.z v: 0 -> 1"],
    ],
    ["the same value, in other words", MODULE, { '"s"': '"${"s"}"' }, []],
    [
      "an argument that a call did not have",
      MODULE,
      { "  size     = local.sizes.small\n": "  size     = local.sizes.small\n  count_of = 2\n" },
      [
        'module.m["a"].x_y.in[1] : null -> {"name":"a","size":"S"}',
        'module.m["b"].x_y.in[1] : null -> {"name":"b","size":"S"}',
      ],
    ],
    [
      "an argument that a call no longer has",
      MODULE,
      { "  size     = local.sizes.small\n": "" },
      [
        'module.m["a"].x_y.in[0] size: "S" -> "D"',
        'module.m["b"].x_y.in[0] size: "S" -> "D"',
        'x_y.out v: "S" -> "D"',
      ],
    ],
    [
      "an instance of a module that comes",
      MODULE,
      { '"b"]': '"b", "c"]' },
      ['module.m["c"].x_y.in[0] : null -> {"name":"c","size":"S"}'],
    ],
    [
      "an instance of a module that goes",
      MODULE,
      { ', "b"]': "]" },
      ['module.m["b"].x_y.in[0] : {"name":"b","size":"S"} -> null'],
    ],
    [
      "keys of for_each",
      { "main.tf": 'resource "x_y" "z" {\n  for_each = { a = 1, b = 2, c = 3 }\n  v = each.value\n}\n' },
      { "a = 1": "d = 1", "b = 2": "b = 5" },
      ['x_y.z["a"] : {"v":1} -> null', 'x_y.z["b"] v: 2 -> 5', 'x_y.z["d"] : null -> {"v":1}'],
    ],
    [
      "an instance whose blocks others read",
      {
        "main.tf":
          'resource "x_y" "z" {\n  for_each = { a = 1, b = 2 }\n  rule {\n    v = each.value\n  }\n}\nresource "x_y" "r" {\n  v = try(x_y.z["b"].rule[0].v, 0)\n  w = keys(x_y.z)\n}\n',
      },
      { ", b = 2": "" },
      ["x_y.r v: 2 -> 0", 'x_y.r w: ["a","b"] -> ["a"]', 'x_y.z["b"] : {"rule":[{"v":2}]} -> null'],
    ],
    [
      "count",
      {
        "main.tf":
          'resource "x_y" "z" {\n  count = 3\n  v = count.index\n}\nresource "x_y" "all" {\n  v = x_y.z[*].v\n}\n',
      },
      { "= 3": "= 2" },
      ["x_y.all v: [0,1,2] -> [0,1]", 'x_y.z[2] : {"v":2} -> null'],
    ],
    [
      "a chain of locals, and try and can on its way",
      {
        "main.tf":
          'locals {\n  a = { x = 1 }\n  b = local.a\n  c = try(local.b.y, local.b.x)\n  d = can(local.b.y)\n}\nresource "x_y" "z" {\n  c = local.c\n  d = local.d\n}\n',
      },
      { "x = 1": "x = 1, y = 2" },
      ["x_y.z c: 1 -> 2", "x_y.z d: false -> true"],
    ],
    [
      "a sensitive value stays masked",
      {
        "main.tf":
          'variable "p" {\n  default = "old"\n  sensitive = true\n}\nresource "x_y" "z" {\n  v = "${var.p}!"\n}\n',
      },
      { '"old"': '"new"' },
      ['x_y.z v: "(sensitive)" -> "(sensitive)"'],
    ],
    [
      "a value that becomes unknown",
      { "main.tf": 'resource "x_y" "a" {}\nresource "x_y" "z" {\n  v = "known"\n  w = "also"\n}\n' },
      { '"known"': "timestamp()" },
      ['x_y.z v: "known" -> null'],
    ],
    [
      "a template and a document",
      {
        "main.tf":
          'resource "x_y" "z" {\n  t = templatefile("t.tftpl", { n = 1 })\n  d = jsondecode(file("d.json")).k\n}\n',
        "t.tftpl": "first ${n}",
        "d.json": '{"k": "v"}',
      },
      { first: "second", '"v"': '"w"' },
      ['x_y.z d: "v" -> "w"', 'x_y.z t: "first 1" -> "second 1"'],
    ],
    ...["00", "0.0", "0e0", "-0"].map((key): [string, Files, Record<string, string>, string[]] => [
      `an element whose position is written as ${key}`,
      { "main.tf": `locals {\n  l = ["a", "b"]\n}\nresource "x_y" "z" {\n  v = local.l["${key}"]\n}\n` },
      { '"a"': '"c"' },
      ['x_y.z v: "a" -> "c"'],
    ]),
    [
      "an edit in a module of which an instance goes",
      {
        "main.tf":
          'locals {\n  k = ["p", "q"]\n}\nmodule "m" {\n  for_each = toset(local.k)\n  source = "./m"\n}\n',
        "m/main.tf":
          'locals {\n  n = ["x"]\n}\nresource "x_y" "i" {\n  for_each = toset(local.n)\n  v = local.n[0]\n}\nmodule "in" {\n  for_each = toset(local.n)\n  source = "../in"\n}\nprovider "aws" {\n  region = local.n[0]\n}\n',
        "in/main.tf": 'resource "x_y" "j" {}\n',
      },
      { '"p", ': "", '"x"': '"y", "x"' },
      [
        'module.m["p"].module.in["x"].x_y.j : {} -> null',
        'module.m["p"].x_y.i["x"] : {"v":"x"} -> null',
        'module.m["q"].module.in["y"].x_y.j : null -> {}',
        'module.m["q"].provider.aws region: "x" -> "y"',
        'module.m["q"].x_y.i["x"] v: "x" -> "y"',
        'module.m["q"].x_y.i["y"] : null -> {"v":"y"}',
      ],
    ],
    [
      "a variable file",
      {
        "main.tf": 'variable "v" { default = 1 }\nresource "x_y" "z" {\n  v = var.v\n}\n',
        "terraform.tfvars": "w = 1\n",
      },
      { "w = 1\n": "w = 1\nv = 2\n" },
      ["x_y.z v: 1 -> 2"],
    ],
    [
      "an entry of a typed variable, with defaults",
      {
        "main.tf":
          'variable "m" {\n  type = map(object({ a = string, b = optional(number, 7) }))\n}\nresource "x_y" "z" {\n  for_each = var.m\n  a = each.value.a\n  b = each.value.b\n}\n',
        "terraform.tfvars": 'm = {\n  one = { a = "x" }\n  two = { a = 1, b = 2 }\n}\n',
      },
      { 'a = "x"': "a = 5, b = 8" },
      ['x_y.z["one"] a: "x" -> "5"', 'x_y.z["one"] b: 7 -> 8'],
    ],
    [
      "nested and dynamic blocks",
      {
        "main.tf":
          'locals {\n  ports = [1, 2]\n}\nresource "x_y" "z" {\n  rule {\n    v = 1\n  }\n  dynamic "port" {\n    for_each = local.ports\n    content {\n      n = port.value\n    }\n  }\n}\n',
      },
      { "v = 1": "v = 2", "[1, 2]": "[1, 3]" },
      ["x_y.z port[1].n: 2 -> 3", "x_y.z rule[0].v: 1 -> 2"],
    ],
    [
      "what a data source is asked for",
      { "main.tf": 'locals {\n  n = "a"\n}\ndata "x_y" "d" {\n  name = local.n\n}\n' },
      { '"a"': '"b"' },
      ['data.x_y.d name: "a" -> "b"'],
    ],
  ])("%s", (_, files, changes, expected) => {
    const found = tried(files, changes);
    expect(found.whole).toEqual([]);
    expect(found.errors).toEqual([]);
    expect(told(found).sort()).toEqual(expected.sort());
  });

  it("default tags of a provider", () => {
    const files = {
      "main.tf":
        'locals {\n  owner = "a"\n}\nprovider "aws" {\n  default_tags {\n    tags = { Owner = local.owner }\n  }\n}\nresource "aws_instance" "z" {\n  v = 1\n}\n',
    };
    const state = { "aws_instance.z": { id: "i", tags: {}, tags_all: { Owner: "a" } } };
    const found = tried(files, { '"a"': '"b"' }, { state });
    expect(found.whole).toEqual([]);
    expect(told(found)).toEqual(['aws_instance.z tags_all.Owner: "a" -> "b"']);
  });

  it("what the state says of a data source", () => {
    const files = { "main.tf": 'data "x_y" "d" {}\nresource "x_y" "z" {\n  v = "${data.x_y.d.name}-a"\n}\n' };
    const found = tried(files, { "-a": "-b" }, { state: { "data.x_y.d": { name: "n" } } });
    expect([found.whole, told(found)]).toEqual([[], ['x_y.z v: "n-a" -> "n-b"']]);
  });
});

describe("an error that an edit makes is told", () => {
  it("where it was in another file before, too", () => {
    const files = {
      "a.tf": "locals {\n  l = []\n  a = local.l[0]\n}\n",
      "b.tf": "locals {\n  m = [1]\n  b = local.m[0]\n}\n",
    };
    const found = tried(files, { "local.l[0]": "1", "[1]": "[]" });
    expect([found.whole, found.errors.length]).toEqual([[], 1]);
    expect(found.errors[0]).toContain("there is no element 0");
  });

  it("with its place in a large value", () => {
    const files = {
      "main.tf":
        'variable "v" {\n  type = map(object({ l = list(string) }))\n}\nresource "x_y" "z" {\n  v = var.v\n}\n',
      "terraform.tfvars": 'v = {\n  p = { l = ["a"] }\n  q = { l = ["b"] }\n}\n',
    };
    const found = tried(files, { '"b"': "{}" });
    expect([found.whole, found.errors.length]).toEqual([[], 1]);
    expect(found.errors[0]).toContain('element "q": attribute "l": element 0');
  });

  it.each<[string, Files, Record<string, string>, RegExp]>([
    ["a name that is not there", MODULE, { "local.sizes.small": "local.sizes.tiny" }, /tiny/],
    [
      "a value of the wrong type",
      { "main.tf": 'variable "n" {\n  type = number\n  default = 1\n}\n' },
      { "= 1": '= "x"' },
      /number/,
    ],
    ["a key that others refer to goes", MODULE, { '"a", ': "" }, /no instance/],
    [
      "an argument that the module does not know",
      MODULE,
      { "  name     = each.key\n": "  name     = each.key\n  nam = 1\n" },
      /no variable "nam"/,
    ],
    [
      "a cycle",
      { "main.tf": "locals {\n  a = 1\n  b = local.a\n  c = local.b\n}\n" },
      { "a = 1": "a = local.c" },
      /these wait for each other.*local\.a -> local\.c -> local\.b -> local\.a/,
    ],
    [
      "an argument that Terraform does not know",
      { "main.tf": 'variable "v" {\n  default = 1\n}\nresource "x_y" "z" {\n  v = var.v\n}\n' },
      { "default = 1": "defalt = 1" },
      /a variable block has no argument "defalt"/,
    ],
    [
      "a resource that refers to itself",
      { "main.tf": 'resource "x_y" "z" {\n  v = 1\n  w = 2\n}\n' },
      { "v = 1": "v = x_y.z.w" },
      /x_y\.z cannot refer to itself/,
    ],
    [
      "an output that becomes sensitive",
      { "main.tf": 'locals {\n  a = 1\n}\noutput "o" {\n  value = local.a\n}\n' },
      { "a = 1": "a = sensitive(1)" },
      /output "o" has a sensitive value/,
    ],
    [
      "an instance that comes where one has moved away",
      {
        "main.tf":
          'locals {\n  n = 1\n}\nresource "x_y" "z" {\n  count = local.n\n}\nresource "x_y" "moved" {\n}\nmoved {\n  from = x_y.z[1]\n  to = x_y.moved\n}\n',
      },
      { "n = 1": "n = 2" },
      /x_y\.z\[1\] is still declared/,
    ],
    [
      "an instance that goes where one is imported",
      {
        "main.tf":
          'locals {\n  n = 2\n}\nresource "x_y" "z" {\n  count = local.n\n}\nimport {\n  to = x_y.z[1]\n  id = "i"\n}\n',
      },
      { "n = 2": "n = 1" },
      /there is no x_y\.z\[1\] to import into/,
    ],
    [
      "a condition that is no longer met",
      {
        "main.tf":
          'variable "n" {\n  default = 1\n  validation {\n    condition = var.n < 5\n    error_message = "too large"\n  }\n}\n',
      },
      { "= 1": "= 7" },
      /too large/,
    ],
  ])("%s", (_, files, changes, message) => {
    expect(tried(files, changes).errors.join("\n")).toMatch(message);
  });

  it("an edit that costs too much is one, and leaves the budget as it was", () => {
    const files = { "main.tf": 'resource "x_y" "z" {\n  v = length(range(3))\n  w = "w"\n}\n' };
    const limits = { steps: 5_000, elements: 5_000, text: 5_000 };
    const found = tried(
      files,
      { "range(3)": "[for a in range(100) : [for b in range(100) : b]]" },
      {},
      limits,
    );
    expect(found.errors.join("\n")).toMatch(/evaluation stopped/);
    expect(found.whole).toEqual([]);
  });
});

describe("nothing stays of a trial", () => {
  it("of instances that came with it", () => {
    const files = {
      "main.tf":
        'locals {\n  k = { a = 1 }\n}\nmodule "m" {\n  source = "./m"\n  for_each = local.k\n}\nresource "x_y" "z" {\n  for_each = local.k\n  v = module.m[each.key].v\n}\n',
      "m/main.tf": 'resource "x_y" "i" {\n  v = 1\n}\noutput "v" {\n  value = x_y.i.v\n}\n',
    };
    const each = {
      name: "",
      files,
      address: "",
      live: {},
      expected: { verdict: "refused", why: "" },
    } as const;
    const repository = repositoryOf(each, files);
    const start = files["main.tf"].indexOf("a = 1");
    const look = (key: string) =>
      whatIf(repository, [{ file: "main.tf", start, end: start + 1, text: key }], (outcomeOf) =>
        repository.stacks.flatMap((stack) => outcomeOf(stack).effects.map(({ address }) => address)),
      );
    expect(look("b")).toContain('module.m["b"].x_y.i');
    const [cells, modules] = [alive(Cell), alive(ModuleInstance)];
    for (let index = 0; index < 20; index += 1) look(`b${index}`);
    expect(modules).toBeGreaterThanOrEqual(2);
    expect(alive(ModuleInstance)).toBeLessThanOrEqual(modules);
    expect(alive(Cell)).toBeLessThanOrEqual(cells);
    expect([...(repository.stacks[0]?.evaluation.internals.modules.values() ?? [])].flat()).toHaveLength(2);
  });
});

describe("what a trial does not follow is evaluated as a whole", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "a block that comes",
      { 'resource "x_y" "out"': 'resource "x_y" "new" {}\nresource "x_y" "out"' },
      /whole block/,
    ],
    ["another name", { '"out"': '"other"' }, /which block/],
    ["a local that comes", { "  names = ": "  more = 1\n  names = " }, /a local/],
    ["the source of a module", { '"./m"': '"./n"' }, /module call/],
    ["count that comes", { "  v = module": "  count = 1\n  v = module" }, /count/],
    ["what does not parse", { '"l"': '"l' }, /does not parse/],
  ])("%s", (_, changes, why) => {
    expect(tried(MODULE, changes).whole.join("\n")).toMatch(why);
  });
});

describe("an error that goes for one and comes for another is new", () => {
  const regex = 'regex("x", each.value)';
  it.each<[string, Files]>([
    [
      "instance of a resource",
      { "main.tf": `resource "x_y" "a" {\n  for_each = { one = "x", two = "y" }\n  name = ${regex}\n}\n` },
    ],
    [
      "instance of a module",
      {
        "main.tf":
          'module "m" {\n  source = "./m"\n  for_each = { one = "x", two = "y" }\n  name = each.value\n}\n',
        "m/main.tf": 'variable "name" {}\nlocals {\n  name = regex("x", var.name)\n}\n',
      },
    ],
  ])("%s", (_, files) => {
    const found = tried(files, { '{ one = "x", two = "y" }': '{ one = "y", two = "x" }' });
    expect([found.whole, found.errors.length]).toEqual([[], 1]);
    expect(tried(files, { '{ one = "x", two = "y" }': '{ one = "x", two = "z" }' }).errors).toEqual([]);
  });
});
