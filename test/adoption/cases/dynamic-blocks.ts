import type { Json } from "../../../src/json/json.ts";
import { ABSENT, type AdoptionCase } from "../case.ts";

const ASG = "aws_autoscaling_group.web";
const OWNER = 'locals {\n  tags = { Owner = "ops" }\n  more = { Tier = "gold" }\n}\n\n';

function group(collection: string, others = ""): Readonly<Record<string, string>> {
  return {
    "main.tf": `${OWNER}resource "aws_autoscaling_group" "web" {
  dynamic "tag" {
    for_each = ${collection}
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}
${others}`,
  };
}

const OTHER = '\nresource "aws_vpc" "b" {\n  tags = local.tags\n}\n';

function tag(key: string, value: string): Json {
  return { key, value, propagate_at_launch: true };
}

const RULES_TYPE = `variable "rules" {
  type = list(object({
    port  = number
    cidrs = list(string)
    desc  = optional(string, "managed")
    own   = optional(bool)
  }))
`;
const RULES = `${RULES_TYPE}  default = [
    { port = 80, cidrs = ["0.0.0.0/0"] },
    { port = 22, cidrs = ["10.0.0.0/8", "192.168.0.0/16"], desc = "ssh" },
  ]
}

`;
const SECURITY_GROUP = `resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = var.rules
    iterator = r
    content {
      description = r.value.desc
      from_port   = r.value.port
      to_port     = r.value.port
      protocol    = "tcp"
      self        = r.value.own
      cidr_blocks = r.value.cidrs
    }
  }
}
`;
const SG = "aws_security_group.web";
const PORTS = `variable "ports" {
  default = [80, 443]
}

resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = [53]
    content {
      from_port = ingress.value
      protocol  = "udp"
    }
  }

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port = ingress.value
      protocol  = "tcp"
    }
  }

  ingress {
    from_port = 22
    protocol  = "tcp"
  }
}
`;

function rule(port: number, cidr: string, description: string): Json {
  return {
    description,
    from_port: port,
    to_port: port,
    protocol: "tcp",
    cidr_blocks: [cidr],
    ipv6_cidr_blocks: [],
    self: false,
  };
}

