variable "sites" {
  type = map(object({ ports = optional(list(number), []), options = any }))
}

output "sites" {
  value = { for name, site in var.sites : name => merge(site.options, { ports = length(site.ports) }) }
}
