data "terraform_remote_state" "network" {
  backend = "local"
  config  = { path = "${path.module}/../network.tfstate" }
}

data "terraform_remote_state" "each" {
  for_each = toset(["a", "b"])
  backend  = "local"
  config   = { path = "${path.module}/../network.tfstate" }
  defaults = { zone = each.key }
}

module "reader" {
  source = "../reader"
  path   = "${path.module}/../network.tfstate"
}
