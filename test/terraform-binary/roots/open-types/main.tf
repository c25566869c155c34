variable "disks" {
  type = map(object({
    disk  = optional(object({ gb = optional(number), kind = optional(list(string)) }))
    extra = any
  }))
  default = {
    a = { disk = { gb = "1", kind = ["x"] }, extra = "e" }
    b = { disk = {}, extra = "f", more = 1 }
  }
}

variable "rules" {
  type = list(object({ name = string, ports = optional(list(number)), opts = optional(map(any)) }))
  default = [
    { name = "a", ports = [80], opts = { x = 1 } },
    { name = "b" },
    { name = 3, opts = { y = "z", w = true } },
  ]
}

variable "unified" {
  type    = list(object({ value = any }))
  default = [{ value = 1 }, { value = "a" }, { value = null }]
}

variable "objects" {
  type    = list(any)
  default = [{ a = 1, b = [1] }, { a = "x", b = [2, 3] }]
}

variable "maps" {
  type    = map(any)
  default = { a = { x = 1 }, b = { y = "s" } }
}

variable "nested" {
  type    = map(list(object({ a = optional(any), b = set(string) })))
  default = { k = [{ b = [1] }, { a = null, b = ["x", "x"] }], l = [], m = null }
}

variable "set" {
  type    = set(object({ a = map(bool), c = optional(object({ b = any })), d = optional(any, "def") }))
  default = [{ a = { k = "true" } }, { a = {}, c = null }, { a = {}, d = "x" }]
}

variable "tuples" {
  type    = map(tuple([object({ b = number, a = optional(map(any)) })]))
  default = { k0 = [{ b = 3.5, a = {} }], k1 = [{ b = "3", zz = 1 }] }
}

variable "nulls" {
  type    = map(any)
  default = { a = null, b = { c = 1 } }
}

variable "given" {
  type = list(object({ on = bool, settings = optional(map(any), {}) }))
}

module "inner" {
  source = "./inner"
  sites = {
    one = { ports = [1, 2], options = { a = var.unified[0].value } }
    two = { options = {} }
  }
}

resource "terraform_data" "all" {
  input = {
    disks   = var.disks
    rules   = var.rules
    unified = var.unified
    objects = var.objects
    maps    = var.maps
    nested  = var.nested
    set     = var.set
    tuples  = var.tuples
    nulls   = var.nulls
    given   = var.given
    inner   = module.inner.sites
  }
}
