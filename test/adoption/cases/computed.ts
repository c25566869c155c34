import type { Json } from "../../../src/json/json.ts";
import type { AdoptionCase } from "../case.ts";

const TASK = "aws_ecs_task_definition.web";
const CONTAINERS = `variable "env" {
  default = "prod"
}

resource "aws_ecs_task_definition" "other" {
  family = var.env
}

resource "aws_ecs_task_definition" "web" {
  container_definitions = jsonencode([{
    name        = "app"
    image       = "nginx:1.25"
    command     = sort(["sh", "-c", "run"])
    environment = [for k, v in { ENV = var.env, LOG = "info" } : { name = k, value = v }]
  }])
}
`;

function containers(changed: Readonly<Record<string, Json>>): Json {
  const environment = environmentOf({ ENV: "prod", LOG: "info" });
  const container = { name: "app", image: "nginx:1.25", command: ["-c", "run", "sh"], environment };
  return JSON.stringify([{ ...container, ...changed }]);
}

function environmentOf(values: Readonly<Record<string, string>>): Json {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

const FOR = '-    environment = [for k, v in { ENV = var.env, LOG = "info" } : { name = k, value = v }]';
const BUCKETS = `variable "buckets" {
  default = ["one", "two"]
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = [for b in var.buckets : "arn:aws:s3:::\${b}/*"]
  }
}

resource "aws_iam_policy" "read" {
  policy = data.aws_iam_policy_document.read.json
}
`;
const GROUPS = `resource "aws_security_group" "web" {
  name = "web"
}

resource "aws_security_group" "other" {
  name = "other"
}

resource "aws_instance" "web" {
  vpc_security_group_ids = [aws_security_group.web.id]
}
`;
const GROUP_STATE = {
  "aws_security_group.web": { id: "sg-0", name: "web" },
  "aws_security_group.other": { id: "sg-1", name: "other" },
};
const GROUPS_AS_JSON = JSON.stringify(
  {
    resource: {
      aws_security_group: { web: { name: "web" }, other: { name: "other" } },
      aws_instance: { web: { vpc_security_group_ids: ["${aws_security_group.web.id}"] } },
    },
  },
  null,
  2,
);
const SIZES = `resource "aws_instance" "a" {
  instance_type = "t3.small"
}

resource "aws_instance" "b" {
  instance_type = "t3.large"
}

resource "aws_instance" "c" {
  instance_type = aws_instance.a.instance_type
}
`;
const USER_DATA = `variable "env" {
  default = "prod"
}

resource "aws_instance" "web" {
  user_data = <<-EOT
    #!/bin/sh
    echo \${var.env}
    LEVEL=info
  EOT
}
`;

/** Parts of values that are computed: only what differs is edited, and no more of what is computed is lost than need be. */
export const COMPUTED: readonly AdoptionCase[] = [
  {
    name: "an argument of a block of another resource",
    files: {
      "main.tf": `resource "google_datastream_private_connection" "main" {
  location = "europe"

  vpc_peering_config {
    subnet = "10.1.0.0/29"
  }
}

resource "google_compute_firewall" "sql" {
  source_ranges = [google_datastream_private_connection.main.vpc_peering_config[0].subnet]
}
`,
    },
    address: "google_compute_firewall.sql",
    live: { "source_ranges[0]": "10.2.0.0/29" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": ['-    subnet = "10.1.0.0/29"', '+    subnet = "10.2.0.0/29"'],
      },
    },
  },
  {
    name: "a text that is made with the instance's key: a literal would give it to all of them",
    files: {
      "main.tf": `resource "aws_instance" "web" {
  for_each = toset(["a", "b"])
  name     = "web-\${upper(each.key)}-1"
}
`,
    },
    address: 'aws_instance.web["a"]',
    live: { name: "front" },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "the same where there is one instance",
    files: {
      "main.tf": `resource "aws_instance" "web" {
  for_each = toset(["a"])
  name     = "web-\${upper(each.key)}-1"
}
`,
    },
    address: 'aws_instance.web["a"]',
    live: { name: "front" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  name     = "web-${upper(each.key)}-1"', '+  name     = "front"'],
      },
    },
  },
  {
    name: "text behind what is filled in belongs to that, where others change with either",
    files: {
      "main.tf": `locals {
  name = "web"
}

resource "aws_instance" "web" {
  name = "shop-\${local.name}"
}

resource "aws_instance" "other" {
  name = aws_instance.web.name
}
`,
    },
    address: "aws_instance.web",
    live: { name: "shop-webs" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  name = "web"', '+  name = "webs"'] },
    },
  },
  {
    name: "one more element of what a for makes of a map",
    files: { "main.tf": CONTAINERS },
    address: TASK,
    live: {
      container_definitions: containers({
        environment: environmentOf({ ENV: "prod", LOG: "info", NEW: "x" }),
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          FOR,
          '+    environment = [for k, v in { ENV = var.env, LOG = "info", NEW = "x" } : { name = k, value = v }]',
        ],
      },
    },
  },
  {
    name: "several elements of what a for makes of a map, and another part of the document",
    files: { "main.tf": CONTAINERS },
    address: TASK,
    live: {
      container_definitions: containers({
        image: "nginx:1.26",
        environment: environmentOf({ ENV: "prod", LOG: "debug", NEW: "x" }),
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    image       = "nginx:1.25"',
          '+    image       = "nginx:1.26"',
          FOR,
          '+    environment = [for k, v in { ENV = var.env, LOG = "debug", NEW = "x" } : { name = k, value = v }]',
        ],
      },
    },
  },
  {
    name: "another order of what a function makes: that part alone, and the rest is computed as before",
    files: { "main.tf": CONTAINERS },
    address: TASK,
    live: { container_definitions: containers({ command: ["run", "sh", "-c"] }) },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-    command     = sort(["sh", "-c", "run"])', '+    command     = ["run", "sh", "-c"]'],
      },
    },
  },
  {
    name: "one reference in a document, which others share: that one alone",
    files: { "main.tf": CONTAINERS },
    address: TASK,
    live: { container_definitions: containers({ environment: environmentOf({ ENV: "qa", LOG: "info" }) }) },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          FOR,
          '+    environment = [for k, v in { ENV = "qa", LOG = "info" } : { name = k, value = v }]',
        ],
      },
    },
  },
  {
    name: "one more element of a list that a for makes texts of",
    files: { "main.tf": BUCKETS },
    address: "aws_iam_policy.read",
    live: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Read",
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: ["arn:aws:s3:::one/*", "arn:aws:s3:::two/*", "arn:aws:s3:::three/*"],
          },
        ],
      }),
    },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  default = ["one", "two"]', '+  default = ["one", "two", "three"]'] },
    },
  },
  {
    name: "one more element that a for makes of the parts of an object",
    files: {
      "main.tf":
        'locals {\n  users = [\n    { name = "ann", mail = "ann@example.com" },\n  ]\n}\n\nresource "aws_instance" "web" {\n  owners = [for u in local.users : "${u.name} <${u.mail}>"]\n}\n',
    },
    address: "aws_instance.web",
    live: { owners: ["ann <ann@example.com>", "bob <bob@example.org>"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['+    { name = "bob", mail = "bob@example.org" },'] },
    },
  },
  {
    name: "one more entry of an object that a for makes",
    files: {
      "main.tf":
        'locals {\n  labels = { team = "shop" }\n}\n\nresource "aws_instance" "web" {\n  labels = { for k, v in local.labels : "app/${k}" => v }\n}\n',
    },
    address: "aws_instance.web",
    live: { labels: { "app/team": "shop", "app/tier": "gold" } },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  labels = { team = "shop" }', '+  labels = { team = "shop", tier = "gold" }'] },
    },
  },
  {
    name: "an element that no element of the collection could give",
    files: {
      "main.tf": BUCKETS.replace("[for b in var.buckets :", "[for b in sort(keys({ one = 1, two = 2 })) :"),
    },
    address: "aws_iam_policy.read",
    live: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Read",
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: ["arn:aws:s3:::one/*", "arn:aws:s3:::two/*", "arn:aws:sqs:::three"],
          },
        ],
      }),
    },
    expected: { verdict: "refused", why: "in the policy Statement[0].Resource is to get one more" },
  },
  {
    name: "a text of JSON: the line that differs, and no other",
    files: {
      "main.tf":
        'locals {\n  account = "123456789012"\n}\n\nresource "aws_instance" "other" {\n  account = local.account\n}\n\nresource "aws_s3_bucket_policy" "one" {\n  policy = <<POLICY\n{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Principal": { "AWS": "arn:aws:iam::${local.account}:root" },\n      "Action": ["s3:Get*"],\n      "Effect": "Allow",\n      "Resource": "arn:aws:s3:::one/*"\n    }\n  ]\n}\nPOLICY\n}\n',
    },
    address: "aws_s3_bucket_policy.one",
    live: {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::999999999999:root" },
            Action: "s3:Get*",
            Resource: "arn:aws:s3:::one/*",
          },
        ],
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-      "Principal": { "AWS": "arn:aws:iam::${local.account}:root" },',
          '+      "Principal": { "AWS": "arn:aws:iam::999999999999:root" },',
        ],
      },
    },
  },
  {
    name: "the reference to what has the wanted id, in the place of another one",
    files: { "main.tf": GROUPS },
    state: GROUP_STATE,
    address: "aws_instance.web",
    live: { vpc_security_group_ids: ["sg-1"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  vpc_security_group_ids = [aws_security_group.web.id]",
          "+  vpc_security_group_ids = [aws_security_group.other.id]",
        ],
      },
    },
  },
  {
    name: "the reference to what has the wanted id, beside another one",
    files: { "main.tf": GROUPS },
    state: GROUP_STATE,
    address: "aws_instance.web",
    live: { vpc_security_group_ids: ["sg-0", "sg-1"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  vpc_security_group_ids = [aws_security_group.web.id]",
          "+  vpc_security_group_ids = [aws_security_group.web.id, aws_security_group.other.id]",
        ],
      },
    },
  },
  {
    name: "the reference to what has the wanted id, as a value of its own",
    files: { "main.tf": GROUPS.replace("[aws_security_group.web.id]", "aws_security_group.web.id") },
    state: GROUP_STATE,
    address: "aws_instance.web",
    live: { vpc_security_group_ids: "sg-1" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  vpc_security_group_ids = aws_security_group.web.id",
          "+  vpc_security_group_ids = aws_security_group.other.id",
        ],
      },
    },
  },
  {
    name: "the reference to what has the wanted id, in the JSON syntax",
    files: { "main.tf.json": GROUPS_AS_JSON },
    state: GROUP_STATE,
    address: "aws_instance.web",
    live: { vpc_security_group_ids: ["sg-1"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-          "${aws_security_group.web.id}"',
          '+          "${aws_security_group.other.id}"',
        ],
      },
    },
  },
  {
    name: "a value that another one of its type happens to have is no reference to that",
    files: { "main.tf": SIZES },
    address: "aws_instance.c",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  instance_type = "t3.small"', '+  instance_type = "t3.large"'] },
      effects: [
        'aws_instance.a instance_type: "t3.small" -> "t3.large"',
        'aws_instance.c instance_type: "t3.small" -> "t3.large"',
      ],
    },
  },
  {
    name: "the same in a list: a literal of its own",
    files: {
      "main.tf": SIZES.replace("  instance_type = aws_instance.a", "  sizes = [aws_instance.a").replace(
        "a.instance_type",
        "a.instance_type]",
      ),
    },
    address: "aws_instance.c",
    live: { sizes: ["t3.large"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  sizes = [aws_instance.a.instance_type]", '+  sizes = ["t3.large"]'] },
    },
  },
  {
    name: "what the provider chose for another one is no reference to that, unless it names it",
    files: {
      "main.tf": SIZES.replace("instance_type = aws_instance.a.instance_type", "zone = aws_instance.a.zone"),
    },
    state: { "aws_instance.a": { zone: "z1" }, "aws_instance.b": { zone: "z2" } },
    address: "aws_instance.c",
    live: { zone: "z2" },
    expected: { verdict: "refused", why: "comes from aws_instance.a, which is known from the state alone" },
  },
  {
    name: "names that the code gives: those of others are not named in their stead",
    files: {
      "main.tf": `${GROUPS}\nresource "aws_instance" "c" {\n  groups = [aws_security_group.web.name]\n}\n`,
    },
    state: GROUP_STATE,
    address: "aws_instance.c",
    live: { groups: ["other"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  groups = [aws_security_group.web.name]", '+  groups = ["other"]'] },
    },
  },
  {
    name: "names that the provider gave: the reference to what has the wanted one",
    files: {
      "main.tf": `${GROUPS.replaceAll(/ {2}name = .*\n/g, "")}\nresource "aws_instance" "c" {\n  groups = [aws_security_group.web.name]\n}\n`,
    },
    state: GROUP_STATE,
    address: "aws_instance.c",
    live: { groups: ["other"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  groups = [aws_security_group.web.name]",
          "+  groups = [aws_security_group.other.name]",
        ],
      },
    },
  },
  {
    name: "an id that nothing in the code has",
    files: { "main.tf": GROUPS },
    state: GROUP_STATE,
    address: "aws_instance.web",
    live: { vpc_security_group_ids: ["sg-0", "sg-7"] },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  vpc_security_group_ids = [aws_security_group.web.id]",
          '+  vpc_security_group_ids = [aws_security_group.web.id, "sg-7"]',
        ],
      },
    },
  },
  {
    name: "a reference of which no value is known",
    files: { "main.tf": GROUPS },
    address: "aws_instance.web",
    live: { vpc_security_group_ids: ["sg-1"] },
    expected: { verdict: "refused", why: "the value of aws_security_group.web.id (main.tf:10) is not known" },
  },
  {
    name: "a heredoc cannot end without a line end",
    files: { "main.tf": USER_DATA },
    address: "aws_instance.web",
    live: { user_data: "#!/bin/sh\necho prod\nLEVEL=info" },
    expected: { verdict: "refused", why: "the heredoc at main.tf:6 always ends with a line end" },
  },
  {
    name: "no block says less than that there is none",
    files: { "main.tf": 'resource "aws_security_group" "web" {\n  egress {\n    to_port = 0\n  }\n}\n' },
    address: "aws_security_group.web",
    live: { egress: [] },
    expected: { verdict: "refused", why: "without the egress block at main.tf:2" },
  },
  {
    name: "a condition of a variable does not hold, and is named",
    files: {
      "main.tf":
        'variable "mail" {\n  default = "a@example.com"\n\n  validation {\n    condition     = strcontains(var.mail, "@")\n    error_message = "A mail address has an @."\n  }\n}\n\nresource "aws_instance" "web" {\n  mail = var.mail\n}\n',
    },
    address: "aws_instance.web",
    live: { mail: "2" },
    expected: {
      verdict: "refused",
      why: 'the edit at main.tf:2 would give it, but then: variable "mail": A mail address has an @. (main.tf:5)',
    },
  },
];
