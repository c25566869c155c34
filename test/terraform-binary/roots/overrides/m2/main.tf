variable "x" {}
variable "y" {}

output "value" {
  value = "m2 ${var.x} ${var.y}"
}
