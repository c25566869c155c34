import { describe, expect, it } from "vitest";
import { evaluateFiles, problemsOf, type StackOptions } from "../stack.ts";

type Files = Readonly<Record<string, string>>;

/** The errors of code as `file:line message`; a text alone is `main.tf`. */
function errorsOf(files: string | Files, options: StackOptions = {}): string[] {
  return problemsOf(evaluateFiles(files, options)).flatMap((problem) => {
    const [, error] = /^error (?:main\.tf:)?(.*)$/s.exec(problem) ?? [];
    return error === undefined ? [] : [error];
  });
}

const DATA = 'resource "terraform_data" "a" {\n  input = 1\n}\n';

/** A resource with these lines, which begin in line 2. */
function data(...lines: readonly string[]): string {
  return ['resource "terraform_data" "a" {', ...lines, "}", ""].join("\n");
}

function lifecycle(line: string): string {
  return data("lifecycle {", line, "}");
}

const CHILD = 'variable "size" {\n  default = 1\n}\noutput "size" {\n  value = var.size\n}\n';

function withChild(main: string, child = CHILD): Files {
  return { "main.tf": main, "child/main.tf": child };
}

const WAITING = "these wait for each other, so none can be made first:";
const REFERENCE = "take one of the references out";

/** Each was given to Terraform 1.11, which refuses it. */
const REFUSED: Readonly<Record<string, readonly [string | Files, string]>> = {
  "a misspelt argument of a variable": [
    'variable "a" {\n  defalt = 1\n  type = any\n  default = 2\n}',
    '2 a variable block has no argument "defalt"; did you mean "default"?',
  ],
  "an argument nobody knows": [
    'output "a" {\n  value = 1\n  colour = 2\n}',
    '3 an output block has no argument "colour"; there are value, type, description, sensitive, ephemeral, depends_on and deprecated',
  ],
  "a block where none can stand": [
    'output "a" {\n  value = 1\n  inner {\n  }\n}',
    '3 an output block holds no block "inner"; there is precondition',
  ],
  "a label where none can stand": [
    lifecycle('}\nlifecycle "x" {'),
    "4 there is a lifecycle block already; put both into one",
  ],
  "a misspelt block": ['varible "a" {\n}', '1 Terraform has no "varible" block; did you mean "variable"?'],
  "a block among locals": [
    "locals {\n  a {\n  }\n}",
    "2 locals holds no blocks; an object is written name = { … }",
  ],
  "a name that begins with a digit": [
    'resource "terraform_data" "1st" {\n}',
    '1 "1st" is no name; it starts with a letter or _, and goes on with letters, digits, _ and -',
  ],
  "a variable that is called as an argument of modules": [
    'variable "source" {\n  default = 1\n}',
    '1 a variable cannot be called "source", which means something else in module blocks; rename it',
  ],
  "a default that the variable does not allow": [
    'variable "a" {\n  default = null\n  nullable = false\n}',
    "2 the default is null, and nullable = false allows no null; leave one of them out",
  ],
  "a flag that has to be evaluated": [
    'variable "b" {\n  default = true\n}\nvariable "a" {\n  default = 1\n  sensitive = var.b\n}',
    "6 sensitive has to be written out here, without references and functions",
  ],
  "a flag that is none": [
    'variable "a" {\n  default = 1\n  sensitive = "perhaps"\n}',
    "3 sensitive: a bool is required",
  ],
  "a validation of something else": [
    'variable "a" {\n  default = 1\n  validation {\n    condition = 1 > 0\n    error_message = "m"\n  }\n}',
    "4 the condition has to refer to var.a, which it checks",
  ],
  "a precondition about nothing": [
    lifecycle('precondition {\ncondition = true\nerror_message = "m"\n}'),
    "4 the condition refers to nothing, and so checks nothing",
  ],
  "a condition without a message": [
    lifecycle("precondition {\ncondition = path.root == path.module\n}"),
    "3 this precondition block needs an error_message",
  ],
  "a precondition that refers to its own resource": [
    lifecycle('precondition {\ncondition = terraform_data.a.id != ""\nerror_message = "m"\n}'),
    "4 a precondition of terraform_data.a cannot refer to it by name; write self in a postcondition",
  ],
  "a sensitive value in an output of the root": [
    'variable "a" {\n  default = "x"\n  sensitive = true\n}\noutput "o" {\n  value = [var.a]\n}',
    '5 output "o" has a sensitive value; add sensitive = true to it, or nonsensitive() where it is no secret',
  ],
  "an ephemeral output of the root": [
    'output "o" {\n  value = 1\n  ephemeral = true\n}',
    "3 an output of the root module cannot be ephemeral; take it out",
  ],
  "count beside for_each": [
    data("count = 1", "for_each = {}"),
    "3 count and for_each cannot stand in one block; take one of them out",
  ],
  "a misspelt argument of terraform_data": [
    data("inptu = 1"),
    '2 terraform_data has no argument "inptu"; did you mean "input"?',
  ],
  "an attribute that terraform_data answers": [
    data("output = 1"),
    "2 output is what terraform_data answers, and cannot be set; set input",
  ],
  "a block of terraform_data": [
    data("setting {", "}"),
    '2 terraform_data has no blocks "setting"; take it out',
  ],
  "an attribute that terraform_data does not have": [
    `${DATA}output "o" {\n  value = terraform_data.a.inputs\n}`,
    '5 terraform_data.a has no attribute "inputs"; did you mean "input"?',
  ],
  "the same behind a splat": [
    `${data("count = 1")}output "o" {\n  value = terraform_data.a[*].inputs\n}`,
    '5 the object has no attribute "inputs"; did you mean "input"?',
  ],
  "a resource that refers to itself": [
    data("input = try(terraform_data.a.id, 1)"),
    "2 terraform_data.a cannot refer to itself; refer to what the value comes from",
  ],
  "an instance that refers to itself": [
    data("count = 2", "input = terraform_data.a[0].id"),
    "3 terraform_data.a[0] cannot refer to itself; refer to what the value comes from",
  ],
  "an unknown argument of a lifecycle": [
    lifecycle("prevent_destry = true"),
    '3 a lifecycle block has no argument "prevent_destry"; did you mean "prevent_destroy"?',
  ],
  "a lifecycle flag that has to be evaluated": [
    `locals {\n  keep = true\n}\n${lifecycle("create_before_destroy = local.keep")}`,
    "6 create_before_destroy has to be written out here, without references and functions",
  ],
  "ignore_changes without a list": [
    lifecycle('ignore_changes = "input"'),
    "3 ignore_changes needs a list of attributes, such as [tags], or the word all without brackets",
  ],
  "a star in ignore_changes": [
    lifecycle('ignore_changes = ["*"]'),
    "3 write ignore_changes = all in place of the star",
  ],
  "a call in ignore_changes": [
    lifecycle('ignore_changes = [lower("input")]'),
    '3 this is no attribute; write one such as tags or tags["Name"]',
  ],
  "an attribute in ignore_changes that terraform_data does not have": [
    lifecycle("ignore_changes = [inputs]"),
    '3 terraform_data has no attribute "inputs"; it has input, triggers_replace, output, id',
  ],
  "a variable in replace_triggered_by": [
    `${lifecycle("replace_triggered_by = [var.a]")}variable "a" {\n  default = 1\n}`,
    "3 only a resource can stand here, such as aws_instance.web or aws_instance.web[0].id",
  ],
  "an undeclared resource in replace_triggered_by": [
    lifecycle("replace_triggered_by = [terraform_data.b]"),
    '3 the module declares no terraform_data.b; did you mean "terraform_data.a"?',
  ],
  "what only resources have in a data source": [
    'data "terraform_remote_state" "a" {\n  backend = "local"\n  lifecycle {\n    ignore_changes = []\n  }\n}',
    "4 ignore_changes is for resources, not for data sources",
  ],
  "an undeclared resource in depends_on": [
    data("depends_on = [terraform_data.b]"),
    '2 the module declares no terraform_data.b; did you mean "terraform_data.a"?',
  ],
  "the same in the quotes of old code": [
    data('depends_on = ["terraform_data.b"]'),
    '2 the module declares no terraform_data.b; did you mean "terraform_data.a"?',
  ],
  "an attribute in depends_on": [
    `${DATA}output "o" {\n  value = 1\n  depends_on = [terraform_data.a.id]\n}`,
    "6 depends_on takes a whole resource or module, no attribute of it; take the end off",
  ],
  "depends_on without a list": [
    `${DATA}output "o" {\n  value = 1\n  depends_on = terraform_data.a\n}`,
    "6 depends_on needs a list, such as [aws_instance.web]",
  ],
  "a value in depends_on": [
    data('depends_on = [lower("a")]'),
    "2 depends_on takes no values, only what they come from; write it as aws_instance.web or module.shop",
  ],
  "an undeclared module in the depends_on of a module": [
    withChild('module "m" {\n  source = "./child"\n  depends_on = [module.n]\n}'),
    '3 the module declares no module call "n"; did you mean "m"?',
  ],
  "a module without a source": [
    'module "m" {\n}',
    '1 module "m" has no source; add the folder or the address of the module',
  ],
  "a module with a source that has to be evaluated": [
    withChild('locals {\n  at = "./child"\n}\nmodule "m" {\n  source = local.at\n}'),
    '5 the source of module "m" has to be written out, without references and functions',
  ],
  "a version of a folder": [
    withChild('module "m" {\n  source = "./child"\n  version = "1.0.0"\n}'),
    "3 a module in a folder of the repository has no version; take it out",
  ],
  "a block in a module call": [
    withChild('module "m" {\n  source = "./child"\n  tags {\n  }\n}'),
    '3 a module block has no blocks in it; is "tags" an argument, with = before its braces?',
  ],
  "a moved block without its end": ["moved {\n  from = terraform_data.a\n}", "1 this moved block needs a to"],
  "a move of what is still there": [
    `${DATA}moved {\n  from = terraform_data.a\n  to = terraform_data.b\n}`,
    "4 terraform_data.a is still declared, and so it did not move; rename it to terraform_data.b, or take this block out",
  ],
  "a move of an instance that is still there": [
    `${data("count = 1")}moved {\n  from = terraform_data.a[0]\n  to = terraform_data.b\n}`,
    "4 terraform_data.a[0] is still declared, and so it did not move; rename it to terraform_data.b, or take this block out",
  ],
  "a move of a module that is still there": [
    withChild('module "m" {\n  source = "./child"\n}\nmoved {\n  from = module.m\n  to = module.n\n}'),
    "4 module.m is still declared, and so it did not move; rename it to module.n, or take this block out",
  ],
  "a move to where it is": [
    `${DATA}moved {\n  from = terraform_data.a\n  to = terraform_data.a\n}`,
    "4 terraform_data.a is moved to where it is; take this block out",
  ],
  "a move to two places": [
    "moved {\n  from = null_x.a\n  to = null_x.b\n}\nmoved {\n  from = null_x.a\n  to = null_x.c\n}",
    "5 null_x.a moves to null_x.b already; keep one of the two",
  ],
  "moves of two to one": [
    "moved {\n  from = null_x.a\n  to = null_x.c\n}\nmoved {\n  from = null_x.b\n  to = null_x.c\n}",
    "5 null_x.a moves to null_x.c already; keep one of the two",
  ],
  "a move from a resource to a module": [
    "moved {\n  from = terraform_data.z\n  to = module.z\n}",
    "1 from and to have to be two resources, or two modules; give both as the same",
  ],
  "an attribute that moves": [
    "moved {\n  from = terraform_data.z.id\n  to = terraform_data.y\n}",
    "2 this is no address; write one such as aws_instance.web, aws_instance.web[0] or module.shop",
  ],
  "removed, and still there": [
    `${DATA}removed {\n  from = terraform_data.a\n}`,
    "5 terraform_data.a is still declared; take out its block, or this one",
  ],
  "removed from a module, and still there": [
    withChild(
      'module "m" {\n  source = "./child"\n}\nremoved {\n  from = module.m.terraform_data.r\n}',
      'resource "terraform_data" "r" {\n}\n',
    ),
    "5 module.m.terraform_data.r is still declared; take out its block, or this one",
  ],
  "one instance removed": [
    "removed {\n  from = terraform_data.b[0]\n}",
    "2 only a whole resource or module is removed; leave out the index",
  ],
  "an import into nothing": [
    'import {\n  to = terraform_data.b\n  id = "x"\n}',
    "2 there is no terraform_data.b to import into; declare it, or take this import block out",
  ],
  "an import into an instance that is not there": [
    `${data("count = 1")}import {\n  to = terraform_data.a[5]\n  id = "x"\n}`,
    "5 there is no terraform_data.a[5] to import into; declare it, or take this import block out",
  ],
  "an import without an id": [
    `${DATA}import {\n  to = terraform_data.a\n}`,
    "4 this import block needs an id",
  ],
  "an import without an address": ['import {\n  id = "x"\n}', "1 this import block needs a to"],
  "two imports into one": [
    `${DATA}${'import {\n  to = terraform_data.a\n  id = "x"\n}\n'.repeat(2)}`,
    "9 terraform_data.a is imported by another block already",
  ],
  "a check without an assertion": [
    'check "c" {\n}',
    "1 this check has no assert block, and so checks nothing",
  ],
  "two backends": [
    'terraform {\n  backend "s3" {\n  }\n}\nterraform {\n  backend "local" {\n  }\n}',
    "6 the module has a backend already, and only one is possible; take this backend out",
  ],
  "a backend that has to be evaluated": [
    'variable "b" {\n  default = "b"\n}\nterraform {\n  backend "s3" {\n    bucket = var.b\n  }\n}',
    "6 a backend has to be written out, without references; or give it to terraform init as -backend-config",
  ],
  "a version constraint that is none": [
    'terraform {\n  required_version = "=> 1.5"\n}',
    '2 "=> 1.5" is no version constraint; write one such as ">= 1.5, < 2.0"',
  ],
  "one provider configured twice": [
    'provider "aws" {\n}\nprovider "aws" {\n}',
    '3 provider "aws" is configured without an alias already; give one of them another alias',
  ],
  "an argument that providers do not have": [
    'provider "aws" {\n  count = 1\n}',
    "2 a provider block has no such argument; take it out",
  ],
  "resources that wait for each other's computed attributes": [
    'resource "terraform_data" "a" {\n  input = terraform_data.b.output\n}\nresource "terraform_data" "b" {\n  input = terraform_data.a.id\n}',
    `1 ${WAITING} terraform_data.a -> terraform_data.b -> terraform_data.a; ${REFERENCE}`,
  ],
  "resources that wait through depends_on": [
    'resource "terraform_data" "a" {\n  depends_on = [terraform_data.b]\n}\nresource "terraform_data" "b" {\n  depends_on = ["terraform_data.a"]\n}',
    `1 ${WAITING} terraform_data.a -> terraform_data.b -> terraform_data.a; ${REFERENCE}`,
  ],
  "locals that wait for each other": [
    "locals {\n  a = local.b\n  b = local.a\n}",
    `2 ${WAITING} local.a -> local.b -> local.a; ${REFERENCE}`,
  ],
  "a local that waits for itself": [
    "locals {\n  a = local.a\n}",
    `2 ${WAITING} local.a -> local.a; ${REFERENCE}`,
  ],
  "a module that waits for its own output": [
    withChild('module "m" {\n  source = "./child"\n  size = module.m.size\n}'),
    `child/main.tf:1 ${WAITING} module.m.var.size -> module.m.output.size -> module.m.var.size; ${REFERENCE}`,
  ],
  "a module that waits for all of itself": [
    withChild('module "m" {\n  source = "./child"\n  size = length(module.m)\n}'),
    `child/main.tf:1 ${WAITING} module.m.var.size -> module.m (all of it) -> module.m.var.size; ${REFERENCE}`,
  ],
  "a module that waits for what waits for it": [
    withChild(
      'module "m" {\n  source = "./child"\n  depends_on = [terraform_data.a]\n}\nresource "terraform_data" "a" {\n  input = module.m.size\n}',
    ),
    `5 ${WAITING} terraform_data.a -> module.m.output.size -> module.m (count, for_each or depends_on) -> terraform_data.a; ${REFERENCE}`,
  ],
  "a variable whose validation waits for what reads it": [
    'variable "a" {\n  default = 1\n  validation {\n    condition = var.a < local.b\n    error_message = "m"\n  }\n}\nlocals {\n  b = var.a + 1\n}',
    `1 ${WAITING} var.a -> local.b -> var.a; ${REFERENCE}`,
  ],
};

