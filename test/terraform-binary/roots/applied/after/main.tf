resource "terraform_data" "seed" {
  input = { name = "seed", count = 2, list = ["a", "b"], secret = sensitive("s") }
}

resource "terraform_data" "counted" {
  count = terraform_data.seed.output.count
  input = "${terraform_data.seed.id}/${count.index}"
}

resource "terraform_data" "each" {
  for_each = toset(terraform_data.seed.output.list)
  input    = { id = terraform_data.seed.id, key = each.key }
}

resource "terraform_data" "uses" {
  input = {
    id      = terraform_data.seed.id
    name    = terraform_data.seed.output.name
    list    = terraform_data.seed.output.list
    secret  = terraform_data.seed.output.secret
    ids     = terraform_data.counted[*].id
    outputs = [for each in terraform_data.each : each.output.key]
    whole   = terraform_data.seed
    all     = terraform_data.each
    keyed   = terraform_data.each["a"].id
    absent  = terraform_data.seed.triggers_replace
    text    = "id=${terraform_data.counted[1].id}"
  }
}

output "ids" {
  value = { for key, each in terraform_data.each : key => each.id }
}
