variable "names" { type = set(string) }
variable "depth" { type = map(number) }

module "leaf" {
  source   = "../leaf"
  for_each = var.names
  name     = each.value
  size     = var.depth.right
  labels   = { for key, value in var.depth : key => value }
}

resource "terraform_data" "fan" {
  for_each = { for pair in setproduct(var.names, keys(var.depth)) : join(".", pair) => var.depth[pair[1]] }
  input    = { key = each.key, value = each.value, leaf = module.leaf[split(".", each.key)[0]].upper }
}

output "leaves" { value = [for key, leaf in module.leaf : leaf.labels] }
output "joined" { value = join("+", [for leaf in module.leaf : leaf.name]) }
output "path" { value = path.module }
output "leaf_path" { value = module.leaf["x"].path }
