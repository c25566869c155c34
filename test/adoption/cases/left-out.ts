import { ABSENT, type AdoptionCase } from "../case.ts";

const FW = "aws_fw.main";

function parts(second: string, variable: string): { "main.tf": string } {
  return {
    "main.tf": `variable "${variable}" {
  default = ${variable === "env" ? '"prod"' : "true"}
}

resource "aws_fw" "main" {
  cidrs = concat(["10.0.0.0/16"], ${second})
}
`,
  };
}

const PROD = 'var.env == "prod" ? ["172.16.0.0/12"] : []';
const WITHOUT: AdoptionCase["expected"] = {
  verdict: "exact",
  lines: {
    "main.tf": [`-  cidrs = concat(["10.0.0.0/16"], ${PROD})`, '+  cidrs = concat(["10.0.0.0/16"])'],
  },
};
const HEALTH = `variable "health" {
  type = object({
    path    = optional(string, "/")
    timeout = optional(number, 5)
  })
}

resource "aws_lb" "main" {
  timeout = var.health.timeout
  path    = var.health.path
}
`;

/** What goes, and what others have who do not say it. */
export const LEFT_OUT: readonly AdoptionCase[] = [
  {
    name: "the only element of a conditional, where its other side has none: the argument of concat goes",
    files: parts(PROD, "env"),
    address: FW,
    live: { cidrs: ["10.0.0.0/16"] },
    expected: WITHOUT,
  },
  {
    name: "the same, asked for by its index",
    files: parts(PROD, "env"),
    address: FW,
    live: { "cidrs[1]": ABSENT },
    expected: WITHOUT,
  },
  {
    name: "an entry that hangs on a switch: the switch",
    files: {
      "main.tf":
        'variable "debug" {\n  default = true\n}\n\nresource "aws_fw" "main" {\n  env = merge({ A = "1" }, var.debug ? { DEBUG = "1" } : {})\n}\n',
    },
    address: FW,
    live: { "env.DEBUG": ABSENT },
    expected: { verdict: "exact", lines: { "main.tf": ["-  default = true", "+  default = false"] } },
  },
  {
    name: "one of two elements of a conditional",
    files: parts('var.env == "prod" ? ["172.16.0.0/12", "172.32.0.0/12"] : []', "env"),
    address: FW,
    live: { "cidrs[2]": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  cidrs = concat(["10.0.0.0/16"], var.env == "prod" ? ["172.16.0.0/12", "172.32.0.0/12"] : [])',
          '+  cidrs = concat(["10.0.0.0/16"], var.env == "prod" ? ["172.16.0.0/12"] : [])',
        ],
      },
    },
  },
  {
    name: "an argument that is null is one that nobody writes",
    files: {
      "main.tf": 'resource "aws_fw" "main" {\n  name        = "main"\n  description = "old"\n}\n',
    },
    address: FW,
    live: { description: null },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  name        = "main"', '-  description = "old"', '+  name = "main"'],
      },
    },
  },
  {
    name: "an argument that a variable file gives is null there",
    files: {
      "main.tf":
        'variable "description" {\n  type    = string\n  default = "none"\n}\n\nresource "aws_fw" "main" {\n  description = var.description\n}\n',
      "terraform.tfvars": 'description = "old"\n',
    },
    address: FW,
    live: { description: null },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ['-description = "old"', "+description = null"] },
    },
  },
  {
    name: "a default of the type, where the value cannot be given elsewhere",
    files: {
      "main.tf": `module "a" {
  source = "./lb"
  health = local.health
}

module "b" {
  source = "./lb"
  health = local.health
}

locals {
  health = { for name in [] : name => name }
}
`,
      "lb/main.tf": HEALTH,
    },
    address: "module.a.aws_lb.main",
    live: { timeout: 9 },
    expected: {
      verdict: "shared",
      lines: {
        "lb/main.tf": ["-    timeout = optional(number, 5)", "+    timeout = optional(number, 9)"],
      },
      effects: ["module.a.aws_lb.main timeout: 5 -> 9", "module.b.aws_lb.main timeout: 5 -> 9"],
    },
  },
];
