import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { type Run, Workplace } from "./command.ts";

/** Of the system, where it has one. */
const PATCH = "patch";

const places: Workplace[] = [];

afterAll(() => {
  for (const place of places) place.remove();
});

function workplace(files: Readonly<Record<string, string>>): Workplace {
  const place = new Workplace(files);
  places.push(place);
  return place;
}

const SHOP = {
  "main.tf": `variable "apps" {
  type = map(object({
    size = string
    disk = optional(number, 20)
  }))
}

variable "sizes" {
  default = {
    small = "t3.small"
    large = "t3.large"
  }
}

locals {
  chosen = var.sizes
  secret = var.password
}

variable "password" {
  sensitive = true
  default   = "hunter2-hunter2"
}

module "app" {
  for_each = var.apps
  source   = "./app"
  type     = local.chosen[each.value.size]
  disk     = each.value.disk
  password = local.secret
}
`,
  "app/main.tf": `variable "type" {}
variable "disk" {}
variable "password" {}

resource "aws_instance" "this" {
  instance_type = var.type
  password      = "prefix-\${var.password}"

  root_block_device {
    volume_size = var.disk
  }
}

output "type" {
  value = aws_instance.this.instance_type
}
`,
  "prod.auto.tfvars": `apps = {
  api = { size = "small" }
  ui  = { size = "large", disk = 50 }
}
`,
};

const API = 'module.app["api"].aws_instance.this';
const UI = 'module.app["ui"].aws_instance.this';

interface Document {
  readonly schema: number;
  readonly address: string;
  readonly path: string;
  readonly value: unknown;
  readonly chain: readonly { kind: string; file: string; line: number; column: number; text: string }[];
  readonly edits?: readonly {
    file: string;
    line: number;
    before: string;
    after: string;
    diff: string;
    effects: readonly unknown[];
    verdict: string;
    why: string;
  }[];
}

async function trace(place: Workplace, ...args: string[]): Promise<{ run: Run; document: Document }> {
  const run = await place.run(["trace", ...args, "--json"]);
  return { run, document: JSON.parse(run.stdout) as Document };
}

describe("driftwright trace --json", () => {
  test("every hop from the attribute to the literal, each with its exact place", async () => {
    const { run, document } = await trace(workplace(SHOP), API, "instance_type");
    expect(run.code).toBe(0);
    expect(run.stderr).toBe("");
    expect(Object.keys(document)).toEqual(["schema", "address", "path", "value", "chain"]);
    expect(document).toMatchObject({ schema: 1, address: API, path: "instance_type", value: "t3.small" });
    expect(document.chain.map(({ kind, file, line, column }) => `${kind} ${file}:${line}:${column}`)).toEqual(
      [
        "attribute app/main.tf:6:3",
        "argument main.tf:28:14",
        "local main.tf:16:12",
        "default main.tf:9:13",
        "literal main.tf:10:13",
      ],
    );
    expect(document.chain.map(({ text }) => text)).toEqual([
      "instance_type = var.type",
      "local.chosen[each.value.size]",
      "var.sizes",
      '{\n    small = "t3.small"\n    large = "t3.large"\n  }',
      '"t3.small"',
    ]);
  });

  test("the text of each step is what stands in the file at its place", async () => {
    const place = workplace(SHOP);
    for (const [address, path] of [
      [API, "instance_type"],
      [API, "root_block_device[0].volume_size"],
      [UI, "root_block_device[0].volume_size"],
    ] as const) {
      const { document } = await trace(place, address, path);
      for (const { file, line, column, text } of document.chain) {
        const source = readFileSync(place.path(file), "utf8")
          .split("\n")
          .slice(line - 1)
          .join("\n");
        expect(source.slice(column - 1, column - 1 + text.length)).toBe(text);
      }
    }
  });

  test("the chain ends at the entry of the variable file, through a nested block and a module", async () => {
    const { document } = await trace(workplace(SHOP), UI, "root_block_device[0].volume_size");
    expect(document.chain.map(({ kind, file, line }) => `${kind} ${file}:${line}`)).toEqual([
      "attribute app/main.tf:10",
      "argument main.tf:29",
      "tfvars prod.auto.tfvars:1",
      "literal prod.auto.tfvars:3",
    ]);
    expect(document.chain.at(-1)).toMatchObject({ text: "50", column: 34 });
  });

  test("what is not written ends where it would be written", async () => {
    const place = workplace(SHOP);
    const { document } = await trace(place, API, "root_block_device[0].volume_size");
    expect(document.value).toBe(20);
    expect(document.chain.at(-1)).toEqual({
      kind: "absent",
      file: "prod.auto.tfvars",
      line: 2,
      column: 9,
      text: '{ size = "small" }',
    });
    const absent = await trace(place, API, "tags.Name");
    expect(absent.run.code).toBe(0);
    expect(absent.document).toMatchObject({
      value: null,
      chain: [
        { kind: "absent", file: "app/main.tf", line: 5, column: 1, text: 'resource "aws_instance" "this"' },
      ],
    });
  });

  test("keys and elements in either form", async () => {
    const place = workplace({
      "main.tf": 'resource "a_b" "c" {\n  tags = { Name = "x", "a/b" = ["p", "q"] }\n}\n',
    });
    for (const [given, printed] of [
      ['tags["Name"]', "tags.Name"],
      ["tags.Name", "tags.Name"],
      ['tags["a/b"][1]', 'tags["a/b"][1]'],
    ] as const) {
      const { document } = await trace(place, "a_b.c", given);
      expect(document.path).toBe(printed);
      expect(document.value).toBe(printed.includes("a/b") ? "q" : "x");
    }
  });

  test("a large number keeps its digits", async () => {
    const place = workplace({ "main.tf": 'resource "a_b" "c" {\n  x = 12345678901234567890\n}\n' });
    const run = await place.run(["trace", "a_b.c", "x", "--to", "0.10000000000000000001", "--json"]);
    expect(run.stdout).toContain('"value": 12345678901234567890,');
    expect(run.stdout).toContain('"after": 0.10000000000000000001');
    expect(run.stdout).toContain('"after": "0.10000000000000000001"');
  });
});

