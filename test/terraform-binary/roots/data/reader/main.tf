variable "path" {}

data "terraform_remote_state" "inner" {
  count   = 1
  backend = "local"
  config  = { path = var.path }
}

output "outputs" { value = data.terraform_remote_state.inner[0].outputs }
output "subnets" { value = [for name, id in data.terraform_remote_state.inner[0].outputs.subnets : "${name}=${id}"] }
