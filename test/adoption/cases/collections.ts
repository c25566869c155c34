import { ABSENT, type AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";
const GROUP = "aws_security_group.web";

function instance(body: string, before = ""): { "main.tf": string } {
  return { "main.tf": `${before}resource "aws_instance" "web" {\n${body}}\n` };
}

function group(body: string, before = ""): { "main.tf": string } {
  return { "main.tf": `${before}resource "aws_security_group" "web" {\n${body}}\n` };
}

const TAGS = '  ami = "ami-1"\n\n  tags = {\n    Name = "web"\n    # from the wiki\n    Owner = "ops"\n  }\n';

const RULES = `  name = "web"

  ingress {
    description = "web"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16"]
  }

  lifecycle {
    create_before_destroy = true
  }
`;

/** A rule as the cloud has it: with the provider's defaults spelled out, in no particular order. */
function liveRule(port: number, ...cidrs: string[]): AdoptionCase["live"][string] {
  return {
    cidr_blocks: cidrs,
    description: "",
    from_port: port,
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    protocol: "tcp",
    security_groups: [],
    self: false,
    to_port: port,
  };
}

const DYNAMIC = `  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
`;
const PORTS = 'variable "ports" {\n  default = [80, 443]\n}\n\n';

const DYNAMIC_OBJECTS = `  dynamic "ingress" {
    for_each = var.rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }
`;
const KEYED_RULES = `variable "rules" {
  default = {
    web = { port = 443, cidrs = ["10.0.0.0/8"] }
    ssh = { port = 22, cidrs = ["10.1.0.0/16"] }
  }
}

`;

/** Maps, lists and nested blocks. */
export const COLLECTIONS: readonly AdoptionCase[] = [
  {
    name: "a tag that changed",
    files: instance(TAGS),
    address: WEB,
    live: { "tags.Owner": "web team" },
    expected: { verdict: "exact", lines: { "main.tf": ['-    Owner = "ops"', '+    Owner = "web team"'] } },
  },
  {
    name: "a tag that was added",
    files: instance('  tags = {\n    Name  = "web"\n    Owner = "ops"\n  }\n'),
    address: WEB,
    live: { "tags.Environment": "prod" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    Name  = "web"',
          '-    Owner = "ops"',
          '+    Name        = "web"',
          '+    Owner       = "ops"',
          '+    Environment = "prod"',
        ],
      },
      effects: ['aws_instance.web tags.Environment: null -> "prod"'],
    },
  },
  {
    name: "a tag whose key needs quotes",
    files: instance('  tags = {\n    Name = "web"\n  }\n'),
    address: WEB,
    live: { 'tags["kubernetes.io/role"]': "node" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    Name = "web"',
          '+    Name                 = "web"',
          '+    "kubernetes.io/role" = "node"',
        ],
      },
    },
  },
  {
    name: "a tag that was removed goes with its line, and a comment of its own stays",
    files: instance(TAGS),
    address: WEB,
    live: { "tags.Owner": ABSENT },
    expected: { verdict: "exact", lines: { "main.tf": ['-    Owner = "ops"'] } },
  },
  {
    name: "tags where there are none",
    files: instance('  ami = "ami-1"\n'),
    address: WEB,
    live: { "tags.Owner": "ops" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["+  tags = {", '+    Owner = "ops"', "+  }"] },
      effects: ['aws_instance.web tags.Owner: null -> "ops"'],
    },
  },
  {
    name: "a map on one line",
    files: instance('  tags = { Name = "web" }\n'),
    address: WEB,
    live: { "tags.Owner": "ops" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  tags = { Name = "web" }', '+  tags = { Name = "web", Owner = "ops" }'] },
    },
  },
  {
    name: "several tags at once",
    files: instance('  tags = {\n    Name = "web"\n    Old  = "yes"\n  }\n'),
    address: WEB,
    live: { "tags.Owner": "ops", "tags.CostCenter": "42", "tags.Old": ABSENT, "tags.Name": "front" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    Name = "web"',
          '-    Old  = "yes"',
          '+    Name       = "front"',
          '+    Owner      = "ops"',
          '+    CostCenter = "42"',
        ],
      },
    },
  },
  {
    name: "a whole map: what is right already stays as it is written",
    files: instance('  tags = {\n    Name = "web" # shown in the console\n    Old  = "yes"\n  }\n'),
    address: WEB,
    live: { tags: { Name: "web", Owner: "ops", Team: "shop" } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    Name = "web" # shown in the console',
          '-    Old  = "yes"',
          '+    Name  = "web" # shown in the console',
          '+    Owner = "ops"',
          '+    Team  = "shop"',
        ],
      },
    },
  },
  {
    name: "an element that was added to a list",
    files: group(
      '  ingress {\n    cidr_blocks = ["10.0.0.0/8", var.office]\n  }\n',
      'variable "office" {\n  default = "192.0.2.0/24"\n}\n\n',
    ),
    address: GROUP,
    live: { "ingress[0].cidr_blocks": ["10.0.0.0/8", "172.16.0.0/12", "192.0.2.0/24"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    cidr_blocks = ["10.0.0.0/8", var.office]',
          '+    cidr_blocks = ["10.0.0.0/8", var.office, "172.16.0.0/12"]',
        ],
      },
      effects: [
        'aws_security_group.web ingress[0].cidr_blocks: ["10.0.0.0/8","192.0.2.0/24"] -> ["10.0.0.0/8","192.0.2.0/24","172.16.0.0/12"]',
      ],
    },
  },
  {
    name: "elements that were added to a list on several lines without a comma at its end",
    files: instance('  groups = [\n    "sg-1", # base\n    "sg-2"\n  ]\n'),
    address: WEB,
    live: { groups: ["sg-1", "sg-2", "sg-3", "sg-4"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    "sg-2"', '+    "sg-2",', '+    "sg-3",', '+    "sg-4"'] },
    },
  },
  {
    name: "elements that were removed from a list",
    files: instance('  groups = ["sg-1", "sg-2", "sg-3"]\n'),
    address: WEB,
    live: { groups: ["sg-1"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  groups = ["sg-1", "sg-2", "sg-3"]', '+  groups = ["sg-1"]'] },
    },
  },
  {
    name: "an element that became another one",
    files: instance('  groups = [\n    "sg-1", # base\n    "sg-2", # web\n  ]\n'),
    address: WEB,
    live: { groups: ["sg-1", "sg-9"] },
    expected: { verdict: "exact", lines: { "main.tf": ['-    "sg-2", # web', '+    "sg-9", # web'] } },
  },
  {
    name: "a new element in front of the others",
    files: instance('  groups = [\n    "sg-1", # base\n    "sg-2", # web\n  ]\n'),
    address: WEB,
    live: { groups: ["sg-9", "sg-1", "sg-2"] },
    expected: { verdict: "exact", lines: { "main.tf": ['+    "sg-9",'] } },
  },
  {
    name: "elements that come and go around one that stays",
    files: instance('  groups = ["sg-1", "sg-2", "sg-3"]\n'),
    address: WEB,
    live: { groups: ["sg-8", "sg-2", "sg-9", "sg-7"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  groups = ["sg-1", "sg-2", "sg-3"]', '+  groups = ["sg-8", "sg-2", "sg-9", "sg-7"]'],
      },
    },
  },
  {
    name: "elements in another order take their comments along",
    files: instance(
      '  groups = [\n    # for all\n    "sg-1", # base\n    "sg-2",\n    var.third # web\n  ]\n}\n\nvariable "third" {\n  default = "sg-3"\n',
    ),
    address: WEB,
    live: { groups: ["sg-3", "sg-2", "sg-1"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    # for all",
          '-    "sg-1", # base',
          "+    var.third, # web",
          "-    var.third # web",
          "+    # for all",
          '+    "sg-1" # base',
        ],
      },
    },
  },
  {
    name: "elements in another order on one line",
    files: instance('  groups = ["sg-1", var.second]\n}\n\nvariable "second" {\n  default = "sg-2"\n'),
    address: WEB,
    live: { groups: ["sg-2", "sg-1"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  groups = ["sg-1", var.second]', '+  groups = [var.second, "sg-1"]'] },
    },
  },
  {
    name: "what the type makes a set has no order, and the code keeps its own",
    files: instance('  groups = toset(["sg-2", "sg-1"])\n'),
    address: WEB,
    live: { groups: ["sg-9", "sg-1", "sg-2"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  groups = toset(["sg-2", "sg-1"])', '+  groups = toset(["sg-2", "sg-1", "sg-9"])'],
      },
    },
  },
  {
    name: "a set in another order",
    files: instance('  groups = toset(["sg-2", "sg-1"])\n'),
    address: WEB,
    live: { groups: ["sg-2", "sg-1"] },
    expected: { verdict: "refused", why: "the code says this already" },
  },
  {
    name: "what is in nested blocks may be read in any order",
    files: instance('  rule {\n    cidrs = ["10.1.0.0/16", "10.0.0.0/16"]\n  }\n'),
    address: WEB,
    live: { "rule[0].cidrs": ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    cidrs = ["10.1.0.0/16", "10.0.0.0/16"]',
          '+    cidrs = ["10.1.0.0/16", "10.0.0.0/16", "10.2.0.0/16"]',
        ],
      },
    },
  },
  {
    name: "what is in nested blocks is put in another order where nothing else differs",
    files: instance('  rule {\n    cidrs = ["10.1.0.0/16", "10.0.0.0/16"]\n  }\n'),
    address: WEB,
    live: { "rule[0].cidrs": ["10.0.0.0/16", "10.1.0.0/16"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    cidrs = ["10.1.0.0/16", "10.0.0.0/16"]',
          '+    cidrs = ["10.0.0.0/16", "10.1.0.0/16"]',
        ],
      },
    },
  },
  {
    name: "one element, by its position",
    files: instance('  groups = ["sg-1", "sg-2"]\n'),
    address: WEB,
    live: { "groups[1]": "sg-9" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  groups = ["sg-1", "sg-2"]', '+  groups = ["sg-1", "sg-9"]'] },
      effects: ['aws_instance.web groups[1]: "sg-2" -> "sg-9"'],
    },
  },
  {
    name: "one element of a list that is sorted: the new one would stand elsewhere",
    files: {
      "main.tf": `locals {
  names = ["b", "c"]
}

resource "terraform_data" "web" {
  input = sort(local.names)
}
`,
    },
    address: "terraform_data.web",
    live: { "input[1]": "a" },
    expected: { verdict: "refused", why: "does not give the wanted value" },
  },
  {
    name: "one element of a list that is sorted, and stays in its place",
    files: {
      "main.tf": `locals {
  names = ["c", "b"]
}

resource "terraform_data" "web" {
  input = sort(local.names)
}
`,
    },
    address: "terraform_data.web",
    live: { "input[1]": "d" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  names = ["c", "b"]', '+  names = ["d", "b"]'] },
    },
  },
  {
    name: "one element of a set, which may come to stand elsewhere",
    files: {
      "main.tf": `locals {
  names = ["b", "c"]
}

resource "terraform_data" "web" {
  input = toset(local.names)
}
`,
    },
    address: "terraform_data.web",
    live: { "input[1]": "a" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  names = ["b", "c"]', '+  names = ["b", "a"]'] },
    },
  },
  {
    name: "an empty list",
    files: instance("  groups = []\n"),
    address: WEB,
    live: { groups: ["sg-1", "sg-2"] },
    expected: { verdict: "exact", lines: { "main.tf": ["-  groups = []", '+  groups = ["sg-1", "sg-2"]'] } },
  },
  {
    name: "a value in a nested block",
    files: instance("  root_block_device {\n    volume_size = 20\n  }\n"),
    address: WEB,
    live: { "root_block_device[0].volume_size": 40 },
    expected: { verdict: "exact", lines: { "main.tf": ["-    volume_size = 20", "+    volume_size = 40"] } },
  },
  {
    name: "an attribute that a nested block leaves out",
    files: instance("  root_block_device {\n    volume_size = 20\n  }\n"),
    address: WEB,
    live: { "root_block_device[0].volume_type": "gp3" },
    expected: { verdict: "exact", lines: { "main.tf": ['+    volume_type = "gp3"'] } },
  },
  {
    name: "an attribute that goes from a nested block",
    files: instance("  root_block_device {\n    volume_size = 20\n    iops        = 3000\n  }\n"),
    address: WEB,
    live: { "root_block_device[0].iops": ABSENT },
    expected: { verdict: "exact", lines: { "main.tf": ["-    iops        = 3000"] } },
  },
  {
    name: "a nested block where there is none",
    files: instance('  ami = "ami-1"\n'),
    address: WEB,
    live: { "root_block_device[0].volume_size": 40 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["+", "+  root_block_device {", "+    volume_size = 40", "+  }"] },
      effects: ["aws_instance.web root_block_device[0].volume_size: null -> 40"],
    },
  },
  {
    name: "a rule that was added: in the order of its siblings, without what only repeats defaults",
    files: group(RULES),
    address: GROUP,
    live: { "ingress[2]": liveRule(8080, "0.0.0.0/0") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "+  ingress {",
          "+    from_port   = 8080",
          "+    to_port     = 8080",
          '+    protocol    = "tcp"',
          '+    cidr_blocks = ["0.0.0.0/0"]',
          "+  }",
          "+",
        ],
      },
      effects: [
        'aws_security_group.web ingress[2]: null -> {"cidr_blocks":["0.0.0.0/0"],"from_port":8080,"protocol":"tcp","to_port":8080}',
      ],
    },
  },
  {
    name: "a rule that was removed",
    files: group(RULES),
    address: GROUP,
    live: { "ingress[1]": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  ingress {",
          "-    from_port   = 22",
          "-    to_port     = 22",
          '-    protocol    = "tcp"',
          '-    cidr_blocks = ["10.1.0.0/16"]',
          "-  }",
          "-",
        ],
      },
    },
  },
  {
    name: "a rule that was replaced by another one, and a change of a third",
    files: group(RULES),
    address: GROUP,
    live: {
      "ingress[0]": ABSENT,
      "ingress[1].cidr_blocks": ["10.1.0.0/16", "10.2.0.0/16"],
      "ingress[2]": liveRule(8443, "10.0.0.0/8"),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    description = "web"',
          "-    from_port   = 443",
          "-    to_port     = 443",
          "+    from_port   = 22",
          "+    to_port     = 22",
          '-    cidr_blocks = ["10.0.0.0/8"]',
          '+    cidr_blocks = ["10.1.0.0/16", "10.2.0.0/16"]',
          "-    from_port   = 22",
          "-    to_port     = 22",
          "+    from_port   = 8443",
          "+    to_port     = 8443",
          '-    cidr_blocks = ["10.1.0.0/16"]',
          '+    cidr_blocks = ["10.0.0.0/8"]',
        ],
      },
    },
  },
  {
    name: "a whole rule: only what differs is edited",
    files: group(RULES),
    address: GROUP,
    live: { "ingress[1]": liveRule(2222, "10.1.0.0/16") },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    from_port   = 22",
          "-    to_port     = 22",
          "+    from_port   = 2222",
          "+    to_port     = 2222",
        ],
      },
    },
  },
  {
    name: "all rules: those that are right stay",
    files: group(
      '  ingress {\n    from_port = 22\n    protocol  = "tcp"\n  }\n\n  ingress {\n    from_port = 80\n    protocol  = "tcp"\n  }\n',
    ),
    address: GROUP,
    live: { ingress: [{ from_port: 80, protocol: "tcp" }] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ["-    from_port = 22", '-    protocol  = "tcp"', "-  }", "-", "-  ingress {"],
      },
    },
  },
  {
    name: "both ports of a rule that one variable gives",
    files: group(
      '  ingress {\n    from_port = var.port\n    to_port   = var.port\n    protocol  = "tcp"\n  }\n',
      'variable "port" {\n  default = 80\n}\n\n',
    ),
    address: GROUP,
    live: { "ingress[0].from_port": 8080, "ingress[0].to_port": 8080 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = 80", "+  default = 8080"] } },
  },
  {
    name: "a value that a dynamic block takes from its collection",
    files: group(DYNAMIC_OBJECTS, KEYED_RULES),
    address: GROUP,
    live: { "ingress[0].cidr_blocks": ["10.1.0.0/16", "10.2.0.0/16"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    ssh = { port = 22, cidrs = ["10.1.0.0/16"] }',
          '+    ssh = { port = 22, cidrs = ["10.1.0.0/16", "10.2.0.0/16"] }',
        ],
      },
    },
  },
  {
    name: "a block that a dynamic block made goes with its element",
    files: group(DYNAMIC_OBJECTS, KEYED_RULES),
    address: GROUP,
    live: { "ingress[0]": ABSENT },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    ssh = { port = 22, cidrs = ["10.1.0.0/16"] }'] },
    },
  },
  {
    name: "a block that a dynamic block would make comes with an element",
    files: group(DYNAMIC, PORTS),
    address: GROUP,
    live: { "ingress[2]": liveRule(8080, "10.0.0.0/8") },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  default = [80, 443]", "+  default = [80, 443, 8080]"] },
    },
  },
  {
    name: "a block that a dynamic block cannot make",
    files: group(DYNAMIC, PORTS),
    address: GROUP,
    live: { "ingress[2]": liveRule(8080, "0.0.0.0/0") },
    expected: {
      verdict: "refused",
      why: "a dynamic block makes ingress[2] from the collection at main.tf:2",
    },
  },
  {
    name: "a block for which the collection would need a key",
    files: group(DYNAMIC_OBJECTS, KEYED_RULES),
    address: GROUP,
    live: { "ingress[2]": liveRule(8080, "10.0.0.0/8") },
    expected: {
      verdict: "refused",
      why: "a dynamic block makes ingress[2] from the collection at main.tf:2",
    },
  },
];
