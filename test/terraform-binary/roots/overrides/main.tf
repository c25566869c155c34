terraform {
  required_version = ">= 1.0"
}

variable "text" {
  description = "base"
  default     = "base"
  validation {
    condition     = var.text != "never"
    error_message = "Never."
  }
}

variable "list" {
  type    = list(string)
  default = ["1", "2", "1"]
}

variable "kept" {
  type    = string
  default = "kept"
}

variable "nothing" {
  default = "something"
}

locals {
  a = "base"
  b = local.a
  c = "base"
}

resource "terraform_data" "arguments" {
  input            = ["base", local.a]
  triggers_replace = "kept ${var.text}"
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [input]
    precondition {
      condition     = var.text == "over"
      error_message = "The text is not the override's."
    }
  }
}

resource "terraform_data" "expanded" {
  for_each = toset(["a", "b"])
  input    = "base"
}

resource "terraform_data" "null" {
  input = "base"
}

module "m" {
  source = "./m1"
  x      = "base"
  y      = "base"
}

output "all" {
  value = [var.text, var.list, var.kept, var.nothing, local.a, local.b, local.c, module.m.value]
}

output "plain" {
  value = "base"
}
