variable "constructor" { default = "c" }
variable "toString" { default = { __proto__ = "p", hasOwnProperty = 1 } }
variable "__proto__" { default = { polluted = "no" } }

locals {
  __proto__ = "local"
  prototype = { "__proto__" = { x = 1 }, constructor = var.constructor, valueOf = "v", "ключ" = "ü", "a b" = 1, "" = "empty" }
}

resource "terraform_data" "constructor" {
  for_each = { "__proto__" = 1, constructor = 2, "a/b.c\"d" = 3, "é" = 4, "$${x}" = 5 }
  input    = { key = each.key, value = each.value }
}

resource "terraform_data" "uses" {
  input = {
    vars      = [var.constructor, var.toString, var.__proto__.polluted]
    locals    = [local.__proto__, local.prototype]
    keys      = keys(local.prototype)
    read      = [local.prototype["__proto__"].x, local.prototype.constructor]
    lookup    = lookup(local.prototype, "hasOwnProperty", "absent")
    merged    = merge({ "__proto__" = 1 }, { toString = 2 })
    instances = [for key, value in terraform_data.constructor : key]
    one       = terraform_data.constructor["__proto__"].input.value
    zipped    = zipmap(["__proto__", "b"], [1, 2])
    from_for  = { for name in ["__proto__", "constructor"] : name => upper(name) }
    decoded   = jsondecode("{\"__proto__\": {\"a\": 1}, \"constructor\": null}")
    has       = contains(keys({}), "constructor")
    tried     = try({}.constructor, "none")
  }
}
