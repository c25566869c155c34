variable "name" {}

resource "terraform_data" "in" {
  input = var.name
  lifecycle {
    ignore_changes = [input]
  }
}

output "name" {
  value = terraform_data.in.input
}
