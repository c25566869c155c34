variable "name" {}
resource "terraform_data" "this" { input = var.name }
resource "terraform_data" "inner_old" {
  count = 1
  input = "inner ${var.name}"
}
