/** A generated root module, in files that a real `terraform` plans as they are: all resources are `terraform_data`. */
export interface GeneratedStack {
  readonly name: string;
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  /** How many instances of resources there are. */
  readonly instances: number;
}

const SERVICES_A_FILE = 10;
const BLOCKS_A_TEAM = 3;

/** A stack of `count` resource blocks, as a company's platform has them: services, and teams in a module. */
export function serviceStack(count: number): GeneratedStack {
  const teams = Math.ceil(count / 100);
  const blocks = serviceBlocks(count - 1 - BLOCKS_A_TEAM);
  const perFile = SERVICES_A_FILE * KINDS.length;
  const files = Array.from({ length: Math.ceil(blocks.length / perFile) }, (_, file) => [
    `services-${file}.tf`,
    blocks.slice(file * perFile, (file + 1) * perFile).join("\n"),
  ]);
  return {
    name: `${inWords(count)} blocks`,
    files: {
      "main.tf": MAIN,
      "variables.tf": VARIABLES,
      "locals.tf": LOCALS,
      "terraform.tfvars": teamSettings(teams),
      "modules/team/main.tf": TEAM,
      ...Object.fromEntries(files),
    },
    instances: 1 + blocks.length + teams * BLOCKS_A_TEAM,
  };
}

/** A stack of one resource with `for_each` over `count` entries of a variable file. */
export function forEachStack(count: number): GeneratedStack {
  return {
    name: `for_each over ${inWords(count)}`,
    files: { "main.tf": SERVERS, "terraform.tfvars": serverSettings(count) },
    instances: count,
  };
}

function inWords(count: number): string {
  return count.toLocaleString("en");
}

/** All services in turn, cut off after `count` blocks. A block refers to blocks of its service that stand before it. */
function serviceBlocks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length];
    return kind?.(Math.floor(index / KINDS.length)) ?? "";
  });
}

const MAIN = `terraform {
  required_version = ">= 1.5"
}

resource "terraform_data" "network" {
  input = {
    name  = "\${local.prefix}-network"
    cidr  = var.cidr
    zones = local.zones
    tags  = local.tags
  }
}

module "team" {
  source      = "./modules/team"
  for_each    = var.teams
  name        = each.key
  settings    = each.value
  environment = var.environment
  tags        = local.tags
}

output "networks" {
  value = { (local.prefix) = terraform_data.network.input.cidr }
}
`;

const VARIABLES = `variable "environment" {
  type    = string
  default = "prod"
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "dev or prod."
  }
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/8"
}

variable "office" {
  type    = list(string)
  default = ["192.0.2.0/24", "198.51.100.0/24"]
}

variable "images" {
  type    = map(string)
  default = { web = "ami-0123456789abcdef0", batch = "ami-0fedcba9876543210" }
}

variable "teams" {
  type = map(object({
    owner   = string
    budget  = optional(number, 100)
    members = optional(list(string), [])
    labels  = optional(map(string), {})
  }))
}
`;

const LOCALS = `locals {
  prefix = "shop-\${var.environment}"
  zones  = [for letter in ["a", "b", "c"] : "\${var.region}\${letter}"]
  sizes = {
    dev  = { small = "t3.micro", large = "t3.small" }
    prod = { small = "t3.large", large = "m5.2xlarge" }
  }
  tags = merge(
    { Environment = title(var.environment), ManagedBy = "terraform" },
    var.environment == "prod" ? { Critical = "true" } : {},
  )
}
`;

const TEAM = `variable "name" {
  type = string
}

variable "environment" {
  type = string
}

variable "settings" {
  type = object({
    owner   = string
    budget  = number
    members = list(string)
    labels  = map(string)
  })
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  name = "\${var.name}-\${var.environment}"
  tags = merge(var.tags, var.settings.labels, { Team = var.name, Owner = var.settings.owner })
}

resource "terraform_data" "group" {
  input = {
    name    = local.name
    members = sort([for member in var.settings.members : lower(member)])
    tags    = local.tags
  }
}

resource "terraform_data" "budget" {
  input = {
    name   = "\${local.name}-budget"
    limit  = var.settings.budget * 12
    notify = concat([var.settings.owner], var.settings.members)
    tags   = local.tags
  }
}

resource "terraform_data" "access" {
  input = {
    group = terraform_data.group.input.name
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["s3:Get*", "s3:List*"], Resource = "arn:aws:s3:::\${local.name}/*" }]
    })
  }
}

output "name" {
  value = terraform_data.group.input.name
}
`;

function teamSettings(teams: number): string {
  const entries = Array.from(
    { length: teams },
    (_, team) => `  team-${team} = {
    owner   = "owner-${team}@example.com"
    members = ["Ann-${team}@example.com", "Bob-${team}@example.com"]
    labels  = { CostCenter = "${4000 + team}" }
  }`,
  );
  return `teams = {\n${entries.join("\n")}\n}\n`;
}

