variable "text" { type = string }
variable "object" {
  type = object({ name = string, id = optional(string, "none"), more = optional(number, 3) })
}
variable "list" { type = list(string) }
variable "any" { type = any }
variable "default" {
  type    = map(string)
  default = { a = "b" }
}

resource "terraform_data" "this" {
  count = "arn:${var.text}" != null ? length(var.list) : 0
  input = {
    item   = var.list[count.index]
    object = var.object
    any    = var.any
    merged = merge(var.default, { text = var.text })
  }
}

output "given" { value = var.text }
output "count" { value = length(terraform_data.this) }
output "partial" { value = { name = var.object.name, id = var.object.id, more = var.object.more } }
