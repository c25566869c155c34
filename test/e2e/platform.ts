import type { JsonObject } from "../../src/json/json.ts";
import { type RecordedInstance, stateText } from "./state-text.ts";

/**
 * A second repository, with the forms that the example does not have: default tags of the provider, rules of security
 * groups as resources of their own, `count` and `for_each`, a `moved` block that is not applied yet.
 */
export const PLATFORM_CODE = `provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      Team = "platform"
    }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "platform" }
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "web"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.web.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_instance" "web" {
  count = 2

  ami                    = "ami-0c4e3f5a2b1d6f7e8"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "web-\${count.index}" }
}

resource "aws_instance" "job" {
  for_each = {
    hourly  = "t3.micro"
    nightly = "t3.nano"
  }

  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = each.value
  subnet_id     = aws_subnet.main.id
}

moved {
  from = aws_instance.app
  to   = aws_instance.api
}

resource "aws_instance" "api" {
  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = "t3.medium"
  subnet_id     = aws_subnet.main.id
}
`;

const [VPC, SUBNET] = ["vpc-00000000000000001", "subnet-00000000000000001"];
export const WEB_GROUP = "sg-00000000000000001";
export const HTTPS_RULE = "sgr-00000000000000001";
/** Ids of the instances by address. */
export const INSTANCE_IDS = {
  "aws_instance.web[0]": "i-00000000000000001",
  "aws_instance.web[1]": "i-00000000000000002",
  'aws_instance.job["hourly"]': "i-00000000000000003",
  'aws_instance.job["nightly"]': "i-00000000000000004",
  "aws_instance.api": "i-00000000000000005",
} as const;

const DEFAULT_TAGS = { Team: "platform" };
const OWNER = { owner_id: "123456789012", region: "eu-west-1" };

function arn(kind: string, id: string): string {
  return `arn:aws:ec2:eu-west-1:123456789012:${kind}/${id}`;
}

function tagged(tags: JsonObject): JsonObject {
  return { tags, tags_all: { ...DEFAULT_TAGS, ...tags } };
}

export const PLATFORM_INSTANCES: readonly RecordedInstance[] = [
  {
    type: "aws_vpc",
    name: "main",
    attributes: {
      id: VPC,
      arn: arn("vpc", VPC),
      ...OWNER,
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: false,
      ...tagged({ Name: "platform" }),
    },
  },
  {
    type: "aws_subnet",
    name: "main",
    attributes: {
      id: SUBNET,
      arn: arn("subnet", SUBNET),
      ...OWNER,
      vpc_id: VPC,
      cidr_block: "10.0.1.0/24",
      availability_zone: "eu-west-1a",
      map_public_ip_on_launch: false,
      ...tagged({}),
    },
  },
  {
    type: "aws_security_group",
    name: "web",
    attributes: {
      id: WEB_GROUP,
      arn: arn("security-group", WEB_GROUP),
      ...OWNER,
      vpc_id: VPC,
      name: "web",
      description: "web",
      ingress: [],
      egress: [],
      ...tagged({}),
    },
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    name: "https",
    attributes: {
      id: HTTPS_RULE,
      security_group_rule_id: HTTPS_RULE,
      arn: arn("security-group-rule", HTTPS_RULE),
      region: "eu-west-1",
      security_group_id: WEB_GROUP,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_ipv4: "10.0.0.0/8",
      ...tagged({}),
    },
  },
  {
    type: "aws_security_group_rule",
    name: "out",
    attributes: {
      id: "sgrule-1234567890",
      security_group_rule_id: "",
      region: "eu-west-1",
      type: "egress",
      security_group_id: WEB_GROUP,
      protocol: "-1",
      from_port: 0,
      to_port: 0,
      cidr_blocks: ["0.0.0.0/0"],
      ipv6_cidr_blocks: [],
      prefix_list_ids: [],
      self: false,
    },
  },
  machine("web", 0, "t3.small", { Name: "web-0" }),
  machine("web", 1, "t3.small", { Name: "web-1" }),
  machine("job", "hourly", "t3.micro"),
  machine("job", "nightly", "t3.nano"),
  machine("app", null, "t3.medium"),
];

function machine(
  name: string,
  key: string | number | null,
  size: string,
  tags: JsonObject = {},
): RecordedInstance {
  const now = name === "app" ? "api" : name;
  const suffix = key === null ? "" : `[${JSON.stringify(key)}]`;
  const id = new Map(Object.entries(INSTANCE_IDS)).get(`aws_instance.${now}${suffix}`) ?? "";
  return {
    type: "aws_instance",
    name,
    ...(key === null ? {} : { key }),
    attributes: {
      id,
      arn: arn("instance", id),
      region: "eu-west-1",
      ami: "ami-0c4e3f5a2b1d6f7e8",
      instance_type: size,
      subnet_id: SUBNET,
      availability_zone: "eu-west-1a",
      private_ip: "10.0.1.10",
      vpc_security_group_ids: name === "web" ? [WEB_GROUP] : [],
      metadata_options: [
        { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 2 },
      ],
      source_dest_check: true,
      ...tagged(tags),
    },
  };
}

export const PLATFORM_STATE = stateText(PLATFORM_INSTANCES);
