locals {
  address = "${var.name}:${var.port}"
}

output "address" { value = local.address }
output "settings" { value = { port = var.port, replicas = var.replicas, labels = var.labels } }
output "defaults" { value = var.options }
output "path" { value = path.module }
output "inputs" { value = terraform_data.service[*].input.name }
