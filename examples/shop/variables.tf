variable "environment" {
  description = "Name of the environment, part of every name."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "eu-west-1"
}

variable "vpc_cidr" {
  description = "Address range of the network."
  type        = string
}

variable "zones" {
  description = "Availability zones, one private subnet each."
  type        = list(string)
  default     = ["eu-west-1a", "eu-west-1b"]
}

variable "services" {
  description = "The services by name, one instance each."
  type = map(object({
    size        = string
    port        = number
    callers     = list(string)
    disk_size   = optional(number, 20)
    schedule    = optional(string, "always")
    description = string
  }))
}
