import { ABSENT, type SeveralCase } from "../case.ts";

const TWO =
  'locals {\n  size = "t3.small"\n}\n\nresource "aws_instance" "a" {\n  instance_type = local.size\n}\n\nresource "aws_instance" "b" {\n  instance_type = local.size\n}\n';
const SERVERS =
  'variable "servers" {\n  type = map(object({\n    size = optional(string, "t3.small")\n    name = string\n  }))\n}\n\nresource "aws_instance" "this" {\n  for_each      = var.servers\n  instance_type = each.value.size\n  tags          = { Name = each.value.name }\n}\n';
const SERVERS_VALUES =
  'servers = {\n  api = {\n    name = "api"\n  }\n  ui = {\n    name = "ui"\n  }\n  web = {\n    name = "web"\n  }\n}\n';
const COMMON =
  'variable "team" {\n  type = string\n}\n\nresource "aws_vpc" "net" {\n  tags = { Team = var.team }\n}\n';
const BOTH = [
  { name: "prod", root: "prod", varFiles: ["common.tfvars"] },
  { name: "test", root: "test", varFiles: ["common.tfvars"] },
] as const;
const APP =
  'variable "size" {\n  default = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n';

/** Users whose name and tag are their key. */
const PEOPLE =
  'locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n  path     = each.value\n  tags     = { Name = each.key }\n}\n';

