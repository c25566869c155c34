resource "terraform_data" "native" {
  input = [local.elsewhere, terraform_data.each["b.c"].input[1], module.m["a"].value]
}
