import { describe, expect, it, test } from "vitest";
import type { Change, Finding } from "../../src/drift/model.ts";
import { Workbench } from "../../src/engine/workbench.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { ruleBook } from "../../src/providers/index.ts";
import { affected } from "../../src/scan/affected.ts";
import { ChangedLines } from "../../src/scan/changed-lines.ts";
import { touchedPlaces } from "../../src/scan/touched-places.ts";
import { DEFAULT_LIMITS } from "../../src/terraform/evaluation/evaluation.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { change, finding } from "../intent/findings.ts";

type Files = Readonly<Record<string, string>>;

/** A shop: a module for each server, named and sized in variable files, with the template of a start script. */
const SHOP: Files = {
  "main.tf": `variable "name" {
  default = "shop"
}

variable "servers" {
  type = map(object({ size = string, public = optional(bool, false) }))
}

variable "sizes" {
  default = {
    small = "t3.small"
    large = "t3.large"
  }
}

locals {
  team = "web"
  tags = {
    Team  = local.team
    Stage = "prod"
  }
}

module "web" {
  for_each = var.servers
  source   = "./modules/web"
  name     = "\${var.name}-\${each.key}"
  size     = var.sizes[each.value.size]
  tags     = merge(local.tags, { Name = each.key })
}

resource "aws_instance" "vpn" {
  count             = var.name == "" ? 0 : 1
  ami               = "ami-1"
  instance_type     = "t3.micro"
  source_dest_check = false
  user_data         = templatefile("\${path.module}/start.sh.tftpl", { name = var.name })
}

resource "aws_security_group" "web" {
  name = "web"

  dynamic "ingress" {
    for_each = ["10.0.0.0/8", "172.16.0.0/12"]
    content {
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = [ingress.value]
    }
  }
}
`,
  "modules/web/main.tf": `variable "name" {}
variable "size" {}
variable "tags" {}

resource "aws_instance" "this" {
  ami           = "ami-1"
  instance_type = var.size
  key_name      = join("-", [
    var.name,
    "key",
  ])
  tags = merge(var.tags, {
    About = "for \${var.name} only"
  })
}
`,
  "terraform.tfvars": `servers = {
  front = { size = "small" }
  back  = { size = "large" }
}
`,
  "start.sh.tftpl": `#!/bin/sh
echo \${name}
exit 0
`,
};

const FRONT = 'module.web["front"].aws_instance.this';
const BACK = 'module.web["back"].aws_instance.this';
const known = <T>(value: T) => ({ known: value });

const STATE = JSON.stringify({
  version: 4,
  terraform_version: "1.11.4",
  serial: 1,
  lineage: "11111111-2222-3333-4444-555555555555",
  outputs: {},
  resources: [
    ...["front", "back"].map((key) => ({
      module: `module.web["${key}"]`,
      mode: "managed",
      type: "aws_instance",
      name: "this",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        { schema_version: 1, attributes: { id: `i-${key}`, ami: "ami-1", key_name: `shop-${key}-key` } },
      ],
    })),
    {
      mode: "managed",
      type: "aws_instance",
      name: "vpn",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ index_key: 0, schema_version: 1, attributes: { id: "i-vpn", ami: "ami-1" } }],
    },
  ],
});

function open(files: Files) {
  const workbench = new Workbench(memorySnapshot(files), FUNCTIONS, DEFAULT_LIMITS);
  const state = { file: "terraform.tfstate", text: STATE };
  const [overview] = workbench.open([
    { name: "shop", root: ".", settings: [], workspace: "default", state, hideSecrets: true },
  ]);
  return { workbench, overview };
}

/** What a change does to a drift, and each of the lines it is said at, with its file. */
async function told(base: Files, head: Files, drift: Finding): Promise<string[]> {
  const [was, is] = [open(base), open(head)];
  const found = affected(was.overview?.instances ?? [], is.overview?.instances ?? [], [drift], ruleBook);
  const engine = {
    deciding: async (request: Parameters<Workbench["deciding"]>[0]) => is.workbench.deciding(request),
  };
  const changed = new ChangedLines(memorySnapshot(base), memorySnapshot(head));
  const all: string[] = [];
  for (const { finding: one, effect, touched } of found) {
    const asked = { stack: "shop", address: one.address, paths: touched };
    all.push(effect);
    for (const { file, from, to } of await touchedPlaces(engine, asked, changed)) {
      const lines = (head[file] ?? "").split("\n").slice(from - 1, to);
      all.push(...lines.map((line) => `${file}: ${line.trim()}`));
    }
  }
  return all;
}

