variable "x" {}
variable "y" {}

output "value" {
  value = "m1 ${var.x} ${var.y}"
}
