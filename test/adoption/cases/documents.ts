import { ABSENT, type AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

function stack(before: string, body: string): { "main.tf": string } {
  return { "main.tf": `${before}\nresource "aws_instance" "web" {\n${body}}\n` };
}

/** One attribute of one instance, and what decides it. */
function sized(document: string): { "main.tf": string } {
  return stack(`locals {\n  config = ${document}\n}\n`, "  instance_type = local.config.web.size\n");
}

const APPS = `locals {
  apps = yamldecode(file("\${path.module}/apps.yaml"))
}
`;
const EACH_APP = "  for_each      = local.apps\n  instance_type = each.value.size\n";

function json(value: unknown): string {
  return JSON.stringify(value);
}

/** Values that are read from documents: JSON, YAML, CSV, templates and texts. */
export const DOCUMENTS: readonly AdoptionCase[] = [
  {
    name: "a value of a YAML file with brackets that close at the start of a line",
    files: {
      ...stack(
        'locals {\n  web = yamldecode(file("web.yaml"))\n}\n',
        "  size = local.web.disks[0].size\n  type = local.web.type\n  tags = local.web.disks[0].tags\n",
      ),
      "web.yaml": "disks: [{\n  size: 10, # GB\n  tags: {\n    a: b # one\n  }\n}]\ntype: small\n",
    },
    address: WEB,
    live: { size: 20, type: "large", tags: { a: "b", c: "d" } },
    expected: {
      verdict: "exact",
      lines: {
        "web.yaml": [
          "-  size: 10, # GB",
          "+  size: 20, # GB",
          "-    a: b # one",
          "+    a: b, # one",
          "+    c: d",
          "-type: small",
          "+type: large",
        ],
      },
    },
  },
  {
    name: "a value of a JSON file",
    files: {
      ...sized('jsondecode(file("sizes.json"))'),
      "sizes.json": '{\n  "web": { "size": "t3.small" },\n  "db": { "size": "t3.small" }\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.json": ['-  "web": { "size": "t3.small" },', '+  "web": { "size": "t3.large" },'] },
    },
  },
  {
    name: "a text that looks like a template is plain in a JSON file",
    files: { ...sized('jsondecode(file("sizes.json"))'), "sizes.json": '{"web": {"size": "t3.small"}}\n' },
    address: WEB,
    live: { instance_type: 'a "${b}" \\ %{c}' },
    expected: {
      verdict: "exact",
      lines: {
        "sizes.json": ['-{"web": {"size": "t3.small"}}', '+{"web": {"size": "a \\"${b}\\" \\\\ %{c}"}}'],
      },
    },
  },
  {
    name: "a YAML file keeps comments, blanks and line ends",
    files: {
      ...sized('yamldecode(file("sizes.yaml"))'),
      "sizes.yaml":
        "# sizes\r\nweb:   # the web\r\n    size:   t3.small   # small\r\n\r\ndb: {size: t3.small}\r\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.yaml": ["-    size:   t3.small   # small\r", "+    size:   t3.large   # small\r"] },
    },
  },
  {
    name: "quotes stay what they are",
    files: {
      ...sized('yamldecode(file("sizes.yaml"))'),
      "sizes.yaml": "web: {size: 't3.small', other: \"x\"}\n",
    },
    address: WEB,
    live: { instance_type: "it's" },
    expected: {
      verdict: "exact",
      lines: {
        "sizes.yaml": ["-web: {size: 't3.small', other: \"x\"}", "+web: {size: 'it''s', other: \"x\"}"],
      },
    },
  },
  {
    name: "a text that YAML would take for something else is quoted",
    files: { ...sized('yamldecode(file("sizes.yaml"))'), "sizes.yaml": "web:\n  size: small\n" },
    address: WEB,
    live: { instance_type: "no" },
    expected: { verdict: "exact", lines: { "sizes.yaml": ["-  size: small", '+  size: "no"'] } },
  },
  {
    name: "a text of digits stays a text",
    files: { ...sized('yamldecode(file("sizes.yaml"))'), "sizes.yaml": "web:\n  size: 'x'\n" },
    address: WEB,
    live: { instance_type: "0o14" },
    expected: { verdict: "exact", lines: { "sizes.yaml": ["-  size: 'x'", "+  size: '0o14'"] } },
  },
  {
    name: "a number of a YAML file",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  root_size = local.web.disk\n"),
      "web.yaml": "disk: 20 # GiB\n",
    },
    address: WEB,
    live: { root_size: 40 },
    expected: { verdict: "exact", lines: { "web.yaml": ["-disk: 20 # GiB", "+disk: 40 # GiB"] } },
  },
  {
    name: "a boolean of a YAML file",
    files: {
      ...stack(
        'locals {\n  web = yamldecode(file("web.yaml"))\n}\n',
        "  monitoring = local.web.monitoring\n",
      ),
      "web.yaml": "monitoring: yes\n",
    },
    address: WEB,
    live: { monitoring: false },
    expected: { verdict: "exact", lines: { "web.yaml": ["-monitoring: yes", "+monitoring: false"] } },
  },
  {
    name: "the entry of the instance in a file of all",
    files: { ...stack(APPS, EACH_APP), "apps.yaml": "web:\n  size: t3.small\ndb:\n  size: t3.small\n" },
    address: 'aws_instance.web["db"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["-  size: t3.small", "+  size: t3.large"] } },
  },
  {
    name: "a key that the entry leaves out is added to it",
    files: {
      ...stack(APPS, '  for_each      = local.apps\n  instance_type = try(each.value.size, "t3.nano")\n'),
      "apps.yaml": "web:\n  name: web # the web\n\n# the database\ndb:\n  size: t3.small\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["+  size: t3.large"] } },
  },
  {
    name: "a key is added to an entry that has none",
    files: {
      ...stack(APPS, '  for_each      = local.apps\n  instance_type = try(each.value.size, "t3.nano")\n'),
      "apps.yaml": "web: {}\ndb:\n    size: t3.small\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["-web: {}", "+web:", "+    size: t3.large"] } },
  },
  {
    name: "a key is added to an entry that is empty",
    files: {
      ...stack(APPS, '  for_each      = local.apps\n  instance_type = try(each.value.size, "t3.nano")\n'),
      "apps.yaml": "web:\ndb:\n  size: t3.small\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["+  size: t3.large"] } },
  },
  {
    name: "lookup() into a JSON file: the entry is added there",
    files: {
      ...stack(
        'locals {\n  sizes = jsondecode(file("sizes.json"))\n}\n',
        '  instance_type = lookup(local.sizes, "web", "t3.nano")\n',
      ),
      "sizes.json": '{\n    "db": "t3.small"\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.json": ['-    "db": "t3.small"', '+    "db": "t3.small",', '+    "web": "t3.large"'] },
    },
  },
  {
    name: "a tag of a mapping in YAML",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  tags = local.web.tags\n"),
      "web.yaml": "tags:\n  Name: web\n  Team: shop\nsize: small\n",
    },
    address: WEB,
    live: { "tags.Team": "platform", "tags.Owner": "ann" },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ["-  Team: shop", "+  Team: platform", "+  Owner: ann"] },
    },
  },
  {
    name: "a tag goes from a mapping in YAML, with its comment",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  tags = local.web.tags\n"),
      "web.yaml": "tags:\n  Name: web\n  # who\n  Team: shop # the shop\nsize: small\n",
    },
    address: WEB,
    live: { "tags.Team": ABSENT },
    expected: { verdict: "exact", lines: { "web.yaml": ["-  # who", "-  Team: shop # the shop"] } },
  },
  {
    name: "the last tag goes from a mapping in YAML",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  tags = local.web.tags\n"),
      "web.yaml": "tags:\n  Team: shop\nsize: small\n",
    },
    address: WEB,
    live: { "tags.Team": ABSENT },
    expected: { verdict: "exact", lines: { "web.yaml": ["-tags:", "-  Team: shop", "+tags: {}"] } },
  },
  {
    name: "a tag goes from a mapping in JSON",
    files: {
      ...stack('locals {\n  web = jsondecode(file("web.json"))\n}\n', "  tags = local.web.tags\n"),
      "web.json": '{\n\t"tags": {\n\t\t"Name": "web",\n\t\t"Team": "shop"\n\t}\n}\n',
    },
    address: WEB,
    live: { "tags.Team": ABSENT },
    expected: {
      verdict: "exact",
      lines: { "web.json": ['-\t\t"Name": "web",', '-\t\t"Team": "shop"', '+\t\t"Name": "web"'] },
    },
  },
  {
    name: "elements of a list in YAML come and go",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  groups = local.web.groups\n"),
      "web.yaml": "groups:\n- sg-1 # first\n- sg-2\n\nsize: small\n",
    },
    address: WEB,
    live: { groups: ["sg-1", "sg-2", "sg-3"] },
    expected: { verdict: "exact", lines: { "web.yaml": ["+- sg-3"] } },
  },
  {
    name: "several elements of a list in YAML at once",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  groups = local.web.groups\n"),
      "web.yaml": "groups:\n  - sg-1 # first\n  - sg-2\n  - sg-3\nsize: small\n",
    },
    address: WEB,
    live: { groups: ["sg-9", "sg-3"] },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ["-  - sg-1 # first", "-  - sg-2", "+  - sg-9 # first"] },
    },
  },
  {
    name: "the elements of a list in YAML in another order, with their comments",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  groups = local.web.groups\n"),
      "web.yaml": "groups:\n  - sg-1 # first\n  # the second\n  - sg-2\nsize: small\n",
    },
    address: WEB,
    live: { groups: ["sg-2", "sg-1"] },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ["-  - sg-1 # first", "+  - sg-1 # first"] },
    },
  },
  {
    name: "a new element of a list in JSON, between two others",
    files: {
      ...stack('locals {\n  web = jsondecode(file("web.json"))\n}\n', "  groups = local.web.groups\n"),
      "web.json": '{\n  "groups": [\n    "sg-1",\n    "sg-2"\n  ]\n}\n',
    },
    address: WEB,
    live: { groups: ["sg-1", "sg-9", "sg-2"] },
    expected: { verdict: "exact", lines: { "web.json": ['+    "sg-9",'] } },
  },
  {
    name: "the elements of a list in JSON in another order",
    files: {
      ...stack('locals {\n  web = jsondecode(file("web.json"))\n}\n', "  groups = local.web.groups\n"),
      "web.json": '{ "groups": ["sg-1", "sg-2", "sg-3"] }\n',
    },
    address: WEB,
    live: { groups: ["sg-3", "sg-1", "sg-2"] },
    expected: {
      verdict: "exact",
      lines: {
        "web.json": ['-{ "groups": ["sg-1", "sg-2", "sg-3"] }', '+{ "groups": ["sg-3", "sg-1", "sg-2"] }'],
      },
    },
  },
  {
    name: "an element of a list on one line",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  groups = local.web.groups\n"),
      "web.yaml": 'groups: ["sg-1", "sg-2"] # both\n',
    },
    address: WEB,
    live: { groups: ["sg-1", "sg-2", "sg-3"] },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ['-groups: ["sg-1", "sg-2"] # both', '+groups: ["sg-1", "sg-2", "sg-3"] # both'] },
    },
  },
  {
    name: "an element of a list in JSON",
    files: {
      ...stack('locals {\n  web = jsondecode(file("web.json"))\n}\n', "  groups = local.web.groups\n"),
      "web.json": '{"groups": ["sg-1", "sg-2"]}',
    },
    address: WEB,
    live: { groups: ["sg-2"] },
    expected: {
      verdict: "exact",
      lines: { "web.json": ['-{"groups": ["sg-1", "sg-2"]}', '+{"groups": ["sg-2"]}'] },
    },
  },
  {
    name: "an anchor that others use too: the alias becomes a value of its own",
    files: {
      ...stack(APPS, EACH_APP),
      "apps.yaml": "db:\n  size: &size t3.small\nweb:\n  size: *size # as the database\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "apps.yaml": ["-  size: *size # as the database", "+  size: t3.large # as the database"] },
    },
  },
  {
    name: "a mapping that merges another gets a key of its own",
    files: {
      ...stack(
        APPS,
        '  for_each      = { for name, app in local.apps : name => app if name != "usual" }\n  instance_type = each.value.size\n',
      ),
      "apps.yaml": "usual: &usual\n  size: t3.small\nweb:\n  <<: *usual\n  name: web\ndb:\n  <<: *usual\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["+  size: t3.large"] } },
  },
  {
    name: "a mapping that only merges gets a key of its own",
    files: {
      ...stack(
        APPS,
        '  for_each      = { for name, app in local.apps : name => app if name != "usual" }\n  instance_type = each.value.size\n',
      ),
      "apps.yaml": "usual: &usual\n  size: t3.small\nweb:\n  <<: *usual\ndb:\n  <<: *usual\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.yaml": ["+  size: t3.large"] } },
  },
  {
    name: "a literal block keeps its form",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  user_data = local.web.script\n"),
      "web.yaml": "script: |\n    #!/bin/sh\n    echo one\n\n    echo end\nsize: small\n",
    },
    address: WEB,
    live: { user_data: "#!/bin/sh\necho two\n\necho end\n" },
    expected: { verdict: "exact", lines: { "web.yaml": ["-    echo one", "+    echo two"] } },
  },
  {
    name: "a folded block stays one, with its lines",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  user_data = local.web.script\n"),
      "web.yaml": "script: >-\n  one\n  two\nsize: small\n",
    },
    address: WEB,
    live: { user_data: "one three" },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ["-  two", "+  three"] },
    },
  },
  {
    name: "a folded block goes on in the line that grows",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  user_data = local.web.note\n"),
      "web.yaml": "note: >\n  A text that is\n  folded over lines.\n\n  And another.\nsize: small\n",
    },
    address: WEB,
    live: { user_data: "A long text that is folded over lines.\nAnd another.\n" },
    expected: {
      verdict: "exact",
      lines: { "web.yaml": ["-  A text that is", "+  A long text that is"] },
    },
  },
  {
    name: "a literal block of which one line is left",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  user_data = local.web.note\n"),
      "web.yaml": "note: |\n  one\n  two\nsize: small\n",
    },
    address: WEB,
    live: { user_data: "one\n" },
    expected: { verdict: "exact", lines: { "web.yaml": ["-  two"] } },
  },
  {
    name: "each file of a folder is an instance",
    files: {
      ...stack(
        'locals {\n  apps = {\n    for name in fileset(path.module, "apps/*.yaml") :\n    trimsuffix(basename(name), ".yaml") => yamldecode(file("${path.module}/${name}"))\n  }\n}\n',
        EACH_APP,
      ),
      "apps/web.yaml": "size: t3.small\n",
      "apps/db.yaml": "size: t3.small\n",
    },
    address: 'aws_instance.web["web"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps/web.yaml": ["-size: t3.small", "+size: t3.large"] } },
  },
  {
    name: "a file that a module reads from the caller's folder",
    files: {
      "main.tf": 'module "web" {\n  source = "./modules/web"\n  config = "${path.root}/web.yaml"\n}\n',
      "modules/web/main.tf":
        'variable "config" {}\n\nlocals {\n  config = yamldecode(file(var.config))\n}\n\nresource "aws_instance" "this" {\n  instance_type = local.config.size\n}\n',
      "web.yaml": "size: t3.small\n",
    },
    address: "module.web.aws_instance.this",
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "web.yaml": ["-size: t3.small", "+size: t3.large"] } },
  },
  {
    name: "a value that a file gives through a typed variable with optional attributes",
    files: {
      "main.tf": 'module "web" {\n  source = "./modules/web"\n  config = jsondecode(file("web.json"))\n}\n',
      "modules/web/main.tf":
        'variable "config" {\n  type = object({ size = optional(string, "t3.nano"), disk = optional(number) })\n}\n\nresource "aws_instance" "this" {\n  instance_type = var.config.size\n}\n',
      "web.json": '{ "disk": "20" }\n',
    },
    address: "module.web.aws_instance.this",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "web.json": ['-{ "disk": "20" }', '+{ "disk": "20", "size": "t3.large" }'] },
    },
  },
  {
    name: "try() around a file that is there",
    files: { ...sized('try(yamldecode(file("sizes.yaml")), {})'), "sizes.yaml": "web:\n  size: t3.small\n" },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "sizes.yaml": ["-  size: t3.small", "+  size: t3.large"] } },
  },
  {
    name: "of two files that are merged the one that wins",
    files: {
      ...sized('merge(jsondecode(file("a.json")), jsondecode(file("b.json")))'),
      "a.json": '{"web": {"size": "t3.small"}, "x": 1}\n',
      "b.json": '{"web": {"size": "t3.small"}}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "b.json": ['-{"web": {"size": "t3.small"}}', '+{"web": {"size": "t3.large"}}'] },
    },
  },
  {
    name: "of two files that are merged the one that has the entry",
    files: {
      ...sized('merge(jsondecode(file("a.json")), yamldecode(file("b.yaml")))'),
      "a.json": '{"web": {"size": "t3.small"}, "x": 1}\n',
      "b.yaml": "db: {size: t3.small}\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "a.json": ['-{"web": {"size": "t3.small"}, "x": 1}', '+{"web": {"size": "t3.large"}, "x": 1}'],
      },
    },
  },
  {
    name: "a file that two stacks read",
    files: {
      "one/main.tf":
        'resource "aws_instance" "web" {\n  instance_type = yamldecode(file("../shared.yaml")).size\n}\n',
      "two/main.tf":
        'resource "aws_instance" "web" {\n  instance_type = yamldecode(file("../shared.yaml")).size\n}\n',
      "shared.yaml": "size: t3.small\n",
    },
    stacks: [
      { name: "one", root: "one" },
      { name: "two", root: "two" },
    ],
    stack: "one",
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "shared",
      lines: { "shared.yaml": ["-size: t3.small", "+size: t3.large"] },
    },
  },
  {
    name: "a column of a CSV file",
    files: {
      ...stack(
        'locals {\n  apps = csvdecode(file("apps.csv"))\n}\n',
        "  for_each      = { for app in local.apps : app.name => app }\n  instance_type = each.value.size\n",
      ),
      "apps.csv": 'name,size,note\r\nweb,t3.small,"a, b"\r\ndb,t3.small,c\r\n',
    },
    address: 'aws_instance.web["db"]',
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "apps.csv": ["-db,t3.small,c\r", "+db,t3.large,c\r"] } },
  },
  {
    name: "a script in a file",
    files: {
      ...stack("", '  user_data = file("${path.module}/init.sh")\n'),
      "init.sh": "#!/bin/sh\necho one\necho ${HOME}\n",
    },
    address: WEB,
    live: { user_data: "#!/bin/sh\necho two\necho ${HOME}\n" },
    expected: { verdict: "exact", lines: { "init.sh": ["-echo one", "+echo two"] } },
  },
  {
    name: "a script in a file, in base64",
    files: {
      ...stack("", '  user_data_base64 = base64encode(file("init.sh"))\n'),
      "init.sh": "#!/bin/sh\necho one\n",
    },
    address: WEB,
    live: { user_data_base64: Buffer.from("#!/bin/sh\necho two\n").toString("base64") },
    expected: { verdict: "exact", lines: { "init.sh": ["-echo one", "+echo two"] } },
  },
  {
    name: "a script in a file without its last line end",
    files: { ...stack("", '  user_data = chomp(file("init.sh"))\n'), "init.sh": "#!/bin/sh\necho one\n" },
    address: WEB,
    live: { user_data: "#!/bin/sh\necho two" },
    expected: { verdict: "exact", lines: { "init.sh": ["-echo one", "+echo two"] } },
  },
  {
    name: "a template's own text",
    files: {
      ...stack(
        'variable "name" {\n  default = "web"\n}\n',
        '  user_data = templatefile("init.sh.tpl", { name = var.name })\n',
      ),
      "init.sh.tpl": "#!/bin/sh\necho ${name} one\necho $${HOME}\n%{ if true ~}\nyes\n%{ endif ~}\n",
    },
    address: WEB,
    live: { user_data: "#!/bin/sh\necho web two ${x}\necho ${HOME}\nyes\n" },
    expected: {
      verdict: "exact",
      lines: { "init.sh.tpl": ["-echo ${name} one", "+echo ${name} two $${x}"] },
    },
  },
  {
    name: "what a template is given",
    files: {
      ...stack('variable "name" {}\n', '  user_data = templatefile("init.sh.tpl", { name = var.name })\n'),
      "terraform.tfvars": 'name = "web"\n',
      "init.sh.tpl": "#!/bin/sh\necho ${name}!\n",
    },
    address: WEB,
    live: { user_data: "#!/bin/sh\necho front!\n" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-name = "web"', '+name = "front"'] } },
  },
  {
    name: "an element of a list that a template goes through",
    files: {
      ...stack(
        'variable "packages" {\n  type = list(string)\n}\n',
        '  user_data = templatefile("init.yaml.tpl", { packages = var.packages })\n',
      ),
      "terraform.tfvars": 'packages = [\n  "nginx",\n  "curl",\n]\n',
      "init.yaml.tpl": "packages:\n%{ for name in packages ~}\n  - ${name}\n%{ endfor ~}\nruncmd: []\n",
    },
    address: WEB,
    live: { user_data: "packages:\n  - nginx\n  - wget\nruncmd: []\n" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-  "curl",', '+  "wget",'] } },
  },
  {
    name: "one more element of a list that a template goes through, and one less",
    files: {
      ...stack(
        'locals {\n  packages = ["nginx", "curl", "git"]\n}\n',
        '  user_data = templatefile("init.yaml.tpl", { packages = local.packages })\n',
      ),
      "init.yaml.tpl": "packages:\n%{ for name in packages ~}\n  - ${name}\n%{ endfor ~}\nruncmd: []\n",
    },
    address: WEB,
    live: { user_data: "packages:\n  - nginx\n  - git\n  - jq\n  - htop\nruncmd: []\n" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  packages = ["nginx", "curl", "git"]', '+  packages = ["nginx", "git", "jq", "htop"]'],
      },
    },
  },
  {
    name: "a part of an element of a map that a template in the code goes through",
    files: stack(
      'locals {\n  users = {\n    ann = { shell = "bash", group = "ops" }\n    bob = { shell = "sh", group = "dev" }\n  }\n}\n',
      "  user_data = <<-EOT\n    users:\n    %{ for name, user in local.users ~}\n    ${name}: ${user.shell} (${upper(user.group)})\n    %{ endfor ~}\n  EOT\n",
    ),
    address: WEB,
    live: { user_data: "users:\n    ann: bash (OPS)\n    bob: zsh (DEV)\n" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-    bob = { shell = "sh", group = "dev" }',
          '+    bob = { shell = "zsh", group = "dev" }',
        ],
      },
    },
  },
  {
    name: "an element in one line of a template",
    files: stack(
      'variable "hosts" {\n  default = ["a.example", "b.example"]\n}\n',
      '  user_data = "%{ for host in var.hosts }server ${host}:80; %{ endfor }end"\n',
    ),
    address: WEB,
    live: { user_data: "server a.example:80; server c.example:80; end" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  default = ["a.example", "b.example"]', '+  default = ["a.example", "c.example"]'],
      },
    },
  },
  {
    name: "an element more in one line that is a loop and nothing else",
    files: stack(
      'variable "hosts" {\n  default = { a = "x", b = "y" }\n}\n',
      '  user_data = "%{ for host, port in var.hosts }${host}:${port};%{ endfor }"\n',
    ),
    address: WEB,
    live: { user_data: "a:x;b:y;c:z;" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  default = { a = "x", b = "y" }', '+  default = { a = "x", b = "y", c = "z" }'],
      },
    },
  },
  {
    name: "the text of a template that is no file: a heredoc",
    files: stack(
      'variable "name" {\n  default = "web"\n}\n\nlocals {\n  init = <<-EOT\n    #!/bin/sh\n    echo $${name} one\n  EOT\n}\n',
      "  user_data = templatestring(local.init, { name = var.name })\n",
    ),
    address: WEB,
    live: { user_data: "#!/bin/sh\necho web two\n" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    echo $${name} one", "+    echo $${name} two"] },
    },
  },
  {
    name: "what is filled into a template that is no file",
    files: {
      ...stack(
        'variable "name" {}\n\nlocals {\n  init = "echo $${name}!"\n}\n',
        "  user_data = templatestring(local.init, { name = var.name })\n",
      ),
      "terraform.tfvars": 'name = "web"\n',
    },
    address: WEB,
    live: { user_data: "echo front!" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-name = "web"', '+name = "front"'] } },
  },
  {
    name: "the text of a template that a file holds",
    files: {
      ...stack(
        'locals {\n  init = file("init.tpl")\n}\n',
        '  user_data = templatestring(local.init, { name = "web" })\n',
      ),
      "init.tpl": "echo ${name} one\n",
    },
    address: WEB,
    live: { user_data: "echo web two\n" },
    expected: { verdict: "exact", lines: { "init.tpl": ["-echo ${name} one", "+echo ${name} two"] } },
  },
  {
    name: "the text of a template in YAML",
    files: {
      ...stack(
        'locals {\n  init = yamldecode(file("init.yaml")).run\n}\n',
        '  user_data = templatestring(local.init, { name = "web" })\n',
      ),
      "init.yaml": "run: echo ${name} one # first\n",
    },
    address: WEB,
    live: { user_data: "echo web two" },
    expected: {
      verdict: "exact",
      lines: { "init.yaml": ["-run: echo ${name} one # first", "+run: echo ${name} two # first"] },
    },
  },
  {
    name: "text of a document that is made from a template",
    files: {
      ...sized('yamldecode(templatefile("sizes.yaml.tpl", { family = "t3" }))'),
      "sizes.yaml.tpl": "web:\n  size: t3.small\n  family: ${family}\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "sizes.yaml.tpl": ["-  size: t3.small", "+  size: t3.large"] } },
  },
  {
    name: "what is filled into a document",
    files: {
      ...stack(
        'variable "size" {}\n\nlocals {\n  web = jsondecode(templatefile("web.json.tpl", { size = var.size }))\n}\n',
        "  instance_type = local.web.size\n",
      ),
      "terraform.tfvars": 'size = "small"\n',
      "web.json.tpl": '{ "size": "t3.${size}" }\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-size = "small"', '+size = "large"'] } },
  },
  {
    name: "JSON in a heredoc that is decoded",
    files: sized('jsondecode(<<-EOT\n    {\n      "web": { "size": "t3.small" }\n    }\n  EOT\n  )'),
    address: WEB,
    live: { instance_type: "t3.large ${x}" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-      "web": { "size": "t3.small" }', '+      "web": { "size": "t3.large $${x}" }'],
      },
    },
  },
  {
    name: "a policy in a heredoc: an action is added where it belongs",
    files: stack(
      'variable "bucket" {\n  default = "logs"\n}\n',
      '  policy = <<EOF\n{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": [\n        "s3:GetObject"\n      ],\n      "Resource": "arn:aws:s3:::${var.bucket}/*"\n    }\n  ]\n}\nEOF\n',
    ),
    address: WEB,
    live: {
      policy: json({
        Version: "2012-10-17",
        Statement: [
          { Action: ["s3:GetObject", "s3:PutObject"], Effect: "Allow", Resource: "arn:aws:s3:::logs/*" },
        ],
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-        "s3:GetObject"', '+        "s3:GetObject",', '+        "s3:PutObject"'],
      },
    },
  },
  {
    name: "a policy in a heredoc: the interpolated part",
    files: {
      ...stack(
        'variable "bucket" {}\n',
        '  policy = <<-EOF\n    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${var.bucket}/*"}]}\n  EOF\n',
      ),
      "terraform.tfvars": 'bucket = "logs"\n',
    },
    address: WEB,
    live: {
      policy: json({
        Version: "2012-10-17",
        Statement: [{ Action: ["s3:GetObject"], Effect: "Allow", Resource: "arn:aws:s3:::data/*" }],
      }),
    },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-bucket = "logs"', '+bucket = "data"'] } },
  },
  {
    name: "a policy in a heredoc: several parts, interpolations kept",
    files: stack(
      'variable "bucket" {\n  default = "logs"\n}\n',
      '  policy = <<-EOF\n    {\n      "Version": "2012-10-17",\n      "Statement": [\n        {\n          "Sid": "Read",\n          "Effect": "Allow",\n          "Action": "s3:GetObject",\n          "Resource": "arn:aws:s3:::${var.bucket}/*"\n        }\n      ]\n    }\n  EOF\n',
    ),
    address: WEB,
    live: {
      policy: json({
        Version: "2012-10-17",
        Statement: [
          { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::logs" },
          { Sid: "Read", Effect: "Deny", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" },
        ],
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-          "Effect": "Allow",',
          '+          "Effect": "Deny",',
          "+        },",
          "+        {",
          '+          "Sid": "List",',
          '+          "Effect": "Allow",',
          '+          "Action": "s3:ListBucket",',
          '+          "Resource": "arn:aws:s3:::logs"',
        ],
      },
    },
  },
  {
    name: "a policy in a quoted text",
    files: stack(
      "",
      '  policy = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"s3:*\\"}]}"\n',
    ),
    address: WEB,
    live: { policy: json({ Statement: [{ Effect: "Deny", Action: "s3:*" }] }) },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  policy = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"s3:*\\"}]}"',
          '+  policy = "{\\"Statement\\": [{\\"Effect\\": \\"Deny\\", \\"Action\\": \\"s3:*\\"}]}"',
        ],
      },
    },
  },
  {
    name: "a policy in a file",
    files: {
      ...stack("", '  policy = file("policy.json")\n'),
      "policy.json":
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": ["s3:GetObject", "s3:PutObject"],\n      "Resource": "*"\n    }\n  ]\n}\n',
    },
    address: WEB,
    live: {
      policy: json({
        Statement: [{ Resource: "*", Action: "s3:GetObject", Effect: "Allow" }],
        Version: "2012-10-17",
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "policy.json": [
          '-      "Action": ["s3:GetObject", "s3:PutObject"],',
          '+      "Action": ["s3:GetObject"],',
        ],
      },
    },
  },
  {
    name: "a policy in a template",
    files: {
      ...stack("", '  policy = templatefile("policy.json.tpl", { bucket = "logs" })\n'),
      "policy.json.tpl":
        '{\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": "s3:GetObject",\n      "Resource": "arn:aws:s3:::${bucket}/*"\n    }\n  ]\n}\n',
    },
    address: WEB,
    live: {
      policy: json({
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/public/*" }],
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "policy.json.tpl": [
          '-      "Resource": "arn:aws:s3:::${bucket}/*"',
          '+      "Resource": "arn:aws:s3:::${bucket}/public/*"',
        ],
      },
    },
  },
  {
    name: "jsonencode(): a statement is added, and nothing else is touched",
    files: stack(
      "",
      '  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [\n      {\n        Action   = "s3:GetObject" # read\n        Effect   = "Allow"\n        Resource = "*"\n      },\n    ]\n  })\n',
    ),
    address: WEB,
    live: {
      policy: json({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["*"] },
          { Effect: "Deny", Action: "s3:DeleteObject", Resource: "*" },
        ],
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          "+      {",
          '+        Action   = "s3:DeleteObject"',
          '+        Effect   = "Deny"',
          '+        Resource = "*"',
          "+      },",
        ],
      },
    },
  },
  {
    name: "jsonencode(): an action is added to one that stands alone",
    files: stack(
      "",
      '  policy = jsonencode({\n    Statement = [{\n      Action   = "s3:GetObject"\n      Effect   = "Allow"\n      Resource = "*"\n    }]\n  })\n',
    ),
    address: WEB,
    live: {
      policy: json({
        Statement: { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["*"] },
      }),
    },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-      Action   = "s3:GetObject"', '+      Action   = ["s3:GetObject", "s3:PutObject"]'],
      },
    },
  },
  {
    name: "jsonencode(): a statement goes",
    files: stack(
      "",
      '  policy = jsonencode({\n    Statement = [\n      { Action = "s3:GetObject", Effect = "Allow", Resource = "*" },\n      { Action = "s3:PutObject", Effect = "Allow", Resource = "*" },\n    ]\n  })\n',
    ),
    address: WEB,
    live: { policy: json({ Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }] }) },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-      { Action = "s3:GetObject", Effect = "Allow", Resource = "*" },'] },
    },
  },
  {
    name: "jsonencode(): the variable that an entry names",
    files: {
      ...stack('variable "level" {}\n', "  settings = jsonencode({ level = var.level, on = true })\n"),
      "terraform.tfvars": 'level = "info"\n',
    },
    address: WEB,
    live: { settings: '{"level":"debug","on":true}' },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-level = "info"', '+level = "debug"'] } },
  },
  {
    name: "jsonencode() within a document",
    files: {
      ...stack(
        'variable "names" {}\n\nlocals {\n  web = jsondecode(templatefile("web.json.tpl", { names = jsonencode(var.names) }))\n}\n',
        "  names = local.web.names\n",
      ),
      "terraform.tfvars": 'names = ["a"]\n',
      "web.json.tpl": '{ "names": ${names} }\n',
    },
    address: WEB,
    live: { names: ["a", "b"] },
    expected: { verdict: "exact", lines: { "terraform.tfvars": ['-names = ["a"]', '+names = ["a", "b"]'] } },
  },
  {
    name: "a byte order mark stays",
    files: { ...sized('yamldecode(file("sizes.yaml"))'), "sizes.yaml": "\ufeffweb:\n  size: t3.small" },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "sizes.yaml": ["-  size: t3.small", "+  size: t3.large"] } },
  },
  {
    name: "a sensitive value of a file",
    files: {
      ...stack(
        'locals {\n  config = yamldecode(file("config.yaml"))\n}\n',
        "  password = sensitive(local.config.password)\n",
      ),
      "config.yaml": "password: hunter2hunter2\n",
    },
    address: WEB,
    live: { password: "swordfish" },
    expected: { verdict: "refused", why: "password is sensitive" },
  },
  {
    name: "a name that stands twice in a JSON file",
    files: {
      ...sized('jsondecode(file("sizes.json"))'),
      "sizes.json": '{"web": {"size": "t3.small", "size": "t3.small"}}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "refused", why: "the value is read from sizes.json" },
  },
  {
    name: "a file that is too large",
    files: {
      ...sized('jsondecode(file("sizes.json"))'),
      "sizes.json": `{"web": {"size": "t3.small"}, "x": "${"x".repeat(1_000_000)}"}\n`,
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "refused", why: "1,000,000 characters" },
  },
  {
    name: "the key of a mapping that makes the instance",
    files: { ...stack(APPS, "  for_each = local.apps\n  name     = each.key\n"), "apps.yaml": "web: {}\n" },
    address: 'aws_instance.web["web"]',
    live: { name: "front" },
    expected: {
      verdict: "exact",
      lines: {
        "apps.yaml": ["-web: {}", "+front: {}"],
        "main.tf": [
          "+",
          "+moved {",
          '+  from = aws_instance.web["web"]',
          '+  to   = aws_instance.web["front"]',
          "+}",
        ],
      },
    },
  },
  {
    name: "an element in a list of a list item in YAML, behind a block of text",
    files: {
      ...stack(
        'locals {\n  web = yamldecode(file("web.yaml"))\n}\n',
        "  groups = local.web.rules[0].groups\n",
      ),
      "web.yaml": "rules:\n- note: |\n    the first\n  groups:\n  - sg-1\n- note: other\n  groups: []\n",
    },
    address: WEB,
    live: { groups: [] },
    expected: { verdict: "exact", lines: { "web.yaml": ["-  groups:", "-  - sg-1", "+  groups: []"] } },
  },
  {
    name: "the first pair of a mapping in a list goes",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  tags = local.web[0]\n"),
      "web.yaml": "- Team: shop\n  Name: web\n- Team: other\n",
    },
    address: WEB,
    live: { "tags.Team": ABSENT },
    expected: { verdict: "exact", lines: { "web.yaml": ["-- Team: shop", "-  Name: web", "+- Name: web"] } },
  },
  {
    name: "an element of a set, sorted otherwise than it is written",
    files: {
      ...stack('locals {\n  web = yamldecode(file("web.yaml"))\n}\n', "  groups = toset(local.web.groups)\n"),
      "web.yaml": "groups:\n  - sg-9 # nine\n  - sg-1 # one\n",
    },
    address: WEB,
    live: { groups: ["sg-9"] },
    expected: { verdict: "exact", lines: { "web.yaml": ["-  - sg-1 # one"] } },
  },
  {
    name: "a new key whose value is a text of several lines",
    files: {
      ...stack(APPS, '  for_each  = local.apps\n  user_data = try(each.value.script, "")\n'),
      "apps.yaml": "web:\n    size: small\ndb:\n    script: x\n",
    },
    address: 'aws_instance.web["web"]',
    live: { user_data: "#!/bin/sh\necho one: two\n" },
    expected: {
      verdict: "exact",
      lines: { "apps.yaml": ["+    script: |", "+        #!/bin/sh", "+        echo one: two"] },
    },
  },
  {
    name: "a JSON file that is read as YAML",
    files: {
      ...sized('yamldecode(file("sizes.json"))'),
      "sizes.json": '{\n  "web": {\n    "size": "t3.small"\n  }\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.json": ['-    "size": "t3.small"', '+    "size": "t3.large"'] },
    },
  },
  {
    name: "the table entry that a document's own key chooses is left alone where another key has the value",
    files: {
      ...stack(
        'locals {\n  web   = yamldecode(file("web.yaml"))\n  sizes = { small = "t3.small", large = "t3.large" }\n}\n',
        "  instance_type = local.sizes[local.web.size]\n",
      ),
      "web.yaml": "size: small\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "exact", lines: { "web.yaml": ["-size: small", "+size: large"] } },
  },
  {
    name: "a policy in code that is written as JSON",
    files: {
      "main.tf.json":
        '{\n  "resource": {\n    "aws_instance": {\n      "web": {\n        "policy": "{\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"s3:*\\"}]}"\n      }\n    }\n  }\n}\n',
    },
    address: WEB,
    live: { policy: json({ Statement: [{ Effect: "Deny", Action: "s3:*" }] }) },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "policy": "{\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"s3:*\\"}]}"',
          '+        "policy": "{\\"Statement\\":[{\\"Effect\\":\\"Deny\\",\\"Action\\":\\"s3:*\\"}]}"',
        ],
      },
    },
  },
  {
    name: "JSON that is no policy, in a heredoc with another layout than the live text",
    files: stack(
      "",
      '  settings = <<-EOT\n    {\n      "level": "info",\n      "names": ["a"]\n    }\n  EOT\n',
    ),
    address: WEB,
    live: { settings: '{"names":["a","b"],"level":"debug"}' },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-      "level": "info",',
          '-      "names": ["a"]',
          '+      "level": "debug",',
          '+      "names": ["a", "b"]',
        ],
      },
    },
  },
  {
    name: "lines behind the last one of a heredoc, which ends with an interpolation",
    files: stack(
      'locals {\n  team = "web"\n}\n',
      "  user_data = <<-EOT\n    on = true\n    team = ${local.team}\n  EOT\n",
    ),
    address: WEB,
    live: { user_data: "on = true\nteam = web\nsize = 1\n\nlast = 2\n" },
    expected: { verdict: "exact", lines: { "main.tf": ["+    size = 1", "+", "+    last = 2"] } },
  },
  {
    name: "the text of a heredoc around its interpolations",
    files: stack(
      'variable "name" {\n  default = "web"\n}\n',
      "  user_data = <<-EOT\n    #!/bin/sh\n    echo ${var.name} one\n    exit 0\n  EOT\n",
    ),
    address: WEB,
    live: { user_data: "#!/bin/sh\necho web two\nsleep ${n}\nexit 0\n" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-    echo ${var.name} one", "+    echo ${var.name} two", "+    sleep $${n}"] },
    },
  },
  {
    name: "a file in base64 alone",
    files: { ...stack("", '  user_data_base64 = filebase64("init.bin")\n'), "init.bin": "one\n" },
    address: WEB,
    live: { user_data_base64: "dHdvCg==" },
    expected: { verdict: "refused", why: "computed at main.tf:3" },
  },
  {
    name: "the comment of a YAML text's first line stays",
    files: {
      ...sized('yamldecode(file("sizes.yaml"))'),
      "sizes.yaml": "web:\n  size: | # why\n    one\n    two\n",
    },
    address: WEB,
    live: { instance_type: "one\nthree\n" },
    expected: { verdict: "exact", lines: { "sizes.yaml": ["-    two", "+    three"] } },
  },
  {
    name: "a YAML text of lines stays one, with the comment of its first line, where one line is left",
    files: {
      ...sized('yamldecode(file("sizes.yaml"))'),
      "sizes.yaml": "web:\n  size: | # why\n    one\n",
    },
    address: WEB,
    live: { instance_type: "two" },
    expected: {
      verdict: "exact",
      lines: { "sizes.yaml": ["-  size: | # why", "-    one", "+  size: |- # why", "+    two"] },
    },
  },
  {
    name: "a new element of a YAML flow list stands behind the comment of the last one",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  groups = local.config.groups\n"),
      "c.yaml": "groups: [\n  a, # one\n  b # two\n]\n",
    },
    address: WEB,
    live: { groups: ["a", "b", "c"] },
    expected: { verdict: "exact", lines: { "c.yaml": ["-  b # two", "+  b, # two", "+  c"] } },
  },
  {
    name: "an entry of a YAML flow mapping has no blanks in its braces where the mapping has none",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  subnet = local.config.a\n"),
      "c.yaml": "a: {cidr: x, zone: b}\nb: { cidr: y }\n",
    },
    address: WEB,
    live: { subnet: { cidr: "x", zone: "b", tags: { Zone: "007" } } },
    expected: {
      verdict: "exact",
      lines: {
        "c.yaml": ["-a: {cidr: x, zone: b}", '+a: {cidr: x, zone: b, tags: {Zone: "007"}}'],
      },
    },
  },
  {
    name: "an element of a YAML list stands on one line like its neighbours",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  subnets = local.config.subnets\n"),
      "c.yaml": "subnets:\n  - {cidr: one, zone: a}\n  - {cidr: two, zone: b}\n",
    },
    address: WEB,
    live: {
      subnets: [
        { cidr: "one", zone: "a" },
        { cidr: "two", zone: "b" },
        { cidr: "six", zone: "c" },
      ],
    },
    expected: { verdict: "exact", lines: { "c.yaml": ["+  - {cidr: six, zone: c}"] } },
  },
  {
    name: "an element of a YAML flow list goes with its comment",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  groups = local.config.groups\n"),
      "c.yaml": "groups: [\n  a, # one\n  b # two\n]\n",
    },
    address: WEB,
    live: { groups: ["a"] },
    expected: { verdict: "exact", lines: { "c.yaml": ["-  a, # one", "-  b # two", "+  a # one"] } },
  },
  {
    name: "what is said of a value of a YAML file beside its key stays there when it becomes a mapping",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  tags = local.config.tags\n"),
      "c.yaml": "tags: none # of all\nlast: 1\n",
    },
    address: WEB,
    live: { tags: { team: "web" } },
    expected: {
      verdict: "exact",
      lines: { "c.yaml": ["-tags: none # of all", "+tags: # of all", "+  team: web"] },
    },
  },
  {
    name: "a YAML mapping becomes a text behind its key, with what is said of it there and not of its parts",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  tags = local.config.tags\n"),
      "c.yaml": "tags: # of all\n  team: web # of one\nlast: 1\n",
    },
    address: WEB,
    live: { tags: "none" },
    expected: {
      verdict: "exact",
      lines: { "c.yaml": ["-tags: # of all", "-  team: web # of one", "+tags: none # of all"] },
    },
  },
  {
    name: "a value for a key of a YAML file that has nothing but a comment",
    files: { ...sized('yamldecode(file("sizes.yaml"))'), "sizes.yaml": "web:\n  size:  # as it comes\n" },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.yaml": ["-  size:  # as it comes", "+  size: t3.large  # as it comes"] },
    },
  },
  {
    name: "an element of a YAML list with its dash on a line above goes with it",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  groups = local.config.groups\n"),
      "c.yaml": "groups:\n-  # one\n  - a\n- - b\n",
    },
    address: WEB,
    live: { groups: [["b"]] },
    expected: { verdict: "exact", lines: { "c.yaml": ["--  # one", "-  - a"] } },
  },
  {
    name: "the first key behind a dash goes without what is said of the next one",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  rules = local.config.rules\n"),
      "c.yaml": "rules:\n  - from: 1\n    # of to\n    to: 2\n",
    },
    address: WEB,
    live: { rules: [{ to: 2 }] },
    expected: {
      verdict: "exact",
      lines: { "c.yaml": ["-  - from: 1", "-    # of to", "+  - # of to"] },
    },
  },
  {
    name: "a document that is not in the normal form of texts is not edited, since its places are not known",
    files: {
      ...sized('yamldecode(file("sizes.yaml"))'),
      "sizes.yaml": "# e\u0301\nweb:\n  size: t3.small\n",
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "refused",
      why: "the value is read from sizes.yaml, whose text is not in the Unicode normal form that Terraform reads (NFC); edit it there by hand",
    },
  },
  {
    name: "a document that starts with a byte order mark",
    files: { ...sized('yamldecode(file("sizes.yaml"))'), "sizes.yaml": "\ufeffweb:\n  size: t3.small\n" },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "sizes.yaml": ["-  size: t3.small", "+  size: t3.large"] },
    },
  },
  {
    name: "a long list of a document is written anew where the edits are too many",
    files: {
      ...stack('locals {\n  config = yamldecode(file("c.yaml"))\n}\n', "  groups = local.config.groups\n"),
      "c.yaml": `groups:\n${Array.from({ length: 1_000 }, (_, index) => `  - g${index}\n`).join("")}`,
    },
    address: WEB,
    live: { groups: Array.from({ length: 1_000 }, (_, index) => `h${index}`) },
    expected: {
      verdict: "exact",
      lines: {
        "c.yaml": [
          ...Array.from({ length: 1_000 }, (_, index) => `-  - g${index}`),
          ...Array.from({ length: 1_000 }, (_, index) => `+  - h${index}`),
        ],
      },
    },
  },
  {
    name: "a value that is merged through hundreds of mappings is left to people",
    files: {
      ...sized('{ web = yamldecode(file("sizes.yaml")).z }'),
      "sizes.yaml": `a0: &a0 {size: t3.small}\n${Array.from({ length: 600 }, (_, index) => `a${index + 1}: &a${index + 1}\n  <<: *a${index}\n`).join("")}z: *a600\n`,
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "refused", why: "the value is read from sizes.yaml; edit it there by hand" },
  },
];
