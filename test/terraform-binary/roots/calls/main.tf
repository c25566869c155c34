# Calls of modules: with count, with for_each, through each other, and what comes out of them.
locals {
  services = {
    web = { port = 80, labels = { tier = "front" } }
    api = { port = "8080", replicas = 2 }
    job = { port = null }
  }
}

module "services" {
  source   = "./modules/service"
  for_each = local.services

  name     = each.key
  port     = each.value.port
  replicas = try(each.value.replicas, null)
  labels   = merge({ stack = terraform.workspace }, try(each.value.labels, {}))
}

module "counted" {
  source     = "./modules/service"
  count      = 2
  name       = "counted-${count.index}"
  port       = 1000 + count.index
  depends_on = [terraform_data.first]
}

module "none" {
  source = "./modules/service"
  count  = length(local.services) > 3 ? 1 : 0
  name   = "never"
}

module "group" {
  source  = "./modules/group"
  members = { for name, service in module.services : name => service.address }
  secret  = sensitive("s3cret")
}

resource "terraform_data" "first" {
  input = "first"
}

resource "terraform_data" "reads" {
  input = {
    addresses = { for name, service in module.services : name => service.address }
    web       = module.services["web"].settings
    counted   = module.counted[*].address
    second    = module.counted[1].settings.port
    none      = one(module.none[*].address)
    length    = [length(module.services), length(module.counted), length(module.none)]
    keys      = keys(module.services)
    members   = module.group.members
    secret    = module.group.secret
    inner     = module.group.inner["web"].address
    whole     = module.counted[0]
    defaults  = { for name, service in module.services : name => service.defaults }
    paths     = [path.module, path.root, module.group.path, module.services["web"].path]
  }
  depends_on = [module.group]
}

output "services" {
  value = module.services
}

output "group" {
  value     = module.group
  sensitive = true
}
