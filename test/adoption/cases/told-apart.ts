import type { AdoptionCase } from "../case.ts";

const APP =
  'variable "name" {}\nvariable "env" {\n  validation {\n    condition     = contains(["dev", "prod"], var.env)\n    error_message = "Unknown."\n  }\n}\nvariable "tags" {\n  default = {}\n}\n\nresource "aws_lb" "this" {\n  name = "${var.name}-${var.env}"\n  tags = merge({ Name = var.name }, var.tags)\n}\n';
const APPS =
  'variable "tags" {\n  default = {}\n}\n\nmodule "app" {\n  for_each = toset(["api", "web"])\n  source   = "./app"\n  name     = each.key\n  env      = "prod"\n  tags     = var.tags\n}\n';
const FILES = { "main.tf": APPS, "app/main.tf": APP };
const API = 'module.app["api"].aws_lb.this';
const PAGES = `locals {
  codes = [403, 404]
}

resource "aws_cdn" "www" {
  codes  = local.codes
  errors = [for c in local.codes : { code = c, page = "/\${c}.html" }]
}
`;

/** Values by which instances are told apart, and what others read as something else: no edit makes them all alike. */
export const TOLD_APART: readonly AdoptionCase[] = [
  {
    name: "a name is made of parts of its instance: no text is glued to one of them, and no constant given to all",
    files: FILES,
    address: API,
    live: { name: "api-production" },
    expected: { verdict: "refused", why: "the edit at main.tf:9 would give it, but then" },
  },
  {
    name: "a name by which instances are told apart does not come into the tags that they share, but is another one",
    files: FILES,
    address: API,
    live: { "tags.Name": "api-main" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  for_each = toset(["api", "web"])',
          '+  for_each = toset(["api-main", "web"])',
          "+",
          "+moved {",
          '+  from = module.app["api"]',
          '+  to   = module.app["api-main"]',
          "+}",
        ],
      },
      effects: [
        'module.app["api"].aws_lb.this name: "api-prod" -> "api-main-prod"',
        'module.app["api"].aws_lb.this tags.Name: "api" -> "api-main"',
        'module.app["api"].aws_lb.this : "module.app[\\"api\\"].aws_lb.this" -> "module.app[\\"api-main\\"].aws_lb.this"',
      ],
    },
  },
  {
    name: "text behind a separator is added to what is put in",
    files: {
      "main.tf":
        'variable "env" {\n  default = "prod"\n}\n\nresource "aws_lb" "a" {\n  name = "web-${var.env}"\n  env  = var.env\n}\n',
    },
    address: "aws_lb.a",
    live: { name: "web-prod-2" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  name = "web-${var.env}"', '+  name = "web-${var.env}-2"'] },
    },
  },
  {
    name: "a unit behind a number is another one",
    files: {
      "main.tf":
        'variable "size" {\n  default = 4\n}\n\nresource "aws_lb" "a" {\n  disk = "${var.size}Gi"\n  size = var.size\n}\n',
    },
    address: "aws_lb.a",
    live: { disk: "4Mi" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  disk = "${var.size}Gi"', '+  disk = "${var.size}Mi"'] },
    },
  },
  {
    name: "a number that others read does not become a text",
    files: { "main.tf": PAGES },
    address: "aws_cdn.www",
    live: { "errors[0].page": "/error.html" },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "a tag before what it was made of",
    files: {
      "main.tf":
        'variable "engine" {\n  default = "postgres"\n}\n\nlocals {\n  tags = { Engine = var.engine }\n}\n\nresource "aws_db" "a" {\n  engine = var.engine\n  tags   = local.tags\n}\n\nresource "aws_db" "b" {\n  tags = local.tags\n}\n',
    },
    address: "aws_db.b",
    live: { "tags.Engine": "pg" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  tags = local.tags", '+  tags = merge(local.tags, { Engine = "pg" })'] },
    },
  },
  {
    name: "elements of a list that stay are not given what their type gives them",
    files: {
      "main.tf":
        'variable "disks" {\n  type = list(object({ size = number, type = optional(string, "gp3") }))\n}\n\nresource "aws_host" "a" {\n  disks = [for d in var.disks : merge(d, { encrypted = true })]\n}\n',
      "terraform.tfvars": 'disks = [\n  { size = 20 },\n  { size = 100, type = "io2" }, # data\n]\n',
    },
    address: "aws_host.a",
    live: { disks: [{ size: 20, type: "gp3", encrypted: true }] },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars": ['-  { size = 100, type = "io2" }, # data'] },
    },
  },
  {
    name: "nor is one that comes",
    files: {
      "main.tf":
        'variable "disks" {\n  type = list(object({ size = number, type = optional(string, "gp3") }))\n}\n\nresource "aws_host" "a" {\n  disks = [for d in var.disks : merge(d, { encrypted = true })]\n}\n',
      "terraform.tfvars": "disks = [\n  { size = 20 },\n]\n",
    },
    address: "aws_host.a",
    live: {
      disks: [
        { size: 20, type: "gp3", encrypted: true },
        { size: 50, type: "gp3", encrypted: true },
      ],
    },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ["+  { size = 50 },"] } },
  },
];
