import type { AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";
const BLOCK = 'resource "aws_instance" "web" {\n  instance_type = var.size\n}\n';
const DEFAULT = 'variable "size" {\n  type    = string\n  default = "t3.small"\n}\n';
const APPS = `variable "apps" {
  type = map(object({
    size  = string
    disk  = optional(number, 20)
    notes = optional(map(string), {})
  }))
}

module "app" {
  for_each = var.apps
  source   = "./app"
  size     = each.value.size
  disk     = each.value.disk
  notes    = each.value.notes
}
`;
const APP = `variable "size" {}
variable "disk" {}
variable "notes" {}

resource "aws_instance" "this" {
  instance_type = var.size
  disk          = var.disk
  tags          = var.notes
}
`;
const APPS_VALUES = `apps = {
  api = {
    size = "t3.small"
  }
  ui = { size = "t3.small", disk = 40 }
}
`;

/** Values that come through variables, locals and modules. */
export const INPUTS: readonly AdoptionCase[] = [
  {
    name: "a variable's default, where there is no variable file",
    files: { "main.tf": BLOCK, "variables.tf": DEFAULT },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "variables.tf": ['-  default = "t3.small"', '+  default = "t3.large"'] },
    },
  },
  {
    name: "terraform.tfvars before the default",
    files: { "main.tf": BLOCK, "variables.tf": DEFAULT, "terraform.tfvars": 'size = "t3.medium"\n' },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ['-size = "t3.medium"', '+size = "t3.large"'] },
    },
  },
  {
    name: "*.auto.tfvars before terraform.tfvars",
    files: {
      "main.tf": BLOCK,
      "variables.tf": DEFAULT,
      "terraform.tfvars": 'size = "t3.medium"\n',
      "z.auto.tfvars": 'size = "t3.nano"\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "z.auto.tfvars": ['-size = "t3.nano"', '+size = "t3.large"'] } },
  },
  {
    name: "the file that was asked for before all others",
    files: {
      "main.tf": BLOCK,
      "variables.tf": DEFAULT,
      "terraform.tfvars": 'size = "t3.medium"\n',
      "env/prod.tfvars": '# production\nsize = "t3.nano"\n',
    },
    stacks: [{ name: "prod", root: ".", varFiles: ["env/prod.tfvars"] }],
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "env/prod.tfvars": ['-size = "t3.nano"', '+size = "t3.large"'] } },
  },
  {
    name: "a line in the variable file where only the default says it",
    files: {
      "main.tf": BLOCK,
      "variables.tf": `${DEFAULT}\nvariable "region" {}\n`,
      "env/prod.tfvars": 'region = "eu-west-1"\n',
    },
    stacks: [{ name: "prod", root: ".", varFiles: ["env/prod.tfvars"] }],
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "env/prod.tfvars": ['+size   = "t3.large"'] } },
  },
  {
    name: "null in a variable file, for a variable that may not be null: the value goes there, not into another file",
    files: {
      "main.tf": `${BLOCK}\n${DEFAULT.replace("}", "  nullable = false\n}")}`,
      "terraform.tfvars": "size = null # the default\n",
      "z.auto.tfvars": "# others\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ["-size = null # the default", '+size = "t3.large" # the default'] },
    },
  },
  {
    name: "null in a call, handed on from a variable file",
    files: {
      "main.tf":
        'variable "app_size" {\n  type    = string\n  default = null\n}\n\nmodule "app" {\n  source = "./app"\n  size   = var.app_size\n}\n',
      "app/main.tf": `${BLOCK}\n${DEFAULT.replace("}", "  nullable = false\n}")}`,
      "terraform.tfvars": "app_size = null\n",
    },
    address: "module.app.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ["-app_size = null", '+app_size = "t3.large"'] },
    },
  },
  {
    name: "a number that comes through a variable of type string",
    files: {
      "main.tf": 'variable "port" {\n  type = string\n}\n\nresource "aws_lb" "web" {\n  port = var.port\n}\n',
      "terraform.tfvars": "port = 8080\n",
    },
    address: "aws_lb.web",
    live: { port: 9090 },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ["-port = 8080", "+port = 9090"] } },
  },
  {
    name: "a local",
    files: {
      "main.tf":
        'locals {\n  size = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = local.size\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  size = "t3.small"', '+  size = "t3.large"'] } },
  },
  {
    name: "an argument of a module",
    files: {
      "main.tf":
        'module "web" {\n  source = "./app"\n  size   = "t3.small"\n  disk   = 10\n  notes  = {}\n}\n',
      "app/main.tf": APP,
    },
    address: "module.web.aws_instance.this",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  size   = "t3.small"', '+  size   = "t3.large"'] },
    },
  },
  {
    name: "an argument is inserted in the call where only the module's default says it",
    files: {
      "main.tf":
        'module "a" {\n  source = "./app"\n}\n\nmodule "b" {\n  source = "./app"\n\n  providers = {\n    aws = aws.eu\n  }\n}\n',
      "app/main.tf": DEFAULT + BLOCK,
    },
    address: "module.b.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['+  size   = "t3.large"'] },
      effects: ['module.b.aws_instance.web instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "the entry of a map over which a module is repeated",
    files: { "main.tf": APPS, "app/main.tf": APP, "prod.auto.tfvars": APPS_VALUES },
    address: 'module.app["api"].aws_instance.this',
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "prod.auto.tfvars": ['-    size = "t3.small"', '+    size = "t3.large"'] },
      effects: ['module.app["api"].aws_instance.this instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "an optional attribute is inserted in the entry",
    files: { "main.tf": APPS, "app/main.tf": APP, "prod.auto.tfvars": APPS_VALUES },
    address: 'module.app["api"].aws_instance.this',
    live: { disk: 100 },
    expected: { verdict: "exact", lines: { "prod.auto.tfvars": ["+    disk = 100"] } },
  },
  {
    name: "an optional attribute is inserted in an entry on one line",
    files: { "main.tf": APPS, "app/main.tf": APP, "prod.auto.tfvars": APPS_VALUES },
    address: 'module.app["ui"].aws_instance.this',
    live: { "tags.Team": "web" },
    expected: {
      verdict: "exact",
      lines: {
        "prod.auto.tfvars": [
          '-  ui = { size = "t3.small", disk = 40 }',
          '+  ui = { size = "t3.small", disk = 40, notes = { Team = "web" } }',
        ],
      },
    },
  },
  {
    name: "a set of names over which a resource is repeated, with a table for each of them",
    files: {
      "main.tf": `locals {
  names = ["a", "b"]
  sizes = { a = "t3.small", b = "t3.small" }
}

resource "aws_instance" "web" {
  for_each      = toset(local.names)
  instance_type = local.sizes[each.key]
}
`,
    },
    address: 'aws_instance.web["b"]',
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  sizes = { a = "t3.small", b = "t3.small" }',
          '+  sizes = { a = "t3.small", b = "t3.large" }',
        ],
      },
    },
  },
  {
    name: "a module that several stacks call: the edit is one of theirs, in the call",
    files: {
      "modules/web/main.tf": DEFAULT + BLOCK,
      "prod/main.tf": 'module "web" {\n  source = "../modules/web"\n}\n',
      "test/main.tf": 'module "web" {\n  source = "../modules/web"\n}\n',
    },
    stacks: [
      { name: "prod", root: "prod" },
      { name: "test", root: "test" },
    ],
    address: "module.web.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "prod/main.tf": ['+  size   = "t3.large"'] },
      effects: ['prod module.web.aws_instance.web instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "a literal in a module that several stacks call changes them all",
    files: {
      "modules/web/main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.small"\n}\n',
      "prod/main.tf": 'module "web" {\n  source = "../modules/web"\n}\n',
      "test/main.tf": 'module "web" {\n  source = "../modules/web"\n}\n',
    },
    stacks: [
      { name: "prod", root: "prod" },
      { name: "test", root: "test" },
    ],
    address: "module.web.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "shared",
      lines: { "modules/web/main.tf": ['-  instance_type = "t3.small"', '+  instance_type = "t3.large"'] },
      effects: [
        'prod module.web.aws_instance.web instance_type: "t3.small" -> "t3.large"',
        'test module.web.aws_instance.web instance_type: "t3.small" -> "t3.large"',
      ],
    },
  },
  {
    name: "a literal that also decides a default tag changes the tags of every other resource",
    files: {
      "main.tf":
        'variable "owner" {\n  default = "shop"\n}\n\nprovider "aws" {\n  default_tags {\n    tags = { Owner = var.owner }\n  }\n}\n\nresource "aws_instance" "web" {\n  tags = { Owner = var.owner }\n}\n\nresource "aws_instance" "own" {\n  tags = { Owner = "own" }\n}\n\nresource "aws_vpc" "net" {\n}\n',
    },
    state: {
      "aws_instance.web": { tags: { Owner: "shop" }, tags_all: { Owner: "shop" } },
      "aws_instance.own": { tags: { Owner: "own" }, tags_all: { Owner: "own" } },
      "aws_vpc.net": { tags: null, tags_all: { Owner: "shop" } },
    },
    address: WEB,
    live: { "tags.Owner": "data" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  default = "shop"', '+  default = "data"'] },
      effects: [
        'aws_instance.web tags.Owner: "shop" -> "data"',
        'aws_vpc.net tags_all.Owner: "shop" -> "data"',
      ],
    },
  },
  {
    name: "a literal that also decides which image a data source finds",
    files: {
      "main.tf":
        'variable "os" {\n  default = "al2023"\n}\n\ndata "aws_ami" "x" {\n  name_regex = var.os\n}\n\nresource "aws_instance" "web" {\n  tags = { Os = var.os }\n}\n',
    },
    address: WEB,
    live: { "tags.Os": "al2024" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  default = "al2023"', '+  default = "al2024"'] },
      effects: [
        'aws_instance.web tags.Os: "al2023" -> "al2024"',
        'data.aws_ami.x name_regex: "al2023" -> "al2024"',
      ],
    },
  },
  {
    name: "a literal that also decides how many data sources there are",
    files: {
      "main.tf":
        'variable "os" {\n  default = "a"\n}\n\ndata "aws_ami" "x" {\n  for_each = toset([var.os])\n  owner    = "me"\n}\n\nresource "aws_instance" "web" {\n  tags = { Os = var.os }\n}\n',
    },
    address: WEB,
    live: { "tags.Os": "b" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  default = "a"', '+  default = "b"'] },
      effects: [
        'aws_instance.web tags.Os: "a" -> "b"',
        'data.aws_ami.x["a"] : {"owner":"me"} -> null',
        'data.aws_ami.x["b"] : null -> {"owner":"me"}',
      ],
    },
  },
  {
    name: "a literal that also configures providers; a value whose name says secret is masked",
    files: {
      "main.tf":
        'variable "who" {\n  default = "shop"\n}\n\nprovider "aws" {\n  profile = var.who\n}\n\nprovider "aws" {\n  alias = "west"\n  token = var.who\n  assume_role {\n    role_arn = "r/${var.who}"\n  }\n}\n\nresource "aws_instance" "web" {\n  tags = { Who = var.who }\n}\n',
    },
    address: WEB,
    live: { "tags.Who": "data" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  default = "shop"', '+  default = "data"'] },
      effects: [
        'aws_instance.web tags.Who: "shop" -> "data"',
        'provider.aws profile: "shop" -> "data"',
        'provider.aws.west assume_role[0].role_arn: "r/shop" -> "r/data"',
        'provider.aws.west token: "(sensitive)" -> "(sensitive)"',
      ],
    },
  },
  {
    name: "a literal that also shows in an output of the root changes nothing else",
    files: {
      "main.tf":
        'variable "size" {\n  default = "t3.small"\n}\n\nprovider "aws" {\n  profile = "shop"\n}\n\ndata "aws_ami" "x" {\n  owner = "me"\n}\n\noutput "size" {\n  value = var.size\n}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  default = "t3.small"', '+  default = "t3.large"'] },
      effects: ['aws_instance.web instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "an output of another module",
    files: {
      "main.tf":
        'module "sizes" {\n  source = "./sizes"\n}\n\nresource "aws_instance" "web" {\n  instance_type = module.sizes.web\n}\n',
      "sizes/main.tf": 'output "web" {\n  value = "t3.small"\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes/main.tf": ['-  value = "t3.small"', '+  value = "t3.large"'] },
    },
  },
];
