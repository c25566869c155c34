import type { AdoptionCase } from "../case.ts";

const USERS =
  'resource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n  path     = each.value\n}\n';

function usersInJson(resources: string, more: string): string {
  return `{
  "locals": {"users": {"ann": "/a/", "bob": "/b/"}},
  "resource": {
    "aws_iam_user": {"this": {"for_each": "\${local.users}", "name": "\${each.key}", "path": "\${each.value}"}},
    "aws_eip": {"boss": {"domain": "\${aws_iam_user.this[\\"bob\\"].path}"}}${resources}
  }${more}
}
`;
}

/** Values that are the key of the instance itself: the key is renamed, and a `moved` block says so. */
export const RENAMED_KEYS: readonly AdoptionCase[] = [
  {
    name: "the key of a map that is written in place",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = {\n    ann  = "/admin/"\n    robert = "/guest/" # alone\n  }\n\n  name = each.key\n  path = each.value\n}\n\noutput "all" {\n  value = "x"\n}\n',
    },
    address: 'aws_iam_user.this["ann"]',
    live: { name: "anna" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    ann  = "/admin/"',
          '+    anna  = "/admin/"',
          "+moved {",
          '+  from = aws_iam_user.this["ann"]',
          '+  to   = aws_iam_user.this["anna"]',
          "+}",
          "+",
        ],
      },
      effects: [
        'aws_iam_user.this["ann"] name: "ann" -> "anna"',
        'aws_iam_user.this["ann"] : "aws_iam_user.this[\\"ann\\"]" -> "aws_iam_user.this[\\"anna\\"]"',
      ],
    },
  },
  {
    name: "a list that becomes a set",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = toset([\n    "ann",\n    "bob",\n  ])\n  name = each.key\n}\n',
    },
    address: 'aws_iam_user.this["ann"]',
    live: { name: "anna" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    "ann",',
          '+    "anna",',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["ann"]',
          '+  to   = aws_iam_user.this["anna"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "the part of a text that is the key, in a variable file",
    files: {
      "main.tf":
        'variable "users" {\n  type = map(object({ path = optional(string, "/") }))\n}\n\nresource "aws_iam_user" "this" {\n  for_each = var.users\n  name     = "prod-${each.key}"\n  path     = each.value.path\n}\n',
      "terraform.tfvars": 'users = {\n  ann = {}\n  "bob" = { path = "/x/" }\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "prod-robert" },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": ['-  "bob" = { path = "/x/" }', '+  "robert" = { path = "/x/" }'],
        "main.tf": [
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a module call's key moves all that is in it",
    files: {
      "main.tf":
        'module "app" {\n  for_each = { web = 80, api = 81 }\n  source   = "./app"\n  name     = each.key\n  port     = each.value\n}\n',
      "app/main.tf":
        'variable "name" {}\n\nvariable "port" {}\n\nresource "aws_lb" "this" {\n  name = var.name\n}\n\nresource "aws_lb_listener" "this" {\n  port = var.port\n}\n',
    },
    address: 'module.app["web"].aws_lb.this',
    live: { name: "front" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-  for_each = { web = 80, api = 81 }",
          "+  for_each = { front = 80, api = 81 }",
          "+",
          "+moved {",
          '+  from = module.app["web"]',
          '+  to   = module.app["front"]',
          "+}",
        ],
      },
      effects: [
        'module.app["web"].aws_lb.this name: "web" -> "front"',
        'module.app["web"].aws_lb.this : "module.app[\\"web\\"].aws_lb.this" -> "module.app[\\"front\\"].aws_lb.this"',
        'module.app["web"].aws_lb_listener.this : "module.app[\\"web\\"].aws_lb_listener.this" -> "module.app[\\"front\\"].aws_lb_listener.this"',
      ],
    },
  },
  {
    name: "keys of YAML",
    files: {
      "main.tf":
        'locals {\n  users = yamldecode(file("users.yaml"))\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n}\n',
      "users.yaml": "# people\nann: {} # first\nbob: {}\n",
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "users.yaml": ["-bob: {}", "+robert: {}"],
        "main.tf": [
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a list of objects that becomes a map",
    files: {
      "main.tf":
        'locals {\n  list  = [{ id = "ann", path = "/" }, { id = "bob", path = "/x/" }]\n  users = { for user in local.list : "u-${user.id}" => user }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n  path     = each.value.path\n}\n',
    },
    address: 'aws_iam_user.this["u-bob"]',
    live: { name: "u-robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  list  = [{ id = "ann", path = "/" }, { id = "bob", path = "/x/" }]',
          '+  list  = [{ id = "ann", path = "/" }, { id = "robert", path = "/x/" }]',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["u-bob"]',
          '+  to   = aws_iam_user.this["u-robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "behind a moved block that is there",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\nmoved {\n  from = aws_iam_user.this["rob"]\n  to   = aws_iam_user.this["bob"]\n}\n\n# The end.\noutput "x" {\n  value = 1\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", robert = "/x/" }',
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
          "+",
        ],
      },
    },
  },
  {
    name: "a rename taken back",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\nmoved {\n  from = aws_iam_user.this["rob"]\n  to   = aws_iam_user.this["bob"]\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "rob" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", rob = "/x/" }',
          '-  from = aws_iam_user.this["rob"]',
          '-  to   = aws_iam_user.this["bob"]',
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["rob"]',
        ],
      },
    },
  },
  {
    name: "what names the instance elsewhere",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\nresource "aws_iam_access_key" "bob" {\n  user = aws_iam_user.this["bob"].name\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", robert = "/x/" }',
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
          "+",
          '-  user = aws_iam_user.this["bob"].name',
          '+  user = aws_iam_user.this["robert"].name',
        ],
      },
      effects: [
        'aws_iam_access_key.bob user: "bob" -> "robert"',
        'aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"robert\\"]"',
      ],
    },
  },
  {
    name: "all that is made for the same keys",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\nresource "aws_iam_access_key" "this" {\n  for_each = aws_iam_user.this\n  status   = "Active"\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", robert = "/x/" }',
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
          "+",
          "+",
          "+moved {",
          '+  from = aws_iam_access_key.this["bob"]',
          '+  to   = aws_iam_access_key.this["robert"]',
          "+}",
        ],
      },
      effects: [
        'aws_iam_access_key.this["bob"] : "aws_iam_access_key.this[\\"bob\\"]" -> "aws_iam_access_key.this[\\"robert\\"]"',
        'aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"robert\\"]"',
      ],
    },
  },
  {
    name: "the names of a map, as a set",
    files: {
      "main.tf":
        'locals {\n  users = {\n    ann = "/"\n    bob = "/x/"\n  }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = toset(keys(local.users))\n  name     = each.key\n  path     = local.users[each.key]\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    ann = "/"',
          '-    bob = "/x/"',
          '+    ann    = "/"',
          '+    robert = "/x/"',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "keys that one for hands to another",
    files: {
      "main.tf":
        'locals {\n  teams = {\n    web = { size = 1 }\n    api = { size = 2 }\n  }\n  sized = { for name, team in local.teams : name => team if team.size > 0 }\n  named = { for name, team in local.sized : "${name}-prod" => team }\n}\n\nresource "aws_sqs_queue" "this" {\n  for_each = local.named\n  name     = "q-${each.key}"\n  size     = each.value.size\n}\n',
    },
    address: 'aws_sqs_queue.this["api-prod"]',
    live: { name: "q-front-prod" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "-    web = { size = 1 }",
          "-    api = { size = 2 }",
          "+    web   = { size = 1 }",
          "+    front = { size = 2 }",
          "+",
          "+moved {",
          '+  from = aws_sqs_queue.this["api-prod"]',
          '+  to   = aws_sqs_queue.this["front-prod"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a key in JSON syntax, with the moved blocks of all that have it in one property",
    files: {
      "main.tf.json": usersInJson(
        ',\n    "aws_iam_group": {"that": {"for_each": "${aws_iam_user.this}", "name": "${each.key}s"}}',
        "",
      ),
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "rob" },
    expected: {
      verdict: "shared",
      lines: {
        "main.tf.json": [
          '-  "locals": {"users": {"ann": "/a/", "bob": "/b/"}},',
          '+  "locals": {"users": {"ann": "/a/", "rob": "/b/"}},',
          '-    "aws_eip": {"boss": {"domain": "${aws_iam_user.this[\\"bob\\"].path}"}},',
          '+    "aws_eip": {"boss": {"domain": "${aws_iam_user.this[\\"rob\\"].path}"}},',
          "-  }",
          "+  },",
          '+  "moved": [{"from": "aws_iam_group.that[\\"bob\\"]", "to": "aws_iam_group.that[\\"rob\\"]"}, {"from": "aws_iam_user.this[\\"bob\\"]", "to": "aws_iam_user.this[\\"rob\\"]"}]',
        ],
      },
    },
  },
  {
    name: "a rename in JSON syntax that is taken back turns its moved block round",
    files: {
      "main.tf.json": usersInJson(
        "",
        ',\n  "moved": {"from": "aws_iam_user.this[\\"rob\\"]", "to": "aws_iam_user.this[\\"bob\\"]"}',
      ),
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "rob" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-  "locals": {"users": {"ann": "/a/", "bob": "/b/"}},',
          '+  "locals": {"users": {"ann": "/a/", "rob": "/b/"}},',
          '-    "aws_eip": {"boss": {"domain": "${aws_iam_user.this[\\"bob\\"].path}"}}',
          '+    "aws_eip": {"boss": {"domain": "${aws_iam_user.this[\\"rob\\"].path}"}}',
          '-  "moved": {"from": "aws_iam_user.this[\\"rob\\"]", "to": "aws_iam_user.this[\\"bob\\"]"}',
          '+  "moved": {"from": "aws_iam_user.this[\\"bob\\"]", "to": "aws_iam_user.this[\\"rob\\"]"}',
        ],
      },
    },
  },
  {
    name: "a key that another instance has already",
    files: {
      "main.tf":
        'locals {\n  users = {\n    ann = "/a/"\n    bob = "/b/"\n    cid = "/c/"\n  }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = "prod-${each.key}"\n}\n',
    },
    address: 'aws_iam_user.this["ann"]',
    live: { name: "prod-bob" },
    expected: {
      verdict: "refused",
      why: 'decided at main.tf:3, and another instance has the key "bob" already',
    },
  },
  {
    name: "an element of a list of JSON",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = toset(jsondecode(file("${path.module}/users.json")))\n  name     = each.value\n}\n',
      "users.json": '["ann",\n "bob"]\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "users.json": ['- "bob"]', '+ "robert"]'],
        "main.tf": [
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a module call over a set, of which the module makes a name",
    files: {
      "main.tf":
        'variable "apps" {\n  type    = set(string)\n  default = ["api", "web"]\n}\n\nmodule "app" {\n  source   = "./app"\n  for_each = var.apps\n\n  name = each.value\n}\n\n# Behind it.\noutput "names" {\n  value = module.app["web"].name\n}\n',
      "app/main.tf":
        'variable "name" {\n  type = string\n}\n\nresource "aws_lb" "this" {\n  name = "${var.name}-lb"\n}\n\noutput "name" {\n  value = aws_lb.this.name\n}\n',
    },
    address: 'module.app["web"].aws_lb.this',
    live: { name: "front-lb" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  default = ["api", "web"]',
          '+  default = ["api", "front"]',
          "+moved {",
          '+  from = module.app["web"]',
          '+  to   = module.app["front"]',
          "+}",
          "+",
          '-  value = module.app["web"].name',
          '+  value = module.app["front"].name',
        ],
      },
    },
  },
  {
    name: "several instances of a block that are made for one key",
    files: {
      "main.tf":
        'locals {\n  users = ["ann", "bob"]\n  pairs = { for pair in setproduct(local.users, ["a", "b"]) : "${pair[0]}-${pair[1]}" => pair }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = toset(local.users)\n  name     = each.key\n}\n\nresource "aws_subnet" "this" {\n  for_each = local.pairs\n  zone     = each.value[1]\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = ["ann", "bob"]',
          '+  users = ["ann", "robert"]',
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
          "+",
          "+",
          "+moved {",
          '+  from = aws_subnet.this["bob-a"]',
          '+  to   = aws_subnet.this["robert-a"]',
          "+}",
          "+",
          "+moved {",
          '+  from = aws_subnet.this["bob-b"]',
          '+  to   = aws_subnet.this["robert-b"]',
          "+}",
        ],
      },
      effects: [
        'aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"robert\\"]"',
        'aws_subnet.this["bob-a"] : "aws_subnet.this[\\"bob-a\\"]" -> "aws_subnet.this[\\"robert-a\\"]"',
        'aws_subnet.this["bob-b"] : "aws_subnet.this[\\"bob-b\\"]" -> "aws_subnet.this[\\"robert-b\\"]"',
      ],
    },
  },
  {
    name: "a name of its own before another key",
    files: {
      "main.tf":
        'locals {\n  users = { ann = {}, bob = { path = "/x/" } }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = lookup(each.value, "name", each.key)\n}\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = {}, bob = { path = "/x/" } }',
          '+  users = { ann = {}, bob = { path = "/x/", name = "robert" } }',
        ],
      },
    },
  },
  {
    name: "a module that comes from elsewhere and is called for each key",
    files: {
      "main.tf":
        'module "bucket" {\n  source   = "example/bucket/aws"\n  version  = "1.0.0"\n  for_each = toset(["logs", "data"])\n  name     = each.key\n}\n',
      ".terraform/modules/modules.json":
        '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"bucket","Source":"registry.terraform.io/example/bucket/aws","Version":"1.0.0","Dir":".terraform/modules/bucket"}]}',
      ".terraform/modules/bucket/main.tf":
        'variable "name" {}\n\nresource "aws_s3_bucket" "this" {\n  bucket = var.name\n}\n',
    },
    address: 'module.bucket["logs"].aws_s3_bucket.this',
    live: { bucket: "archive" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  for_each = toset(["logs", "data"])',
          '+  for_each = toset(["archive", "data"])',
          "+",
          "+moved {",
          '+  from = module.bucket["logs"]',
          '+  to   = module.bucket["archive"]',
          "+}",
        ],
      },
      effects: [
        'module.bucket["logs"].aws_s3_bucket.this bucket: "logs" -> "archive"',
        'module.bucket["logs"].aws_s3_bucket.this : "module.bucket[\\"logs\\"].aws_s3_bucket.this" -> "module.bucket[\\"archive\\"].aws_s3_bucket.this"',
      ],
    },
  },
  {
    name: "a module of the repository that two stacks call, of which one has the key",
    files: {
      "a/main.tf": 'module "users" {\n  source = "../users"\n  names  = ["ann", "bob"]\n}\n',
      "b/main.tf": 'module "users" {\n  source = "../users"\n  names  = ["carl"]\n}\n',
      "users/main.tf":
        'variable "names" {\n  type = set(string)\n}\n\nresource "aws_iam_user" "this" {\n  for_each = var.names\n  name     = each.key\n}\n',
    },
    stacks: [
      { name: "a", root: "a" },
      { name: "b", root: "b" },
    ],
    address: 'module.users.aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "a/main.tf": ['-  names  = ["ann", "bob"]', '+  names  = ["ann", "robert"]'],
        "users/main.tf": [
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
      effects: [
        'a module.users.aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'a module.users.aws_iam_user.this["bob"] : "module.users.aws_iam_user.this[\\"bob\\"]" -> "module.users.aws_iam_user.this[\\"robert\\"]"',
      ],
    },
  },
  {
    name: "another stack has both keys in the module that would get the moved block",
    files: {
      "a/main.tf": 'module "users" {\n  source = "../users"\n  names  = ["ann", "bob"]\n}\n',
      "b/main.tf": 'module "users" {\n  source = "../users"\n  names  = ["bob", "robert"]\n}\n',
      "users/main.tf":
        'variable "names" {\n  type = set(string)\n}\n\nresource "aws_iam_user" "this" {\n  for_each = var.names\n  name     = each.key\n}\n',
    },
    stacks: [
      { name: "a", root: "a" },
      { name: "b", root: "b" },
    ],
    address: 'module.users.aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "is still declared" },
  },
  {
    name: "a resource of a module that comes from elsewhere",
    files: {
      "main.tf":
        'module "users" {\n  source  = "example/users/aws"\n  version = "1.0.0"\n  names   = ["ann", "bob"]\n}\n',
      ".terraform/modules/modules.json":
        '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"users","Source":"registry.terraform.io/example/users/aws","Version":"1.0.0","Dir":".terraform/modules/users"}]}',
      ".terraform/modules/users/main.tf":
        'variable "names" {\n  type = set(string)\n}\n\nresource "aws_iam_user" "this" {\n  for_each = var.names\n  name     = each.key\n}\n',
    },
    address: 'module.users.aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "in a module that comes from elsewhere" },
  },
  {
    name: "a key that is there already",
    files: { "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}` },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "ann" },
    expected: { verdict: "refused", why: "the value is the key of the instance itself" },
  },
  {
    name: "a key that the state has still, though the code has it no more",
    files: { "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}` },
    state: {
      'aws_iam_user.this["ann"]': { name: "ann", path: "/" },
      'aws_iam_user.this["bob"]': { name: "bob", path: "/x/" },
      'aws_iam_user.this["robert"]': { name: "old", path: "/" },
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: 'the state has aws_iam_user.this["robert"] already' },
  },
  {
    name: "a key that the state knows as the old one",
    files: { "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}` },
    state: {
      'aws_iam_user.this["ann"]': { name: "ann", path: "/" },
      'aws_iam_user.this["bob"]': { name: "bob", path: "/x/" },
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", robert = "/x/" }',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a moved block that leads to the new key already",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\nmoved {\n  from = aws_iam_user.old\n  to   = aws_iam_user.this["robert"]\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "a moved block of the code names" },
  },
  {
    name: "a moved block of another stack that leads to the new key",
    files: {
      "users/main.tf":
        'variable "names" {\n  type = set(string)\n}\n\nresource "aws_iam_user" "this" {\n  for_each = var.names\n  name     = each.key\n}\n',
      "a/main.tf": 'module "users" {\n  source = "../users"\n  names  = ["ann", "bob"]\n}\n',
      "b/main.tf":
        'module "users" {\n  source = "../users"\n  names  = ["robert"]\n}\n\nmoved {\n  from = aws_iam_user.old\n  to   = module.users.aws_iam_user.this["robert"]\n}\n',
    },
    stacks: [
      { name: "a", root: "a" },
      { name: "b", root: "b" },
    ],
    address: 'module.users.aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "a moved block of the code names" },
  },
  {
    name: "a word in more keys than anybody would move at once",
    files: {
      "main.tf": `locals {\n  env   = "dev"\n  users = { for i in range(170) : "\${local.env}-\${i}" => "/" }\n}\n\n${USERS}\n${USERS.replace("this", "that")}\n${USERS.replace("this", "other")}`,
    },
    address: 'aws_iam_user.this["dev-3"]',
    live: { name: "prod-3" },
    expected: { verdict: "refused", why: "510 moved blocks would have to go with another one" },
  },
  {
    name: "a list whose elements the index tells apart",
    files: {
      "main.tf": 'resource "aws_iam_user" "this" {\n  count = 2\n  name  = "user-${count.index}"\n}\n',
    },
    address: "aws_iam_user.this[1]",
    live: { name: "user-5" },
    expected: { verdict: "refused", why: "the value is the index of the instance itself" },
  },
  {
    name: "a literal that names the entry where no edit goes along",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}\noutput "path" {\n  value = local.users["bob"]\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "would give it, but then" },
  },
  {
    name: "a name and a tag that are both the key, and a value beside them",
    files: {
      "main.tf": `locals {\n  users = { ann = "/", bob = "/x/" }\n}\n\nresource "aws_iam_user" "this" {\n  for_each = local.users\n  name     = each.key\n  path     = each.value\n  tags     = { Name = each.key }\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert", "tags.Name": "robert", path: "/y/" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  users = { ann = "/", bob = "/x/" }',
          '+  users = { ann = "/", robert = "/y/" }',
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
      effects: [
        'aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] path: "/x/" -> "/y/"',
        'aws_iam_user.this["bob"] tags.Name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"robert\\"]"',
      ],
    },
  },
  {
    name: "an import block and a data source that are for the same key",
    files: {
      "main.tf": `locals {\n  users = {\n    ann   = "/"\n    "bob" = "/x/"\n  }\n}\n\n${USERS}\ndata "aws_iam_policy" "this" {\n  for_each = local.users\n  path     = each.value\n}\n\nimport {\n  to = aws_iam_user.this["bob"]\n  id = "bob"\n}\n`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    ann   = "/"',
          '-    "bob" = "/x/"',
          '+    ann      = "/"',
          '+    "robert" = "/x/"',
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
          "+",
          '-  to = aws_iam_user.this["bob"]',
          '+  to = aws_iam_user.this["robert"]',
        ],
      },
      effects: [
        'aws_iam_user.this["bob"] name: "bob" -> "robert"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"robert\\"]"',
      ],
    },
  },
  {
    name: "a key with CRLF around it, in a file without a last line end",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\r\n  for_each = toset(["ann", "bob"])\r\n  name     = each.key\r\n}',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "rob${ert}" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  for_each = toset(["ann", "bob"])\r',
          '+  for_each = toset(["ann", "rob$${ert}"])\r',
          "+}\r",
          "+\r",
          "+moved {\r",
          '+  from = aws_iam_user.this["bob"]\r',
          '+  to   = aws_iam_user.this["rob$${ert}"]\r',
        ],
      },
      effects: [
        'aws_iam_user.this["bob"] name: "bob" -> "rob${ert}"',
        'aws_iam_user.this["bob"] : "aws_iam_user.this[\\"bob\\"]" -> "aws_iam_user.this[\\"rob$${ert}\\"]"',
      ],
    },
  },
  {
    name: "a name in CSV",
    files: {
      "main.tf":
        'resource "aws_iam_user" "this" {\n  for_each = { for user in csvdecode(file("users.csv")) : user.name => user }\n  name     = each.value.name\n  path     = each.value.path\n}\n',
      "users.csv": 'name,path\nann,/\n"bob",/x/\n',
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: {
      verdict: "exact",
      lines: {
        "users.csv": ['-"bob",/x/', '+"robert",/x/'],
        "main.tf": [
          "+",
          "+moved {",
          '+  from = aws_iam_user.this["bob"]',
          '+  to   = aws_iam_user.this["robert"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "a Terraform that has no moved blocks",
    files: {
      "main.tf": `terraform {\n  required_version = "~> 0.14"\n}\n\nlocals {\n  users = { ann = "/", bob = "/x/" }\n}\n\n${USERS}`,
    },
    address: 'aws_iam_user.this["bob"]',
    live: { name: "robert" },
    expected: { verdict: "refused", why: "a Terraform that has no moved blocks yet" },
  },
];