describe("driftwright trace --to", () => {
  test("edits that evaluation proves, the best first", async () => {
    const place = workplace(SHOP);
    const { run, document } = await trace(place, API, "instance_type", "--to", '"t3.large"');
    expect(run.code).toBe(0);
    expect(Object.keys(document)).toEqual(["schema", "address", "path", "value", "chain", "edits"]);
    const [best] = document.edits ?? [];
    expect(best).toEqual({
      file: "prod.auto.tfvars",
      line: 2,
      before: '"small"',
      after: '"large"',
      diff: expect.stringMatching(/^--- a\/prod\.auto\.tfvars\n\+\+\+ b\/prod\.auto\.tfvars\n@@ /),
      effects: [{ address: API, path: "instance_type", before: "t3.small", after: "t3.large" }],
      verdict: "exact",
      why: "evaluation shows that nothing else changes",
    });
    expect(Object.keys(best ?? {})).toEqual([
      "file",
      "line",
      "before",
      "after",
      "diff",
      "effects",
      "verdict",
      "why",
    ]);
    execFileSync("git", ["apply", "--check", "-"], { cwd: place.folder, input: best?.diff ?? "" });
  });

  test.skipIf(spawnSync(PATCH, ["--version"]).status !== 0)(
    "applied with patch -p1, the code evaluates to what was wanted",
    async () => {
      const place = workplace(SHOP);
      const { document } = await trace(place, API, "root_block_device[0].volume_size", "--to", "100");
      expect(document.edits?.[0]).toMatchObject({ verdict: "exact", file: "prod.auto.tfvars", line: 2 });
      execFileSync(PATCH, ["-p1"], { cwd: place.folder, input: document.edits?.[0]?.diff ?? "" });
      const after = await trace(place, API, "root_block_device[0].volume_size");
      expect(after.document.value).toBe(100);
      expect((await trace(place, UI, "root_block_device[0].volume_size")).document.value).toBe(50);
    },
  );

  test("other stacks of the root that the edit changes too are named", async () => {
    const main = 'terraform {\n  backend "local" {}\n}\n\nmodule "web" {\n  source = "../web"\n}\n';
    const place = workplace({
      "web/main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.small"\n}\n',
      "prod/main.tf": main,
      "staging/main.tf": main,
    });
    const args = [
      "module.web.aws_instance.web",
      "instance_type",
      "--to",
      '"t3.large"',
      "--root",
      ".",
      "--dir",
      "prod",
    ];
    const { document } = await trace(place, ...args);
    const change = { address: "module.web.aws_instance.web", path: "instance_type" };
    expect(document.edits).toMatchObject([
      {
        verdict: "shared",
        file: "web/main.tf",
        line: 2,
        effects: [
          { stack: "prod", ...change },
          { stack: "staging", ...change },
        ],
      },
    ]);
  });

  test("a refused edit is an answer: one edit without a diff, the reason, and exit code 0", async () => {
    const place = workplace({ "main.tf": 'resource "a_b" "c" {\n  x = sha1("a")\n}\n' });
    const { run, document } = await trace(place, "a_b.c", "x", "--to", '"B"');
    expect(run.code).toBe(0);
    expect(document.edits).toEqual([
      {
        file: "main.tf",
        line: 2,
        before: 'sha1("a")',
        after: '"B"',
        diff: "",
        effects: [],
        verdict: "refused",
        why: expect.stringContaining("main.tf:2"),
      },
    ]);
  });

  test("a sensitive value is masked everywhere, and its edit is refused", async () => {
    const { run, document } = await trace(workplace(SHOP), API, "password", "--to", '"swordfish-22"');
    expect(run.code).toBe(0);
    expect(document.value).toBe("(sensitive)");
    expect(new Set(document.chain.map(({ text }) => text))).toEqual(new Set(["(sensitive)"]));
    expect(document.edits).toMatchObject([
      { verdict: "refused", before: "(sensitive)", after: "(sensitive)", diff: "", effects: [] },
    ]);
    expect(run.stdout + run.stderr).not.toMatch(/hunter2|swordfish/);
  });

  test("a secret beside the edit does not show in the diff", async () => {
    const { run, document } = await trace(
      workplace({
        "main.tf":
          'variable "password" {\n  sensitive = true\n  default   = "hunter2-hunter2"\n}\nresource "a_b" "c" {\n  x = 1\n}\n',
      }),
      ...["a_b.c", "x", "--to", "2"],
    );
    expect(document.edits?.[0]?.diff).toContain("-  x = 1\n+  x = 2\n");
    expect(run.stdout).not.toContain("hunter2");
  });

  test("the code is left as it is", async () => {
    const place = workplace(SHOP);
    await trace(place, API, "instance_type", "--to", '"t3.large"');
    for (const [path, text] of Object.entries(SHOP))
      expect(readFileSync(place.path(path), "utf8")).toBe(text);
  });
});