describe("what Terraform refuses is an error, in its line", () => {
  it.each(Object.entries(REFUSED))("%s", (_, [files, expected]) => {
    expect(errorsOf(files)).toContain(expected);
  });

  it("and the instances beside it are evaluated all the same", () => {
    const wrong = Object.values(REFUSED).flatMap(([files]) => (typeof files === "string" ? [files] : []));
    for (const text of wrong) {
      const { instances } = evaluateFiles({
        "main.tf": text,
        "other.tf": 'resource "other_x" "beside" {\n  v = 1\n}\n',
      });
      expect(instances.get("other_x.beside")?.plain().json, text).toEqual({ v: 1 });
    }
  });

  it("a cycle is said once, by its members", () => {
    const cycle = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "x_y" "z" {\n  v = local.a\n}';
    expect(errorsOf(cycle)).toEqual([`2 ${WAITING} local.a -> local.b -> local.a; ${REFERENCE}`]);
  });

  it("of a long cycle the middle is left out", () => {
    const locals = Array.from({ length: 40 }, (_, index) => `  l${index} = local.l${(index + 1) % 40}`);
    const [error = ""] = errorsOf(`locals {\n${locals.join("\n")}\n}`);
    expect(error).toContain("local.l9 -> … -> local.l0;");
  });
});

