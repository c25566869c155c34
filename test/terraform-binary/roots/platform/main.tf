# A stack as teams write them: sizes by environment, subnets by zone, rules by service.
terraform {
  required_version = ">= 1.5"
}

variable "environment" {
  type        = string
  description = "Which environment this is."
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "dev or prod."
  }
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

variable "services" {
  type = map(object({
    port      = number
    replicas  = optional(number, 1)
    public    = optional(bool, false)
    sources   = optional(list(string), ["10.0.0.0/8"])
    resources = optional(object({ cpu = optional(string, "100m"), memory = optional(string, "128Mi") }), {})
    labels    = optional(map(string), {})
  }))
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  zones = [for letter in ["a", "b", "c"] : "${var.region}${letter}"]
  sizes = {
    dev  = { small = "t3.micro", large = "t3.small" }
    prod = { small = "t3.large", large = "m5.2xlarge" }
  }
  size = lookup(local.sizes, var.environment, local.sizes["dev"])
  name = "shop-${var.environment}"
  tags = merge(
    { Name = local.name, Environment = title(var.environment), ManagedBy = "terraform" },
    var.tags,
    var.environment == "prod" ? { Critical = "true" } : {},
  )

  subnets = { for index, zone in local.zones : zone => {
    public  = cidrsubnet(var.cidr, 8, index)
    private = cidrsubnet(var.cidr, 4, index + 1)
  } }

  rules = flatten([
    for name, service in var.services : [
      for source in service.sources : {
        key    = "${name}-${replace(source, "/[./]/", "-")}"
        port   = service.port
        source = source
        public = service.public
      }
    ]
  ])
  rules_by_key = { for rule in local.rules : rule.key => rule }
  public       = sort([for name, service in var.services : name if service.public])
  pairs        = setproduct(local.zones, keys(var.services))
}

resource "terraform_data" "network" {
  input = {
    cidr    = var.cidr
    tags    = local.tags
    subnets = local.subnets
    hosts   = [for zone in local.zones : cidrhost(local.subnets[zone].public, 10)]
  }
}

resource "terraform_data" "instance" {
  for_each = var.services
  input = {
    type     = each.value.replicas > 2 ? local.size.large : local.size.small
    name     = "${local.name}-${each.key}"
    port     = each.value.port
    zone     = element(local.zones, index(keys(var.services), each.key))
    user     = <<-EOT
      #!/bin/sh
      export PORT=${each.value.port}
      %{for key, value in each.value.labels~}
      label ${key}=${value}
      %{endfor~}
      %{if each.value.public}exec public%{else}exec private%{endif}
    EOT
    limits   = each.value.resources
    tags     = merge(local.tags, { Service = each.key }, each.value.labels)
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["s3:Get*"], Resource = "arn:aws:s3:::${local.name}/*" }]
    })
  }
}

resource "terraform_data" "rule" {
  for_each = local.rules_by_key
  input    = each.value
}

resource "terraform_data" "zone" {
  count = var.environment == "prod" ? length(local.zones) : 1
  input = {
    zone  = local.zones[count.index]
    index = count.index
    first = count.index == 0
    pairs = [for pair in local.pairs : join("/", pair) if pair[0] == local.zones[count.index]]
  }
}

output "names" {
  value = { for key, instance in terraform_data.instance : key => instance.input.name }
}

output "zones" {
  value = terraform_data.zone[*].input.zone
}

output "public" {
  value = local.public
}

output "count" {
  value = length(terraform_data.rule)
}
