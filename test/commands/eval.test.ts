import { afterAll, describe, expect, test } from "vitest";
import { type Run, Workplace } from "./command.ts";

const places: Workplace[] = [];

afterAll(() => {
  for (const place of places) place.remove();
});

function workplace(files: Readonly<Record<string, string>>): Workplace {
  const place = new Workplace(files);
  places.push(place);
  return place;
}

function evaluate(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
  return workplace(files).run(["eval", ...args]);
}

/** The attributes by address, of a run with `--json`. */
function attributes({ stdout }: Run): Record<string, unknown> {
  const { instances } = JSON.parse(stdout) as { instances: { address: string; attributes: unknown }[] };
  return Object.fromEntries(instances.map((instance) => [instance.address, instance.attributes]));
}

const STATE = JSON.stringify({
  version: 4,
  terraform_version: "1.11.0",
  serial: 1,
  lineage: "l",
  outputs: {},
  resources: [
    {
      mode: "managed",
      type: "aws_db_instance",
      name: "main",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        {
          schema_version: 1,
          attributes: { id: "db-1", password: "swordfish-1", size: 20 },
          sensitive_attributes: [[{ type: "get_attr", value: "password" }]],
        },
      ],
    },
  ],
});

describe("driftwright eval --json", () => {
  test("prints the contract's document: instances by address, blocks as lists, unknown and sensitive paths", async () => {
    const run = await evaluate(
      {
        "main.tf": `variable "token" {
  sensitive = true
  default   = "very-secret-token"
}

module "m" {
  for_each = toset(["a"])
  source   = "./m"
}

data "aws_ami" "a" {}

resource "aws_instance" "web" {
  count         = 11
  provider      = aws.eu
  depends_on    = [aws_db_instance.main]
  ami           = data.aws_ami.a.id
  instance_type = null
  big           = 12345678901234567890
  part          = 0.1 + 0.2
  token         = var.token
  tags          = { Name = "web-\${count.index}", "a b" = var.token }

  ebs_block_device {
    size = 1
  }

  dynamic "ebs_block_device" {
    for_each = [2]
    content {
      size = ebs_block_device.value
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "aws_db_instance" "main" {
  password = "swordfish-1"
  size     = 20
}
`,
        "m/main.tf": 'resource "terraform_data" "x" {\n  input = [1, "a", true]\n}\n',
        "terraform.tfstate": STATE,
      },
      "--json",
    );
    expect(run.code).toBe(0);
    const document = JSON.parse(run.stdout);
    expect(Object.keys(document)).toEqual(["schema", "instances", "diagnostics"]);
    expect(document.schema).toBe(1);
    expect(document.instances.map(({ address }: { address: string }) => address)).toEqual([
      "aws_db_instance.main",
      ...Array.from({ length: 11 }, (_, index) => `aws_instance.web[${index}]`),
      'module.m["a"].terraform_data.x',
    ]);
    expect(document.instances[0]).toEqual({
      address: "aws_db_instance.main",
      type: "aws_db_instance",
      name: "main",
      module: "",
      attributes: { password: "(sensitive)", size: 20 },
      unknown: [],
      sensitive: ["password"],
    });
    expect(document.instances[11]).toMatchObject({
      attributes: {
        ami: null,
        instance_type: null,
        token: "(sensitive)",
        tags: { Name: "web-10", "a b": "(sensitive)" },
        ebs_block_device: [{ size: 1 }, { size: 2 }],
      },
      unknown: ["ami"],
      sensitive: ['tags["a b"]', "token"],
    });
    expect(Object.keys(document.instances[11].attributes).sort()).toEqual(
      ["ami", "big", "ebs_block_device", "instance_type", "part", "tags", "token"].sort(),
    );
    expect(run.stdout).toContain('"big": 12345678901234567890,');
    expect(run.stdout).toContain('"part": 0.3,');
    expect(document.instances[12]).toMatchObject({
      module: 'module.m["a"]',
      attributes: { input: [1, "a", true] },
    });
    expect(run.stdout + run.stderr).not.toMatch(/very-secret-token|swordfish-1/);
  });

  test("an error has its place, and the exit code 1; what it does not touch is evaluated", async () => {
    const run = await evaluate(
      { "main.tf": 'resource "a_b" "c" {\n  x = 1\n  y = local.nope\n}\n' },
      "--json",
    );
    expect(run.code).toBe(1);
    const { instances, diagnostics } = JSON.parse(run.stdout);
    expect(instances[0]).toMatchObject({ attributes: { x: 1, y: null }, unknown: ["y"] });
    expect(diagnostics).toEqual([
      {
        severity: "error",
        message: expect.stringContaining("nope"),
        file: "main.tf",
        line: 3,
        column: expect.any(Number),
      },
    ]);
    expect(run.stderr).toContain("main.tf:3");
    expect(run.stderr).toContain("y = local.nope");
  });

  test("a warning leaves the exit code 0", async () => {
    const run = await evaluate(
      { "main.tf": 'variable "x" {}\n\nresource "a_b" "c" {\n  x = var.x\n}\n' },
      "--json",
    );
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      instances: [{ unknown: ["x"] }],
      diagnostics: [{ severity: "warning", file: "main.tf", line: 1 }],
    });
  });
});

