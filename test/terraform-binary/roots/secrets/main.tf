variable "password" {
  type      = string
  sensitive = true
}
variable "settings" {
  type      = object({ user = string, key = optional(string, "default") })
  sensitive = true
  default   = { user = "root" }
}

locals {
  url    = "db://user:${var.password}@host"
  object = { secret = var.password, public = "p" }
  map    = { for name in ["a", "b"] : name => name == "a" ? var.password : "open" }
}

module "inner" {
  source = "./m"
  secret = var.password
  mixed  = local.object
}

resource "terraform_data" "values" {
  input = {
    direct    = var.password
    url       = local.url
    object    = local.object
    public    = local.object.public
    secret    = local.object.secret
    upper     = upper(var.password)
    length    = length(var.password)
    list      = [var.password, "x"]
    joined    = join(",", [var.password, "x"])
    merged    = merge(local.object, { more = 1 })
    keys      = keys(local.object)
    map       = local.map
    user      = var.settings.user
    settings  = var.settings
    json      = jsonencode(local.object)
    unmasked  = nonsensitive(var.password)
    chosen    = var.password == "" ? "empty" : "full"
    tried     = try(var.settings.missing, "none")
    masked    = sensitive("made")
    for_list  = [for item in [var.password, "x"] : "${item}!"]
    lookup    = lookup(local.object, "secret", "")
    concat    = concat([var.password], ["x"])
    split     = split("t", var.password)
    is_marked = issensitive(var.password)
    passed    = module.inner.passed
    mixed     = module.inner.mixed
    tomap     = tomap(local.object)
    toset     = toset([var.password, "x"])
    settings2 = { for key, value in var.settings : key => value }
    element   = element([var.password, "x"], 1)
    zipmap    = zipmap(["a", "b"], [var.password, "x"])
    format    = format("%s", var.password)
    equal     = var.password == "hunter2"
    both      = true ? "x" : var.password
    formatted = formatlist("%s", [var.password, "x"])
    values    = values(local.object)
    flat      = flatten([[var.password], "x"])
    coalesce  = coalesce(var.password, "x")
    reverse   = reverse([var.password, "x"])
  }
}

output "url" {
  value     = local.url
  sensitive = true
}
output "public" {
  value = local.object.public
}
