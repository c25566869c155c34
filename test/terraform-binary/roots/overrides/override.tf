resource "terraform_data" "null" {
  input = null
}
