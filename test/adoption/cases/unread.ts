import type { AdoptionCase } from "../case.ts";

const WEB = "aws_instance.web";
const ENCRYPTED = "\0GITCRYPT\0\u0001\u0002";
const BLOCK = 'resource "aws_instance" "web" {\n  instance_type = var.size\n}\n';
const DEFAULT = 'variable "size" {\n  default = "t3.small"\n}\n';

const BROKEN = `resource "aws_instance" "web" {
  tags = {
    Name  = "web"
    Owner = local.nope
    Team  = uper("ops")
  }
}
`;

/** What cannot be read or evaluated decides what it may decide, and nothing else. */
export const UNREAD: readonly AdoptionCase[] = [
  {
    name: "a literal in place, beside a variable file that is encrypted",
    files: {
      "main.tf": 'variable "other" {}\n\nresource "aws_instance" "web" {\n  instance_type = "t3.small"\n}\n',
      "secret.auto.tfvars": ENCRYPTED,
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  instance_type = "t3.small"', '+  instance_type = "t3.large"'] },
    },
  },
  {
    name: "the argument of a module, through a local, beside one that is not there",
    files: {
      "main.tf":
        'variable "other" {}\n\nlocals {\n  size = "t3.small"\n}\n\nmodule "web" {\n  source = "./web"\n  size   = local.size\n}\n',
      "web/main.tf": `variable "size" {}\n\n${BLOCK}`,
    },
    stacks: [{ name: "main", root: ".", varFiles: ["gone.tfvars"] }],
    address: "module.web.aws_instance.web",
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-  size = "t3.small"', '+  size = "t3.large"'] },
    },
  },
  {
    name: "a default that it may stand before",
    files: { "main.tf": `${DEFAULT}\n${BLOCK}`, "secret.auto.tfvars": ENCRYPTED },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "refused",
      why: 'variable "size" may have its value from secret.auto.tfvars, which cannot be read',
    },
  },
  {
    name: "a line of a variable file that it may stand before",
    files: {
      "main.tf": `${DEFAULT}\n${BLOCK}`,
      "terraform.tfvars": 'size = "t3.medium"\n',
      "secret.auto.tfvars": ENCRYPTED,
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "refused",
      why: 'variable "size" may have its value from secret.auto.tfvars, which cannot be read',
    },
  },
  {
    name: "a line of a variable file that stands before it",
    files: {
      "main.tf": `${DEFAULT}\n${BLOCK}`,
      "secret.auto.tfvars": ENCRYPTED,
      "size.auto.tfvars": 'size = "t3.medium"\n',
    },
    address: WEB,
    live: { instance_type: "t3.large" },
    expected: {
      verdict: "exact",
      lines: { "size.auto.tfvars": ['-size = "t3.medium"', '+size = "t3.large"'] },
    },
  },
  {
    name: "a tag beside others that have errors",
    files: { "main.tf": BROKEN },
    address: WEB,
    live: { "tags.Name": "api" },
    expected: {
      verdict: "exact",
      lines: { "main.tf": ['-    Name  = "web"', '+    Name  = "api"'] },
    },
  },
  {
    name: "a tag that has an error",
    files: { "main.tf": BROKEN },
    address: WEB,
    live: { "tags.Owner": "me" },
    expected: { verdict: "refused", why: "there is an error at main.tf:4: there is no local" },
  },
];
