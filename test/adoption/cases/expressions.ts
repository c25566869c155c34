import { ABSENT, type AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

function stack(before: string, body: string): { "main.tf": string } {
  return { "main.tf": `${before}\nresource "aws_instance" "web" {\n${body}}\n` };
}

const SIZES = `locals {
  sizes = {
    small = "t3.small"
    large = "t3.large"
  }
}
`;
const CHOSEN = `variable "size" {
  default = "small"
}

${SIZES}`;
const COMMON = `locals {
  common = {
    Team = "shop"
  }
}
`;

/** Values that expressions choose or put together. */
export const EXPRESSIONS: readonly AdoptionCase[] = [
  {
    name: "another key of a table rather than another meaning of the key, also where the key is a default",
    files: stack(CHOSEN, "  instance_type = local.sizes[var.size]\n"),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  default = "small"', '+  default = "large"'] } },
  },
  {
    name: "the key that a variable file gives",
    files: {
      ...stack(CHOSEN, "  instance_type = local.sizes[var.size]\n"),
      "terraform.tfvars": 'size = "small"\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-size = "small"', '+size = "large"'] } },
  },
  {
    name: "another key, also through lookup()",
    files: stack(CHOSEN, '  instance_type = lookup(local.sizes, var.size, "t3.nano")\n'),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  default = "small"', '+  default = "large"'] } },
  },
  {
    name: "the entry of a table where no other entry has the value",
    files: stack(CHOSEN, "  instance_type = local.sizes[var.size]\n"),
    address: WEB,
    live: { instance_type: "m5.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    small = "t3.small"', '+    small = "m5.large"'] },
    },
  },
  {
    name: "the entry of a table that the code names",
    files: stack(SIZES, "  instance_type = local.sizes.small\n"),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    small = "t3.small"', '+    small = "t3.large"'] },
    },
  },
  {
    name: "an entry is added to the map of a lookup() that fell back",
    files: stack(
      'locals {\n  sizes = {\n    a = "t3.small"\n  }\n}\n',
      '  for_each      = toset(["a", "b", "c"])\n  instance_type = lookup(local.sizes, each.key, "t3.nano")\n',
    ),
    address: 'aws_instance.web["b"]',
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['+    b = "t3.large"'] },
      effects: ['aws_instance.web["b"] instance_type: "t3.nano" -> "t3.large"'],
    },
  },
  {
    name: "an attribute is added where try() fell back",
    files: stack(
      "locals {\n  apps = {\n    a = {}\n    b = {}\n  }\n}\n",
      '  for_each      = local.apps\n  instance_type = try(each.value.size, "t3.nano")\n',
    ),
    address: 'aws_instance.web["b"]',
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    b = {}", "+    b = {", '+      size = "t3.large"', "+    }"] },
    },
  },
  {
    name: "the branch of a conditional that counts",
    files: stack(
      'variable "big" {\n  default = false\n}\n',
      '  instance_type = var.big ? "t3.large" : "t3.small"\n',
    ),
    address: WEB,
    live: { instance_type: "t3.medium" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  instance_type = var.big ? "t3.large" : "t3.small"',
          '+  instance_type = var.big ? "t3.large" : "t3.medium"',
        ],
      },
    },
  },
  {
    name: "the condition where the other branch has the value",
    files: {
      ...stack('variable "big" {}\n', '  instance_type = var.big ? "t3.large" : "t3.small"\n'),
      "terraform.tfvars": "big = false\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ["-big = false", "+big = true"] } },
  },
  {
    name: "the argument of coalesce() that counts",
    files: stack(
      'variable "own" {\n  default = null\n}\n\nlocals {\n  usual = "t3.small"\n}\n\nresource "aws_instance" "other" {\n  instance_type = local.usual\n}\n',
      "  instance_type = coalesce(var.own, local.usual)\n",
    ),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = null", '+  default = "t3.large"'] } },
  },
  {
    name: "an own entry in a later argument of merge() rather than the entry that all share",
    files: stack(
      `${COMMON}\nresource "aws_instance" "other" {\n  tags = local.common\n}\n`,
      '  tags = merge(local.common, { Name = "web" })\n',
    ),
    address: WEB,
    live: { "tags.Team": "platform" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  tags = merge(local.common, { Name = "web" })',
          '+  tags = merge(local.common, { Name = "web", Team = "platform" })',
        ],
      },
    },
  },
  {
    name: "the shared entry where there is no place for an own one",
    files: stack(
      `${COMMON}\nresource "aws_instance" "other" {\n  tags = local.common\n}\n`,
      "  tags = local.common\n",
    ),
    address: WEB,
    live: { "tags.Team": "platform" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-    Team = "shop"', '+    Team = "platform"'] },
      effects: [
        'aws_instance.other tags.Team: "shop" -> "platform"',
        'aws_instance.web tags.Team: "shop" -> "platform"',
      ],
    },
  },
  {
    name: "the text around an interpolation",
    files: stack('variable "name" {\n  default = "shop"\n}\n', '  name = "${var.name}-web"\n'),
    address: WEB,
    live: { name: "shop-front" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  name = "${var.name}-web"', '+  name = "${var.name}-front"'] },
    },
  },
  {
    name: "the interpolated value where the text around it is right",
    files: {
      ...stack('variable "name" {}\n', '  name = "${var.name}-web"\n'),
      "terraform.tfvars": 'name = "shop"\n',
    },
    address: WEB,
    live: { name: "store-web" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-name = "shop"', '+name = "store"'] } },
  },
  {
    name: "an element of a for expression, through the map it reads",
    files: stack(
      'locals {\n  raw = { a = "small", b = "large" }\n  sizes = { for key, size in local.raw : key => size }\n}\n',
      "  instance_type = local.sizes.a\n",
    ),
    address: WEB,
    live: { instance_type: "medium" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  raw = { a = "small", b = "large" }', '+  raw = { a = "medium", b = "large" }'],
      },
    },
  },
  {
    name: "a list that concat() joins: what is added goes to the last part",
    files: stack(
      'locals {\n  shared = ["sg-1"]\n}\n\nresource "aws_instance" "other" {\n  groups = local.shared\n}\n',
      '  groups = concat(local.shared, ["sg-2"])\n',
    ),
    address: WEB,
    live: { groups: ["sg-1", "sg-2", "sg-3"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  groups = concat(local.shared, ["sg-2"])',
          '+  groups = concat(local.shared, ["sg-2", "sg-3"])',
        ],
      },
    },
  },
  {
    name: "a reference to another resource stays where the value is the same",
    files: stack(
      'resource "aws_security_group" "web" {\n  name = "web"\n}\n',
      "  groups = [aws_security_group.web.id]\n",
    ),
    state: { "aws_security_group.web": { id: "sg-1", name: "web" } },
    address: WEB,
    live: { groups: ["sg-9", "sg-1"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  groups = [aws_security_group.web.id]",
          '+  groups = [aws_security_group.web.id, "sg-9"]',
        ],
      },
    },
  },
  {
    name: "a setting from outside of the files",
    files: stack('variable "size" {}\n', "  instance_type = var.size\n"),
    stacks: [{ name: "main", root: ".", vars: { size: "t3.small" } }],
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "refused", why: "outside of the repository's files (--var size)" },
  },
  {
    name: "the workspace's name",
    files: stack("", "  stage = terraform.workspace\n"),
    stacks: [{ name: "main", root: ".", workspace: "prod" }],
    address: WEB,
    live: { stage: "test" },
    expected: { verdict: "refused", why: "outside of the repository's files (workspace)" },
  },
  {
    name: "a value of the state",
    files: stack('data "aws_ami" "latest" {\n  owner = "self"\n}\n', "  ami = data.aws_ami.latest.id\n"),
    state: { "data.aws_ami.latest": { id: "ami-1", owner: "self" } },
    address: WEB,
    live: { ami: "ami-2" },
    expected: {
      verdict: "refused",
      why: "comes from data.aws_ami.latest, which is known from the state alone",
    },
  },
  {
    name: "a value that is read from a file",
    files: {
      ...stack(
        'locals {\n  sizes = jsondecode(file("sizes.json"))\n}\n',
        "  instance_type = local.sizes.web\n",
      ),
      "sizes.json": '{"web": "t3.small"}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.json": ['-{"web": "t3.small"}', '+{"web": "t3.large"}'] },
    },
  },
  {
    name: "a value that is computed",
    files: stack("", '  name = upper("web")\n'),
    address: WEB,
    live: { name: "FRONT" },
    expected: { verdict: "refused", why: "computed at main.tf:3" },
  },
  {
    name: "an edit that would take the instance away",
    files: stack(
      'locals {\n  names = ["a", "b"]\n}\n',
      "  for_each = toset(local.names)\n  name     = each.value\n",
    ),
    address: 'aws_instance.web["b"]',
    live: { name: "c" },
    expected: { verdict: "refused", why: "main.tf:2" },
  },
  {
    name: "a sensitive value",
    files: stack(
      'variable "password" {\n  sensitive = true\n  default   = "hunter2hunter2"\n}\n',
      "  password = var.password\n",
    ),
    address: WEB,
    live: { password: "swordfish" },
    expected: { verdict: "refused", why: "password is sensitive" },
  },
  {
    name: "a tag that only the provider's default tags give",
    files: stack("", '  tags = { Name = "web" }\n'),
    address: WEB,
    live: { "tags.Owner": ABSENT },
    expected: { verdict: "refused", why: "the code does not set tags.Owner here" },
  },
  {
    name: "a module that terraform init brought is not edited",
    files: {
      "main.tf": 'module "web" {\n  source  = "terraform-aws-modules/web/aws"\n  version = "1.0.0"\n}\n',
      ".terraform/modules/modules.json":
        '{"Modules":[{"Key":"web","Source":"registry.terraform.io/terraform-aws-modules/web/aws","Dir":".terraform/modules/web"}]}',
      ".terraform/modules/web/main.tf": 'resource "aws_instance" "this" {\n  instance_type = "t3.small"\n}\n',
    },
    address: "module.web.aws_instance.this",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "refused",
      why: ".terraform/modules/web/main.tf:2, in a module that comes from elsewhere",
    },
  },
];
