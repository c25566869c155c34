locals {
  people = {
    ada   = { age = 36, langs = ["analytical"] }
    grace = { age = 85, langs = ["cobol", "flowmatic"] }
  }
}

module "single" {
  source = "../modules/leaf"
  name   = "single"
}

module "counted" {
  source = "../modules/leaf"
  count  = 3
  name   = "counted-${count.index}"
  size   = count.index * 2
}

module "each" {
  source   = "../modules/leaf"
  for_each = local.people
  name     = each.key
  size     = each.value.age
  labels   = { langs = join(",", each.value.langs) }
}

module "none" {
  source = "../modules/leaf"
  count  = 0
  name   = "none"
}

module "tree" {
  source = "../modules/tree"
  names  = ["x", "y"]
  depth  = { left = 1, right = "2" }
}

module "chained" {
  source     = "../modules/leaf"
  name       = module.tree.joined
  size       = sum([for leaf in module.each : leaf.size])
  labels     = { from = module.single.name }
  depends_on = [module.single]
}

module "set" {
  source   = "../modules/leaf"
  for_each = toset(["q", "p"])
  name     = "${each.key}-${each.value}"
}

resource "terraform_data" "summary" {
  input = {
    single   = module.single
    names    = module.counted[*].name
    sizes    = module.counted.*.size
    one      = module.counted[1].upper
    each     = { for key, leaf in module.each : key => leaf.upper }
    ada      = module.each["ada"].labels["langs"]
    whole    = module.each["grace"]
    none     = module.none
    first    = one(module.none[*].name)
    tried    = try(module.none[0].name, "nothing")
    tree     = module.tree.leaves
    keys     = keys(module.set)
    values   = values(module.set)[*].name
    length   = length(module.counted)
    paths    = [path.module, path.root, module.tree.path, module.tree.leaf_path]
  }
}

output "everything" {
  value = {
    counted = module.counted
    set     = module.set
    chained = module.chained
  }
}
