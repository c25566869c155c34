locals {
  name = "name from ${local.where}"
  list = ["a", "b", "c"]
}
locals {
  where = "another file"
  map   = { x = 1, "y z" = local.on, (local.list[0]) = null == null }
  on    = true
}
