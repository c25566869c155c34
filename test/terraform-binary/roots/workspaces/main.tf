locals {
  sizes = { blue = 3, default = 1 }
}

resource "terraform_data" "here" {
  count = local.sizes[terraform.workspace]
  input = {
    workspace = terraform.workspace
    name      = "${terraform.workspace}-${count.index}"
    is_blue   = terraform.workspace == "blue" ? "yes" : "no"
  }
}
