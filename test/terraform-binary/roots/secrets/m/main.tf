variable "secret" {}
variable "mixed" { type = map(string) }
variable "declared" {
  default   = "d"
  sensitive = true
}

resource "terraform_data" "inner" {
  input = { secret = var.secret, mixed = var.mixed, public = var.mixed["public"], declared = var.declared }
}

output "out" {
  value     = "o"
  sensitive = true
}
output "passed" { value = var.secret }
output "mixed" { value = var.mixed }