describe("an attribute that nothing has", () => {
  const code = { "main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.micro"\n}\n' };

  test("is a warning on standard error with what was meant; the exit code stays 0", async () => {
    const { run, document } = await trace(workplace(code), "aws_instance.web", "instance_typ");
    expect(run.code).toBe(0);
    expect(document.value).toBeNull();
    expect(run.stderr.replace(/\s+/g, " ")).toContain(
      'warning: the code has no attribute "instance_typ" of aws_instance.web; did you mean "instance_type"?',
    );
  });

  test("one that the code has is none", async () => {
    const { run } = await trace(workplace(code), "aws_instance.web", "instance_type");
    expect(run.stderr).toBe("");
  });
});

describe("what cannot be traced", () => {
  test.each([
    [
      "an unknown address",
      ["aws_instanse.web", "ami"],
      /the code has no instance aws_instanse\.web; did you mean "aws_instance\.web"\?/,
    ],
    ["a key that is not there", ["aws_instance.web[0]", "ami"], /no instance aws_instance\.web\[0\]/],
    ["an address that is none", ["aws instance", "ami"], /aws instance/],
    [
      "a path that is none",
      ["aws_instance.web", "a..b"],
      /cannot read the path "a\.\.b" from character 2 on/,
    ],
    ["a path that is empty", ["aws_instance.web", ""], /the path is empty/],
  ])("%s: exit code 1, said on standard error; the document is still printed", async (_, args, message) => {
    const place = workplace({ "main.tf": 'resource "aws_instance" "web" {\n  ami = "a"\n}\n' });
    const { run, document } = await trace(place, ...args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
    expect(document).toEqual({ schema: 1, address: args[0], path: args[1], value: null, chain: [] });
    const human = await place.run(["trace", ...args]);
    expect([human.code, human.stdout]).toEqual([1, ""]);
  });

  test("with --to the one edit is refused", async () => {
    const place = workplace({ "main.tf": 'resource "aws_instance" "web" {}\n' });
    const { run, document } = await trace(place, "aws_instance.wep", "ami", "--to", "1");
    expect(run.code).toBe(1);
    expect(document.edits).toMatchObject([{ verdict: "refused", diff: "", effects: [] }]);
  });

  test("--to that is not JSON", async () => {
    const place = workplace({ "main.tf": 'resource "aws_instance" "web" {}\n' });
    const run = await place.run(["trace", "aws_instance.web", "ami", "--to", "t3.large", "--json"]);
    expect([run.code, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain(`--to t3.large is not JSON; a text needs its own quotes: --to '"t3.large"'`);
  });

  test("an error in the code is told, and the exit code is 1", async () => {
    const place = workplace({ "main.tf": 'resource "a_b" "c" {\n  x = 1\n  y = local.nope\n}\n' });
    const { run, document } = await trace(place, "a_b.c", "x");
    expect(run.code).toBe(1);
    expect(document.value).toBe(1);
    expect(run.stderr).toContain("main.tf:3");
  });
});

test("what a person reads: the value, the way in columns, the edit, what it changes", async () => {
  const run = await workplace(SHOP).run(["trace", API, "instance_type", "--to", '"t3.large"']);
  expect(run.stdout).toContain(`${API} instance_type = "t3.small"
  app/main.tf:6:3  attribute  instance_type = var.type
  main.tf:28:14    argument   local.chosen[each.value.size]
  main.tf:16:12    local      var.sizes
`);
  expect(run.stdout).toContain(`
edit 1 of 3: exact, evaluation shows that nothing else changes
--- a/prod.auto.tfvars
+++ b/prod.auto.tfvars
@@ -1,4 +1,4 @@
 apps = {
-  api = { size = "small" }
+  api = { size = "large" }
   ui  = { size = "large", disk = 50 }
 }
what changes:
  ${API} instance_type: "t3.small" -> "t3.large"
`);
  expect(run.stderr).toBe("");
});
