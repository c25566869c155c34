variable "members" {}
variable "secret" {
  sensitive = true
}

module "inner" {
  source   = "../service"
  for_each = var.members
  name     = "inner-${each.key}"
  port     = split(":", each.value)[1]
}

output "members" { value = [for key in sort(keys(var.members)) : upper(key)] }
output "secret" {
  value     = "${var.secret}!"
  sensitive = true
}
output "inner" { value = module.inner }
output "path" { value = path.module }
