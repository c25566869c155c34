import { describe, expect, test } from "vitest";
import type { ExternalModules, ModuleRequest } from "../../../src/terraform/code/installed-modules.ts";
import { attributesOf, evaluateFiles, outputOf, problemsOf, unknownOf } from "../stack.ts";

const LEAF = `
variable "name" {}
variable "size" {
  type    = number
  default = 1
}
resource "thing" "this" {
  name = var.name
  size = var.size
}
output "name" { value = "<\${var.name}>" }
output "path" { value = path.module }
`;

function stack(main: string): Record<string, string> {
  return { "main.tf": main, "modules/leaf/main.tf": LEAF };
}

describe("a call makes instances", () => {
  test.each<[string, string, Record<string, unknown>]>([
    [
      "one",
      'module "m" {\n  source = "./modules/leaf"\n  name = "n"\n}',
      { "module.m.thing.this": { name: "n", size: 1 } },
    ],
    [
      "by count",
      'module "m" {\n  source = "./modules/leaf"\n  count = 2\n  name = "n${count.index}"\n}',
      {
        "module.m[0].thing.this": { name: "n0", size: 1 },
        "module.m[1].thing.this": { name: "n1", size: 1 },
      },
    ],
    [
      "by for_each",
      'module "m" {\n  source = "./modules/leaf"\n  for_each = { b = "2", a = 1 }\n  name = each.key\n  size = each.value\n}',
      {
        'module.m["a"].thing.this': { name: "a", size: 1 },
        'module.m["b"].thing.this': { name: "b", size: 2 },
      },
    ],
    ["none", 'module "m" {\n  source = "./modules/leaf"\n  count = 0\n  name = "n"\n}', {}],
  ])("%s", (_, main, expected) => {
    const evaluation = evaluateFiles(stack(main));
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual(expected);
  });
});

describe("outputs", () => {
  const single = 'module "m" {\n  source = "./modules/leaf"\n  name = "n"\n}\n';
  const counted = 'module "m" {\n  source = "./modules/leaf"\n  count = 2\n  name = "n${count.index}"\n}\n';
  const each =
    'module "m" {\n  source = "./modules/leaf"\n  for_each = toset(["b", "a"])\n  name = each.key\n}\n';
  test.each<[string, string, string, unknown]>([
    ["one by name", single, "module.m.name", "<n>"],
    ["all as an object", single, "module.m", { name: "<n>", path: "modules/leaf" }],
    ["of an instance by index", counted, "module.m[1].name", "<n1>"],
    ["of all instances", counted, "module.m[*].name", ["<n0>", "<n1>"]],
    ["counted", counted, "length(module.m)", 2],
    ["of an instance by key", each, 'module.m["a"].name', "<a>"],
    ["of an instance by a key that is computed", each, 'module.m[lower("B")].name', "<b>"],
    ["in a for", each, "{ for k, m in module.m : k => m.name }", { a: "<a>", b: "<b>" }],
    ["tried", counted, 'try(module.m[7].name, "none")', "none"],
  ])("%s", (_, main, expression, expected) => {
    const evaluation = evaluateFiles(stack(`${main}output "x" { value = ${expression} }`));
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "x").json).toEqual(expected);
  });

  test("go through modules in modules", () => {
    const evaluation = evaluateFiles({
      "main.tf": 'module "a" {\n  source = "./a"\n  in = "x"\n}\noutput "x" { value = module.a.out }',
      "a/main.tf":
        'variable "in" {}\nmodule "b" {\n  source = "./b"\n  in = upper(var.in)\n}\noutput "out" { value = module.b.out }',
      "a/b/main.tf": 'variable "in" {}\noutput "out" { value = [var.in, path.module, path.root] }\n',
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "x").json).toEqual(["X", "a/b", "."]);
  });
});

