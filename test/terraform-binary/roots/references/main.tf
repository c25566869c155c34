resource "terraform_data" "single" {
  input = { name = "single", list = ["a", "b"], map = { k = "v" }, null = null }
}

resource "terraform_data" "counted" {
  count = 2
  input = { index = count.index, name = "c${count.index}" }
}

resource "terraform_data" "each" {
  for_each = { a = 1, b = 2 }
  input    = { key = each.key, value = each.value, twice = each.value * 2 }
}

resource "terraform_data" "chained" {
  for_each = terraform_data.each
  input = {
    from = each.key
    was  = each.value.input.twice
  }
}

resource "terraform_data" "optional" {
  count = 0
  input = "never"
}

resource "terraform_data" "of_set" {
  for_each = toset([for each in terraform_data.each : "k${each.input.key}"])
  input    = each.value
}

locals {
  index = 1
  key   = "b"
}

resource "terraform_data" "uses" {
  triggers_replace = [terraform_data.single.input.name, 1]
  input = {
    attribute = terraform_data.single.input.name
    element   = terraform_data.single.input.list[1]
    in_map    = terraform_data.single.input.map.k
    in_map2   = terraform_data.single.input["map"]["k"]
    is_null   = terraform_data.single.input.null
    counted   = terraform_data.counted[0].input.name
    legacy    = terraform_data.counted.1.input.name
    computed  = terraform_data.counted[local.index].input.name
    splat     = terraform_data.counted[*].input.name
    attr_only = terraform_data.counted.*.input
    keyed     = terraform_data.each["a"].input.value
    by_local  = terraform_data.each[local.key].input.value
    all       = { for key, value in terraform_data.each : key => value.input }
    values    = values(terraform_data.each)[*].input.twice
    length    = [length(terraform_data.counted), length(terraform_data.each), length(terraform_data.optional)]
    optional  = one(terraform_data.optional[*].input)
    tried     = try(terraform_data.optional[0].input, "none")
    first     = element(concat(terraform_data.optional[*].input, ["fallback"]), 0)
    keys      = keys(terraform_data.each)
    whole     = terraform_data.single.input
  }
}

output "chained" {
  value = [for name, resource in terraform_data.chained : "${name}=${resource.input.was}"]
}

output "of_set" {
  value = [for resource in terraform_data.of_set : resource.input]
}
