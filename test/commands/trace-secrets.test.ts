import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Workplace } from "./command.ts";

/** Of the system, where it has one. */
const PATCH = "patch";

const CODE = `variable "region" {
  default = "eu-west-1"
}
variable "pin" {
  sensitive = true
  default   = "4711"
}
locals {
  conf = yamldecode(file("conf.yaml"))
  size = "t3.small"
  pw   = "hunter2-hunter2"
}
resource "aws_db_instance" "d" {
  password       = local.pw
  instance_class = local.size
  region         = var.region
}
resource "aws_instance" "a" {
  tags = { Pin = var.pin, Door = "front" }
  count_of = local.conf.count
  note     = local.conf.note
}
resource "aws_ssm_parameter" "p" {
  name  = "n"
  value = "ssm-secret-1"
}
resource "aws_instance" "b" {
  tags = { Code = sensitive("99"), Door = "back" }
  copy = "hunter2-hunter2"
}
output "conn" {
  sensitive = true
  value     = { region = var.region, password = local.pw }
}
`;

const FILES = { "main.tf": CODE, "conf.yaml": "password: yaml-secret\ncount: 1\npin: 7\nnote: n\n" };

interface Edit {
  readonly diff: string;
  readonly verdict: string;
  readonly why: string;
}

let place: Workplace;

beforeAll(() => {
  place = new Workplace(FILES);
});

afterAll(() => place.remove());

async function editsOf(address: string, path: string, to: string) {
  const { stdout, stderr } = await place.run(["trace", address, path, "--to", to, "--json"]);
  expect(stdout + stderr).not.toMatch(/hunter2-hunter2|ssm-secret|4711/);
  return (JSON.parse(stdout) as { edits: Edit[] }).edits;
}

describe("driftwright trace --to, in code with secrets", () => {
  test.skipIf(spawnSync(PATCH, ["--version"]).status !== 0).each([
    ["aws_db_instance.d", "region", '"us-east-1"', "main.tf", 'default = "us-east-1"'],
    ["aws_db_instance.d", "instance_class", '"t3.large"', "main.tf", 'size = "t3.large"'],
    ["aws_ssm_parameter.p", "name", '"m"', "main.tf", 'name  = "m"'],
    ["aws_instance.a", "note", '"m"', "conf.yaml", "note: m"],
  ])("what is offered for %s %s applies with patch -p1", async (address, path, to, file, line) => {
    const edits = await editsOf(address, path, to);
    expect(edits.map(({ verdict }) => verdict)).not.toContain("refused");
    for (const [index, { diff }] of edits.entries()) {
      expect(diff).not.toContain("(sensitive)");
      const copy = new Workplace(FILES);
      execFileSync(PATCH, ["-p1"], { cwd: copy.folder, input: diff });
      if (index === 0) expect(readFileSync(copy.path(file), "utf8")).toContain(line);
      copy.remove();
    }
  });

  test.each([
    ["aws_db_instance.d", "password", '"x"', "password is sensitive"],
    ["aws_ssm_parameter.p", "value", '"x"', "value is sensitive"],
    ["aws_instance.b", "tags.Door", '"x"', "the edit changes main.tf:28, which holds a secret"],
  ])("an edit of %s %s is refused", async (address, path, to, why) => {
    expect(await editsOf(address, path, to)).toMatchObject([
      { verdict: "refused", diff: "", why: expect.stringContaining(why) },
    ]);
  });
});
