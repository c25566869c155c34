resource "terraform_data" "old" { input = "renamed" }
resource "terraform_data" "list" {
  count = 2
  input = "item ${count.index}"
}
resource "terraform_data" "single" { input = "becomes counted" }
resource "terraform_data" "counted" {
  count = 1
  input = "becomes single"
}
resource "terraform_data" "keyed" {
  for_each = { a = 1, b = 2 }
  input    = each.key
}
resource "terraform_data" "into" { input = "moves into a module" }
module "old" {
  source = "./m"
  name   = "module renamed"
}
module "each" {
  source   = "./m"
  for_each = { x = 1, y = 2 }
  name     = each.key
}
module "lone" {
  source = "./m"
  name   = "gets a key"
}
module "out" {
  source = "./m"
  name   = "its resource moves out"
}
resource "terraform_data" "chain_a" { input = "moved twice" }
resource "terraform_data" "becomes_each" { input = "becomes an element" }
