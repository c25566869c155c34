locals {
  name = "shop-${var.environment}"

  # What a service may ask for; variables name the entry.
  sizes = {
    small  = "t3.small"
    medium = "t3.medium"
    large  = "m6i.large"
  }

  tags = {
    Project     = "shop"
    Environment = var.environment
    ManagedBy   = "terraform"
  }
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

# Signs the session cookies of all services.
resource "random_password" "session" {
  length  = 40
  special = false
}

module "service" {
  source   = "./modules/service"
  for_each = var.services

  name          = "${local.name}-${each.key}"
  description   = each.value.description
  image_id      = data.aws_ami.linux.id
  instance_type = local.sizes[each.value.size]
  disk_size     = each.value.disk_size
  port          = each.value.port
  callers       = each.value.callers
  session_key   = random_password.session.result

  vpc_id    = aws_vpc.main.id
  subnet_id = aws_subnet.private[var.zones[0]].id

  tags          = merge(local.tags, { Service = each.key })
  instance_tags = { Schedule = each.value.schedule }
}
