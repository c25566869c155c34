variable "secret" {
  default   = "is secret"
  sensitive = true
}

resource "terraform_data" "seed" {}

resource "terraform_data" "attribute" {
  input            = { name = "new", size = 2 }
  triggers_replace = ["t"]
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "dotted" {
  input = { name = "new", size = 2, list = [{ x = 3 }, { x = 4 }], more = true }
  lifecycle {
    ignore_changes = [input.name, input.more, input.list[1].x, input.list[5]]
  }
}

resource "terraform_data" "key_of_object" {
  input = { name = "new", size = 2 }
  lifecycle {
    ignore_changes = [input["name"]]
  }
}

resource "terraform_data" "key_of_map" {
  input = tomap({ a = "new", c = "new", d = "new" })
  lifecycle {
    ignore_changes = [input["a"], input["b"], input["c"]]
  }
}

resource "terraform_data" "all" {
  input            = "new"
  triggers_replace = "new"
  lifecycle {
    ignore_changes = all
  }
}

resource "terraform_data" "instances" {
  for_each = toset(["known", "new"])
  input    = "new ${each.key}"
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "secret" {
  input = var.secret
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "uncovered" {
  input = var.secret
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "unknown" {
  input = { a = terraform_data.seed.id }
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "null" {
  input = "new"
  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "moved_to" {
  input = "new"
  lifecycle {
    ignore_changes = [input]
  }
}

moved {
  from = terraform_data.moved_from
  to   = terraform_data.moved_to
}

module "m" {
  source = "./m"
  name   = "new"
}

locals {
  whole = terraform_data.attribute
}

resource "terraform_data" "readers" {
  input = {
    attribute     = terraform_data.attribute.input.name
    whole         = local.whole.input
    dotted        = terraform_data.dotted.input
    key_of_object = terraform_data.key_of_object.input
    key_of_map    = terraform_data.key_of_map.input
    key           = terraform_data.key_of_map.input["a"]
    all           = terraform_data.all.input
    instances     = { for key, each in terraform_data.instances : key => each.input }
    secret        = terraform_data.secret.input
    uncovered     = terraform_data.uncovered.input
    unknown       = terraform_data.unknown.input.a
    null          = terraform_data.null.input
    moved         = terraform_data.moved_to.input
    module        = module.m.name
  }
}

resource "terraform_data" "as_many" {
  count = length(terraform_data.attribute.input.name) - 2
}
