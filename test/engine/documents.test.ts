import { describe, expect, it } from "vitest";
import { Workbench } from "../../src/engine/workbench.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { jsonAt } from "../../src/json/json.ts";
import { DEFAULT_LIMITS } from "../../src/terraform/evaluation/evaluation.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { request } from "./engines.ts";

function workbench(files: Readonly<Record<string, string>>): Workbench {
  const bench = new Workbench(memorySnapshot(files), FUNCTIONS, DEFAULT_LIMITS);
  bench.open([request()]);
  return bench;
}

function chainOf(files: Readonly<Record<string, string>>, path: string): unknown {
  const { document } = workbench(files).trace({ stack: ".", address: "a_b.c", path, to: null });
  return jsonAt(document, ["chain"]);
}

describe("the steps of a trace lead into documents", () => {
  it("to the scalar in a file", () => {
    const files = {
      "main.tf":
        'locals {\n  apps = yamldecode(file("apps.yaml"))\n}\n\nresource "a_b" "c" {\n  size = local.apps.web.size\n}\n',
      "apps.yaml": "# all\nweb:\n  size: t3.small # small\n",
    };
    expect(chainOf(files, "size")).toEqual([
      { kind: "attribute", file: "main.tf", line: 6, column: 3, text: "size = local.apps.web.size" },
      { kind: "local", file: "main.tf", line: 2, column: 10, text: 'yamldecode(file("apps.yaml"))' },
      { kind: "document", file: "main.tf", line: 2, column: 10, text: 'yamldecode(file("apps.yaml"))' },
      { kind: "literal", file: "apps.yaml", line: 3, column: 9, text: "t3.small" },
    ]);
  });

  it("to the scalar in a heredoc, and on through what stands in it", () => {
    const files = {
      "main.tf":
        'variable "x" {\n  default = "one"\n}\n\nlocals {\n  json = <<-EOT\n    {\n      "a": "two",\n      "b": "${var.x}"\n    }\n  EOT\n}\n\nresource "a_b" "c" {\n  a = jsondecode(local.json).a\n  b = jsondecode(local.json).b\n}\n',
    };
    expect(chainOf(files, "a")).toMatchObject([
      { kind: "attribute", line: 15 },
      { kind: "document", line: 15 },
      { kind: "literal", line: 8, column: 12, text: '"two"' },
    ]);
    expect(chainOf(files, "b")).toMatchObject([
      { kind: "attribute", line: 16 },
      { kind: "document", line: 16 },
      { kind: "default", line: 2 },
      { kind: "literal", line: 2, text: '"one"' },
    ]);
  });
});

