variable "name" {
  description = "Name of the service in its environment."
  type        = string
}

variable "description" {
  description = "What the service does, in a few words."
  type        = string
}

variable "image_id" {
  description = "Image of the instance."
  type        = string
}

variable "instance_type" {
  description = "Type of the instance."
  type        = string
}

variable "disk_size" {
  description = "Size of the root volume in GiB."
  type        = number
}

variable "port" {
  description = "Port on which the service listens."
  type        = number
}

variable "callers" {
  description = "Networks that may call the service."
  type        = list(string)
}

variable "session_key" {
  description = "Signs session cookies."
  type        = string
  sensitive   = true
}

variable "vpc_id" {
  description = "Network of the security group."
  type        = string
}

variable "subnet_id" {
  description = "Subnet of the instance."
  type        = string
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}

variable "instance_tags" {
  description = "Further tags of the instance."
  type        = map(string)
  default     = {}
}