/** Blocks that `dynamic` blocks make, and what they are made of. */
export const DYNAMIC_BLOCKS: readonly AdoptionCase[] = [
  {
    name: "what a block takes from its element by the key, which in a set is the element itself",
    files: {
      "main.tf": `locals {
  rules = [
    { port = 443, cidr = "10.0.0.0/8" },
  ]
}

resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = toset(local.rules)
    content {
      from_port = ingress.key.port
      to_port   = ingress.value.port
    }
  }
}
`,
    },
    address: SG,
    live: { "ingress[0].from_port": 444, "ingress[0].to_port": 444 },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    { port = 443, cidr = "10.0.0.0/8" },', '+    { port = 444, cidr = "10.0.0.0/8" },'],
      },
    },
  },
  {
    name: "the key of the entry that a block is made of: the lines around it are aligned again",
    files: group('{\n      Owner = "ops"\n      Tier  = "gold"\n    }'),
    address: ASG,
    live: { "tag[0].key": "Department" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-      Owner = "ops"',
          '-      Tier  = "gold"',
          '+      Department = "ops"',
          '+      Tier       = "gold"',
        ],
      },
    },
  },
  {
    name: "a key that a for expression takes from the elements of a list",
    files: {
      "main.tf": `locals {
  rules = [{ id = "logs" }, { id = "tmp" }]
}

resource "aws_s3_bucket_lifecycle_configuration" "b" {
  dynamic "rule" {
    for_each = { for r in local.rules : r.id => r }
    content {
      id = rule.key
    }
  }
}
`,
    },
    address: "aws_s3_bucket_lifecycle_configuration.b",
    live: { "rule[1].id": "temp" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  rules = [{ id = "logs" }, { id = "tmp" }]',
          '+  rules = [{ id = "logs" }, { id = "temp" }]',
        ],
      },
    },
  },
  {
    name: "a key that a for expression takes from the keys of instances: those keep their names",
    files: {
      "main.tf": `resource "aws_s3_bucket" "all" {
  for_each = { for r in [{ id = "logs" }] : r.id => r }
}

resource "aws_s3_bucket_lifecycle_configuration" "b" {
  dynamic "rule" {
    for_each = aws_s3_bucket.all
    content {
      id = rule.key
    }
  }
}
`,
    },
    address: "aws_s3_bucket_lifecycle_configuration.b",
    live: { "rule[0].id": "temp" },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "a key that has to be quoted",
    files: group('{ Owner = "ops" }'),
    address: ASG,
    live: { "tag[0].key": "own er" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    for_each = { Owner = "ops" }', '+    for_each = { "own er" = "ops" }'],
      },
    },
  },
  {
    name: "a key that is another entry's already",
    files: group('{ Owner = "ops", Tier = "gold" }'),
    address: ASG,
    live: { "tag[0].key": "Tier" },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "a key in YAML, handed on by a for expression",
    files: {
      "main.tf": `locals {
  rules = { for name, rule in yamldecode(file("rules.yaml")) : name => { port = rule.port } }
}

resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = local.rules
    content {
      description = ingress.key
      from_port   = ingress.value.port
    }
  }
}
`,
      "rules.yaml": "# Ports\nssh: { port: 22 } # own\n'web': { port: 80 }\n",
    },
    address: SG,
    live: { "ingress[1].description": "website" },
    expected: {
      verdict: "exact",
      lines: { "rules.yaml": ["-'web': { port: 80 }", "+'website': { port: 80 }"] },
    },
  },
  {
    name: "a key in JSON",
    files: {
      ...group('jsondecode(file("tags.json"))'),
      "tags.json": '{\n  "Owner": "ops"\n}\n',
    },
    address: ASG,
    live: { "tag[0].key": "Team" },
    expected: {
      verdict: "exact",
      lines: { "tags.json": ['-  "Owner": "ops"', '+  "Team": "ops"'] },
    },
  },
  {
    name: "a block more, made of an entry of a map",
    files: group('{ Owner = "ops" }'),
    address: ASG,
    live: { "tag[1]": tag("Zed", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    for_each = { Owner = "ops" }', '+    for_each = { Owner = "ops", Zed = "1" }'],
      },
    },
  },
  {
    name: "a block more, whose key comes before those that are there",
    files: group('{ Owner = "ops" }'),
    address: ASG,
    live: { "tag[1]": tag("App", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    for_each = { Owner = "ops" }', '+    for_each = { Owner = "ops", App = "1" }'],
      },
    },
  },
  {
    name: "a block more, made of what merge() gives: in the object that is written out there",
    files: group('merge(local.tags, { Role = "web" })', OTHER),
    address: ASG,
    live: { "tag[2]": tag("Zed", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    for_each = merge(local.tags, { Role = "web" })',
          '+    for_each = merge(local.tags, { Role = "web", Zed = "1" })',
        ],
      },
    },
  },
  {
    name: "the same where nobody else has the shared map",
    files: group('merge(local.tags, { Role = "web" })'),
    address: ASG,
    live: { "tag[2]": tag("Zed", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    for_each = merge(local.tags, { Role = "web" })',
          '+    for_each = merge(local.tags, { Role = "web", Zed = "1" })',
        ],
      },
    },
  },
  {
    name: "a block more, made of what merge() gives of maps from elsewhere: in an object of its own",
    files: group(
      "merge(local.tags, local.more)",
      '\nresource "aws_vpc" "b" {\n  tags = merge(local.tags, local.more)\n}\n',
    ),
    address: ASG,
    live: { "tag[2]": tag("Zed", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    for_each = merge(local.tags, local.more)",
          '+    for_each = merge(local.tags, local.more, { Zed = "1" })',
        ],
      },
    },
  },
  {
    name: "a block more, made of a map that others have too",
    files: group("local.tags", OTHER),
    address: ASG,
    live: { "tag[1]": tag("Zed", "1") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-    for_each = local.tags", '+    for_each = merge(local.tags, { Zed = "1" })'],
      },
    },
  },
  {
    name: "a block less, made of a map that others have too",
    files: group("local.tags", OTHER),
    address: ASG,
    live: { "tag[0]": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    for_each = local.tags",
          '+    for_each = { for k, v in local.tags : k => v if k != "Owner" }',
        ],
      },
    },
  },
  {
    name: "a block with a key that is there",
    files: group('{ Owner = "ops" }'),
    address: ASG,
    live: { "tag[1]": tag("Owner", "sec") },
    expected: { verdict: "refused", why: "a dynamic block makes tag[1] from the collection at main.tf:8" },
  },
  {
    name: "an object more in a list: its siblings stay, and what the type gives it is left out",
    files: { "main.tf": RULES + SECURITY_GROUP },
    address: SG,
    live: { "ingress[2]": rule(443, "10.0.0.0/8", "managed") },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['+    { port = 443, cidrs = ["10.0.0.0/8"] },'] },
    },
  },
  {
    name: "an object more in a list, with an optional attribute of its own behind the others",
    files: { "main.tf": RULES + SECURITY_GROUP },
    address: SG,
    live: { "ingress[2]": rule(443, "10.0.0.0/8", "tls") },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['+    { port = 443, cidrs = ["10.0.0.0/8"], desc = "tls" },'] },
    },
  },
  {
    name: "an object more in a list of a variable file",
    files: {
      "main.tf": `${RULES_TYPE}}\n\n${SECURITY_GROUP}`,
      "terraform.tfvars": 'rules = [\n  {\n    cidrs = ["10.0.0.0/8"]\n    port  = 80\n  },\n]\n',
    },
    address: SG,
    live: { "ingress[1]": rule(443, "10.0.0.0/8", "tls") },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": [
          "+  {",
          '+    cidrs = ["10.0.0.0/8"]',
          "+    port  = 443",
          '+    desc  = "tls"',
          "+  },",
        ],
      },
    },
  },
  {
    name: "a block more that a dynamic block could make, beside one that is written out: in what the dynamic one goes over",
    files: { "main.tf": PORTS },
    address: SG,
    live: { "ingress[4]": { from_port: 8443, protocol: "tcp" } },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  default = [80, 443]", "+  default = [80, 443, 8443]"] },
    },
  },
  {
    name: "the same of the first of two dynamic blocks",
    files: { "main.tf": PORTS },
    address: SG,
    live: { "ingress[4]": { from_port: 8443, protocol: "udp" } },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    for_each = [53]", "+    for_each = [53, 8443]"] },
    },
  },
  {
    name: "a block more that no dynamic block makes, beside one that is written out",
    files: { "main.tf": PORTS },
    address: SG,
    live: { "ingress[4]": { from_port: 8443, protocol: "sctp" } },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["+", "+  ingress {", "+    from_port = 8443", '+    protocol  = "sctp"', "+  }"] },
    },
  },
  {
    name: "a port more in a text that is split",
    files: {
      "main.tf":
        'resource "aws_security_group" "web" {\n  dynamic "ingress" {\n    for_each = split(",", "80,443")\n    content {\n      from_port = ingress.value\n    }\n  }\n}\n',
    },
    address: SG,
    live: { "ingress[2]": { from_port: 8080 } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    for_each = split(",", "80,443")', '+    for_each = split(",", "80,443,8080")'],
      },
    },
  },
  {
    name: "no block is written out beside a dynamic one that makes none now",
    files: {
      "main.tf":
        'variable "rules" {\n  type    = list(object({ id = string, prefix = optional(string) }))\n  default = [{ id = "old" }]\n}\n\nresource "aws_s3_bucket_lifecycle_configuration" "b" {\n  dynamic "rule" {\n    for_each = var.rules\n    content {\n      id = rule.value.id\n      dynamic "filter" {\n        for_each = rule.value.prefix == null ? [] : [rule.value.prefix]\n        content {\n          prefix = filter.value\n        }\n      }\n    }\n  }\n}\n',
    },
    address: "aws_s3_bucket_lifecycle_configuration.b",
    live: { "rule[0].filter": [{ prefix: "tmp/" }] },
    expected: { verdict: "refused", why: "the dynamic block at main.tf:11 makes no rule[0].filter[0] now" },
  },
];
