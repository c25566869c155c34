resource "terraform_data" "reads" {
  input = {
    vpc     = data.terraform_remote_state.network.outputs.vpc
    subnets = data.terraform_remote_state.network.outputs.subnets
    secret  = data.terraform_remote_state.network.outputs.secret
    sizes   = data.terraform_remote_state.network.outputs.sizes
    zones   = { for key, state in data.terraform_remote_state.each : key => state.outputs.zone }
    keys    = keys(data.terraform_remote_state.each)
    inner   = module.reader.outputs.vpc
    listed  = module.reader.subnets
    backend = data.terraform_remote_state.network.backend
    missing = try(data.terraform_remote_state.network.outputs.missing, "none")
    length  = length(data.terraform_remote_state.network.outputs.subnets)
    sorted  = sort(keys(data.terraform_remote_state.network.outputs.subnets))
  }
}

resource "terraform_data" "subnet" {
  for_each = data.terraform_remote_state.network.outputs.subnets
  input    = { name = each.key, id = each.value }
}
