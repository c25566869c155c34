resource "terraform_data" "seed" {}

locals {
  text   = tostring(terraform_data.seed.id)
  any    = jsondecode(terraform_data.seed.id)
  object = { known = "k", unknown = terraform_data.seed.id, list = ["a", terraform_data.seed.id] }
}

resource "terraform_data" "values" {
  input = {
    id         = terraform_data.seed.id
    text       = "prefix-${terraform_data.seed.id}"
    object     = local.object
    known      = local.object.known
    element    = local.object.list[0]
    upper      = upper(local.text)
    length     = length(local.object.list)
    keys       = keys(local.object)
    values     = values(local.object)
    merged     = merge(local.object, { more = 1 })
    concat     = concat(local.object.list, ["b"])
    joined     = join(",", local.object.list)
    json       = jsonencode(local.object)
    for_tuple  = [for item in local.object.list : upper(item)]
    for_object = { for key, value in local.object : key => value if key != "list" }
    filtered   = [for item in local.object.list : item if item != "a"]
    chosen     = local.text == "" ? "empty" : "full"
    is_null    = local.text == null
    not_null   = "x${local.text}" != null
    lookup     = lookup(local.object, "known", "none")
    splat      = [local.object, local.object][*].known
    tried      = try(local.any.missing, "fallback")
    can        = can(local.any.missing)
    compact    = compact(local.object.list)
    flat       = flatten([local.object.list, ["z"]])
    set        = toset(local.object.list)
    sum        = 1 + length(local.text)
    nested     = { a = { b = { c = local.any } } }
    index      = ["x", "y"][local.any]
    condition  = local.any ? { a = 1 } : { a = 2 }
    coalesced  = [coalesce("first", local.text), coalesce(local.text, "second")]
    regex      = regexall("a", local.text)
    time       = timestamp()
  }
}

module "passed" {
  source = "./m"
  text   = local.text
  object = { name = "n", id = local.text }
  list   = [local.text, "known"]
  any    = local.any
}

resource "terraform_data" "from_module" {
  input = {
    given   = module.passed.given
    count   = module.passed.count
    partial = module.passed.partial
    whole   = module.passed
  }
}

resource "terraform_data" "known_keys" {
  for_each = { a = local.text, b = "known" }
  input    = { key = each.key, value = each.value }
}
