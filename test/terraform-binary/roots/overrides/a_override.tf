variable "text" {
  default   = "over"
  sensitive = true
}

variable "list" {
  type = set(number)
}

variable "nothing" {
  default = null
}

locals {
  a = "a_override"
  c = "a_override"
}

resource "terraform_data" "arguments" {
  input = "first"
  lifecycle {
    ignore_changes = [triggers_replace]
  }
}

resource "terraform_data" "arguments" {
  input = ["over", local.b]
}

resource "terraform_data" "json" {
  input = "over ${local.c}"
}

module "m" {
  source = "./m2"
  y      = "over"
}

output "all" {
  sensitive = true
}
