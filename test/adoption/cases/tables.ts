import type { AdoptionCase } from "../case.ts";

const SERVICES = `variable "services" {
  type = map(object({
    tag   = string
    size  = optional(string, "small")
    ports = optional(list(string), ["http"])
  }))
}

locals {
  port_table = { http = 80, https = 443, grpc = 9090 }
  sizes = {
    small = { cpu = 256, mem = 512 }
    large = { cpu = 1024, mem = 4096 }
  }
}

module "svc" {
  for_each = var.services
  source   = "./svc"
  size     = local.sizes[each.value.size]
  ports    = [for p in each.value.ports : local.port_table[p]]
}

module "batch" {
  source = "./svc"
  size   = local.sizes["large"]
  ports  = []
}
`;
const SVC = `variable "size" {
  type = object({ cpu = number, mem = number })
}
variable "ports" {
  type = list(number)
}

resource "svc" "this" {
  cpu   = var.size.cpu
  mem   = var.size.mem
  ports = var.ports
}
`;
const VALUES = `services = {
  api = {
    tag   = "1"
    size  = "large"
    ports = ["http", "grpc"]
  }
  web = {
    tag = "2"
  }
  cron = { tag = "3" }
}
`;
const FILES = { "main.tf": SERVICES, "svc/main.tf": SVC, "prod.auto.tfvars": VALUES };

const CONFIG = `variable "config" {
  type = object({
    name = optional(string, "std")
    tags = optional(map(string), { Team = "shop" })
    net = optional(object({
      mtu = optional(number, 1500)
      dns = optional(list(string), ["1.1.1.1", "8.8.8.8"])
    }), {})
  })
  default = {}
}

resource "svc" "a" {
  name = var.config.name
  tags = var.config.tags
  mtu  = var.config.net.mtu
  dns  = var.config.net.dns
}
`;
const STACKS = [{ name: "prod", root: ".", varFiles: ["prod.tfvars"] }];
const CONFIGURED = { files: { "main.tf": CONFIG, "prod.tfvars": 'env = "prod"\n' }, stacks: STACKS };