/** The shop with other texts: `file` → pairs of what is there and what takes its place. */
function edited(edits: Readonly<Record<string, readonly (readonly [string, string])[]>>): Files {
  const changed = Object.entries(edits).map(([path, pairs]) => {
    let text = SHOP[path] ?? "";
    for (const [from, to] of pairs) {
      expect(text).toContain(from);
      text = text.replace(from, () => to);
    }
    return [path, text] as const;
  });
  return { ...SHOP, ...Object.fromEntries(changed) };
}

function drifted(address: string, ...changes: Change[]): Finding {
  return finding({ address, changes });
}

const resized = change("instance_type", { desired: known("t3.small"), observed: known("t3.large") });
const retagged = change("tags.Team", { desired: known("web"), observed: known("ops") });
const vpnResized = change("instance_type", { desired: known("t3.micro"), observed: known("t3.small") });
const VPN = "aws_instance.vpn[0]";

describe("what a change does to a drift, and on which of its lines", () => {
  test.each<readonly [string, Files, Finding, readonly string[]]>([
    ["nothing changes", SHOP, drifted(FRONT, resized), []],
    [
      "a comment beside the value",
      edited({ "terraform.tfvars": [["servers = {", "# Servers\nservers = {"]] }),
      drifted(FRONT, resized),
      [],
    ],
    [
      "another server's entry",
      edited({ "terraform.tfvars": [['"large"', '"small"']] }),
      drifted(FRONT, resized),
      [],
    ],
    [
      "the entry in the variable file follows the cloud",
      edited({ "terraform.tfvars": [['front = { size = "small" }', 'front = { size = "large" }']] }),
      drifted(FRONT, resized),
      ["contains", 'terraform.tfvars: front = { size = "large" }'],
    ],
    [
      "an entry of the table that the variable file chooses from",
      edited({ "main.tf": [['small = "t3.small"', 'small = "t3.nano"']] }),
      drifted(FRONT, resized),
      ["conflicts", 'main.tf: small = "t3.nano"'],
    ],
    [
      "the argument of the module, and a line elsewhere",
      edited({
        "main.tf": [["= var.sizes[each.value.size]", '= "t3.medium"']],
        "terraform.tfvars": [["back  = {", "back = {"]],
      }),
      drifted(FRONT, resized),
      ["conflicts", 'main.tf: size     = "t3.medium"'],
    ],
    [
      "the literal part of a template inside of the module",
      edited({ "modules/web/main.tf": [["for ${var.name} only", "of ${var.name} only"]] }),
      drifted(FRONT, resized),
      ["reverts", 'modules/web/main.tf: About = "of ${var.name} only"'],
    ],
    [
      "the variable part of a template, with a comment at the end of another file",
      edited({
        "main.tf": [['default = "shop"', 'default = "store"']],
        "modules/web/main.tf": [['variable "tags" {}', 'variable "tags" {} # for all']],
      }),
      drifted(FRONT, resized),
      ["replaces", 'main.tf: default = "store"'],
    ],
    [
      "several steps at once",
      edited({
        "main.tf": [
          ['default = "shop"', 'default = "store"'],
          ['= "${var.name}-${each.key}"', '= "${var.name}.${each.key}"'],
        ],
        "modules/web/main.tf": [['    "key",', '    "ssh",']],
      }),
      drifted(FRONT, resized),
      [
        "replaces",
        'main.tf: default = "store"',
        'main.tf: name     = "${var.name}.${each.key}"',
        'modules/web/main.tf: "ssh",',
      ],
    ],
    [
      "a local behind another",
      edited({ "main.tf": [['team = "web"', 'team = "ops"']] }),
      drifted(FRONT, retagged),
      ["contains", 'main.tf: team = "ops"'],
    ],
    [
      "a new entry of a map",
      edited({ "main.tf": [['Stage = "prod"', 'Stage = "prod"\n    Cost  = "42"']] }),
      drifted(FRONT, retagged),
      ["reverts", 'main.tf: Cost  = "42"'],
    ],
    [
      "the server goes from the variable file",
      edited({ "terraform.tfvars": [['  back  = { size = "large" }\n', ""]] }),
      drifted(BACK, resized),
      ["destroys"],
    ],
    [
      "the condition that decides whether there is one",
      edited({ "main.tf": [['var.name == ""', 'var.name == "shop"']] }),
      drifted(VPN, vpnResized),
      ["destroys", 'main.tf: count             = var.name == "shop" ? 0 : 1'],
    ],
    [
      "the block goes",
      {
        ...SHOP,
        "main.tf": (SHOP["main.tf"] ?? "").replace(/resource "aws_instance" "vpn" \{\n[\s\S]*?\n\}\n/, ""),
      },
      drifted(VPN, vpnResized),
      ["destroys"],
    ],
    [
      "what was deleted is touched",
      edited({ "main.tf": [["source_dest_check = false", "source_dest_check = true"]] }),
      finding({ address: VPN, kind: "deleted", changes: [] }),
      ["recreates", "main.tf: source_dest_check = true"],
    ],
    [
      "a value that needs a new resource",
      edited({ "main.tf": [['ami               = "ami-1"', 'ami               = "ami-2"']] }),
      drifted(VPN, vpnResized),
      ["replaces", 'main.tf: ami               = "ami-2"'],
    ],
    [
      "a value that is not known before",
      edited({
        "main.tf": [
          ['instance_type     = "t3.micro"', "instance_type     = aws_instance.other.instance_type"],
        ],
        "more.tf": [["", 'resource "aws_instance" "other" {}\n']],
      }),
      drifted(VPN, vpnResized),
      ["unknown", "main.tf: instance_type     = aws_instance.other.instance_type"],
    ],
    [
      "an error in the argument",
      edited({ "main.tf": [['instance_type     = "t3.micro"', "instance_type     = var.nothing"]] }),
      drifted(VPN, vpnResized),
      ["unknown", "main.tf: instance_type     = var.nothing"],
    ],
    [
      "a count that fails",
      edited({ "main.tf": [['var.name == "" ? 0 : 1', "var.nothing"]] }),
      drifted(VPN, vpnResized),
      ["unknown", "main.tf: count             = var.nothing"],
    ],
    [
      "the text of a file that a template is made of",
      edited({ "start.sh.tftpl": [["exit 0", "exit 1"]] }),
      drifted(VPN, vpnResized),
      ["reverts", "start.sh.tftpl: exit 1"],
    ],
    [
      "an element of what blocks are made from",
      edited({ "main.tf": [['"172.16.0.0/12"]', '"192.168.0.0/16"]']] }),
      finding({
        address: "aws_security_group.web",
        resource: { type: "aws_security_group", id: "sg-1", account: null, region: null },
        changes: [
          change("ingress[2]", {
            desired: "absent",
            recorded: "absent",
            observed: known({
              protocol: "tcp",
              from_port: 443,
              to_port: 443,
              cidr_blocks: ["192.168.0.0/16"],
            }),
          }),
        ],
      }),
      ["contains", 'main.tf: for_each = ["10.0.0.0/8", "192.168.0.0/16"]'],
    ],
    [
      "no block is made any more, so the rules are left to the cloud",
      edited({ "main.tf": [['["10.0.0.0/8", "172.16.0.0/12"]', "[]"]] }),
      finding({
        address: "aws_security_group.web",
        resource: { type: "aws_security_group", id: "sg-1", account: null, region: null },
        changes: [change("ingress[2]", { desired: "absent", observed: known({ protocol: "-1" }) })],
      }),
      ["leaves", "main.tf: for_each = []"],
    ],
  ])("%s", async (_what, head, drift, expected) => {
    expect(await told(SHOP, head, drift)).toEqual(expected);
  });

  it("sees the default tags of the provider", async () => {
    const provider = (team: string) =>
      `provider "aws" {\n  default_tags {\n    tags = { Owner = "${team}" }\n  }\n}\n`;
    const drift = drifted(FRONT, change("tags.Owner", { desired: known("shop"), observed: known("ops") }));
    const [base, head] = [provider("shop"), provider("ops")].map((text) => ({ ...SHOP, "aws.tf": text }));
    expect(await told(base ?? {}, head ?? {}, drift)).toEqual(["contains"]);
    expect(await told(base ?? {}, { ...head, "aws.tf": provider("shop") }, drift)).toEqual([]);
  });
});
