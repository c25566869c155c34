import { ABSENT, type AdoptionCase } from "../case.ts";

const HOSTS = 'locals {\n  hosts = [{ host = "r1", weight = 1 }, { host = "r2", weight = 1 }]\n}\n\n';
const WEIGHTS =
  '\n\nresource "aws_lb" "weights" {\n  weights = [for h in local.hosts : try(h.weight, 7)]\n}\n';
const REPLICAS = 'resource "aws_db" "main" {\n  replicas = local.hosts[*].host\n}';
const LISTED = 'resource "aws_db" "main" {\n  replicas = [for h in local.hosts : h.host]\n}';
const WAS = '-  hosts = [{ host = "r1", weight = 1 }, { host = "r2", weight = 1 }]';
const MAIN = "aws_db.main";
const FROM_FILE = (decode: string) =>
  `locals {\n  conf = ${decode}\n}\n\nresource "aws_db" "main" {\n  replicas = local.conf.hosts[*].net.ip\n}\n`;
const YAML =
  "# all\nhosts:\n  - name: one # first\n    net: { ip: 10.0.0.1 }\n  - name: two\n    net: { ip: 10.0.0.2 }\n";
const FORMATTED =
  'locals {\n  ports = [80, 443]\n}\n\nresource "aws_fw" "main" {\n  rules = formatlist("tcp/%d", local.ports)\n}\n';

const RULES = (cidrs: string) =>
  `locals {\n  office = ["10.0.0.0/8"]\n  apps = {\n    api = { extra = ["172.16.1.0/24", "172.16.2.0/24"] }\n    web = { extra = ["172.17.0.0/24"] }\n  }\n}\n\nresource "aws_fw" "main" {\n  cidrs = ${cidrs}\n}\n`;
const OF_ALL = RULES("flatten([local.office, [for app in local.apps : app.extra]])");
const WEB_WAS = '-    web = { extra = ["172.17.0.0/24"] }';
const OFFICE = "10.0.0.0/8";
const API_RANGES = ["172.16.1.0/24", "172.16.2.0/24"];

