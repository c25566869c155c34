locals {
  ids = { one = "id-1", two = "id-2" }
}

import {
  to = terraform_data.single
  id = "imported"
}
import {
  for_each = local.ids
  to       = terraform_data.each[each.key]
  id       = each.value
}
import {
  for_each = ["x", "y"]
  to       = module.m[each.value].terraform_data.inner
  id       = "inner-${each.key}"
}

resource "terraform_data" "single" {
  input = "single"
}
resource "terraform_data" "each" {
  for_each = local.ids
  input    = { key = each.key, id = each.value }
}
module "m" {
  source   = "./m"
  for_each = toset(["x", "y"])
}

removed {
  from = terraform_data.gone
  lifecycle {
    destroy = false
  }
}
removed {
  from = module.gone_too
  lifecycle {
    destroy = true
  }
}
