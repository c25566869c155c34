import type { AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";
const NET = 'resource "aws_vpc" "net" {\n  cidr_block = "10.0.0.0/16"\n}\n';
const BLOCK = 'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n';
const BUCKETS =
  'resource "aws_s3_bucket" "this" {\n  for_each = var.buckets\n  bucket   = each.value.name\n}\n';
const APP =
  'variable "size" {\n  default = "t3.small"\n}\n\nresource "aws_instance" "this" {\n  instance_type = var.size\n}\n\nresource "aws_eip" "this" {\n  instance = aws_instance.this.id\n}\n\noutput "id" {\n  value = aws_instance.this.id\n}\n';
const NUMBERED = 'resource "aws_instance" "web" {\n  count = 3\n  ami   = "ami-${count.index}"\n}\n';

const CASES: readonly Omit<AdoptionCase, "live">[] = [
  {
    name: "the block, with its comment and one empty line",
    files: {
      "main.tf": `${NET}\n# The only server.\n# Ask before you touch it.\n${BLOCK}\n${NET.replace("net", "other")}`,
    },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-# The only server.",
          "-# Ask before you touch it.",
          '-resource "aws_instance" "web" {',
          '-  ami = "ami-1"',
          "-}",
          "-",
        ],
      },
      effects: ['aws_instance.web : {"ami":"ami-1"} -> null'],
    },
  },
  {
    name: "the entry of a YAML file that an instance is made of, with its comment",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = yamldecode(file("users.yaml"))\n  name     = each.value.name\n}\n',
      "users.yaml":
        "# people\nann:\n  name: ann\n\n# until May\nbob:\n  name: bob # guest\neve:\n  name: eve\n",
    },
    address: 'aws_iam_user.this["bob"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "users.yaml": ["-# until May", "-bob:", "-  name: bob # guest"] },
    },
  },
  {
    name: "the only block of a file; what the file says of itself stays",
    files: { "main.tf": NET, "web.tf": `# SPDX-License-Identifier: MPL-2.0\n${BLOCK}` },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "web.tf": ['-resource "aws_instance" "web" {', '-  ami = "ami-1"', "-}"] },
    },
  },
  {
    name: "the last block of a file with CRLF, and a comment between /* and */",
    files: { "main.tf": `${NET}\n/* the server\n   of the shop */\n${BLOCK}`.replaceAll("\n", "\r\n") },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-\r",
          "-/* the server\r",
          "-   of the shop */\r",
          '-resource "aws_instance" "web" {\r',
          '-  ami = "ami-1"\r',
          "-}\r",
        ],
      },
    },
  },
  {
    name: "a block, and what an override file says of it",
    files: {
      "main.tf": `${BLOCK}\n${NET}`,
      "dev_override.tf": 'resource "aws_instance" "web" {\n  ami = "ami-2"\n}\n',
    },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-resource "aws_instance" "web" {', '-  ami = "ami-1"', "-}", "-"],
        "dev_override.tf": ['-resource "aws_instance" "web" {', '-  ami = "ami-2"', "-}"],
      },
    },
  },
  {
    name: "a block in JSON, with the objects that would be empty",
    files: {
      "main.tf.json":
        '{\n  "resource": {\n    "aws_instance": {\n      "web": {\n        "ami": "ami-1"\n      }\n    },\n    "aws_vpc": {\n      "net": {}\n    }\n  }\n}\n',
    },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-    "aws_instance": {',
          '-      "web": {',
          '-        "ami": "ami-1"',
          "-      }",
          "-    },",
        ],
      },
    },
  },
  {
    name: "names in depends_on, moved and import blocks go with it",
    files: {
      "main.tf": `${BLOCK}\nmoved {\n  from = aws_instance.old\n  to   = aws_instance.web\n}\n\nimport {\n  to = aws_instance.web\n  id = "i-1"\n}\n\nresource "aws_vpc" "net" {\n  depends_on = [aws_instance.web]\n}\n\nresource "aws_vpc" "other" {\n  depends_on = [aws_instance.web, aws_vpc.net]\n}\n`,
    },
    address: WEB,
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-resource "aws_instance" "web" {',
          '-  ami = "ami-1"',
          "-}",
          "-",
          "-moved {",
          "-  from = aws_instance.old",
          "-  to   = aws_instance.web",
          "-}",
          "-",
          "-import {",
          "-  to = aws_instance.web",
          '-  id = "i-1"',
          "-}",
          "-",
          "-  depends_on = [aws_instance.web]",
          "-  depends_on = [aws_instance.web, aws_vpc.net]",
          "+  depends_on = [aws_vpc.net]",
        ],
      },
    },
  },
  {
    name: "an output refers to it",
    files: {
      "main.tf": BLOCK,
      "outputs.tf": '# ours\noutput "ip" {\n  value = aws_instance.web.private_ip\n}\n',
    },
    address: WEB,
    deleted: [],
    expected: { verdict: "refused", why: 'output "ip" (outputs.tf:3) refers to it' },
  },
  {
    name: "a resource and a local refer to it, one of them where nothing fails",
    files: {
      "main.tf": `${BLOCK}\nlocals {\n  ids = try([aws_instance.web.id], [])\n}\n\nresource "aws_eip" "web" {\n  instance = aws_instance.web.id\n}\n`,
    },
    address: WEB,
    deleted: [],
    expected: { verdict: "refused", why: "local.ids (main.tf:6), aws_eip.web (main.tf:10) refer to it" },
  },
  {
    name: "it triggers the replacement of another",
    files: {
      "main.tf": `${BLOCK}\nresource "aws_eip" "web" {\n  lifecycle {\n    replace_triggered_by = [aws_instance.web]\n  }\n}\n`,
    },
    address: WEB,
    deleted: [],
    expected: { verdict: "refused", why: "aws_eip.web (main.tf:7) refers to it" },
  },
  {
    name: "what refers to it was deleted too",
    files: {
      "main.tf": `${NET}\n${BLOCK}\nresource "aws_eip" "web" {\n  instance = aws_instance.web.id\n}\n`,
    },
    address: WEB,
    deleted: ["aws_eip.web"],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-",
          '-resource "aws_instance" "web" {',
          '-  ami = "ami-1"',
          "-}",
          "-",
          '-resource "aws_eip" "web" {',
          "-  instance = aws_instance.web.id",
          "-}",
        ],
      },
      effects: ['aws_eip.web : {"instance":null} -> null', 'aws_instance.web : {"ami":"ami-1"} -> null'],
    },
  },
  {
    name: "an entry of a map in a variable file",
    files: {
      "main.tf": `variable "buckets" {\n  type = map(object({ name = string }))\n}\n\n${BUCKETS}`,
      "prod.tfvars":
        'buckets = {\n  # of the shop\n  logs = { name = "shop-logs" }\n  data = { name = "shop-data" }\n}\n',
    },
    stacks: [{ name: "prod", root: ".", varFiles: ["prod.tfvars"] }],
    address: 'aws_s3_bucket.this["data"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ['-  data = { name = "shop-data" }'] },
      effects: ['aws_s3_bucket.this["data"] : {"bucket":"shop-data"} -> null'],
    },
  },
  {
    name: "an entry with the comment that is said of it alone",
    files: {
      "main.tf": BUCKETS.replace("var.buckets", "local.buckets"),
      "locals.tf":
        'locals {\n  buckets = {\n    # Of the shop.\n    logs = {\n      name = "shop-logs"\n    }\n\n    # Of nobody\n    # any more.\n    data = {\n      name = "shop-data"\n    }\n  }\n}\n',
    },
    address: 'aws_s3_bucket.this["data"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "locals.tf": [
          "-",
          "-    # Of nobody",
          "-    # any more.",
          "-    data = {",
          '-      name = "shop-data"',
          "-    }",
        ],
      },
    },
  },
  {
    name: "a comment that heads several elements stays",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = toset([\n    # people\n    "ann",\n    "bob",\n\n    # machines\n    "ci",\n  ])\n  name = each.key\n}\n',
    },
    address: 'aws_iam_user.this["ann"]',
    deleted: [],
    expected: { verdict: "exact", lines: { "main.tf": ['-    "ann",'] } },
  },
  {
    name: "the default of a variable, where nothing else says it",
    files: {
      "main.tf": `variable "buckets" {\n  default = {\n    logs  = { name = "shop-logs" }\n    media = { name = "shop-media" }\n  }\n}\n\n${BUCKETS}`,
    },
    address: 'aws_s3_bucket.this["media"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    logs  = { name = "shop-logs" }',
          '-    media = { name = "shop-media" }',
          '+    logs = { name = "shop-logs" }',
        ],
      },
    },
  },
  {
    name: "an element of a set of names",
    files: {
      "main.tf":
        'locals {\n  names = ["b", "a", "c"]\n}\n\nresource "aws_iam_user" "this" {\n  for_each = toset(local.names)\n  name     = each.key\n}\n',
    },
    address: 'aws_iam_user.this["a"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  names = ["b", "a", "c"]', '+  names = ["b", "c"]'] },
    },
  },
  {
    name: "the only element of a set leaves an empty one",
    files: {
      "main.tf": 'resource "aws_iam_user" "this" {\n  for_each = toset(["a"])\n  name     = each.key\n}\n',
    },
    address: 'aws_iam_user.this["a"]',
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  for_each = toset(["a"])', "+  for_each = toset([])"] },
    },
  },
  {
    name: "an element of a list that a for expression makes a map of",
    files: {
      "main.tf":
        'locals {\n  users = [\n    { name = "ann", on = true },\n    { name = "bob", on = true }, # until May\n    { name = "eve", on = false },\n  ]\n}\n\nresource "aws_iam_user" "this" {\n  for_each = { for user in local.users : user.name => user if user.on }\n  name     = each.value.name\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    deleted: [],
    expected: { verdict: "exact", lines: { "main.tf": ['-    { name = "bob", on = true }, # until May'] } },
  },
  {
    name: "an entry of a table whose keys are the names",
    files: {
      "main.tf":
        'locals {\n  users = {\n    ann = "admin"\n    bob = "guest"\n  }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = toset(keys(local.users))\n  name     = each.key\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    deleted: [],
    expected: { verdict: "exact", lines: { "main.tf": ['-    bob = "guest"'] } },
  },
  {
    name: "an entry that another resource is made of too, which is still there",
    files: {
      "main.tf":
        'locals {\n  users = { ann = "admin", bob = "guest" }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n}\n\nresource "aws_iam_access_key" "this" {\n  for_each = local.users\n  user     = each.key\n}\n',
    },
    address: 'aws_iam_access_key.this["bob"]',
    deleted: [],
    expected: {
      verdict: "refused",
      why: 'would take aws_iam_user.this["bob"] out of the code too, which still exists',
    },
  },
  {
    name: "an entry that another resource is made of too, which was deleted too",
    files: {
      "main.tf":
        'locals {\n  users = { ann = "admin", bob = "guest" }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n}\n\nresource "aws_iam_access_key" "this" {\n  for_each = aws_iam_user.this\n  user     = each.value.name\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    deleted: ['aws_iam_access_key.this["bob"]'],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  users = { ann = "admin", bob = "guest" }', '+  users = { ann = "admin" }'],
      },
    },
  },
  {
    name: "another refers to this entry alone",
    files: {
      "main.tf": `locals {\n  buckets = { logs = { name = "shop-logs" }, data = { name = "shop-data" } }\n}\n\n${BUCKETS.replace("var.buckets", "local.buckets")}\noutput "logs" {\n  value = aws_s3_bucket.this["logs"].bucket\n}\n`,
    },
    address: 'aws_s3_bucket.this["logs"]',
    deleted: [],
    expected: {
      verdict: "refused",
      why: 'output "logs" (main.tf:11) fails without it: aws_s3_bucket.this has no instance ["logs"]',
    },
  },
  {
    name: "others read how many there are",
    files: {
      "main.tf":
        'locals {\n  names = ["a", "b"]\n}\n\nresource "aws_iam_user" "this" {\n  for_each = toset(local.names)\n  name     = each.key\n}\n\nresource "aws_iam_group" "all" {\n  name = "group of ${length(local.names)}"\n}\n',
    },
    address: 'aws_iam_user.this["b"]',
    deleted: [],
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  names = ["a", "b"]', '+  names = ["a"]'] },
      effects: [
        'aws_iam_group.all name: "group of 2" -> "group of 1"',
        'aws_iam_user.this["b"] : {"name":"b"} -> null',
      ],
    },
  },
  {
    name: "all the instances of a block",
    files: {
      "main.tf": `${NET}\nresource "aws_iam_user" "this" {\n  for_each = toset(["a", "b"])\n  name     = each.key\n}\n`,
    },
    address: 'aws_iam_user.this["b"]',
    deleted: ['aws_iam_user.this["a"]'],
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-",
          '-resource "aws_iam_user" "this" {',
          '-  for_each = toset(["a", "b"])',
          "-  name     = each.key",
          "-}",
        ],
      },
    },
  },
  {
    name: "the last index of a number",
    files: { "main.tf": NUMBERED },
    address: "aws_instance.web[2]",
    deleted: [],
    expected: { verdict: "exact", lines: { "main.tf": ["-  count = 3", "+  count = 2"] } },
  },
  {
    name: "the last two indexes of a number",
    files: { "main.tf": NUMBERED },
    address: "aws_instance.web[2]",
    deleted: ["aws_instance.web[1]"],
    expected: { verdict: "exact", lines: { "main.tf": ["-  count = 3", "+  count = 1"] } },
  },
  {
    name: "an index in the middle: those behind it would move",
    files: { "main.tf": NUMBERED },
    address: "aws_instance.web[1]",
    deleted: [],
    expected: { verdict: "refused", why: "those behind the one with index 1 would take its place" },
  },
  {
    name: "an index in the middle of a list",
    files: {
      "main.tf":
        'locals {\n  names = ["a", "b", "c"]\n}\n\nresource "aws_iam_user" "this" {\n  count = length(local.names)\n  name  = local.names[count.index]\n}\n',
    },
    address: "aws_iam_user.this[0]",
    deleted: [],
    expected: { verdict: "refused", why: "count at main.tf:6 numbers its instances" },
  },
  {
    name: "the last element of a list that count is the length of",
    files: {
      "main.tf":
        'variable "names" {\n  type = list(string)\n}\n\nresource "aws_iam_user" "this" {\n  count = length(var.names)\n  name  = var.names[count.index]\n}\n',
      "terraform.tfvars": 'names = [\n  "a",\n  "b",\n  "c",\n]\n',
    },
    address: "aws_iam_user.this[2]",
    deleted: [],
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-  "c",'] } },
  },
  {
    name: "the boolean that switches it on",
    files: {
      "main.tf":
        'variable "cache" {\n  type    = bool\n  default = true\n}\n\nresource "aws_instance" "web" {\n  count = var.cache ? 1 : 0\n  ami   = "ami-1"\n}\n',
      "terraform.tfvars": 'region = "eu"\ncache  = true\n',
    },
    address: "aws_instance.web[0]",
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ["-cache  = true", "+cache  = false"] },
      effects: ['aws_instance.web[0] : {"ami":"ami-1"} -> null'],
    },
  },
  {
    name: "one of two conditions that switch it on, in the call of a module",
    files: {
      "main.tf":
        'module "app" {\n  source = "./app"\n  create = true\n}\n\nmodule "other" {\n  source = "./app"\n}\n',
      "app/main.tf":
        'variable "create" {\n  default = true\n}\n\nlocals {\n  prod = terraform.workspace == "default"\n}\n\nresource "aws_instance" "web" {\n  count = local.prod && var.create ? 1 : 0\n  ami   = "ami-1"\n}\n\nresource "aws_vpc" "net" {\n}\n',
    },
    address: "module.app.aws_instance.web[0]",
    deleted: [],
    expected: { verdict: "exact", lines: { "main.tf": ["-  create = true", "+  create = false"] } },
  },
  {
    name: "a member of the list of what is switched on",
    files: {
      "main.tf":
        'locals {\n  features = ["cache", "search"]\n}\n\nresource "aws_instance" "web" {\n  count = contains(local.features, "cache") ? 1 : 0\n  ami   = "ami-1"\n}\n',
    },
    address: "aws_instance.web[0]",
    deleted: [],
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  features = ["cache", "search"]', '+  features = ["search"]'] },
    },
  },
  {
    name: "everything that a call of a module makes",
    files: {
      "main.tf": `# the old shop\nmodule "a" {\n  source = "./app"\n}\n\nmodule "b" {\n  source = "./app"\n}\n`,
      "app/main.tf": APP,
    },
    address: "module.a.aws_instance.this",
    deleted: ["module.a.aws_eip.this"],
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-# the old shop", '-module "a" {', '-  source = "./app"', "-}", "-"] },
    },
  },
  {
    name: "a part of what a call of a module makes, which another call makes too",
    files: {
      "main.tf": 'module "a" {\n  source = "./app"\n}\n\nmodule "b" {\n  source = "./app"\n}\n',
      "app/main.tf": APP,
    },
    address: "module.a.aws_eip.this",
    deleted: [],
    expected: {
      verdict: "refused",
      why: "the block at app/main.tf:9 makes module.b.aws_eip.this too, which still exists",
    },
  },
  {
    name: "an entry of the map over which a module is repeated",
    files: {
      "main.tf":
        'module "app" {\n  for_each = local.apps\n  source   = "./app"\n  size     = each.value\n}\n\nlocals {\n  apps = {\n    api = "t3.small"\n    ui  = "t3.large"\n  }\n}\n',
      "app/main.tf": APP,
    },
    address: 'module.app["ui"].aws_eip.this',
    deleted: ['module.app["ui"].aws_instance.this'],
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    ui  = "t3.large"'] },
    },
  },
  {
    name: "a block of a module that two stacks call, deleted in one of them",
    files: {
      "app/main.tf": APP,
      "prod/main.tf": 'module "app" {\n  source = "../app"\n}\n',
      "test/main.tf": 'module "app" {\n  source = "../app"\n}\n',
    },
    stacks: [
      { name: "prod", root: "prod" },
      { name: "test", root: "test" },
    ],
    address: "module.app.aws_eip.this",
    deleted: [],
    expected: {
      verdict: "refused",
      why: "makes module.app.aws_eip.this of the stack test too, which still exists",
    },
  },
  {
    name: "a block of a module that two stacks call, deleted in both",
    files: {
      "app/main.tf": APP,
      "prod/main.tf": 'module "app" {\n  source = "../app"\n}\n',
      "test/main.tf": 'module "app" {\n  source = "../app"\n}\n',
    },
    stacks: [
      { name: "prod", root: "prod" },
      { name: "test", root: "test" },
    ],
    address: "module.app.aws_eip.this",
    deleted: [["test", "module.app.aws_eip.this"]],
    expected: {
      verdict: "exact",
      lines: {
        "app/main.tf": ['-resource "aws_eip" "this" {', "-  instance = aws_instance.this.id", "-}", "-"],
      },
      effects: [
        'prod module.app.aws_eip.this : {"instance":null} -> null',
        'test module.app.aws_eip.this : {"instance":null} -> null',
      ],
    },
  },
  {
    name: "the entry is given on the command line",
    files: { "main.tf": `variable "buckets" {\n  type = map(object({ name = string }))\n}\n\n${BUCKETS}` },
    stacks: [{ name: "main", root: ".", vars: { buckets: '{ a = { name = "a" }, b = { name = "b" } }' } }],
    address: 'aws_s3_bucket.this["a"]',
    deleted: [],
    expected: {
      verdict: "refused",
      why: "for_each, which makes it, is set outside of the repository's files (--var buckets)",
    },
  },
  {
    name: "a for_each that is not known",
    files: {
      "main.tf":
        'data "aws_subnets" "all" {\n}\n\nresource "aws_route" "this" {\n  for_each = toset(data.aws_subnets.all.ids)\n  subnet   = each.key\n}\n',
    },
    address: 'aws_route.this["a"]',
    deleted: [],
    expected: { verdict: "refused", why: "the code does not declare this instance" },
  },
  {
    name: "a module that comes from elsewhere",
    files: {
      "main.tf": 'module "app" {\n  source  = "acme/app/aws"\n  version = "1.0.0"\n}\n',
      ".terraform/modules/modules.json":
        '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"app","Source":"registry.terraform.io/acme/app/aws","Version":"1.0.0","Dir":".terraform/modules/app"}]}',
      ".terraform/modules/app/main.tf": APP,
    },
    address: "module.app.aws_eip.this",
    deleted: [],
    expected: { verdict: "refused", why: "in a module that comes from elsewhere" },
  },
  {
    name: "a condition of another resource does not hold without it",
    files: {
      "main.tf":
        'locals {\n  zones = ["a", "b"]\n}\n\nresource "aws_subnet" "this" {\n  for_each = toset(local.zones)\n  zone     = each.key\n}\n\nresource "aws_lb" "web" {\n  name = "web"\n\n  lifecycle {\n    precondition {\n      condition     = length(local.zones) > 1\n      error_message = "It needs two zones."\n    }\n  }\n}\n',
    },
    address: 'aws_subnet.this["b"]',
    deleted: [],
    expected: { verdict: "refused", why: "aws_lb.web (main.tf:15) fails without it: " },
  },
];

/** Instances that were deleted on purpose: what made them goes. */
export const DELETIONS: readonly AdoptionCase[] = CASES.map((each) => ({ ...each, live: {} }));
