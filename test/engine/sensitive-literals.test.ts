import { describe, expect, it } from "vitest";
import { maskedDiff } from "../../src/engine/masked-diff.ts";
import { secretsOf } from "../../src/engine/secrets.ts";
import { sensitiveLiterals } from "../../src/engine/sensitive-literals.ts";
import { BudgetExceeded } from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { type Evaluation, evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";

function evaluated(files: Readonly<Record<string, string>>): Evaluation {
  const inputs = { root: ".", settings: [], workspace: "default", state: null };
  return evaluateStack(new ParsedFiles(memorySnapshot(files)), inputs, FUNCTIONS);
}

const TEXT = "password: pw1\nsize: 1\n";
const FILES = {
  "main.tf":
    'locals {\n  s = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  pw = sensitive(local.s.password)\n}\n',
  "d.yaml": TEXT,
};

describe("where secrets are written", () => {
  it("is the literal in a document", () => {
    const [span, ...more] = sensitiveLiterals([evaluated(FILES)]).get("d.yaml") ?? [];
    expect(more).toEqual([]);
    expect(TEXT.slice(span?.start, span?.end)).toBe("pw1");
  });

  it("may be anywhere in the files of a stack, where to look for it costs too much", () => {
    const evaluation = evaluated(FILES);
    const instances = new Map(evaluation.instances);
    instances.values = () => {
      throw new BudgetExceeded("too much", true);
    };
    const literals = sensitiveLiterals([{ ...evaluation, instances }]);
    const diff = "--- a/d.yaml\n+++ b/d.yaml\n@@ -1,2 +1,2 @@\n password: pw1\n-size: 1\n+size: 2 # pw1\n";
    expect(maskedDiff(diff, TEXT, literals.get("d.yaml") ?? [])).toEqual({
      diff: "--- a/d.yaml\n+++ b/d.yaml\n@@ -2,1 +2,1 @@\n-(sensitive)\n+(sensitive)\n",
      hidden: 2,
    });
    expect(literals.has("main.tf")).toBe(true);
  });

  it.each([
    ["of a map", "map", "{ for name, user in var.users : name => VALUE }"],
    ["by a key of their own", "list", "{ for user in var.users : user.name => VALUE if user.on }"],
    ["in a list", "list", "[for user in var.users : VALUE if user.on]"],
    ["in groups", "list", "{ for user in var.users : substr(user.name, 0, 2) => VALUE... }"],
  ])("is each of 2,000 literals that a `for` makes something of, %s", (_, type, made) => {
    const names = Array.from({ length: 2_000 }, (__, index) => `user${index}`);
    const passwords = names.map((name) => `pass-word-of-${name}`);
    const code = [
      'variable "users" {',
      "  sensitive = true",
      `  type      = ${type}(object({ name = string, password = string, on = bool }))`,
      "}",
      'resource "a_b" "c" {',
      `  all = ${made.replace("VALUE", '{ code = "code:${user.password}" }')}`,
      "}",
      "",
    ].join("\n");
    const values = [
      type === "map" ? "users = {" : "users = [",
      ...names.map((name, index) => {
        const user = `{ name = "${name}", password = "${passwords[index]}", on = true }`;
        return type === "map" ? `  ${name} = ${user}` : `  ${user},`;
      }),
      type === "map" ? "}" : "]",
      "",
    ].join("\n");
    const evaluation = evaluated({ "main.tf": code, "terraform.tfvars": values });
    const spans = sensitiveLiterals([evaluation]).get("terraform.tfvars") ?? [];
    const texts = spans.map(({ start, end }) => values.slice(start + 1, end - 1));
    expect(texts.filter((text) => text.startsWith("pass"))).toEqual(passwords);
    const secrets = new Set(secretsOf(evaluation));
    expect(passwords.filter((password) => !secrets.has(password))).toEqual([]);
  });
});
