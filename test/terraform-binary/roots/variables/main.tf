variable "order" { default = "from default" }
variable "from_environment" { default = "default" }
variable "list_from_environment" { type = list(string) }
variable "from_tfvars" { default = "default" }
variable "from_auto_a" { default = "default" }
variable "from_auto_b" { default = "default" }
variable "overtaken" { default = "default" }
variable "only_default" { default = "default" }

variable "literal_number" { type = number }
variable "literal_text" { type = string }
variable "literal_bool" { type = bool }
variable "literal_list" { type = list(string) }
variable "literal_object" { type = object({ name = string, size = number }) }
variable "untyped" {}
variable "any_typed" { type = any }

variable "nullable" {
  type    = string
  default = "default"
}
variable "not_nullable" {
  type     = string
  default  = "default"
  nullable = false
}
variable "null_default" {
  type    = list(string)
  default = null
}

variable "list_of_numbers" { type = list(number) }
variable "set_of_strings" { type = set(string) }
variable "map_of_any" { type = map(any) }
variable "list_of_any" { type = list(any) }
variable "any_object" { type = any }
variable "pair" { type = tuple([string, number, bool]) }
variable "old_list" { type = list }
variable "old_map" { type = map }

variable "nested" {
  type = object({
    name = string
    list = optional(list(object({
      size  = optional(number, 10)
      names = optional(set(string), ["z", "a"])
      inner = optional(object({ deep = optional(string, "deep"), other = optional(string) }), {})
    })), [{}])
    map = optional(map(object({ on = optional(bool, true) })), { default = {} })
    any = optional(any)
    pair = optional(tuple([string, number]), ["x", "1"])
    absent = optional(object({ x = optional(string, "never") }))
  })
}
variable "nested_full" {
  type = list(object({
    id    = string
    ports = optional(list(number), [80, 443])
    meta  = optional(map(string), { a = 1 })
  }))
}
variable "nested_map" {
  type = map(object({
    enabled = optional(bool, true)
    spec    = optional(object({ cpu = optional(number, 1), tags = optional(map(string)) }), { cpu = 2 })
  }))
  default = {
    first  = {}
    second = { enabled = "false", spec = {} }
    third  = { spec = null, extra = "dropped" }
  }
}
variable "tuple_defaults" {
  type    = tuple([object({ a = optional(string, "d") }), list(object({ b = optional(number, 3) }))])
  default = [{}, [{}, { b = 4 }]]
}
variable "set_defaults" {
  type    = set(object({ a = optional(string, "d"), b = optional(number) }))
  default = [{ a = "x" }, {}, { b = 1 }]
}

resource "terraform_data" "order" {
  input = {
    order        = var.order
    environment  = [var.from_environment, var.list_from_environment]
    from_tfvars  = var.from_tfvars
    from_auto_a  = var.from_auto_a
    from_auto_b  = var.from_auto_b
    overtaken    = var.overtaken
    only_default = var.only_default
  }
}

resource "terraform_data" "literals" {
  input = {
    number = var.literal_number
    text   = var.literal_text
    bool   = var.literal_bool
    list   = var.literal_list
    object = var.literal_object
    any    = var.any_typed
    plain  = var.untyped
    # A tuple or a text, by the type that was declared.
    any_length   = try(length(var.any_typed), "none")
    plain_length = try(length(var.untyped), "none")
  }
}

resource "terraform_data" "nulls" {
  input = {
    nullable     = var.nullable
    not_nullable = var.not_nullable
    null_default = var.null_default
    coalesced    = coalesce(var.nullable, "other")
    is_null      = var.null_default == null
  }
}

resource "terraform_data" "types" {
  input = {
    numbers = var.list_of_numbers
    strings = var.set_of_strings
    map     = var.map_of_any
    list    = var.list_of_any
    any     = var.any_object
    pair    = var.pair
    old     = [var.old_list, var.old_map]
  }
}

resource "terraform_data" "defaults" {
  input = {
    nested = var.nested
    full   = var.nested_full
    map    = var.nested_map
    tuple  = var.tuple_defaults
    set    = var.set_defaults
  }
}
