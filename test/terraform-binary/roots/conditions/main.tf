terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}

provider "terraform" {}

variable "size" {
  type     = number
  nullable = false
  default  = 3
  validation {
    condition     = var.size > 0 && var.size < 10
    error_message = "Between 1 and 9, not ${var.size}."
  }
  validation {
    condition     = var.size <= local.most
    error_message = "No more than ${local.most}."
  }
}

variable "zones" {
  type    = set(string)
  default = ["b", "a"]
  validation {
    condition     = alltrue([for zone in var.zones : can(regex("^[a-z]$", zone))])
    error_message = "One letter each."
  }
}

variable "login" {
  type = object({
    user = string
    key  = optional(string)
  })
  sensitive = true
  default   = { user = "root" }
  validation {
    condition     = var.login.user != ""
    error_message = "A user is needed."
  }
}

variable "token" {
  type      = string
  ephemeral = true
  default   = "never written"
}

locals {
  most = 5
}

resource "terraform_data" "checked" {
  for_each = var.zones
  input    = { zone = each.key, size = var.size }
  lifecycle {
    precondition {
      condition     = var.size >= length(var.zones)
      error_message = "Too small for ${each.key}."
    }
    precondition {
      condition     = terraform_data.other.id != ""
      error_message = "Not known before it is applied."
    }
    postcondition {
      condition     = self.output.zone == each.key
      error_message = "Another zone."
    }
  }
}

resource "terraform_data" "other" {
  provider         = terraform
  input            = sensitive(var.login.user)
  triggers_replace = var.zones
  provisioner "local-exec" {
    command = "echo ${self.id} ${var.size}"
    when    = create
  }
}

check "health" {
  data "terraform_remote_state" "nested" {
    backend = "local"
    config  = { path = "${path.module}/missing.tfstate" }
  }
  assert {
    condition     = data.terraform_remote_state.nested.outputs.x == terraform_data.other.id
    error_message = "Not healthy."
  }
}

output "size" {
  value = var.size * 2
  precondition {
    condition     = var.size != 7
    error_message = "Not 7."
  }
}

output "login" {
  value     = var.login
  sensitive = true
}
