variable "named" {}
variable "named_json" {}
variable "automatic" {}
variable "automatic_json" {}
variable "asked" {}
variable "plain" {}
variable "typed" {
  type = object({
    list   = list(number)
    nested = optional(object({ a = optional(string, "default") }), {})
  })
}
variable "numbers" {}
variable "nothing" {
  default  = "default"
  nullable = false
}

output "all" {
  value = {
    named          = var.named
    named_json     = var.named_json
    automatic      = var.automatic
    automatic_json = var.automatic_json
    asked          = var.asked
    plain          = var.plain
    typed          = var.typed
    numbers        = var.numbers
    nothing        = var.nothing
  }
}