/** What a service consists of: one block each. */
const KINDS: readonly ((service: number) => string)[] = [
  (service) => `resource "terraform_data" "subnet_${service}" {
  input = {
    network = terraform_data.network.input.name
    cidr    = cidrsubnet(var.cidr, 16, ${service})
    zone    = element(local.zones, ${service})
    public  = false
    tags    = merge(local.tags, { Name = "\${local.prefix}-subnet-${service}" })
  }
}
`,
  (service) => `# Who may reach service ${service}.
resource "terraform_data" "rules_${service}" {
  input = {
    name        = "\${local.prefix}-service-${service}"
    description = "managed by terraform"
    ingress = [for port in [80, 443, ${8000 + service}] : {
      from    = port
      to      = port
      sources = port == 443 ? ["0.0.0.0/0"] : var.office
    }]
    egress = [{ from = 0, to = 0, sources = ["0.0.0.0/0"] }]
  }
}
`,
  (service) => `resource "terraform_data" "instance_${service}" {
  input = {
    image      = var.images["web"]
    type       = local.sizes[var.environment].${service % 4 === 0 ? "large" : "small"}
    subnet     = terraform_data.subnet_${service}.input.cidr
    rules      = [terraform_data.rules_${service}.input.name]
    monitoring = true
    volume = {
      size      = ${20 + (service % 7) * 10}
      type      = "gp3"
      encrypted = true
    }
    start = <<-EOT
      #!/bin/sh
      export SERVICE=service-${service} REGION=\${var.region}
      exec /opt/service --port ${8000 + service} --environment \${var.environment}
    EOT
    tags = merge(local.tags, {
      Name    = "\${local.prefix}-instance-${service}"
      Service = "service-${service}"
    })
  }
}
`,
  (service) => `resource "terraform_data" "volume_${service}" {
  input = {
    zone       = terraform_data.subnet_${service}.input.zone
    size       = ${100 + service}
    type       = "gp3"
    iops       = 3000
    throughput = 125
    encrypted  = true
    snapshot   = null
    tags = {
      Name   = "service-${service}-data"
      Backup = "daily"
    }
  }
}
`,
  (service) => `resource "terraform_data" "bucket_${service}" {
  input = {
    name       = lower("\${local.prefix}-Assets-${service}")
    versioning = true
    logging    = { bucket = "\${local.prefix}-logs", prefix = "service-${service}/" }
    lifecycle_rules = [
      { id = "logs", days = 30, class = "STANDARD_IA" },
      { id = "old", days = 365, class = "GLACIER" },
    ]
    tags = local.tags
  }
}
`,
  (service) => `resource "terraform_data" "policy_${service}" {
  input = {
    name = "service-${service}-assets"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:PutObject"]
          Resource = "arn:aws:s3:::\${terraform_data.bucket_${service}.input.name}/*"
        },
        {
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = "arn:aws:s3:::\${terraform_data.bucket_${service}.input.name}"
        },
      ]
    })
  }
}
`,
  (service) => `resource "terraform_data" "role_${service}" {
  input = {
    name     = join("-", [local.prefix, "role", "${service}"])
    path     = "/services/"
    policies = [terraform_data.policy_${service}.input.name, "read-only"]
    duration = var.environment == "prod" ? 3600 : 43200
  }
}
`,
  (service) => `resource "terraform_data" "queue_${service}" {
  input = {
    name       = format("%s-queue-%03d", local.prefix, ${service})
    retention  = try(local.sizes[var.environment].retention, 345600)
    delay      = 0
    visibility = max(30, ${service % 60})
    dead = {
      target = "\${local.prefix}-dead-${service}"
      after  = 5
    }
    tags = merge(local.tags, { Service = "service-${service}" })
  }
}
`,
  (service) => `resource "terraform_data" "alarm_${service}" {
  input = {
    name       = "\${terraform_data.queue_${service}.input.name}-age"
    metric     = "ApproximateAgeOfOldestMessage"
    namespace  = "AWS/SQS"
    threshold  = ${300 + service}
    periods    = 3
    comparison = "GreaterThanThreshold"
    dimensions = { QueueName = terraform_data.queue_${service}.input.name }
    actions    = compact(["arn:aws:sns:\${var.region}:123456789012:alarms", ""])
  }
}
`,
  (service) => `resource "terraform_data" "record_${service}" {
  input = {
    name    = "service-${service}.\${replace(local.prefix, "-", ".")}.example.com"
    type    = "A"
    ttl     = 300
    address = cidrhost(terraform_data.subnet_${service}.input.cidr, 10)
    weight  = ${service % 100}
  }
}
`,
];

const SERVERS = `variable "servers" {
  type = map(object({
    size    = string
    disk    = number
    monitor = optional(bool, true)
    tags    = optional(map(string), {})
  }))
}

variable "environment" {
  type    = string
  default = "prod"
}

locals {
  sizes = {
    small = "t3.small"
    large = "m5.2xlarge"
  }
  tags = { Environment = title(var.environment), ManagedBy = "terraform" }
}

resource "terraform_data" "server" {
  for_each = var.servers
  input = {
    name    = "\${var.environment}-\${each.key}"
    type    = lookup(local.sizes, each.value.size, local.sizes.small)
    monitor = each.value.monitor
    volume = {
      size      = each.value.disk > 50 ? each.value.disk : 50
      encrypted = true
    }
    tags = merge(local.tags, each.value.tags, { Name = each.key })
  }
}
`;

function serverSettings(count: number): string {
  const entries = Array.from(
    { length: count },
    (_, server) => `  server-${server} = {
    size = "${server % 5 === 0 ? "large" : "small"}"
    disk = ${20 + (server % 100)}
    tags = { Owner = "team-${server % 40}" }
  }`,
  );
  return `servers = {\n${entries.join("\n")}\n}\n`;
}