/** Tables whose entries are chosen, and objects of which a type's defaults give a part. */
export const TABLES: readonly AdoptionCase[] = [
  {
    name: "a key where the default of the type decides it: the list with the key that has the value",
    files: FILES,
    address: 'module.svc["web"].svc.this',
    live: { "ports[0]": 443 },
    expected: {
      verdict: "exact",
      lines: { "prod.auto.tfvars": ['-    tag = "2"', '+    tag   = "2"', '+    ports = ["https"]'] },
    },
  },
  {
    name: "keys for a list as a whole",
    files: FILES,
    address: 'module.svc["api"].svc.this',
    live: { ports: [80, 443] },
    expected: {
      verdict: "exact",
      lines: { "prod.auto.tfvars": ['-    ports = ["http", "grpc"]', '+    ports = ["http", "https"]'] },
    },
  },
  {
    name: "keys for a list as a whole that the default of the type gives",
    files: FILES,
    address: 'module.svc["cron"].svc.this',
    live: { ports: [80, 9090] },
    expected: {
      verdict: "exact",
      lines: {
        "prod.auto.tfvars": ['-  cron = { tag = "3" }', '+  cron = { tag = "3", ports = ["http", "grpc"] }'],
      },
    },
  },
  {
    name: "a list of values of which the table has none",
    files: FILES,
    address: 'module.svc["api"].svc.this',
    live: { ports: [8080] },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "the key that an optional attribute leaves to its default",
    files: FILES,
    address: 'module.svc["web"].svc.this',
    live: { cpu: 1024, mem: 4096 },
    expected: {
      verdict: "exact",
      lines: { "prod.auto.tfvars": ['-    tag = "2"', '+    tag  = "2"', '+    size = "large"'] },
    },
  },
  {
    name: "a key that is written out, where another entry is all that is wanted",
    files: FILES,
    address: "module.batch.svc.this",
    live: { cpu: 256, mem: 512 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  size   = local.sizes["large"]', '+  size   = local.sizes["small"]'] },
    },
  },
  {
    name: "an entry of a table that nobody else reads, though another entry happens to have the value",
    files: {
      "main.tf":
        'locals {\n  ports = { web = 80, api = 90 }\n}\n\nresource "svc" "web" {\n  port = local.ports["web"]\n}\n\nresource "svc" "api" {\n  port = local.ports["api"]\n}\n',
    },
    address: "svc.web",
    live: { port: 90 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  ports = { web = 80, api = 90 }", "+  ports = { web = 90, api = 90 }"] },
    },
  },
  {
    name: "a key that is written out and that others write too",
    files: {
      "main.tf":
        'locals {\n  ports = { http = 80, https = 443 }\n}\n\nresource "svc" "web" {\n  port = local.ports["http"]\n}\n\nresource "svc" "api" {\n  port = local.ports["http"]\n}\n',
    },
    address: "svc.web",
    live: { port: 443 },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  port = local.ports["http"]', '+  port = local.ports["https"]'] },
    },
  },
  {
    name: "what is on or off in another entry says nothing about this one",
    files: {
      "main.tf":
        'locals {\n  on = { web = true, api = false }\n}\n\nresource "svc" "web" {\n  on = local.on["web"]\n}\n\nresource "svc" "web2" {\n  on = local.on["web"]\n}\n',
    },
    address: "svc.web",
    live: { on: false },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ["-  on = { web = true, api = false }", "+  on = { web = false, api = false }"],
      },
    },
  },
  {
    name: "an attribute of an object whose default is empty: in the variable file",
    ...CONFIGURED,
    address: "svc.a",
    live: { name: "own" },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ["+config = {", '+  name = "own"', "+}"] },
    },
  },
  {
    name: "an attribute of an object in it",
    ...CONFIGURED,
    address: "svc.a",
    live: { mtu: 9000 },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ["+config = {", "+  net = {", "+    mtu = 9000", "+  }", "+}"] },
    },
  },
  {
    name: "an element of a list that the default of the type gives: the list is written as a whole",
    ...CONFIGURED,
    address: "svc.a",
    live: { "dns[0]": "9.9.9.9" },
    expected: {
      verdict: "exact",
      lines: {
        "prod.tfvars": ["+config = {", "+  net = {", '+    dns = ["9.9.9.9", "8.8.8.8"]', "+  }", "+}"],
      },
    },
  },
  {
    name: "one more element of such a list",
    ...CONFIGURED,
    address: "svc.a",
    live: { "dns[2]": "9.9.9.9" },
    expected: {
      verdict: "exact",
      lines: {
        "prod.tfvars": [
          "+config = {",
          "+  net = {",
          '+    dns = ["1.1.1.1", "8.8.8.8", "9.9.9.9"]',
          "+  }",
          "+}",
        ],
      },
    },
  },
  {
    name: "an entry of a map that the default of the type gives: the map is written as a whole",
    ...CONFIGURED,
    address: "svc.a",
    live: { "tags.Tier": "gold" },
    expected: {
      verdict: "exact",
      lines: {
        "prod.tfvars": [
          "+config = {",
          "+  tags = {",
          '+    Team = "shop"',
          '+    Tier = "gold"',
          "+  }",
          "+}",
        ],
      },
    },
  },
  {
    name: "an element of such a list in an entry of the variable file that is there",
    files: { "main.tf": CONFIG, "prod.tfvars": 'config = {\n  name = "own"\n}\n' },
    stacks: STACKS,
    address: "svc.a",
    live: { "dns[1]": "9.9.9.9" },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ["+  net = {", '+    dns = ["1.1.1.1", "9.9.9.9"]', "+  }"] },
    },
  },
  {
    name: "an attribute that is null in the variable file",
    files: { "main.tf": CONFIG, "prod.tfvars": "config = {\n  net = null\n}\n" },
    stacks: STACKS,
    address: "svc.a",
    live: { mtu: 9000 },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ["-  net = null", "+  net = {", "+    mtu = 9000", "+  }"] },
    },
  },
  {
    name: "without a variable file the default itself",
    files: { "main.tf": CONFIG },
    address: "svc.a",
    live: { "dns[0]": "9.9.9.9" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  default = {}",
          "+  default = {",
          "+    net = {",
          '+      dns = ["9.9.9.9", "8.8.8.8"]',
          "+    }",
          "+  }",
        ],
      },
    },
  },
  {
    name: "an object whose default says more: the default where it is this stack's alone",
    files: {
      "main.tf":
        'variable "env" {}\n\nvariable "net" {\n  default = { mtu = 1500, mode = "a" }\n}\n\nresource "svc" "a" {\n  mtu  = var.net.mtu\n  mode = var.net.mode\n}\n',
      "prod.tfvars": 'env = "prod"\n',
    },
    stacks: STACKS,
    address: "svc.a",
    live: { mtu: 9000 },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  default = { mtu = 1500, mode = "a" }', '+  default = { mtu = 9000, mode = "a" }'],
      },
    },
  },
  {
    name: "an object whose default says more, and two stacks: all of it in the variable file of the one",
    files: {
      "main.tf":
        'variable "env" {}\n\nvariable "net" {\n  default = { mtu = 1500, mode = "a" }\n}\n\nresource "svc" "a" {\n  mtu  = var.net.mtu\n  mode = var.net.mode\n}\n',
      "prod.tfvars": 'env = "prod"\n',
      "test.tfvars": 'env = "test"\n',
    },
    stacks: [...STACKS, { name: "test", root: ".", varFiles: ["test.tfvars"] }],
    address: "svc.a",
    live: { mtu: 9000 },
    expected: {
      verdict: "exact",
      lines: { "prod.tfvars": ["+net = {", "+  mtu  = 9000", '+  mode = "a"', "+}"] },
    },
  },
  {
    name: "a number that is read as a text: a number where its type says so, also behind `any`",
    files: {
      "main.tf": `variable "services" {
  type = any
}

module "service" {
  source   = "./service"
  for_each = var.services
  spec     = each.value
}
`,
      "terraform.tfvars": "services = {\n  api = { cpu = 1024 }\n  web = { replicas = 2 }\n}\n",
      "service/main.tf": `variable "spec" {
  type = object({
    cpu      = optional(number, 256)
    memory   = optional(number)
    replicas = optional(number, 1)
    public   = optional(bool, false)
  })
}

resource "aws_ecs_task_definition" "this" {
  cpu    = tostring(var.spec.cpu)
  memory = tostring(coalesce(var.spec.memory, var.spec.cpu * 2))
  labels = "public=\${var.spec.public}"
}
`,
    },
    address: 'module.service["web"].aws_ecs_task_definition.this',
    live: { cpu: "512", labels: "public=true", memory: "4096" },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": [
          "-  web = { replicas = 2 }",
          "+  web = { replicas = 2, cpu = 512, public = true, memory = 4096 }",
        ],
      },
    },
  },
  {
    name: "entries of an empty object among others on one line",
    files: {
      "main.tf": `locals {
  servers = {
    api = { size = "t3.large" } # the big one
    # the small ones
    batch = {}
    web   = {}
  }
}

resource "aws_instance" "web" {
  for_each      = local.servers
  instance_type = try(each.value.size, "t3.nano")
  monitoring    = try(each.value.watched, false)
}
`,
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "m5.large", monitoring: true },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    web   = {}", '+    web   = { size = "m5.large", watched = true }'] },
    },
  },
];