/** Each was given to Terraform 1.11, which takes it. */
const TAKEN: Readonly<Record<string, string | Files>> = {
  "flags and texts that are computed from nothing": `variable "a" {\n  default = 1\n  sensitive = "true"\n  nullable = !true\n  description = "\${1}x"\n}\n${lifecycle("prevent_destroy = 1 == 2")}`,
  "names with dashes and letters of all languages":
    'variable "é-1" {\n  default = 1\n}\nresource "terraform_data" "_x" {\n}',
  "a sensitive value in an output that says so":
    'output "o" {\n  value = sensitive(1)\n  sensitive = "true"\n}',
  "a sensitive value in the output of a module that is called": withChild(
    'module "m" {\n  source = "./child"\n}',
    'output "o" {\n  value = sensitive(1)\n}',
  ),
  "ignored attributes in all forms": lifecycle(
    'ignore_changes = [input, "input", input.a, input["a"], input[0].b, input.0.c, output]',
  ),
  "all changes ignored": lifecycle("ignore_changes = all"),
  "triggers with keys of the instance": `resource "terraform_data" "b" {\n  for_each = { x = 1 }\n}\n${data(
    "for_each = { x = 1 }",
    "lifecycle {",
    "replace_triggered_by = [terraform_data.b[each.key].id]",
    "}",
  )}`,
  "depends_on of variables, locals, instances and outputs": withChild(
    `variable "v" {\n  default = 1\n}\nlocals {\n  l = 1\n}\nmodule "m" {\n  source = "./child"\n}\n${data(
      "depends_on = [var.v, local.l, terraform_data.b[0], module.m, module.m.other, path.module]",
    )}resource "terraform_data" "b" {\n  count = 1\n}`,
  ),
  "depends_on of the resource itself": data("depends_on = [terraform_data.a]"),
  "a reference to itself of a resource without instances": data("count = 0", "input = terraform_data.a"),
  "an iteration variable that is called as the resource's type": data(
    "input = [for terraform_data in [{ a = 1 }] : terraform_data.a]",
  ),
  "a module that reads its own other output": withChild(
    'module "m" {\n  source = "./child"\n  size = module.m.other\n}',
    `${CHILD}output "other" {\n  value = 2\n}`,
  ),
  "a module for whose variable a resource waits that reads another output": withChild(
    `module "m" {\n  source = "./child"\n  size = terraform_data.a.id\n}\n${data("input = module.m.other")}`,
    `${CHILD}output "other" {\n  value = 2\n}`,
  ),
  "a move between an instance and the only one": `${data("count = 1")}moved {\n  from = terraform_data.a\n  to = terraform_data.a[0]\n}`,
  "a chain of moves": `${DATA}moved {\n  from = terraform_data.y\n  to = terraform_data.a\n}\nmoved {\n  from = terraform_data.z\n  to = terraform_data.y\n}`,
  "a move of an instance that went": `${data("count = 1")}moved {\n  from = terraform_data.a[1]\n  to = terraform_data.b\n}`,
  "a move in a module without instances": withChild(
    'module "m" {\n  source = "./child"\n  count = 0\n}',
    `${DATA}moved {\n  from = terraform_data.a\n  to = terraform_data.b\n}`,
  ),
  "a move between types and from data": `${DATA}moved {\n  from = null_resource.b\n  to = terraform_data.a\n}`,
  "removed and gone": "removed {\n  from = terraform_data.a\n  lifecycle {\n    destroy = false\n  }\n}",
  "a backend that an override file replaces": {
    "main.tf": 'terraform {\n  backend "local" {\n  }\n}',
    "override.tf": 'terraform {\n  backend "local" {\n    path = "x"\n  }\n}',
  },
  "a backend of a module that is called": withChild(
    'module "m" {\n  source = "./child"\n}',
    'terraform {\n  backend "local" {\n  }\n}',
  ),
  "version constraints in all forms":
    'terraform {\n  required_version = ">=1.0,<2, != 1.0.5,~> 1, > v0.9"\n}',
  "a source that is computed from nothing": withChild('module "m" {\n  source = "./${"child"}"\n}'),
  "all of terraform_data's attributes": `${DATA}output "o" {
  value = [terraform_data.a.id, terraform_data.a.input, terraform_data.a.output, terraform_data.a.triggers_replace]
}`,
  "dynamic blocks whose iterator is called as a resource": `resource "x_y" "a" {\n  dynamic "rule" {\n    for_each = [1]\n    iterator = x_y\n    content {\n      v = x_y.value\n    }\n  }\n}`,
};

