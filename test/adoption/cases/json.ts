import { ABSENT, type AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

/** A file in the JSON syntax, as people and generators print it. */
function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

function web(content: Record<string, unknown>): { "main.tf.json": string } {
  return { "main.tf.json": json({ resource: { aws_instance: { web: content } } }) };
}

/** Code in the JSON syntax, variable files in JSON, override files. */
export const JSON_AND_OVERRIDES: readonly AdoptionCase[] = [
  {
    name: "a literal in JSON",
    files: web({ instance_type: "t3.small", ebs_optimized: false }),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": ['-        "instance_type": "t3.small",', '+        "instance_type": "t3.large",'],
      },
    },
  },
  {
    name: "a number that JSON has as text stays text",
    files: web({ volume_size: "20" }),
    address: WEB,
    live: { volume_size: 30 },
    expected: {
      verdict: "exact",
      lines: { "main.tf.json": ['-        "volume_size": "20"', '+        "volume_size": "30"'] },
    },
  },
  {
    name: "a text with quotes, line ends and what looks like a template",
    files: web({ user_data: "old" }),
    address: WEB,
    live: { user_data: 'echo "${HOME}"\n' },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": ['-        "user_data": "old"', '+        "user_data": "echo \\"$${HOME}\\"\\n"'],
      },
    },
  },
  {
    name: "the text around an interpolation in JSON",
    files: {
      "main.tf.json": json({
        locals: { env: "prod" },
        resource: { aws_instance: { web: { name: 'web "${local.env}" a' } } },
      }),
    },
    address: WEB,
    live: { name: 'web "prod" b' },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "name": "web \\"${local.env}\\" a"',
          '+        "name": "web \\"${local.env}\\" b"',
        ],
      },
    },
  },
  {
    name: "a literal in an expression in a text of JSON",
    files: {
      "main.tf.json": json({
        resource: { aws_instance: { web: { instance_type: '${one(["t3.small"])}' } } },
      }),
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "instance_type": "${one([\\"t3.small\\"])}"',
          '+        "instance_type": "${one([\\"t3.large\\"])}"',
        ],
      },
    },
  },
  {
    name: "a literal in an expression where nothing else can give the value",
    files: web({ instance_type: '${true ? "t3.small" : "t3.tiny"}' }),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "instance_type": "${true ? \\"t3.small\\" : \\"t3.tiny\\"}"',
          '+        "instance_type": "${true ? \\"t3.large\\" : \\"t3.tiny\\"}"',
        ],
      },
    },
  },
  {
    name: "a variable's default in JSON has no templates",
    files: {
      "main.tf.json": json({
        variable: { text: { type: "string", default: "old" } },
        resource: { aws_instance: { web: { user_data: "${var.text}" } } },
      }),
    },
    address: WEB,
    live: { user_data: "${x} %{y}" },
    expected: {
      verdict: "exact",
      lines: { "main.tf.json": ['-      "default": "old"', '+      "default": "${x} %{y}"'] },
    },
  },
  {
    name: "a tag that is added, and one that goes",
    files: web({ ami: "ami-1", tags: { Name: "web", Old: "yes" } }),
    address: WEB,
    live: { "tags.Owner": "me", "tags.Old": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": ['-          "Old": "yes"', '+          "Owner": "me"'],
      },
    },
  },
  {
    name: "an element of a list that is added",
    files: web({ security_groups: ["a"] }),
    address: WEB,
    live: { security_groups: ["a", "b"] },
    expected: {
      verdict: "exact",
      lines: { "main.tf.json": ['-          "a"', '+          "a",', '+          "b"'] },
    },
  },
  {
    name: "an argument that the code does not set",
    files: web({ ami: "ami-1" }),
    address: WEB,
    live: { monitoring: true },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "ami": "ami-1"',
          '+        "ami": "ami-1",',
          '+        "monitoring": true',
        ],
      },
    },
  },
  {
    name: "an argument that goes",
    files: web({ ami: "ami-1", monitoring: true }),
    address: WEB,
    live: { monitoring: ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "ami": "ami-1",',
          '-        "monitoring": true',
          '+        "ami": "ami-1"',
        ],
      },
    },
  },
  {
    name: "an argument of a block that is written as an object",
    files: web({ root_block_device: { volume_size: 8 } }),
    address: WEB,
    live: { "root_block_device[0].volume_size": 20 },
    expected: {
      verdict: "exact",
      lines: { "main.tf.json": ['-          "volume_size": 8', '+          "volume_size": 20'] },
    },
  },
  {
    name: "a block beside others",
    files: web({ ebs_block_device: [{ device_name: "a" }] }),
    address: WEB,
    live: { "ebs_block_device[1]": { device_name: "b", volume_size: 5 } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          "+          },",
          "+          {",
          '+            "device_name": "b",',
          '+            "volume_size": 5',
        ],
      },
    },
  },
  {
    name: "a block beside one that stands alone",
    files: { "main.tf.json": '{"resource": {"aws_instance": {"web": {"disk": {"n": "a"}}}}}\n' },
    address: WEB,
    live: { "disk[1]": { n: "b" } },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-{"resource": {"aws_instance": {"web": {"disk": {"n": "a"}}}}}',
          '+{"resource": {"aws_instance": {"web": {"disk": [{"n": "a"}, {"n": "b"}]}}}}',
        ],
      },
    },
  },
  {
    name: "a block that goes, with the array that it was alone in",
    files: web({ ami: "ami-1", ebs_block_device: [{ device_name: "a" }] }),
    address: WEB,
    live: { "ebs_block_device[0]": ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": [
          '-        "ami": "ami-1",',
          '-        "ebs_block_device": [',
          "-          {",
          '-            "device_name": "a"',
          "-          }",
          "-        ]",
          '+        "ami": "ami-1"',
        ],
      },
    },
  },
  {
    name: "a value in a variable file of JSON",
    files: {
      "main.tf": 'variable "size" {}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
      "terraform.tfvars.json": json({ size: "t3.small" }),
    },
    address: WEB,
    live: { instance_type: "t3.${large}" },
    expected: {
      verdict: "exact",
      lines: { "terraform.tfvars.json": ['-  "size": "t3.small"', '+  "size": "t3.${large}"'] },
    },
  },
  {
    name: "a variable that a variable file of JSON does not set yet",
    files: {
      "main.tf":
        'variable "size" {\n  default = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
      "prod.json": json({}),
    },
    stacks: [{ name: "main", root: ".", varFiles: ["prod.json"] }],
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "prod.json": ["-{}", "+{", '+  "size": "t3.large"', "+}"] },
    },
  },
  {
    name: "an argument of a module call in JSON",
    files: {
      "main.tf.json": json({ module: { m: { source: "./m" } } }),
      "m/main.tf":
        'variable "size" {\n  default = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
    },
    address: "module.m.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf.json": ['-      "source": "./m"', '+      "source": "./m",', '+      "size": "t3.large"'],
      },
    },
  },
  {
    name: "a value that an override file decides",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.small"\n  ami           = "a"\n}\n',
      "main_override.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.medium"\n}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large", ami: "b" },
    expected: {
      verdict: "exact",
      lines: {
        "main_override.tf": ['-  instance_type = "t3.medium"', '+  instance_type = "t3.large"'],
        "main.tf": ['-  ami           = "a"', '+  ami           = "b"'],
      },
    },
  },
  {
    name: "a new argument goes to the file that declares the resource",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  ami = "a"\n}\n',
      "override.tf.json": json({ resource: { aws_instance: { web: { ami: "b" } } } }),
    },
    address: WEB,
    live: { monitoring: true },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  ami = "a"', '+  ami        = "a"', "+  monitoring = true"] },
    },
  },
  {
    name: "a block of which the type is overridden",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  disk {\n    n = "a"\n  }\n}\n',
      "override.tf.json": json({ resource: { aws_instance: { web: { disk: [{ n: "b" }] } } } }),
    },
    address: WEB,
    live: { "disk[1]": { n: "c" } },
    expected: {
      verdict: "exact",
      lines: {
        "override.tf.json": ["+          },", "+          {", '+            "n": "c"'],
      },
    },
  },
  {
    name: "an argument that an override file sets cannot go while another file sets it too",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  monitoring = false\n}\n',
      "override.tf": 'resource "aws_instance" "web" {\n  monitoring = true\n}\n',
    },
    address: WEB,
    live: { monitoring: ABSENT },
    expected: {
      verdict: "exact",
      lines: { "override.tf": ["-  monitoring = true", "+  monitoring = null"] },
    },
  },
  {
    name: "a local that is overridden",
    files: {
      "main.tf":
        'locals {\n  size = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = local.size\n}\n',
      "size_override.tf.json": json({ locals: { size: "t3.medium" } }),
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "size_override.tf.json": ['-    "size": "t3.medium"', '+    "size": "t3.large"'] },
    },
  },
  {
    name: "an entry of an object in an expression in a text is not added",
    files: web({ tags: '${{ Name = "web" }}' }),
    address: WEB,
    live: { "tags.Owner": "me" },
    expected: { verdict: "refused", why: "edit it by hand" },
  },
  {
    name: "an object in an object on one line",
    files: {
      "main.tf":
        'variable "users" {\n  type = map(object({ version = string, params = optional(map(string), {}) }))\n}\n\nresource "aws_instance" "web" {\n  params = var.users.a.params\n}\n',
      "terraform.tfvars.json":
        '{\n  "users": {\n    "a": { "version": "15.4" },\n    "b": { "version": "16" }\n  }\n}\n',
    },
    address: WEB,
    live: { "params.max_connections": "600" },
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars.json": [
          '-    "a": { "version": "15.4" },',
          '+    "a": { "version": "15.4", "params": { "max_connections": "600" } },',
        ],
      },
    },
  },
  {
    name: "a list in place of a text in an object on one line",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  policy = file("p.json")\n}\n',
      "p.json": '{\n\t"Statement": [\n\t\t{ "Effect": "Allow", "Action": "s3:*" }\n\t]\n}\n',
    },
    address: WEB,
    live: { policy: '{"Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"]}]}' },
    expected: {
      verdict: "exact",
      lines: {
        "p.json": [
          '-\t\t{ "Effect": "Allow", "Action": "s3:*" }',
          '+\t\t{ "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"] }',
        ],
      },
    },
  },
  {
    name: "JSON that is broken",
    files: {
      "main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.small"\n}\n',
      "more.tf.json": '{"locals": {"a": 1,}}\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: { verdict: "refused", why: "more.tf.json could not be read in full" },
  },
];
