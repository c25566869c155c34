import { ABSENT, type AdoptionCase } from "../case.ts";

const A = "aws_vpc.a";
const TAGS = 'locals {\n  tags = { Owner = "ops", Env = "prod" }\n}\n\n';
const TWO =
  'resource "aws_vpc" "a" {\n  cidr = "10.0.0.0/16"\n  tags = local.tags\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n';
const NET =
  'variable "labels" {}\n\nresource "aws_vpc" "this" {\n  labels = var.labels\n}\n\nresource "aws_subnet" "this" {\n  labels = var.labels\n}\n';

/** A map that comes whole from elsewhere, and one instance that is to have another. */
export const OWN_MAPS: readonly AdoptionCase[] = [
  {
    name: "an entry more for one of those that share a map",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { "tags.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Extra = "1" })'] },
      effects: ['aws_vpc.a tags.Extra: null -> "1"'],
    },
  },
  {
    name: "an entry more of which the key is no name",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { 'tags["kubernetes.io/role"]': "${x}" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  tags = local.tags",
          '+  tags = merge(local.tags, { "kubernetes.io/role" = "$${x}" })',
        ],
      },
    },
  },
  {
    name: "another value of an entry for one of those that share it",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { "tags.Owner": "sec" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Owner = "sec" })'] },
    },
  },
  {
    name: "several entries of a map that others share",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { "tags.Extra": "1", "tags.Owner": "sec" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Extra = "1", Owner = "sec" })'],
      },
    },
  },
  {
    name: "a map as a whole with what others that share it do not have",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { tags: { Owner: "sec", Env: "prod", Extra: "1" } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Owner = "sec", Extra = "1" })'],
      },
    },
  },
  {
    name: "an entry less for one of those that share a map",
    files: { "main.tf": TAGS + TWO },
    address: A,
    live: { "tags.Env": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  tags = local.tags", '+  tags = { for k, v in local.tags : k => v if k != "Env" }'],
      },
    },
  },
  {
    name: "a map as a whole without some of what others that share it have",
    files: { "main.tf": TAGS.replace("Env", 'Tier = "gold", Env') + TWO },
    address: A,
    live: { tags: { Owner: "ops" } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  tags = local.tags",
          '+  tags = { for k, v in local.tags : k => v if !contains(["Env", "Tier"], k) }',
        ],
      },
    },
  },
  {
    name: "a map that nobody shares is edited itself",
    files: { "main.tf": `${TAGS}resource "aws_vpc" "a" {\n  tags = local.tags\n}\n` },
    address: A,
    live: { "tags.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  tags = { Owner = "ops", Env = "prod" }',
          '+  tags = { Owner = "ops", Env = "prod", Extra = "1" }',
        ],
      },
    },
  },
  {
    name: "the map of a call of a module",
    files: {
      "main.tf": `${TAGS}module "a" {\n  source = "./net"\n  labels = local.tags\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n`,
      "net/main.tf": 'variable "labels" {}\n\nresource "aws_vpc" "this" {\n  labels = var.labels\n}\n',
    },
    address: "module.a.aws_vpc.this",
    live: { "labels.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  labels = local.tags", '+  labels = merge(local.tags, { Extra = "1" })'] },
    },
  },
  {
    name: "the map that one resource of a module takes, not the argument that all of the module take",
    files: {
      "main.tf": `${TAGS}module "a" {\n  source = "./net"\n  labels = local.tags\n}\n`,
      "net/main.tf": NET,
    },
    address: "module.a.aws_vpc.this",
    live: { "labels.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: { "net/main.tf": ["-  labels = var.labels", '+  labels = merge(var.labels, { Extra = "1" })'] },
    },
  },
  {
    name: "a map that a module merges with its own, at the call",
    files: {
      "main.tf": `${TAGS}module "a" {\n  source = "./net"\n  name   = "a"\n  tags   = local.tags\n}\n\nmodule "b" {\n  source = "./net"\n  name   = "b"\n  tags   = local.tags\n}\n`,
      "net/main.tf":
        'variable "tags" {}\nvariable "name" {}\n\nresource "aws_vpc" "this" {\n  tags = merge(var.tags, { Name = var.name })\n}\n',
    },
    address: "module.b.aws_vpc.this",
    live: { "tags.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  tags   = local.tags", '+  tags   = merge(local.tags, { Extra = "1" })'] },
    },
  },
  {
    name: "a merge() of maps from elsewhere gets an argument",
    files: {
      "main.tf": `${TAGS}locals {\n  more = { Tier = "gold" }\n}\n\nresource "aws_vpc" "a" {\n  tags = merge(local.tags, local.more)\n}\n\nresource "aws_vpc" "b" {\n  tags = merge(local.tags, local.more)\n}\n`,
    },
    address: A,
    live: { "tags.Tier": "silver" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  tags = merge(local.tags, local.more)",
          '+  tags = merge(local.tags, local.more, { Tier = "silver" })',
        ],
      },
    },
  },
  {
    name: "a merge() on several lines gets an argument on a line of its own",
    files: {
      "main.tf": `${TAGS}resource "aws_vpc" "a" {\n  tags = merge(\n    local.tags,\n    local.tags,\n  )\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n`,
    },
    address: A,
    live: { "tags.Extra": "1" },
    expected: { verdict: "exact", lines: { "main.tf": ['+    { Extra = "1" },'] } },
  },
  {
    name: "a variable file that gives the map for this stack alone comes first",
    files: {
      "main.tf": 'variable "tags" {}\n\nresource "aws_vpc" "a" {\n  tags = var.tags\n}\n',
      "prod.tfvars": 'tags = { Owner = "ops" }\n',
      "test.tfvars": 'tags = { Owner = "ops" }\n',
    },
    stacks: [
      { name: "prod", root: ".", varFiles: ["prod.tfvars"] },
      { name: "test", root: ".", varFiles: ["test.tfvars"] },
    ],
    address: A,
    live: { "tags.Extra": "1" },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ['-tags = { Owner = "ops" }', '+tags = { Owner = "ops", Extra = "1" }'] },
    },
  },
  {
    name: "the default tags of a provider have the same map: one resource gets its own",
    files: {
      "main.tf": `${TAGS}provider "aws" {\n  default_tags {\n    tags = local.tags\n  }\n}\n\nresource "aws_vpc" "a" {\n  tags = local.tags\n}\n\nresource "aws_vpc" "c" {}\n`,
    },
    state: {
      "aws_vpc.a": { tags: { Owner: "ops", Env: "prod" }, tags_all: { Owner: "ops", Env: "prod" } },
      "aws_vpc.c": { tags: {}, tags_all: { Owner: "ops", Env: "prod" } },
    },
    address: A,
    live: { "tags.Owner": "sec" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Owner = "sec" })'] },
    },
  },
  {
    name: "one of the instances of a block has no place for a map of its own",
    files: {
      "main.tf": `${TAGS}resource "aws_vpc" "a" {\n  count = 2\n  tags  = local.tags\n}\n`,
    },
    address: "aws_vpc.a[0]",
    live: { "tags.Extra": "1" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  tags = { Owner = "ops", Env = "prod" }',
          '+  tags = { Owner = "ops", Env = "prod", Extra = "1" }',
        ],
      },
    },
  },
  {
    name: "an entry of a map in a map: merge() would take its neighbours away",
    files: {
      "main.tf":
        'locals {\n  spec = { env = { A = "1", B = "2" } }\n}\n\nresource "aws_vpc" "a" {\n  spec = local.spec\n}\n\nresource "aws_vpc" "b" {\n  spec = local.spec\n}\n',
    },
    address: A,
    live: { "spec.env.A": "3" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-  spec = { env = { A = "1", B = "2" } }', '+  spec = { env = { A = "3", B = "2" } }'],
      },
    },
  },
  {
    name: "an entry less in what merge() gives: the shared one",
    files: {
      "main.tf": `${TAGS}resource "aws_vpc" "a" {\n  tags = merge(local.tags, { Name = "a" })\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n`,
    },
    address: A,
    live: { "tags.Env": ABSENT },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-  tags = { Owner = "ops", Env = "prod" }', '+  tags = { Owner = "ops" }'],
      },
    },
  },
  {
    name: "a map in the JSON syntax is shared: no function call is written into a text",
    files: {
      "main.tf.json":
        '{\n  "locals": {\n    "tags": {"Owner": "ops"}\n  },\n  "resource": {\n    "aws_vpc": {\n      "a": {"tags": "${local.tags}"},\n      "b": {"tags": "${local.tags}"}\n    }\n  }\n}\n',
    },
    address: A,
    live: { "tags.Owner": "sec" },
    expected: {
      verdict: "shared",
      lines: { "main.tf.json": ['-    "tags": {"Owner": "ops"}', '+    "tags": {"Owner": "sec"}'] },
    },
  },
  {
    name: "the literal that decides, in the root, before an entry of its own in a module that others call",
    files: {
      "main.tf":
        'variable "env" {}\n\nlocals {\n  by_env = {\n    dev  = { Night = "off" }\n    prod = { Tier = "gold" }\n  }\n}\n\nmodule "web" {\n  for_each = toset(["a", "b"])\n  source   = "./web"\n  tags     = local.by_env[var.env]\n}\n',
      "web/main.tf":
        'variable "tags" {}\n\nresource "aws_vpc" "a" {\n  tags = merge({ Service = "web" }, var.tags, { By = "tf" })\n}\n',
      "prod.tfvars": 'env = "prod"\n',
      "dev.tfvars": 'env = "dev"\n',
    },
    stacks: [
      { name: "prod", root: "", varFiles: ["prod.tfvars"] },
      { name: "dev", root: "", varFiles: ["dev.tfvars"] },
    ],
    stack: "prod",
    address: 'module.web["a"].aws_vpc.a',
    live: { "tags.Tier": "silver" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-    prod = { Tier = "gold" }', '+    prod = { Tier = "silver" }'],
      },
      effects: [
        'prod module.web["a"].aws_vpc.a tags.Tier: "gold" -> "silver"',
        'prod module.web["b"].aws_vpc.a tags.Tier: "gold" -> "silver"',
      ],
    },
  },
  {
    name: "the literal that decides, in the root, before an entry of its own in a module, though that changes less",
    files: {
      "main.tf":
        'locals {\n  tags = { Project = "x" }\n}\n\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n\nmodule "net" {\n  source = "./net"\n  tags   = local.tags\n}\n',
      "net/main.tf":
        'variable "tags" {}\n\nlocals {\n  tags = merge(var.tags, { By = "tf" })\n}\n\nresource "aws_vpc" "a" {\n  for_each = toset(["x", "y"])\n  tags     = { Project = local.tags.Project }\n}\n',
    },
    address: 'module.net.aws_vpc.a["x"]',
    live: { "tags.Project": "shop" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  tags = { Project = "x" }', '+  tags = { Project = "shop" }'] },
    },
  },
  {
    name: "an entry that is to be null in a map that others share is taken out",
    files: {
      "main.tf":
        'locals {\n  tags = { Owner = "ops", Env = "prod" }\n}\n\nresource "aws_vpc" "a" {\n  tags = merge(local.tags)\n}\n',
    },
    address: A,
    live: { "tags.Env": null },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  tags = { Owner = "ops", Env = "prod" }', '+  tags = { Owner = "ops" }'],
      },
    },
  },
];