describe("what Terraform takes is no error", () => {
  it.each(Object.entries(TAKEN))("%s", (_, files) => {
    expect(errorsOf(files)).toEqual([]);
  });

  it("nor is what only newer programs know, where one of them is used", () => {
    const source = 'variable "at" {\n  default = "./child"\n}\nmodule "m" {\n  source = var.at\n}';
    const lock = 'provider "registry.opentofu.org/hashicorp/aws" {\n}\n';
    expect(errorsOf(withChild(source))).toHaveLength(1);
    expect(errorsOf({ ...withChild(source), ".terraform.lock.hcl": lock })).toEqual([]);
    expect(errorsOf({ "main.tofu": source, "child/main.tf": CHILD })).toEqual([]);
    expect(errorsOf(withChild(source.replace('"./child"', '"./child"\n  const = true')))).toEqual([]);
  });

  it("nor is an import of what the state has, though the code has it no more", () => {
    const code = 'import {\n  to = terraform_data.a\n  id = "x"\n}';
    const recorded = [{ type: "terraform_data", name: "a", instances: [{ attributes: { id: "x" } }] }];
    expect(errorsOf(code, { recorded })).toEqual([]);
  });
});

describe("a file that cannot be read", () => {
  const latin = new Uint8Array([...new TextEncoder().encode("# a\n# b"), 0xe9, 0x0a]);

  it.each<[string, Uint8Array, string]>([
    ["says the line that is not UTF-8", latin, "line 2 is not UTF-8; save the file as UTF-8"],
    [
      "is binary",
      new Uint8Array([0x7f, 0x45, 0x00, 0xff]),
      "it is a binary file and no code; give it another name",
    ],
    [
      "is UTF-16",
      new Uint8Array([0xff, 0xfe, 0x61, 0x00]),
      "it is UTF-16, and code is UTF-8; save it as UTF-8",
    ],
    [
      "is UTF-16 without a byte order mark",
      new Uint8Array(Buffer.from('variable "x" {}\n', "utf16le")),
      "it is UTF-16, and code is UTF-8; save it as UTF-8",
    ],
    [
      "is encrypted",
      new Uint8Array([...new TextEncoder().encode("\0GITCRYPT\0"), 0xe9, 0x0a]),
      "it is encrypted (git-crypt); keep what declares resources out of what is encrypted",
    ],
  ])("%s", (_, bytes, why) => {
    expect(errorsOf({ "a.tf": bytes } as unknown as Files)).toEqual([`a.tf cannot be read: ${why}`]);
  });
});