/** Lists of what is read of each element: the elements themselves are edited, and what else they say stays. */
export const READ_ELEMENTS: readonly AdoptionCase[] = [
  {
    name: "an element of a splat as a part of all that is wanted",
    files: { "main.tf": HOSTS + REPLICAS + WEIGHTS },
    address: MAIN,
    live: { replicas: ["r1", "r9"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [WAS, '+  hosts = [{ host = "r1", weight = 1 }, { host = "r9", weight = 1 }]'],
      },
    },
  },
  {
    name: "an element of a `for` as a part of all that is wanted",
    files: { "main.tf": HOSTS + LISTED + WEIGHTS },
    address: MAIN,
    live: { replicas: ["r1", "r9"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [WAS, '+  hosts = [{ host = "r1", weight = 1 }, { host = "r9", weight = 1 }]'],
      },
    },
  },
  {
    name: "one more of a splat",
    files: { "main.tf": HOSTS + REPLICAS + WEIGHTS },
    address: MAIN,
    live: { replicas: ["r1", "r2", "r3"] },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          WAS,
          '+  hosts = [{ host = "r1", weight = 1 }, { host = "r2", weight = 1 }, { host = "r3" }]',
        ],
      },
      effects: [
        'aws_db.main replicas: ["r1","r2"] -> ["r1","r2","r3"]',
        "aws_lb.weights weights: [1,1] -> [1,1,7]",
      ],
    },
  },
  {
    name: "one less of a splat",
    files: { "main.tf": HOSTS + REPLICAS },
    address: MAIN,
    live: { "replicas[0]": ABSENT },
    expected: { verdict: "exact", lines: { "main.tf": [WAS, '+  hosts = [{ host = "r2", weight = 1 }]'] } },
  },
  {
    name: "of equal elements the one that stands there",
    files: {
      "main.tf":
        'locals {\n  hosts = [{ zone = "a", n = 1 }, { zone = "a", n = 2 }, { zone = "b", n = 3 }]\n}\n\nresource "aws_db" "main" {\n  zones = local.hosts[*].zone\n}\n\nresource "aws_lb" "n" {\n  n = local.hosts[*].n\n}\n',
    },
    address: MAIN,
    live: { zones: ["a", "c", "b"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  hosts = [{ zone = "a", n = 1 }, { zone = "a", n = 2 }, { zone = "b", n = 3 }]',
          '+  hosts = [{ zone = "a", n = 1 }, { zone = "c", n = 2 }, { zone = "b", n = 3 }]',
        ],
      },
    },
  },
  {
    name: "a splat over elements of YAML",
    files: { "main.tf": FROM_FILE('yamldecode(file("net.yaml"))'), "net.yaml": YAML },
    address: MAIN,
    live: { replicas: ["10.0.0.1", "10.0.0.9"] },
    expected: {
      verdict: "exact",
      lines: { "net.yaml": ["-    net: { ip: 10.0.0.2 }", '+    net: { ip: "10.0.0.9" }'] },
    },
  },
  {
    name: "one less of a splat over elements of YAML",
    files: { "main.tf": FROM_FILE('yamldecode(file("net.yaml"))'), "net.yaml": YAML },
    address: MAIN,
    live: { replicas: ["10.0.0.1"] },
    expected: {
      verdict: "exact",
      lines: { "net.yaml": ["-  - name: two", "-    net: { ip: 10.0.0.2 }"] },
    },
  },
  {
    name: "one more of a splat over elements of JSON",
    files: {
      "main.tf": FROM_FILE('jsondecode(file("net.json"))'),
      "net.json": '{\n  "hosts": [\n    { "net": { "ip": "10.0.0.1" } }\n  ]\n}\n',
    },
    address: MAIN,
    live: { "replicas[1]": "10.0.0.2" },
    expected: {
      verdict: "exact",
      lines: {
        "net.json": [
          '-    { "net": { "ip": "10.0.0.1" } }',
          '+    { "net": { "ip": "10.0.0.1" } },',
          '+    { "net": { "ip": "10.0.0.2" } }',
        ],
      },
    },
  },
  {
    name: "what is put into one text of `formatlist`",
    files: { "main.tf": FORMATTED },
    address: "aws_fw.main",
    live: { "rules[1]": "tcp/8443" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  ports = [80, 443]", "+  ports = [80, 8443]"] },
    },
  },
  {
    name: "one more text of `formatlist`",
    files: { "main.tf": FORMATTED },
    address: "aws_fw.main",
    live: { rules: ["tcp/80", "tcp/443", "tcp/8080"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  ports = [80, 443]", "+  ports = [80, 443, 8080]"] },
    },
  },
  {
    name: "one text less of `formatlist`",
    files: { "main.tf": FORMATTED },
    address: "aws_fw.main",
    live: { "rules[0]": ABSENT },
    expected: { verdict: "exact", lines: { "main.tf": ["-  ports = [80, 443]", "+  ports = [443]"] } },
  },
  {
    name: "what all texts of `formatlist` have",
    files: {
      "main.tf":
        'variable "domain" {\n  default = "shop.test"\n}\n\nresource "aws_fw" "main" {\n  hosts = formatlist("%s.%s", ["a", "b"], var.domain)\n}\n',
    },
    address: "aws_fw.main",
    live: { hosts: ["a.shop.example", "b.shop.example"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  default = "shop.test"', '+  default = "shop.example"'] },
    },
  },
  {
    name: "a number that is read out of a text stays one among numbers",
    files: {
      "main.tf":
        'locals {\n  rules = [{ port = 80, name = "http" }]\n}\n\nresource "aws_fw" "main" {\n  rules = [for r in local.rules : "${r.name}:${r.port}"]\n}\n',
    },
    address: "aws_fw.main",
    live: { rules: ["http:80", "alt:8080"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  rules = [{ port = 80, name = "http" }]',
          '+  rules = [{ port = 80, name = "http" }, { port = 8080, name = "alt" }]',
        ],
      },
    },
  },
  {
    name: "the variable behind `lower`, of a text that has letters of both kinds",
    files: {
      "main.tf":
        'variable "region" {\n  default = "eu-north-1"\n}\n\nresource "aws_s3_bucket" "main" {\n  bucket = lower("Shop-${var.region}")\n}\n',
    },
    address: "aws_s3_bucket.main",
    live: { bucket: "shop-eu-west-1" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  default = "eu-north-1"', '+  default = "eu-west-1"'] },
    },
  },
  {
    name: "a document that others read is edited itself, not a copy of it with another entry",
    files: {
      "main.tf":
        'locals {\n  conf = jsondecode(file("conf.json"))\n}\n\nresource "aws_db" "main" {\n  host = local.conf.db.host\n  all  = jsonencode(local.conf.db)\n}\n',
      "conf.json": '{ "db": { "host": "db.internal", "port": 5432 } }\n',
    },
    address: MAIN,
    live: { all: '{"host":"db2.internal","port":5432}' },
    expected: {
      verdict: "shared",
      lines: {
        "conf.json": [
          '-{ "db": { "host": "db.internal", "port": 5432 } }',
          '+{ "db": { "host": "db2.internal", "port": 5432 } }',
        ],
      },
      effects: [
        'aws_db.main all: "{\\"host\\":\\"db.internal\\",\\"port\\":5432}" -> "{\\"host\\":\\"db2.internal\\",\\"port\\":5432}"',
        'aws_db.main host: "db.internal" -> "db2.internal"',
      ],
    },
  },
  {
    name: "one more of all that flatten() makes: it comes into the list that ends there",
    files: { "main.tf": OF_ALL },
    address: "aws_fw.main",
    live: { cidrs: [OFFICE, ...API_RANGES, "172.17.0.0/24", "172.17.1.0/24"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": [WEB_WAS, '+    web = { extra = ["172.17.0.0/24", "172.17.1.0/24"] }'] },
    },
  },
  {
    name: "one less of all that flatten() makes, from within",
    files: { "main.tf": OF_ALL },
    address: "aws_fw.main",
    live: { cidrs: [OFFICE, "172.16.2.0/24", "172.17.0.0/24"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    api = { extra = ["172.16.1.0/24", "172.16.2.0/24"] }',
          '+    api = { extra = ["172.16.2.0/24"] }',
        ],
      },
    },
  },
  {
    name: "an element of all that flatten() makes, which stands beside lists",
    files: { "main.tf": RULES('flatten(["10.1.0.0/16", local.apps["web"].extra])') },
    address: "aws_fw.main",
    live: { cidrs: ["10.2.0.0/16", "172.17.0.0/24"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  cidrs = flatten(["10.1.0.0/16", local.apps["web"].extra])',
          '+  cidrs = flatten(["10.2.0.0/16", local.apps["web"].extra])',
        ],
      },
    },
  },
  {
    name: "elements of two lists in what flatten() makes, which no edit of one of them gives",
    files: { "main.tf": OF_ALL },
    address: "aws_fw.main",
    live: { cidrs: ["10.9.0.0/16", ...API_RANGES, "172.19.0.0/24"] },
    expected: { verdict: "refused", why: "no edit of a literal gives the wanted value" },
  },
  {
    name: "one more of all that concat() makes of a list of lists",
    files: { "main.tf": RULES("concat([for app in local.apps : app.extra]...)") },
    address: "aws_fw.main",
    live: { cidrs: [...API_RANGES, "172.16.3.0/24", "172.17.0.0/24"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    api = { extra = ["172.16.1.0/24", "172.16.2.0/24"] }',
          '+    api = { extra = ["172.16.1.0/24", "172.16.2.0/24", "172.16.3.0/24"] }',
        ],
      },
    },
  },
  {
    name: "an entry that each element may have: its own, not one behind it that holds for all",
    files: {
      "main.tf": `locals {
  people = [{ login = "ann", role = "boss" }, { login = "bob" }]
  members = { for p in local.people : p.login => merge({ role = "member" }, p, { team = "core" }) }
}

resource "aws_member" "main" {
  for_each = local.members
  role     = each.value.role
}

resource "aws_team" "main" {
  bosses = [for m in values(local.members) : { name = m.login } if m.role == "boss"]
}
`,
    },
    address: 'aws_member.main["bob"]',
    live: { role: "boss" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  people = [{ login = "ann", role = "boss" }, { login = "bob" }]',
          '+  people = [{ login = "ann", role = "boss" }, { login = "bob", role = "boss" }]',
        ],
      },
    },
  },
  {
    name: "a tag of several instances that each entry may have: the entry's own, not one for all of the code",
    files: {
      "main.tf": `locals {
  tags  = { Team = "core" }
  tiers = { web = {}, data = { tags = { Zone = "b" } } }
}

resource "aws_subnet" "main" {
  for_each = merge([for name, tier in local.tiers : { for zone in ["a", "b"] : "\${name}-\${zone}" => tier }]...)
  tags     = merge(local.tags, try(each.value.tags, {}), { Name = each.key })
}

resource "aws_vpc" "main" {
  tags = local.tags
}
`,
    },
    address: 'aws_subnet.main["data-a"]',
    live: { "tags.Backup": "yes" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  tiers = { web = {}, data = { tags = { Zone = "b" } } }',
          '+  tiers = { web = {}, data = { tags = { Zone = "b", Backup = "yes" } } }',
        ],
      },
      effects: [
        'aws_subnet.main["data-a"] tags.Backup: null -> "yes"',
        'aws_subnet.main["data-b"] tags.Backup: null -> "yes"',
      ],
    },
  },
  {
    name: "a text that a format gives: no verb comes to stand within a word",
    files: {
      "main.tf": `locals {
  zone = "a"
}

resource "aws_subnet" "main" {
  availability_zone = format("eu-central-1%s", local.zone)
}

resource "aws_vpc" "main" {
  zone = local.zone
}
`,
    },
    address: "aws_subnet.main",
    live: { availability_zone: "eu-central-1b" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  zone = "a"', '+  zone = "b"'] },
    },
  },
  {
    name: "a format of which the text around a verb is another",
    files: {
      "main.tf": `resource "aws_subnet" "main" {
  availability_zone = format("eu-central-1%s", "a")
}
`,
    },
    address: "aws_subnet.main",
    live: { availability_zone: "ap-south-1a" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  availability_zone = format("eu-central-1%s", "a")',
          '+  availability_zone = format("ap-south-1%s", "a")',
        ],
      },
    },
  },
];