/** Several drifts at once, and the one set of edits for them. */
export const SEVERAL: readonly SeveralCase[] = [
  {
    name: "two instances want the same value of one local",
    files: { "main.tf": TWO },
    found: {
      a: { address: "aws_instance.a", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.b", live: { instance_type: "t3.large" } },
    },
    expected: {
      groups: [["a", "b"]],
      lines: { "main.tf": ['-  size = "t3.small"', '+  size = "t3.large"'] },
    },
  },
  {
    name: "two instances want different values of one local, and none has a place of its own",
    files: { "main.tf": TWO },
    found: {
      a: { address: "aws_instance.a", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.b", live: { instance_type: "m5.large" } },
    },
    expected: {
      lines: {},
      left: {
        a: 'the literal at main.tf:2 is shared, and instance_type of aws_instance.b drifted to "m5.large"',
        b: 'the literal at main.tf:2 is shared, and instance_type of aws_instance.a drifted to "t3.large"',
      },
    },
  },
  {
    name: "each entry of a map gets an optional attribute of its own",
    files: { "main.tf": SERVERS, "terraform.tfvars": SERVERS_VALUES },
    found: {
      api: { address: 'aws_instance.this["api"]', live: { instance_type: "t3.large" } },
      ui: { address: 'aws_instance.this["ui"]', live: { instance_type: "m5.large" } },
    },
    expected: {
      groups: [["api"], ["ui"]],
      lines: { "terraform.tfvars": ['+    size = "t3.large"', '+    size = "m5.large"'] },
    },
  },
  {
    name: "each entry of a map gets one also where all of them want the same: the default of the type is nobody's own",
    files: { "main.tf": SERVERS, "terraform.tfvars": SERVERS_VALUES },
    found: {
      api: { address: 'aws_instance.this["api"]', live: { instance_type: "t3.large" } },
      ui: { address: 'aws_instance.this["ui"]', live: { instance_type: "t3.large" } },
      web: { address: 'aws_instance.this["web"]', live: { instance_type: "t3.large" } },
    },
    expected: {
      lines: {
        "terraform.tfvars": ['+    size = "t3.large"', '+    size = "t3.large"', '+    size = "t3.large"'],
      },
    },
  },
  {
    name: "the arguments of two calls of one module, in place of its default",
    files: {
      "main.tf": 'module "a" {\n  source = "./app"\n}\n\nmodule "b" {\n  source = "./app"\n}\n',
      "app/main.tf": APP,
    },
    found: {
      a: { address: "module.a.aws_instance.web", live: { instance_type: "t3.large" } },
      b: { address: "module.b.aws_instance.web", live: { instance_type: "m5.large" } },
    },
    expected: { lines: { "main.tf": ['+  size   = "t3.large"', '+  size   = "m5.large"'] } },
  },
  {
    name: "a line in the variable file of each stack, in place of the default that both read",
    files: {
      "main.tf": APP,
      "prod.tfvars": 'region = "eu"\n',
      "test.tfvars": 'region = "us"\n',
      "variables.tf": 'variable "region" {}\n',
    },
    stacks: [
      { name: "prod", root: ".", varFiles: ["prod.tfvars"] },
      { name: "test", root: ".", varFiles: ["test.tfvars"] },
    ],
    found: {
      prod: { stack: "prod", address: "aws_instance.web", live: { instance_type: "t3.large" } },
      test: { stack: "test", address: "aws_instance.web", live: { instance_type: "m5.large" } },
    },
    expected: {
      lines: { "prod.tfvars": ['+size   = "t3.large"'], "test.tfvars": ['+size   = "m5.large"'] },
    },
  },
  {
    name: "an own entry of merge() for one, and the shared one for the other two",
    files: {
      "main.tf":
        'locals {\n  tags = { Team = "shop" }\n}\n\nresource "aws_vpc" "a" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "c" {\n  tags = merge(local.tags, { Name = "c" })\n}\n',
    },
    found: {
      a: { address: "aws_vpc.a", live: { "tags.Team": "data" } },
      b: { address: "aws_vpc.b", live: { "tags.Team": "data" } },
      c: { address: "aws_vpc.c", live: { "tags.Team": "web" } },
    },
    expected: {
      groups: [["a", "b", "c"]],
      lines: {
        "main.tf": [
          '-  tags = { Team = "shop" }',
          '+  tags = { Team = "data" }',
          '-  tags = merge(local.tags, { Name = "c" })',
          '+  tags = merge(local.tags, { Name = "c", Team = "web" })',
        ],
      },
    },
  },
  {
    name: "an own entry in the table that lookup() falls back from",
    files: {
      "main.tf":
        'locals {\n  names = ["a", "b"]\n  sizes = {}\n}\n\nresource "aws_instance" "web" {\n  count         = 2\n  instance_type = lookup(local.sizes, local.names[count.index], "t3.small")\n}\n',
    },
    found: {
      a: { address: "aws_instance.web[0]", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.web[1]", live: { instance_type: "m5.large" } },
    },
    expected: {
      lines: {
        "main.tf": ["-  sizes = {}", "+  sizes = {", '+    a = "t3.large"', '+    b = "m5.large"', "+  }"],
      },
    },
  },
  {
    name: "an own entry in what try() looks in first",
    files: {
      "main.tf":
        'locals {\n  own = { web = { name = "web" } }\n}\n\nresource "aws_instance" "this" {\n  for_each      = toset(["web", "api"])\n  instance_type = try(local.own[each.key].size, "t3.small")\n}\n',
    },
    found: { web: { address: 'aws_instance.this["web"]', live: { instance_type: "t3.large" } } },
    expected: {
      lines: {
        "main.tf": [
          '-  own = { web = { name = "web" } }',
          '+  own = { web = { name = "web", size = "t3.large" } }',
        ],
      },
    },
  },
  {
    name: "a variable file of two stacks: both have drifted",
    files: { "prod/main.tf": COMMON, "test/main.tf": COMMON, "common.tfvars": 'team = "shop"\n' },
    stacks: BOTH,
    found: {
      prod: { stack: "prod", address: "aws_vpc.net", live: { "tags.Team": "data" } },
      test: { stack: "test", address: "aws_vpc.net", live: { "tags.Team": "data" } },
    },
    expected: { lines: { "common.tfvars": ['-team = "shop"', '+team = "data"'] } },
  },
  {
    name: "a variable file of two stacks: one has drifted",
    files: { "prod/main.tf": COMMON, "test/main.tf": COMMON, "common.tfvars": 'team = "shop"\n' },
    stacks: BOTH,
    found: { prod: { stack: "prod", address: "aws_vpc.net", live: { "tags.Team": "data" } } },
    expected: {
      lines: {},
      left: { prod: "the literal at common.tfvars:1 is shared, and others that read it have not drifted" },
    },
  },
  {
    name: "another stack that reads the file cannot be read in full",
    files: {
      "prod/main.tf": COMMON,
      "test/main.tf": COMMON,
      "test/broken.tf": 'resource "aws_vpc" {\n',
      "common.tfvars": 'team = "shop"\n',
    },
    stacks: BOTH,
    found: { prod: { stack: "prod", address: "aws_vpc.net", live: { "tags.Team": "data" } } },
    expected: {
      lines: {},
      left: { prod: "the stack test reads common.tfvars too, and test/broken.tf could not be read in full" },
    },
  },
  {
    name: "a value and a deletion in one map",
    files: { "main.tf": SERVERS, "terraform.tfvars": SERVERS_VALUES },
    found: {
      gone: { address: 'aws_instance.this["ui"]' },
      renamed: { address: 'aws_instance.this["web"]', live: { "tags.Name": "www" } },
    },
    expected: {
      groups: [["gone", "renamed"]],
      lines: {
        "terraform.tfvars": [
          "-  ui = {",
          '-    name = "ui"',
          "-  }",
          '-    name = "web"',
          '+    name = "www"',
        ],
      },
    },
  },
  {
    name: "two entries of one map",
    files: { "main.tf": SERVERS, "terraform.tfvars": SERVERS_VALUES },
    found: {
      api: { address: 'aws_instance.this["api"]' },
      web: { address: 'aws_instance.this["web"]' },
    },
    expected: {
      groups: [["api"], ["web"]],
      lines: {
        "terraform.tfvars": [
          "-  api = {",
          '-    name = "api"',
          "-  }",
          "-  web = {",
          '-    name = "web"',
          "-  }",
        ],
      },
    },
  },
  {
    name: "all of a count from its second instance on",
    files: { "main.tf": 'resource "aws_instance" "web" {\n  count = 3\n  ami   = "ami-1"\n}\n' },
    found: {
      second: { address: "aws_instance.web[1]" },
      third: { address: "aws_instance.web[2]" },
    },
    expected: {
      groups: [["second", "third"]],
      lines: { "main.tf": ["-  count = 3", "+  count = 1"] },
    },
  },
  {
    name: "the first and the last of a count: the last one goes",
    files: { "main.tf": 'resource "aws_instance" "web" {\n  count = 3\n  ami   = "ami-1"\n}\n' },
    found: {
      first: { address: "aws_instance.web[0]" },
      third: { address: "aws_instance.web[2]" },
    },
    expected: {
      lines: { "main.tf": ["-  count = 3", "+  count = 2"] },
      left: { first: "those behind the one with index 0 would take its place" },
    },
  },
  {
    name: "what refers to a deleted instance was deleted, too, but for one",
    files: {
      "main.tf":
        'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n\nresource "aws_eip" "web" {\n  instance = aws_instance.web.id\n}\n\noutput "id" {\n  value = aws_instance.web.id\n}\n',
    },
    found: { eip: { address: "aws_eip.web" }, web: { address: "aws_instance.web" } },
    expected: {
      lines: {
        "main.tf": ['-resource "aws_eip" "web" {', "-  instance = aws_instance.web.id", "-}", "-"],
      },
      left: { web: 'output "id" (main.tf:10) refers to it' },
    },
  },
  {
    name: "a module of two stacks whose resource was deleted in both",
    files: {
      "app/main.tf": `${APP}\nresource "aws_eip" "web" {\n}\n`,
      "prod/main.tf": 'module "app" {\n  source = "../app"\n}\n',
      "test/main.tf": 'module "app" {\n  source = "../app"\n}\n',
    },
    stacks: [
      { name: "prod", root: "prod" },
      { name: "test", root: "test" },
    ],
    found: {
      prod: { stack: "prod", address: "module.app.aws_eip.web" },
      test: { stack: "test", address: "module.app.aws_eip.web" },
    },
    expected: {
      groups: [["prod", "test"]],
      lines: { "app/main.tf": ["-", '-resource "aws_eip" "web" {', "-}"] },
    },
  },
  {
    name: "a value in an instance that an edit for another takes away",
    files: {
      "main.tf":
        'locals {\n  users = { ann = "admin", bob = "guest" }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  path     = each.value\n}\n\nresource "aws_iam_access_key" "this" {\n  for_each = local.users\n  user     = each.key\n}\n',
    },
    found: {
      key: { address: 'aws_iam_access_key.this["bob"]' },
      user: { address: 'aws_iam_user.this["bob"]', live: { path: "admin" } },
    },
    expected: {
      lines: {
        "main.tf": [
          '-  users = { ann = "admin", bob = "guest" }',
          '+  users = { ann = "admin", bob = "admin" }',
        ],
      },
      left: { key: 'would take aws_iam_user.this["bob"] out of the code too' },
    },
  },
  {
    name: "a variable that is set on the command line",
    files: {
      "main.tf": 'variable "size" {}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
    },
    stacks: [{ name: "main", root: ".", vars: { size: "t3.small" } }],
    found: { web: { address: "aws_instance.web", live: { instance_type: "t3.large" } } },
    expected: {
      lines: {},
      left: { web: "(--var size): on the command line, or in vars of the stack in .github/driftwright.yml" },
    },
  },
  {
    name: "what is not there any more, and what another one wants in its place",
    files: {
      "main.tf":
        'locals {\n  tags = { Team = "shop" }\n}\n\nresource "aws_vpc" "a" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n',
    },
    found: {
      a: { address: "aws_vpc.a", live: { "tags.Team": ABSENT } },
      b: { address: "aws_vpc.b", live: { "tags.Team": "web" } },
    },
    expected: {
      lines: {
        "main.tf": [
          '-  tags = { Team = "shop" }',
          '+  tags = { Team = "web" }',
          "-  tags = local.tags",
          '+  tags = { for k, v in local.tags : k => v if k != "Team" }',
        ],
      },
    },
  },
  {
    name: "entries of their own for two of three that take a map: the third has not drifted",
    files: {
      "main.tf":
        'locals {\n  tags = { Team = "shop" }\n}\n\nresource "aws_vpc" "a" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "c" {\n  tags = local.tags\n}\n',
    },
    found: {
      a: { address: "aws_vpc.a", live: { "tags.Team": "web" } },
      b: { address: "aws_vpc.b", live: { "tags.Team": "web" } },
    },
    expected: {
      lines: {
        "main.tf": [
          "-  tags = local.tags",
          '+  tags = merge(local.tags, { Team = "web" })',
          "-  tags = local.tags",
          '+  tags = merge(local.tags, { Team = "web" })',
        ],
      },
    },
  },
  {
    name: "a block that was deleted, and one that refers to it and was deleted too; a third has to do with neither",
    files: {
      "main.tf":
        'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n\nresource "aws_vpc" "net" {\n  cidr_block = "10.0.0.0/16"\n}\n\nresource "aws_eip" "web" {\n  instance = aws_instance.web.id\n}\n\nresource "aws_vpc" "kept" {\n  cidr_block = "10.1.0.0/16"\n}\n\nresource "aws_vpc" "old" {\n  cidr_block = "10.2.0.0/16"\n}\n',
    },
    found: {
      eip: { address: "aws_eip.web" },
      old: { address: "aws_vpc.old" },
      web: { address: "aws_instance.web" },
    },
    expected: {
      groups: [["eip", "web"], ["old"]],
      lines: {
        "main.tf": [
          '-resource "aws_instance" "web" {',
          '-  ami = "ami-1"',
          "-}",
          "-",
          '-resource "aws_eip" "web" {',
          "-  instance = aws_instance.web.id",
          "-}",
          "-",
          "-",
          '-resource "aws_vpc" "old" {',
          '-  cidr_block = "10.2.0.0/16"',
          "-}",
        ],
      },
    },
  },
  {
    name: "an instance that is yet to be created reads what the others share: it is created with the new value",
    files: { "main.tf": `${TWO}\nresource "aws_instance" "c" {\n  instance_type = local.size\n}\n` },
    found: {
      a: { address: "aws_instance.a", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.b", live: { instance_type: "t3.large" } },
    },
    absent: [{ stack: "main", address: "aws_instance.c" }],
    expected: {
      groups: [["a", "b"]],
      lines: { "main.tf": ['-  size = "t3.small"', '+  size = "t3.large"'] },
    },
  },
  {
    name: "an instance that reads what the others share and may have any value: it is not changed for them",
    files: { "main.tf": `${TWO}\nresource "aws_instance" "c" {\n  instance_type = local.size\n}\n` },
    found: {
      a: { address: "aws_instance.a", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.b", live: { instance_type: "t3.large" } },
    },
    expected: {
      lines: {},
      left: {
        a: "others that read it have not drifted to this value, instance_type of aws_instance.c for one",
        b: "others that read it have not drifted to this value, instance_type of aws_instance.c for one",
      },
    },
  },
  {
    name: "a deleted instance that goes in the same set keeps nobody from changing what it shares with them",
    files: {
      "main.tf": `${TWO}\nresource "aws_vpc" "net" {\n  cidr_block = "10.0.0.0/16"\n}\n\nresource "aws_instance" "c" {\n  instance_type = local.size\n}\n`,
    },
    found: {
      a: { address: "aws_instance.a", live: { instance_type: "t3.large" } },
      b: { address: "aws_instance.b", live: { instance_type: "t3.large" } },
      c: { address: "aws_instance.c" },
    },
    absent: [{ stack: "main", address: "aws_instance.c" }],
    expected: {
      groups: [["a", "b"], ["c"]],
      lines: {
        "main.tf": [
          '-  size = "t3.small"',
          '+  size = "t3.large"',
          "-",
          '-resource "aws_instance" "c" {',
          "-  instance_type = local.size",
          "-}",
        ],
      },
    },
  },
  {
    name: "what is not there yet is no literal that others read",
    files: {
      "main.tf":
        'locals {\n  tags = yamldecode(file("tags.yaml"))\n}\n\nresource "aws_vpc" "a" {\n  for_each = toset(["x", "y"])\n  tags     = local.tags\n}\n',
      "tags.yaml": "Team: shop\n",
    },
    found: { x: { address: 'aws_vpc.a["x"]', live: { "tags.Patch": "1" } } },
    expected: {
      lines: {},
      left: { x: "what would be added at tags.yaml:1 would be shared, and others that read it" },
    },
  },
  {
    name: "an instance of another stack wants another value: the reason names the stack",
    files: { "prod/main.tf": COMMON, "test/main.tf": COMMON, "common.tfvars": 'team = "shop"\n' },
    stacks: BOTH,
    found: {
      prod: { stack: "prod", address: "aws_vpc.net", live: { "tags.Team": "data" } },
      test: { stack: "test", address: "aws_vpc.net", live: { "tags.Team": "web" } },
    },
    expected: {
      lines: {},
      left: {
        prod: 'tags.Team of aws_vpc.net in the stack test drifted to "web"',
        test: 'tags.Team of aws_vpc.net in the stack prod drifted to "data"',
      },
    },
  },
  {
    name: "one of two stacks wants what it shares with a third that has not drifted, and so no reason speaks of the other",
    files: {
      "prod/main.tf": COMMON,
      "test/main.tf": COMMON,
      "spare/main.tf": COMMON,
      "common.tfvars": 'team = "shop"\n',
    },
    stacks: [...BOTH, { name: "spare", root: "spare", varFiles: ["common.tfvars"] }],
    found: {
      prod: { stack: "prod", address: "aws_vpc.net", live: { "tags.Team": "data" } },
      test: { stack: "test", address: "aws_vpc.net", live: { "tags.Team": "data" } },
    },
    expected: {
      lines: {},
      left: {
        prod: "have not drifted to this value, tags.Team of aws_vpc.net in the stack spare for one",
        test: "have not drifted to this value, tags.Team of aws_vpc.net in the stack spare for one",
      },
    },
  },
  {
    name: "a name and a tag that are the instance's key, and other values of it and of its neighbour",
    files: { "main.tf": PEOPLE },
    found: {
      name: { address: 'aws_iam_user.this["bob"]', live: { name: "robert" } },
      tag: { address: 'aws_iam_user.this["bob"]', live: { "tags.Name": "robert" } },
      path: { address: 'aws_iam_user.this["bob"]', live: { path: "/y/" } },
      other: { address: 'aws_iam_user.this["ann"]', live: { path: "/z/" } },
    },
    expected: {
      groups: [["other"], ["path"], ["name", "tag"]],
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/z/", robert = "/y/" }',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a name that is the instance's key, where the tag that is the key too has not drifted",
    files: { "main.tf": PEOPLE },
    found: {
      name: { address: 'aws_iam_user.this["bob"]', live: { name: "robert" } },
      other: { address: 'aws_iam_user.this["ann"]' },
    },
    expected: {
      lines: {
        "main.tf": ['-  users = { ann = "/", bob = "/x/" }', '+  users = { bob = "/x/" }'],
      },
      left: { name: 'have not drifted to this value, tags.Name of aws_iam_user.this["bob"] for one' },
    },
  },
];
