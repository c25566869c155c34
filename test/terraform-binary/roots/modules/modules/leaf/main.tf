variable "name" { type = string }
variable "size" {
  type    = number
  default = 1
}
variable "labels" {
  type    = map(string)
  default = { none = "given" }
}

locals {
  upper = upper(var.name)
}

resource "terraform_data" "this" {
  count = var.size > 2 ? 2 : 1
  input = {
    name   = "${var.name}-${count.index}"
    labels = merge(var.labels, { upper = local.upper })
    path   = path.module
  }
}

output "name" { value = var.name }
output "upper" { value = local.upper }
output "size" { value = var.size }
output "labels" { value = terraform_data.this[0].input.labels }
output "path" { value = path.module }
output "count" { value = length(terraform_data.this) }
