variable "name" {}
resource "terraform_data" "this" { input = var.name }
resource "terraform_data" "inner_new" {
  input = "inner ${var.name}"
}
moved {
  from = terraform_data.inner_old[0]
  to   = terraform_data.inner_new
}
