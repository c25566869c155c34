import type { AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

function stack(before: string, body: string): { "main.tf": string } {
  return { "main.tf": `${before}\nresource "aws_instance" "web" {\n${body}}\n` };
}

const DEBUG = `variable "debug" {
  type    = map(bool)
  default = {}
}
`;
const APPS = `  for_each = toset(["cron", "web"])
`;
const RETENTION = `variable "retention" {
  type    = number
  default = null
}
`;
const QUEUES = `variable "queues" {
  type = map(object({ fifo = optional(bool), dlq = optional(object({ max = number }), { max = 5 }) }))
  default = {
    a = { fifo = true }
    b = { dlq = { max = 3 } }
  }
}
`;
const DEFAULTS = `locals {
  teams = { for name in ["blue", "red"] : name => yamldecode(file("teams/\${name}.yaml")) }
  defaults = {
    public = false
    labels = { managed = "tf", tier = "std" }
  }
}
`;
const TEAMS = {
  "teams/blue.yaml": "public: false\nlabels:\n  tier: gold\n",
  "teams/red.yaml": "memory: 1024\n",
};
const MODULE = `variable "retention" {
  default = null
}

resource "aws_instance" "web" {
  retention = var.retention == null ? 30 : var.retention
}
`;

/** A conditional, a lookup, a merge that falls back: what is meant for one comes before what all fall back to. */
export const SWITCHES: readonly AdoptionCase[] = [
  {
    name: "an entry in the map of a lookup(), where a variable file sets the map",
    files: {
      ...stack(DEBUG, `${APPS}  debug    = lookup(var.debug, each.key, false)\n`),
      "terraform.tfvars": "debug = { web = true }\n",
    },
    address: 'aws_instance.web["cron"]',
    live: { debug: true },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": ["-debug = { web = true }", "+debug = { web = true, cron = true }"],
      },
    },
  },
  {
    name: "an entry in the default of the map of a lookup() rather than what all fall back to",
    files: stack(DEBUG, '  debug = lookup(var.debug, "cron", false)\n'),
    address: WEB,
    live: { debug: true },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  type    = map(bool)",
          "-  default = {}",
          "+  type = map(bool)",
          "+  default = {",
          "+    cron = true",
          "+  }",
        ],
      },
    },
  },
  {
    name: "an entry where a conditional asks whether the map has it",
    files: {
      ...stack(
        DEBUG,
        `${APPS}  debug    = contains(keys(var.debug), each.key) ? var.debug[each.key] : false\n`,
      ),
      "terraform.tfvars": "debug = { web = true }\n",
    },
    address: 'aws_instance.web["cron"]',
    live: { debug: true },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": ["-debug = { web = true }", "+debug = { web = true, cron = true }"],
      },
    },
  },
  {
    name: "the variable that a conditional looks for, in the variable file",
    files: {
      ...stack(RETENTION, "  retention = var.retention != null ? var.retention : 30\n"),
      "terraform.tfvars": 'name = "web"\n',
    },
    address: WEB,
    live: { retention: 60 },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ['-name = "web"', '+name      = "web"', "+retention = 60"] },
    },
  },
  {
    name: "the variable that a conditional looks for, in its default",
    files: stack(RETENTION, "  retention = var.retention != null ? var.retention : 30\n"),
    address: WEB,
    live: { retention: 60 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = null", "+  default = 60"] } },
  },
  {
    name: "the argument of a module that a conditional looks for",
    files: { "main.tf": 'module "app" {\n  source = "./app"\n}\n', "app/main.tf": MODULE },
    address: "module.app.aws_instance.web",
    live: { retention: 60 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  source = "./app"', '+  source    = "./app"', "+  retention = 60"] },
    },
  },
  {
    name: "the variable rather than the table that stands in for it",
    files: stack(
      'variable "page" {\n  default = null\n}\n\nvariable "defaults" {\n  type    = map(string)\n  default = {}\n}\n',
      '  page = var.page == null ? lookup(var.defaults, "page", "") : var.page\n',
    ),
    address: WEB,
    live: { page: "https://example.com" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  default = null", '+  default = "https://example.com"'] },
    },
  },
  {
    name: "the document of an element, where a conditional asks whether it has the value",
    files: {
      ...stack(
        DEFAULTS,
        "  for_each = local.teams\n  public   = can(each.value.public) ? each.value.public : local.defaults.public\n",
      ),
      ...TEAMS,
    },
    address: 'aws_instance.web["red"]',
    live: { public: true },
    expected: { verdict: "exact", lines: { "teams/red.yaml": ["+public: true"] } },
  },
  {
    name: "the map of an element rather than the one that it is laid over, also where nobody else has that entry of it",
    files: {
      ...stack(
        DEFAULTS,
        "  for_each = local.teams\n  labels   = merge(local.defaults.labels, try(each.value.labels, {}))\n",
      ),
      ...TEAMS,
    },
    address: 'aws_instance.web["red"]',
    live: { "labels.tier": "gold" },
    expected: { verdict: "exact", lines: { "teams/red.yaml": ["+labels:", "+  tier: gold"] } },
  },
  {
    name: "the variable before the literal that coalesce() falls back to",
    files: stack(RETENTION, "  retention = coalesce(var.retention, 30)\n"),
    address: WEB,
    live: { retention: 60 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = null", "+  default = 60"] } },
  },
  {
    name: "what a conditional falls back to, where what it asks for cannot be set",
    files: stack(
      'locals {\n  found = null\n}\n\nresource "aws_instance" "other" {\n  found = local.found\n}\n',
      "  retention = local.found == null ? 30 : 7 + local.found\n",
    ),
    address: WEB,
    live: { retention: 60 },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  retention = local.found == null ? 30 : 7 + local.found",
          "+  retention = local.found == null ? 60 : 7 + local.found",
        ],
      },
    },
  },
  {
    name: "the entry that a condition asks for, rather than a side that says the same as the other one",
    files: stack(
      QUEUES,
      '  for_each = var.queues\n  name     = "${each.key}${each.value.fifo == true ? ".fifo" : ""}"\n',
    ),
    address: 'aws_instance.web["a"]',
    live: { name: "a" },
    expected: { verdict: "exact", lines: { "main.tf": ["-    a = { fifo = true }", "+    a = {}"] } },
  },
  {
    name: "the side that a condition does not take, where it compares with a text",
    files: stack(
      'variable "tier" {\n  default = "std"\n}\n',
      '  size = var.tier == "gold" ? "large" : "small"\n',
    ),
    address: WEB,
    live: { size: "large" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  default = "std"', '+  default = "gold"'] } },
  },
  {
    name: "an object that is to be null, not one of its values",
    files: stack(
      'variable "queues" {\n  type    = map(object({ dlq = optional(object({ max = number })) }))\n  default = {\n    a = { dlq = { max = 3 } }\n  }\n}\n',
      "  for_each = var.queues\n  redrive  = each.value.dlq == null ? null : each.value.dlq.max\n",
    ),
    address: 'aws_instance.web["a"]',
    live: { redrive: null },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    a = { dlq = { max = 3 } }", "+    a = {}"] },
    },
  },
  {
    name: "an object that has a default cannot be null",
    files: stack(
      QUEUES,
      "  for_each = var.queues\n  redrive  = each.value.dlq == null ? null : each.value.dlq.max\n",
    ),
    address: 'aws_instance.web["b"]',
    live: { redrive: null },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
];