describe("paths", () => {
  test("are relative to the root module", () => {
    const evaluation = evaluateFiles(
      {
        "live/prod/main.tf":
          'module "m" {\n  source = "../../modules/leaf"\n  name = "n"\n}\noutput "x" { value = [path.root, path.module, module.m.path] }',
        "modules/leaf/main.tf": LEAF,
      },
      { root: "live/prod" },
    );
    expect(outputOf(evaluation, "x").json).toEqual([".", ".", "../../modules/leaf"]);
  });

  test("path.cwd depends on the machine", () => {
    expect(outputOf(evaluateFiles('output "x" { value = path.cwd }'), "x").unknown).toEqual([[]]);
  });
});

describe("modules that terraform init brought", () => {
  const main =
    'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n  name = "n"\n}\n';
  const manifest = JSON.stringify({
    Modules: [
      { Key: "", Source: "", Dir: "." },
      {
        Key: "vpc",
        Source: "registry.terraform.io/terraform-aws-modules/vpc/aws",
        Version: "5.0.0",
        Dir: ".terraform/modules/vpc",
      },
    ],
  });

  test("are read where they lie", () => {
    const evaluation = evaluateFiles({
      "main.tf": main,
      ".terraform/modules/modules.json": manifest,
      ".terraform/modules/vpc/main.tf": LEAF,
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual({ "module.vpc.thing.this": { name: "n", size: 1 } });
  });

  test.each([
    ["no manifest", {}],
    ["a damaged one", { ".terraform/modules/modules.json": "{" }],
    [
      "one that leads out of the root",
      { ".terraform/modules/modules.json": manifest.replace(/\.terraform.modules.vpc/, "../../etc") },
    ],
  ])("are left to the state with %s", (_, more) => {
    const evaluation = evaluateFiles({ "main.tf": `${main}resource "a" "b" { x = module.vpc.id }`, ...more });
    expect(problemsOf(evaluation)).toEqual([
      'warning main.tf:2 module "vpc": its source is not in the checkout (terraform init brings it, and --modules fetches it); its resources are left to the state',
    ]);
    expect(unknownOf(evaluation)).toEqual(["a.b x"]);
  });
});

describe("modules that were fetched", () => {
  const main = 'module "vpc" {\n  source  = "corp/vpc/aws"\n  version = "~> 5.0"\n  name = "n"\n}\n';

  test("are those of a source and a version", () => {
    const asked: ModuleRequest[] = [];
    const modules: ExternalModules = {
      folderOf(request) {
        asked.push(request);
        return request.name === "vpc" ? "fetched/vpc" : null;
      },
    };
    const evaluation = evaluateFiles(
      {
        "main.tf": main,
        "fetched/vpc/main.tf": `${LEAF}module "inner" {\n  source = "git::https://example.org/inner"\n}\n`,
      },
      { modules },
    );
    expect(asked).toEqual([
      { source: "corp/vpc/aws", version: "~> 5.0", name: "vpc", caller: "." },
      { source: "git::https://example.org/inner", version: null, name: "inner", caller: "fetched/vpc" },
    ]);
    expect(attributesOf(evaluation)).toEqual({ "module.vpc.thing.this": { name: "n", size: 1 } });
    expect(problemsOf(evaluation)).toHaveLength(1);
  });

  test("calls of one name in different modules are told apart", () => {
    const called = (dir: string) => `module "m" {\n  source = "corp/m/aws"\n  name   = "${dir}"\n}\n`;
    const manifest = JSON.stringify({
      Modules: [
        { Key: "", Source: "", Dir: "." },
        {
          Key: "m",
          Source: "registry.terraform.io/corp/m/aws",
          Version: "1.0.0",
          Dir: ".terraform/modules/m",
        },
        { Key: "local", Source: "./local", Dir: "local" },
        {
          Key: "local.m",
          Source: "registry.terraform.io/corp/m/aws",
          Version: "2.0.0",
          Dir: ".terraform/modules/local.m",
        },
      ],
    });
    const evaluation = evaluateFiles({
      "main.tf": `${called("root")}module "local" {\n  source = "./local"\n}\n`,
      "local/main.tf": called("local"),
      ".terraform/modules/modules.json": manifest,
      ".terraform/modules/m/main.tf": LEAF,
      ".terraform/modules/local.m/main.tf": LEAF.replace("thing", "newer"),
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect([...evaluation.instances.keys()]).toEqual([
      "module.local.module.m.newer.this",
      "module.m.thing.this",
    ]);
  });
});

describe("what is wrong with a call is said, and the rest is evaluated", () => {
  test.each<[string, string, string]>([
    [
      "no such folder",
      'module "m" {\n  source = "./missing"\n}',
      'error main.tf:2 module "m": there are no Terraform files in missing',
    ],
    [
      "a folder outside of the root",
      'module "m" {\n  source = "../elsewhere"\n}',
      'error main.tf:2 module "m": ../elsewhere is outside of the root; give a --root that holds it',
    ],
    [
      "a source that is computed",
      'module "m" {\n  source = "./${"modules"}"\n}',
      'warning main.tf:2 module "m" needs a source written as plain text; its resources are left to the state',
    ],
    [
      "no source",
      'module "m" {\n}',
      'error main.tf:1 module "m" has no source; add the folder or the address of the module',
    ],
    [
      "an argument for no variable",
      'module "m" {\n  source = "./modules/leaf"\n  name = "n"\n  siez = 3\n}',
      'error main.tf:4 module "m" has no variable "siez"; did you mean "size"?',
    ],
    [
      "a variable without an argument",
      'module "m" {\n  source = "./modules/leaf"\n}',
      'error main.tf:1 the module needs a value for its variable "name"; add the argument to the call',
    ],
    [
      "a reference to no output",
      'module "m" {\n  source = "./modules/leaf"\n  name = "n"\n}\noutput "x" { value = module.m.nam }\nresource "a" "uses" { x = module.m.nam }',
      'error main.tf:6 module.m has no output "nam"; did you mean "name"?',
    ],
    [
      "a reference to no call",
      'resource "a" "uses" { x = module.m.name }',
      'error main.tf:1 there is no module call "m" in the root module',
    ],
    [
      "two of one name",
      'module "m" {\n  source = "./modules/leaf"\n  name = "n"\n}\nmodule "m" {\n  source = "./modules/leaf"\n  name = "n"\n}',
      'error main.tf:5 module "m" is declared twice; the first one counts',
    ],
    [
      "arguments that need the module's own output",
      'module "m" {\n  source = "./modules/leaf"\n  name = module.m.name\n}',
      "error modules/leaf/main.tf:2 these wait for each other, so none can be made first: module.m.var.name -> ",
    ],
    [
      "a count that needs the module's own output",
      'module "m" {\n  source = "./modules/leaf"\n  count = length(module.m[0].name)\n  name = "n"\n}',
      "error main.tf:1 these wait for each other, so none can be made first: module.m (count, for_each or depends_on) -> ",
    ],
  ])("%s", (_, main, problem) => {
    const evaluation = evaluateFiles(stack(`${main}\nresource "a" "rest" {\n  x = 1\n}\n`));
    expect(problemsOf(evaluation)[0]).toContain(problem);
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
  });

  test.each([
    ["itself", { "main.tf": 'module "m" { source = "./" }\nresource "a" "rest" { x = 1 }' }],
    [
      "its caller",
      {
        "main.tf": 'module "m" { source = "./m" }\nresource "a" "rest" { x = 1 }',
        "m/main.tf": 'module "up" { source = "../" }',
      },
    ],
  ])("a module that calls %s", (_, files) => {
    const evaluation = evaluateFiles(files);
    expect(problemsOf(evaluation)).toEqual([
      expect.stringMatching(
        /^error \S+main.tf:1 module "\w+" calls itself, directly or through others$|^error main.tf:1/,
      ),
    ]);
    expect(attributesOf(evaluation)).toEqual({ "a.rest": { x: 1 } });
  });
});