const TYPES = `variable "text" {
  type = string
}

variable "untyped" {}

variable "number" {
  type = number
}

variable "list" {
  type = list(string)
}

resource "a_b" "c" {
  text    = var.text
  untyped = var.untyped
  number  = var.number
  list    = var.list
  stage   = terraform.workspace
}
`;

describe("what a stack is evaluated with", () => {
  test("--var is taken literally for text and what has no type, else read as HCL", async () => {
    const run = await evaluate(
      { "main.tf": TYPES },
      ...["--var", "text=[1]", "--var", "untyped=a=b", "--var", "number=42", "--var", 'list=["a", "b"]'],
      ...["--workspace", "prod", "--json"],
    );
    expect(attributes(run)).toEqual({
      "a_b.c": { text: "[1]", untyped: "a=b", number: 42, list: ["a", "b"], stage: "prod" },
    });
  });

  test("the later of --var and --var-file wins", async () => {
    const files = {
      "main.tf": 'variable "x" {}\n\nresource "a_b" "c" {\n  x = var.x\n}\n',
      "terraform.tfvars": 'x = "automatic"\n',
      "one.tfvars": 'x = "one"\n',
      "two.tfvars": 'x = "two"\n',
    };
    const place = workplace(files);
    const x = async (...args: string[]) => attributes(await place.run(["eval", "--json", ...args]))["a_b.c"];
    expect(await x()).toEqual({ x: "automatic" });
    expect(await x("--var-file", "one.tfvars", "--var-file", "two.tfvars")).toEqual({ x: "two" });
    expect(await x("--var", "x=given", "--var-file", "two.tfvars")).toEqual({ x: "two" });
    expect(await x("--var-file", "two.tfvars", "--var", "x=given")).toEqual({ x: "given" });
  });

  test("--dir, --root and --var-file are relative to the current folder; files are told from the root", async () => {
    const place = workplace({
      "repo/infra/shop/main.tf":
        'module "m" {\n  source = "../../modules/m"\n  x      = var.x\n}\n\nvariable "x" {}\n',
      "repo/modules/m/main.tf": 'variable "x" {}\n\nresource "a_b" "c" {\n  x = var.x\n  y = nope.nope\n}\n',
      "repo/env/prod.tfvars": 'x = "prod"\n',
    });
    const run = await place.run([
      "eval",
      "--dir",
      "repo/infra/shop",
      "--root",
      "repo",
      "--var-file",
      "repo/env/prod.tfvars",
      "--json",
    ]);
    expect(attributes(run)).toEqual({ "module.m.a_b.c": { x: "prod", y: null } });
    expect(JSON.parse(run.stdout).diagnostics).toMatchObject([{ file: "modules/m/main.tf", line: 5 }]);
  });

  test("a module outside of the root is an error that names --root", async () => {
    const place = workplace({
      "infra/main.tf": 'module "m" {\n  source = "../m"\n}\n',
      "m/main.tf": 'resource "a_b" "c" {}\n',
    });
    const inside = await place.run(["eval", "--dir", "infra", "--json"]);
    expect(inside.code).toBe(1);
    expect(JSON.parse(inside.stdout)).toMatchObject({
      instances: [],
      diagnostics: [
        { severity: "error", message: expect.stringContaining("--root"), file: "main.tf", line: 2 },
      ],
    });
    const whole = await place.run(["eval", "--dir", "infra", "--root", ".", "--json"]);
    expect([whole.code, Object.keys(attributes(whole))]).toEqual([0, ["module.m.a_b.c"]]);
  });

  test("a state in the folder is read by itself, another one where it is given", async () => {
    const place = workplace({
      "main.tf":
        'resource "a_b" "c" {\n  x = aws_db_instance.main.id\n}\n\nresource "aws_db_instance" "main" {}\n',
      "terraform.tfstate": STATE,
      "other.tfstate": STATE.replace("db-1", "db-2"),
    });
    expect(attributes(await place.run(["eval", "--json"]))["a_b.c"]).toEqual({ x: "db-1" });
    const other = await place.run(["eval", "--json", "--state", "other.tfstate"]);
    expect(attributes(other)["a_b.c"]).toEqual({ x: "db-2" });
  });
});

describe("what a person reads", () => {
  test("instances as code would say them, and what is not known", async () => {
    const run = await evaluate({
      "main.tf":
        'variable "x" {}\n\nresource "a_b" "c" {\n  x    = var.x\n  tags = { Name = "web", Id = var.x }\n  size = 20\n}\n',
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(`a_b.c
  size = 20
  tags = {
    Id   = (not known)
    Name = "web"
  }
  x = (not known)

1 instance
`);
    expect(run.stderr).toContain('variable "x" has no value');
  });

  test.each([
    ["a folder that is not there", ["--dir", "nope"], /--dir nope: there is no such folder/],
    ["a file as folder", ["--dir", "main.tf"], /main\.tf is a file; give the folder/],
    ["a folder outside of the root", ["--dir", ".", "--root", "sub"], /--dir \. is not inside of --root sub/],
    ["a variable without a value", ["--var", "x"], /Write it as name=value/],
    ["a state that is not there", ["--state", "nope.tfstate"], /nope\.tfstate/],
    ["an option that is none", ["--jsn"], /unknown option '--jsn'.*--json/s],
  ])("%s", async (_, args, message) => {
    const run = await evaluate({ "main.tf": 'resource "a_b" "c" {}\n', "sub/x.txt": "" }, ...args);
    expect(run.code).toBe(1);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});
