variable "name" { type = string }
variable "port" {
  type     = number
  default  = 443
  nullable = false
}
variable "replicas" {
  type    = number
  default = 1
}
variable "labels" {
  type    = map(string)
  default = {}
}
variable "options" {
  type = object({
    retries = optional(number, 3)
    hosts   = optional(list(string), ["localhost"])
    tls     = optional(object({ on = optional(bool, true), ciphers = optional(set(string)) }), {})
  })
  default = {}
}

resource "terraform_data" "service" {
  count = var.replicas == null ? 1 : var.replicas
  input = { name = "${var.name}-${count.index}", port = var.port, labels = var.labels }
}
