variable "secret" {
  default   = "was secret"
  sensitive = true
}

resource "terraform_data" "attribute" {
  input            = { name = "old", size = 1 }
  triggers_replace = ["t"]
}

resource "terraform_data" "dotted" {
  input = { name = "old", size = 1, list = [{ x = 1 }, { x = 2 }] }
}

resource "terraform_data" "key_of_object" {
  input = { name = "old", size = 1 }
}

resource "terraform_data" "key_of_map" {
  input = tomap({ a = "old", b = "old" })
}

resource "terraform_data" "all" {
  input            = "old"
  triggers_replace = "old"
}

resource "terraform_data" "instances" {
  for_each = toset(["known"])
  input    = "old ${each.key}"
}

resource "terraform_data" "secret" {
  input = var.secret
}

resource "terraform_data" "uncovered" {
  input = "was open"
}

resource "terraform_data" "unknown" {
  input = { a = "old" }
}

resource "terraform_data" "null" {
}

resource "terraform_data" "moved_from" {
  input = "old"
}

module "m" {
  source = "./m"
  name   = "old"
}
