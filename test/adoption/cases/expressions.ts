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
    name: "the literal that coalesce() takes, not an empty one before it",
    files: stack("", '  instance_type = coalesce("", null, "t3.small")\n'),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  instance_type = coalesce("", null, "t3.small")',
          '+  instance_type = coalesce("", null, "t3.large")',
        ],
      },
    },
  },
  {
    name: "the list that coalescelist() takes, not an empty one before it",
    files: stack("", '  security_groups = coalescelist([], ["a", "b"])\n'),
    address: WEB,
    live: { security_groups: ["a", "c"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  security_groups = coalescelist([], ["a", "b"])',
          '+  security_groups = coalescelist([], ["a", "c"])',
        ],
      },
    },
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
      `${COMMON}\nresource "aws_instance" "other" {\n  tags = { Team = local.common.Team }\n}\n`,
      "  tags = { Team = local.common.Team }\n",
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
          '+  groups = ["sg-9", aws_security_group.web.id]',
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
    files: stack("", '  name = sha1("web")\n'),
    address: WEB,
    live: { name: "front" },
    expected: { verdict: "refused", why: "computed at main.tf:3" },
  },
  {
    name: "an attribute of one of all instances that a splat reads",
    files: stack(
      `locals {
  zones = ["a", "b"]
}

resource "aws_subnet" "public" {
  count = 2
  zone  = local.zones[count.index]
}
`,
      "  zones = aws_subnet.public[*].zone\n",
    ),
    address: WEB,
    live: { "zones[1]": "c" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  zones = ["a", "b"]', '+  zones = ["a", "c"]'] },
      effects: ['aws_instance.web zones[1]: "b" -> "c"', 'aws_subnet.public[1] zone: "b" -> "c"'],
    },
  },
  {
    name: "an attribute of one of all instances that values() gives, in the order of their keys",
    files: stack(
      `resource "aws_subnet" "public" {
  for_each = { z = "one", a = "one" }
  zone     = each.value
}
`,
      "  zones = values(aws_subnet.public)[*].zone\n",
    ),
    address: WEB,
    live: { "zones[1]": "two" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-  for_each = { z = "one", a = "one" }', '+  for_each = { z = "two", a = "one" }'],
      },
      effects: ['aws_instance.web zones[1]: "one" -> "two"', 'aws_subnet.public["z"] zone: "one" -> "two"'],
    },
  },
  {
    name: "an attribute of one of all instances that a for reads",
    files: stack(
      `resource "aws_subnet" "public" {
  for_each = { a = "one", b = "two" }
  zone     = each.value
}
`,
      "  zones = { for key, subnet in aws_subnet.public : key => subnet.zone }\n",
    ),
    address: WEB,
    live: { "zones.b": "three" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-  for_each = { a = "one", b = "two" }', '+  for_each = { a = "one", b = "three" }'],
      },
      effects: [
        'aws_instance.web zones.b: "two" -> "three"',
        'aws_subnet.public["b"] zone: "two" -> "three"',
      ],
    },
  },
  {
    name: "an attribute of the instance that element() takes",
    files: stack(
      'resource "aws_subnet" "public" {\n  count = 2\n  zone  = element(["a", "b"], count.index)\n}\n',
      "  zone = element(aws_subnet.public, 3).zone\n",
    ),
    address: WEB,
    live: { zone: "c" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  zone  = element(["a", "b"], count.index)',
          '+  zone  = element(["a", "c"], count.index)',
        ],
      },
      effects: ['aws_instance.web zone: "b" -> "c"', 'aws_subnet.public[1] zone: "b" -> "c"'],
    },
  },
  {
    name: "an output of one of all instances of a module",
    files: {
      ...stack(
        'module "names" {\n  source   = "./names"\n  for_each = { a = "x", b = "y" }\n  name     = each.value\n}\n',
        "  names = [for name in module.names : name.full]\n",
      ),
      "names/main.tf": 'variable "name" {}\n\noutput "full" {\n  value = "${var.name}-web"\n}\n',
    },
    address: WEB,
    live: { "names[1]": "z-web" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  for_each = { a = "x", b = "y" }', '+  for_each = { a = "x", b = "z" }'] },
    },
  },
  {
    name: "the operand of && that is false",
    files: stack(
      'variable "on" {\n  default = true\n}\n\nvariable "backups" {\n  default = false\n}\n',
      "  backups = var.on && var.backups\n",
    ),
    address: WEB,
    live: { backups: true },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = false", "+  default = true"] } },
  },
  {
    name: "both operands of && are false",
    files: stack(
      'variable "on" {\n  default = false\n}\n\nvariable "backups" {\n  default = false\n}\n',
      "  backups = var.on && var.backups\n",
    ),
    address: WEB,
    live: { backups: true },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  default = false", "+  default = true", "-  default = false", "+  default = true"],
      },
    },
  },
  {
    name: "both operands of || are true, each given elsewhere",
    files: {
      ...stack('variable "all" {}\n\nlocals {\n  own = true\n}\n', "  backups = var.all || local.own\n"),
      "terraform.tfvars": "all = true\n",
    },
    address: WEB,
    live: { backups: false },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  own = true", "+  own = false"],
        "terraform.tfvars": ["-all = true", "+all = false"],
      },
    },
  },
  {
    name: "both operands of &&, as lines in a variable file",
    files: {
      ...stack(
        'variable "on" {\n  default = false\n}\n\nvariable "backups" {\n  default = false\n}\n',
        "  backups = var.on && var.backups\n",
      ),
      "terraform.tfvars": 'name = "x"\n\nzone = "a"\n',
    },
    address: WEB,
    live: { backups: true },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": ['-zone = "a"', '+zone    = "a"', "+on      = true", "+backups = true"],
      },
    },
  },
  {
    name: "the later operand of &&, although the other one is given for this instance",
    files: {
      ...stack(
        'variable "on" {}\n\nvariable "backups" {\n  default = true\n}\n',
        "  backups = var.on && var.backups\n",
      ),
      "terraform.tfvars": "on = true\n",
    },
    address: WEB,
    live: { backups: false },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ["-on = true", "+on      = true", "+backups = false"] },
    },
  },
  {
    name: "the operand of || that can be another one",
    files: {
      ...stack('variable "all" {}\n', '  backups = var.all || "a" == "b"\n'),
      "main.tfvars": "all = false\n",
    },
    address: WEB,
    live: { backups: true },
    stacks: [{ name: "main", root: ".", varFiles: ["main.tfvars"] }],
    expected: { verdict: "exact", lines: { "main.tfvars": ["-all = false", "+all = true"] } },
  },
  {
    name: "a number in a sum that another instance does not count",
    files: stack("", '  for_each = toset(["a", "b"])\n  priority = 2010 + (each.key == "a" ? 0 : 1)\n'),
    address: 'aws_instance.web["b"]',
    live: { priority: 2015 },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  priority = 2010 + (each.key == "a" ? 0 : 1)',
          '+  priority = 2010 + (each.key == "a" ? 0 : 5)',
        ],
      },
    },
  },
  {
    name: "the literal of a difference, exactly",
    files: stack('variable "size" {\n  default = 0.3\n}\n', "  size = var.size - 0.1\n"),
    address: WEB,
    live: { size: 0.25 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  size = var.size - 0.1", "+  size = var.size - 0.05"] },
    },
  },
  {
    name: "what is multiplied rather than the unit it is multiplied by",
    files: stack('variable "size" {\n  default = 2\n}\n', "  size = var.size * 1024\n"),
    address: WEB,
    live: { size: 4096 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = 2", "+  default = 4"] } },
  },
  {
    name: "no whole number multiplied gives it",
    files: stack("locals {\n  size = 2\n}\n", "  size = -(local.size * 3)\n"),
    address: WEB,
    live: { size: -7 },
    expected: { verdict: "refused", why: "computed at main.tf:6" },
  },
  {
    name: "a part of a text that is split",
    files: stack('locals {\n  zones = "a,b,c"\n}\n', '  zones = split(",", local.zones)\n'),
    address: WEB,
    live: { "zones[1]": "z" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  zones = "a,b,c"', '+  zones = "a,z,c"'] } },
  },
  {
    name: "an element of a list that is joined",
    files: stack('locals {\n  zones = ["a", "b"]\n}\n', '  zones = join(",", local.zones)\n'),
    address: WEB,
    live: { zones: "a,c" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  zones = ["a", "b"]', '+  zones = ["a", "c"]'] } },
  },
  {
    name: "one more element of a list that is joined",
    files: stack('locals {\n  zones = ["a", "b"]\n}\n', '  zones = join(",", local.zones)\n'),
    address: WEB,
    live: { zones: "a,b,c" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  zones = ["a", "b"]', '+  zones = ["a", "b", "c"]'] },
    },
  },
  {
    name: "a text in the case in which it is written",
    files: stack("", '  name = upper("web")\n'),
    address: WEB,
    live: { name: "FRONT" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  name = upper("web")', '+  name = upper("front")'] },
    },
  },
  {
    name: "no text has capitals when lower() is done with it",
    files: stack("", '  name = lower("Web")\n'),
    address: WEB,
    live: { name: "Front" },
    expected: { verdict: "refused", why: "main.tf:3" },
  },
  {
    name: "a value of a format",
    files: stack(
      'variable "name" {\n  default = "shop"\n}\n',
      '  name = format("%s-web-%02d", var.name, 1)\n',
    ),
    address: WEB,
    live: { name: "store-web-01" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  default = "shop"', '+  default = "store"'] } },
  },
  {
    name: "a number of a format",
    files: stack(
      'variable "name" {\n  default = "shop"\n}\n',
      '  name = format("%s-web-%02d", var.name, 1)\n',
    ),
    address: WEB,
    live: { name: "shop-web-07" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  name = format("%s-web-%02d", var.name, 1)',
          '+  name = format("%s-web-%02d", var.name, 7)',
        ],
      },
    },
  },
  {
    name: "the text of a format",
    files: stack('variable "name" {\n  default = "shop"\n}\n', '  name = format("%s-web", var.name)\n'),
    address: WEB,
    live: { name: "shop-100%" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  name = format("%s-web", var.name)', '+  name = format("%s-100%%", var.name)'],
      },
    },
  },
  {
    name: "the number of a subnet",
    files: stack('locals {\n  all = "10.0.0.0/16"\n}\n', "  block = cidrsubnet(local.all, 8, 1)\n"),
    address: WEB,
    live: { block: "10.0.7.0/24" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  block = cidrsubnet(local.all, 8, 1)", "+  block = cidrsubnet(local.all, 8, 7)"],
      },
    },
  },
  {
    name: "the size of the first subnet",
    files: stack('locals {\n  all = "10.0.0.0/16"\n}\n', "  block = cidrsubnet(local.all, 8, 0)\n"),
    address: WEB,
    live: { block: "10.0.0.0/20" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-  block = cidrsubnet(local.all, 8, 0)", "+  block = cidrsubnet(local.all, 4, 0)"],
      },
    },
  },
  {
    name: "the prefix of a subnet that is elsewhere",
    files: stack('locals {\n  all = "10.0.0.0/16"\n}\n', "  block = cidrsubnet(local.all, 8, 1)\n"),
    address: WEB,
    live: { block: "10.2.1.0/24" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  all = "10.0.0.0/16"', '+  all = "10.2.0.0/16"'] },
    },
  },
  {
    name: "an address counted from the end of a prefix",
    files: stack("", '  address = cidrhost("10.0.0.0/24", -2)\n'),
    address: WEB,
    live: { address: "10.0.0.250" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  address = cidrhost("10.0.0.0/24", -2)', '+  address = cidrhost("10.0.0.0/24", -6)'],
      },
    },
  },
  {
    name: "what trimsuffix() leaves",
    files: stack('locals {\n  zone = "example.com."\n}\n', '  zone = trimsuffix(local.zone, ".")\n'),
    address: WEB,
    live: { zone: "example.org" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  zone = "example.com."', '+  zone = "example.org."'] },
    },
  },
  {
    name: "what stands between replaced parts",
    files: stack('locals {\n  path = "a/b/c"\n}\n', '  path = replace(local.path, "/", "-")\n'),
    address: WEB,
    live: { path: "a-x-c" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  path = "a/b/c"', '+  path = "a/x/c"'] } },
  },
  {
    name: "a replaced part that is wanted otherwise",
    files: stack('locals {\n  path = "a/b/c"\n}\n', '  path = replace(local.path, "/", "-")\n'),
    address: WEB,
    live: { path: "a-b_c" },
    expected: { verdict: "refused", why: "main.tf:2" },
  },
  {
    name: "a number that is written as text",
    files: stack("locals {\n  port = 80\n}\n", "  port = tostring(local.port)\n"),
    address: WEB,
    live: { port: "8080" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  port = 80", "+  port = 8080"] } },
  },
  {
    name: "the key of the instance itself",
    files: stack(
      "locals {\n  apps = {\n    a = {}\n    b = {}\n  }\n}\n",
      "  for_each = local.apps\n  name     = upper(each.key)\n",
    ),
    address: 'aws_instance.web["b"]',
    live: { name: "C" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    b = {}",
          "+    c = {}",
          "+",
          "+moved {",
          '+  from = aws_instance.web["b"]',
          '+  to   = aws_instance.web["c"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "the index of the instance itself",
    files: stack("", "  count = 2\n  index = count.index\n"),
    address: "aws_instance.web[1]",
    live: { index: 5 },
    expected: { verdict: "refused", why: "the value is the index of the instance itself" },
  },
  {
    name: "a value that a condition does not allow",
    files: stack(
      'variable "size" {\n  default = "small"\n\n  validation {\n    condition     = contains(["small", "large"], var.size)\n    error_message = "Sizes are small and large."\n  }\n}\n',
      "  size = var.size\n",
    ),
    address: WEB,
    live: { size: "huge" },
    expected: {
      verdict: "refused",
      why: "the edit at main.tf:2 would give it, but then: ",
    },
  },
  {
    name: "an edit that would take the instance away leaves it at another address",
    files: stack(
      'locals {\n  names = ["a", "b"]\n}\n',
      "  for_each = toset(local.names)\n  name     = each.value\n",
    ),
    address: 'aws_instance.web["b"]',
    live: { name: "c" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  names = ["a", "b"]',
          '+  names = ["a", "c"]',
          "+",
          "+moved {",
          '+  from = aws_instance.web["b"]',
          '+  to   = aws_instance.web["c"]',
          "+}",
        ],
      },
    },
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
    name: "a value that a sensitive output is made of as well",
    files: stack(
      'variable "region" {\n  default = "eu-west-1"\n}\noutput "conn" {\n  sensitive = true\n  value     = { region = var.region }\n}\n',
      "  region = var.region\n",
    ),
    address: WEB,
    live: { region: "eu-west-2" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  default = "eu-west-1"', '+  default = "eu-west-2"'] },
    },
  },
  {
    name: "a value that the provider's schema calls sensitive",
    files: {
      "main.tf":
        'locals {\n  pw = "hunter2hunter2"\n}\nresource "aws_db_instance" "db" {\n  password = local.pw\n}\n',
    },
    address: "aws_db_instance.db",
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
