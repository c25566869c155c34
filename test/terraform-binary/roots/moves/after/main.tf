resource "terraform_data" "new" { input = "renamed" }
moved {
  from = terraform_data.old
  to   = terraform_data.new
}

resource "terraform_data" "items" {
  for_each = { first = 0, second = 1 }
  input    = "item ${each.value}"
}
moved {
  from = terraform_data.list[0]
  to   = terraform_data.items["first"]
}
moved {
  from = terraform_data.list[1]
  to   = terraform_data.items["second"]
}

# Without a block: Terraform moves from no key to 0 and back by itself.
resource "terraform_data" "single" {
  count = 1
  input = "becomes counted"
}
resource "terraform_data" "counted" { input = "becomes single" }

resource "terraform_data" "renamed" {
  for_each = { a = 1, c = 2 }
  input    = each.key
}
moved {
  from = terraform_data.keyed
  to   = terraform_data.renamed
}
moved {
  from = terraform_data.renamed["b"]
  to   = terraform_data.renamed["c"]
}

module "new" {
  source = "./m"
  name   = "module renamed"
}
moved {
  from = module.old
  to   = module.new
}

module "every" {
  source   = "./m"
  for_each = { x = 1, z = 2 }
  name     = each.key
}
moved {
  from = module.each
  to   = module.every
}
moved {
  from = module.every["y"]
  to   = module.every["z"]
}

module "lone" {
  source   = "./m"
  for_each = { only = 1 }
  name     = "gets a key"
}
moved {
  from = module.lone
  to   = module.lone["only"]
}

resource "terraform_data" "from_module" { input = "its resource moves out" }
moved {
  from = module.out.terraform_data.this
  to   = terraform_data.from_module
}

module "inside" {
  source = "./m"
  name   = "moves into a module"
}
moved {
  from = terraform_data.into
  to   = module.inside.terraform_data.this
}

resource "terraform_data" "chain_c" { input = "moved twice" }
moved {
  from = terraform_data.chain_b
  to   = terraform_data.chain_c
}
moved {
  from = terraform_data.chain_a
  to   = terraform_data.chain_b
}

resource "terraform_data" "element" {
  for_each = { here = 1 }
  input    = "becomes an element"
}
moved {
  from = terraform_data.becomes_each
  to   = terraform_data.element["here"]
}
