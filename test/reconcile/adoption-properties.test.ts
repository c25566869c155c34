import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, type Json } from "../../src/json/json.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { AdoptionCase } from "../adoption/case.ts";
import { goalOf, repositoryOf } from "../adoption/repository.ts";

const ADDRESS = "a_b.c";

/** Adopts a live value, and gives what the edited code says at its path. */
function adopted(
  body: string,
  path: string,
  live: Json,
): { verdict: string; text: string; value: Json | undefined } {
  const files = {
    "main.tf": `variable "x" {\n  default = "one"\n}\n\nresource "a_b" "c" {\n${body}}\n\n# the end\n`,
  };
  const each: AdoptionCase = {
    name: "",
    files,
    address: ADDRESS,
    live: { [path]: live },
    expected: { verdict: "refused", why: "" },
  };
  const goal = goalOf(each);
  const { proven } = findAdoptions(repositoryOf(each, files), goal, 1);
  const [best] = proven;
  const text = best?.texts.get("main.tf") ?? files["main.tf"];
  const [stack] = repositoryOf(each, { "main.tf": text }).stacks;
  const value = stack?.evaluation.instances.get(ADDRESS)?.at(goal.changes[0]?.path ?? []);
  return { verdict: best?.adoption.verdict ?? "refused", text, value };
}

/** Terraform normalises texts, and no UTF-8 file holds half a character. */
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\\", '"', "\n", "\r", "\t", "a", " ", "EOT") }),
  )
  .map((value) => value.normalize());
const key = text.filter((value) => value !== "");

describe("whatever the live value is, the edited code says exactly that", () => {
  it.each([
    ["a literal", '  v = "before"\n'],
    ["a heredoc", "  v = <<-EOT\n    before\n  EOT\n"],
    ["a number", "  v = 1\n"],
    ["an argument that is not there", '  other = "x"\n'],
    ["a variable's default", "  v = var.x\n"],
    ["a computed key", '  v = { one = "before" }[var.x]\n'],
  ])("a text in the place of %s", (_, body) => {
    fc.assert(
      fc.property(text, (live) => {
        const { verdict, value } = adopted(body, "v", live);
        if (verdict === "refused") expect(live).toBe("");
        else expect(value === live || String(value) === live).toBe(true);
      }),
    );
  });

  it.each([
    ["none", ""],
    ["an empty one", "  m = {}\n"],
    ["one on one line", '  m = { a = "1", "b c" = "2" }\n'],
    ["one on several lines", '  m = {\n    a     = "1"\n    "b c" = "2" # kept\n  }\n'],
  ])("a map in the place of %s", (_, body) => {
    const map = fc.dictionary(key, text, { maxKeys: 5 });
    fc.assert(
      fc.property(map, (live) => {
        const { verdict, value } = adopted(body, "m", live);
        const entries = Object.entries(live);
        if (verdict === "refused") expect(entries.every(([, entry]) => entry === "")).toBe(true);
        else expect(equalJson(value ?? null, live)).toBe(true);
      }),
    );
  });

  it.each([
    ["an empty one", "  l = []\n"],
    ["one on one line", '  l = ["a", "b", "c"]\n'],
    ["one on several lines", '  l = [\n    "a", # first\n    "b",\n    "c"\n  ]\n'],
  ])("a list in the place of %s, in any order", (_, body) => {
    const list = fc.uniqueArray(fc.oneof(fc.constantFrom("a", "b", "c", "d"), text), { maxLength: 6 });
    fc.assert(
      fc.property(list, (live) => {
        const { verdict, value } = adopted(body, "l", live);
        if (verdict === "refused") return;
        expect([...(value as string[])].sort()).toEqual([...live].sort());
      }),
    );
  });

  it("leaves everything but the edited line as it was", () => {
    fc.assert(
      fc.property(text, (live) => {
        const { text: after } = adopted('  before = 1 # as is\n  v      = "x"\n  after  = 2\n', "v", live);
        const lines = after.split("\n");
        expect([...lines.slice(0, 6), ...lines.slice(7)]).toEqual([
          'variable "x" {',
          '  default = "one"',
          "}",
          "",
          'resource "a_b" "c" {',
          "  before = 1 # as is",
          "  after  = 2",
          "}",
          "",
          "# the end",
          "",
        ]);
      }),
    );
  });
});
