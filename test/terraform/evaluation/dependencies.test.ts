import { expect, test } from "vitest";
import { references } from "../../../src/terraform/evaluation/dependencies.ts";
import { evaluateFiles } from "../stack.ts";

const FILES = {
  "main.tf": `
resource "a" "base" {}
resource "a" "other" {}
resource "a" "counted" {
  count = 2
  x     = a.base.id
}
locals {
  through = { v = a.other.id }
  twice   = local.through.v
}
data "d" "found" {
  filter = a.base.id
}
module "m" {
  source = "./m"
  in     = a.base.id
}
module "waiting" {
  source     = "./m"
  in         = "x"
  depends_on = [a.other]
}
module "counted" {
  source   = "./m"
  in       = each.value
  for_each = { k = a.counted[0].name }
}
resource "a" "attribute" { x = a.base.id }
resource "a" "one" { x = a.counted[1].id }
resource "a" "all" { x = a.counted[*].id }
resource "a" "local" { x = local.twice }
resource "a" "data" { x = data.d.found.id }
resource "a" "output" { x = module.m.out }
resource "a" "passed" { x = module.m.passed }
resource "a" "ordered" { depends_on = [a.other, module.m] }
resource "a" "expanded" {
  for_each = toset([a.other.name])
}
resource "a" "block" {
  dynamic "b" {
    for_each = a.counted
    content {
      x = b.value.id
    }
  }
}
resource "a" "self" {
  x = 1
  y = a.self.x
}
resource "a" "nothing" {
  x = [for a in ["base"] : a]
  lifecycle {
    ignore_changes = [tags]
  }
}
`,
  "m/main.tf": `
variable "in" {}
resource "a" "inner" { x = var.in }
resource "a" "alone" {}
output "out" { value = a.inner.id }
output "passed" { value = var.in }
`,
};

test("which managed instances each one refers to", () => {
  const found = [...references(evaluateFiles(FILES))].filter(([, addresses]) => addresses.size > 0);
  expect(Object.fromEntries(found.map(([address, addresses]) => [address, [...addresses].sort()]))).toEqual({
    "a.all": ["a.counted[0]", "a.counted[1]"],
    "a.attribute": ["a.base"],
    "a.block": ["a.counted[0]", "a.counted[1]"],
    "a.counted[0]": ["a.base"],
    "a.counted[1]": ["a.base"],
    "a.data": ["a.base"],
    "a.local": ["a.other"],
    "a.one": ["a.counted[1]"],
    "a.ordered": ["a.other", "module.m.a.alone", "module.m.a.inner"],
    "a.output": ["module.m.a.inner"],
    "a.passed": ["a.base"],
    'module.counted["k"].a.alone': ["a.counted[0]"],
    'module.counted["k"].a.inner': ["a.counted[0]"],
    "module.m.a.inner": ["a.base"],
    "module.waiting.a.alone": ["a.other"],
    "module.waiting.a.inner": ["a.other"],
  });
});
