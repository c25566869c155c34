import { ABSENT, type AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";

/** `text` is the body of one instance. */
function instance(body: string): { "main.tf": string } {
  return { "main.tf": `resource "aws_instance" "web" {\n${body}}\n` };
}

/** Values that stand as literals in the resource's own block. */
export const LITERALS: readonly AdoptionCase[] = [
  {
    name: "a text in place",
    files: instance('  ami           = "ami-1"\n  instance_type = "t3.small" # sized in May\n'),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  instance_type = "t3.small" # sized in May',
          '+  instance_type = "t3.large" # sized in May',
        ],
      },
      effects: ['aws_instance.web instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "comments that are aligned with each other",
    files: instance(
      '  ami           = "ami-1"    # the image\n  instance_type = "t3.small" # the size\n\n  monitoring = true # no\n',
    ),
    address: WEB,
    live: { instance_type: "t3.2xlarge" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  ami           = "ami-1"    # the image',
          '-  instance_type = "t3.small" # the size',
          '+  ami           = "ami-1"      # the image',
          '+  instance_type = "t3.2xlarge" # the size',
        ],
      },
      effects: ['aws_instance.web instance_type: "t3.small" -> "t3.2xlarge"'],
    },
  },
  {
    name: "comments that are not aligned stay where they are",
    files: instance('  ami           = "ami-1" # the image\n  instance_type = "t3.small" # the size\n'),
    address: WEB,
    live: { instance_type: "t3.2xlarge" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  instance_type = "t3.small" # the size', '+  instance_type = "t3.2xlarge" # the size'],
      },
    },
  },
  {
    name: "a number",
    files: instance("  cpu_core_count = 2\n"),
    address: WEB,
    live: { cpu_core_count: 4 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  cpu_core_count = 2", "+  cpu_core_count = 4"] } },
  },
  {
    name: "a negative number",
    files: instance("  offset = -2\n"),
    address: WEB,
    live: { offset: -12.5 },
    expected: { verdict: "exact", lines: { "main.tf": ["-  offset = -2", "+  offset = -12.5"] } },
  },
  {
    name: "a number that the code writes as text stays text",
    files: instance('  port = "8080"\n'),
    address: WEB,
    live: { port: 9090 },
    expected: { verdict: "exact", lines: { "main.tf": ['-  port = "8080"', '+  port = "9090"'] } },
  },
  {
    name: "a text that the code writes as a number stays a number",
    files: instance("  port = 8080\n"),
    address: WEB,
    live: { port: "9090" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  port = 8080", "+  port = 9090"] } },
  },
  {
    name: "a text that is no number takes a number's place in quotes",
    files: instance("  port = 8080\n"),
    address: WEB,
    live: { port: "http" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  port = 8080", '+  port = "http"'] } },
  },
  {
    name: "a boolean",
    files: instance("  monitoring = false\n"),
    address: WEB,
    live: { monitoring: true },
    expected: { verdict: "exact", lines: { "main.tf": ["-  monitoring = false", "+  monitoring = true"] } },
  },
  {
    name: "a boolean that the code writes as text stays text",
    files: instance('  monitoring = "false"\n'),
    address: WEB,
    live: { monitoring: true },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  monitoring = "false"', '+  monitoring = "true"'] },
    },
  },
  {
    name: "a boolean that is told as text stays a boolean",
    files: instance("  monitoring = false\n"),
    address: WEB,
    live: { monitoring: "true" },
    expected: { verdict: "exact", lines: { "main.tf": ["-  monitoring = false", "+  monitoring = true"] } },
  },
  {
    name: "all digits of a large number",
    files: instance("  account = 12345678901234567890\n"),
    address: WEB,
    live: { account: "12345678901234567891" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  account = 12345678901234567890", "+  account = 12345678901234567891"] },
    },
  },
  {
    name: "a value in parentheses",
    files: instance('  instance_type = ("t3.small")\n'),
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  instance_type = ("t3.small")', '+  instance_type = ("t3.large")'] },
    },
  },
  {
    name: "a value that looks like a template is escaped",
    files: instance('  user_data = "plain"\n'),
    address: WEB,
    live: { user_data: 'echo "${HOME}" %{if}\n' },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  user_data = "plain"', '+  user_data = "echo \\"$${HOME}\\" %%{if}\\n"'],
      },
    },
  },
  {
    name: "a heredoc keeps its form, its indentation and the lines that are right",
    files: instance("  user_data = <<-EOT\n    #!/bin/sh\n    echo one\n    echo $${HOME}\n  EOT\n"),
    address: WEB,
    live: { user_data: "#!/bin/sh\necho two\necho ${HOME}\n" },
    expected: { verdict: "exact", lines: { "main.tf": ["-    echo one", "+    echo two"] } },
  },
  {
    name: "a heredoc becomes a quoted string where a heredoc cannot say the text",
    files: instance("  user_data = <<EOT\necho one\nEOT\n"),
    address: WEB,
    live: { user_data: "echo two" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ["-  user_data = <<EOT", "-echo one", "-EOT", '+  user_data = "echo two"'] },
    },
  },
  {
    name: "a file with CRLF keeps it",
    files: { "main.tf": 'resource "aws_instance" "web" {\r\n  ami = "ami-1"\r\n}\r\n' },
    address: WEB,
    live: { ami: "ami-2", monitoring: true },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": ['-  ami = "ami-1"\r', '+  ami        = "ami-2"\r', "+  monitoring = true\r"],
      },
    },
  },
  {
    name: "a file without a line end at its end",
    files: { "main.tf": 'resource "aws_instance" "web" {\n  ami = "ami-1"\n}' },
    address: WEB,
    live: { ami: "ami-2" },
    expected: { verdict: "exact", lines: { "main.tf": ['-  ami = "ami-1"', '+  ami = "ami-2"'] } },
  },
  {
    name: "a file with a space in its name",
    files: { "infra/my web.tf": 'resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n' },
    stacks: [{ name: "infra", root: "infra" }],
    address: WEB,
    live: { ami: "ami-2" },
    expected: { verdict: "exact", lines: { "infra/my web.tf": ['-  ami = "ami-1"', '+  ami = "ami-2"'] } },
  },
  {
    name: "an argument that the block leaves out goes behind the others, before the tags",
    files: instance(
      '  ami = "ami-1"\n\n  tags = {\n    Name = "web"\n  }\n\n  lifecycle {\n    ignore_changes = [ami]\n  }\n',
    ),
    address: WEB,
    live: { monitoring: true },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  ami = "ami-1"', '+  ami        = "ami-1"', "+  monitoring = true"] },
      effects: ["aws_instance.web monitoring: null -> true"],
    },
  },
  {
    name: "an argument that is not set in the cloud is removed with its line",
    files: instance('  ami      = "ami-1"\n  key_name = "old" # who?\n'),
    address: WEB,
    live: { key_name: ABSENT },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  ami      = "ami-1"', '-  key_name = "old" # who?', '+  ami = "ami-1"'] },
      effects: ['aws_instance.web key_name: "old" -> null'],
    },
  },
  {
    name: "each instance of count has its own element of a list",
    files: instance('  count         = 2\n  instance_type = ["t3.small", "t3.small"][count.index]\n'),
    address: "aws_instance.web[1]",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: {
        "main.tf": [
          '-  instance_type = ["t3.small", "t3.small"][count.index]',
          '+  instance_type = ["t3.small", "t3.large"][count.index]',
        ],
      },
      effects: ['aws_instance.web[1] instance_type: "t3.small" -> "t3.large"'],
    },
  },
  {
    name: "what all instances of count share is shared",
    files: instance('  count         = 2\n  instance_type = "t3.small"\n'),
    address: "aws_instance.web[1]",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "shared",
      lines: { "main.tf": ['-  instance_type = "t3.small"', '+  instance_type = "t3.large"'] },
      effects: [
        'aws_instance.web[0] instance_type: "t3.small" -> "t3.large"',
        'aws_instance.web[1] instance_type: "t3.small" -> "t3.large"',
      ],
    },
  },
];