describe("secrets in documents", () => {
  const FILES = {
    "main.tf":
      'locals {\n  config = yamldecode(file("config.yaml"))\n}\n\nresource "a_b" "c" {\n  size     = local.config.size\n  password = sensitive(local.config.password)\n}\n',
    "config.yaml": "size: small\npassword: abc1\n",
  };

  it("are shown by no diff beside them", () => {
    const { document } = workbench(FILES).trace({
      stack: ".",
      address: "a_b.c",
      path: "size",
      to: '"large"',
    });
    const diff = jsonAt(document, ["edits", 0, "diff"]);
    expect(diff).toBe("--- a/config.yaml\n+++ b/config.yaml\n@@ -1,1 +1,1 @@\n-size: small\n+size: large\n");
    expect(JSON.stringify(document)).not.toContain("abc1");
  });

  it("are shown by no trace", () => {
    const { document } = workbench(FILES).trace({ stack: ".", address: "a_b.c", path: "password", to: null });
    expect(JSON.stringify(document)).not.toContain("abc1");
  });

  it("a whole file may be one", () => {
    const files = {
      "main.tf": 'resource "a_b" "c" {\n  key = sensitive(file("key.txt"))\n}\n',
      "key.txt": "abc1\nabc2\n",
    };
    const { document } = workbench(files).trace({ stack: ".", address: "a_b.c", path: "key", to: null });
    expect(JSON.stringify(document)).not.toContain("abc");
  });

  function shownFor(files: Readonly<Record<string, string>>, path = "size", to = "5"): string {
    const { document } = workbench(files).trace({ stack: ".", address: "a_b.c", path, to });
    return JSON.stringify(document);
  }

  it.each([
    [
      "a document that a template's file gives",
      {
        "main.tf":
          'locals {\n  s = yamldecode(templatefile("d.yaml", { x = 1 }))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(local.s.password)\n}\n',
        "d.yaml": "password: pw1\nsize: 1\nx: ${x}\n",
      },
    ],
    [
      "an escape sequence of such a document",
      {
        "main.tf":
          'locals {\n  s = jsondecode(templatefile("d.json.tpl", { x = 1 }))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(local.s.password)\n}\n',
        "d.json.tpl": '{\n  "password": "pw1\\/secret-value-123",\n  "size": 1,\n  "x": ${x}\n}\n',
      },
    ],
    [
      "a text of which a function takes the blanks away",
      {
        "main.tf":
          'locals {\n  s = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(trimspace(local.s.password))\n}\n',
        "d.yaml": "password: ' pw1 '\nsize: 1\n",
      },
    ],
    [
      "a part of a text that a function makes something else of",
      {
        "main.tf":
          'locals {\n  s = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(upper(replace(local.s.password, "x", "y")))\n}\n',
        "d.yaml": "password: pw1x\nsize: 1\n",
      },
    ],
    [
      "a text that is cut out of a whole file",
      {
        "main.tf":
          'locals {\n  s = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(regex("password: (.*)", file("d.yaml"))[0])\n}\n',
        "d.yaml": "password: pw1\nsize: 1\n",
      },
    ],
    [
      "the same line, which is written anew",
      {
        "main.tf":
          'locals {\n  s = jsondecode(file("d.json"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(substr(file("d.json"), 14, 3))\n}\n',
        "d.json": '{ "password": "pw1", "size": 1 }\n',
      },
    ],
    [
      "a text of the code without its blanks",
      {
        "main.tf":
          'locals {\n  password = " pw1 "\n  size = 1\n}\nresource "a_b" "c" {\n  size = local.size\n  pw   = sensitive(trimspace(local.password))\n}\n',
      },
    ],
  ])("are not shown where one is %s", (_, files) => {
    expect(shownFor(files)).not.toContain("pw1");
  });

  it("refuse the edit of a line that holds one", () => {
    const shown = shownFor({
      "main.tf":
        'locals {\n  s = jsondecode(file("d.json"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(local.s.password)\n}\n',
      "d.json": '{ "password": "pw1", "size": 1 }\n',
    });
    expect(shown).toContain('"verdict":"refused","why":"the edit changes d.json:1, which holds a secret');
    expect(shown).not.toContain("pw1");
  });

  it("hide the whole of a document whose places are not known", () => {
    const files = {
      "main.tf":
        'locals {\n  s = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(local.s.password)\n}\n',
      "d.yaml": "# e\u0301e\u0301e\u0301e\u0301\npassword: pw1\nsize: { a: 1 }\n",
    };
    expect(shownFor(files)).toContain('"verdict":"refused"');
    expect(shownFor(files)).not.toContain("a: 1");
  });

  it("leave what is beside them to be read", () => {
    const shown = shownFor({
      "main.tf":
        'locals {\n  s = yamldecode(templatefile("d.yaml", { x = 1 }))\n}\nresource "a_b" "c" {\n  size = local.s.size\n  pw   = sensitive(trimspace(local.s.password))\n}\n',
      "d.yaml": "password: pw1\nsize: 1\nx: ${x}\n",
    });
    expect(shown).toContain("@@ -2,1 +2,1 @@\\n-size: 1\\n+size: 5\\n");
    expect(shown).toContain('"verdict":"exact"');
  });

  it("of many values cost one look each", () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}`);
    const shown = shownFor({
      "main.tf": 'resource "a_b" "c" {\n  size = 1\n  all  = sensitive(jsondecode(file("d.json")))\n}\n',
      "d.json": `{\n${keys.map((key) => `"${key}": "s${key}"`).join(",\n")}\n}\n`,
    });
    expect(shown).toContain('"verdict":"exact"');
  });
});
