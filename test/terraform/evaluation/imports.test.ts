import { describe, expect, test } from "vitest";
import { evaluateFiles, problemsOf } from "../stack.ts";

const COUNTED = 'resource "a" "b" {\n  count = 2\n}\n';
const KEYED = 'resource "a" "b" {\n  for_each = toset(["x", "y"])\n}\n';
const ONE = 'resource "a" "b" {\n}\n';
const block = (to: string, id: string, more = "") => `import {\n  to = ${to}\n  id = ${id}\n  ${more}\n}\n`;

function importsOf(code: string | Record<string, string>): Record<string, string> {
  return Object.fromEntries(evaluateFiles(code).imports);
}

describe("import blocks", () => {
  test.each<[string, string, Record<string, string>]>([
    ["a literal id", ONE + block("a.b", '"i-1"'), { "a.b": "i-1" }],
    ["an id from a local", `${ONE}locals { n = 1 }\n${block("a.b", `"i-\${local.n}"`)}`, { "a.b": "i-1" }],
    ["a number", ONE + block("a.b", "17"), { "a.b": "17" }],
    ["one instance of count", COUNTED + block("a.b[1]", '"i-1"'), { "a.b[1]": "i-1" }],
    ["one instance of for_each", KEYED + block('a.b["x"]', '"i-1"'), { 'a.b["x"]': "i-1" }],
    [
      "a block with for_each",
      KEYED + block("a.b[each.key]", "each.value", 'for_each = { x = "i-1", y = "i-2" }'),
      { 'a.b["x"]': "i-1", 'a.b["y"]': "i-2" },
    ],
    [
      "a block with for_each over a list, as only imports have it",
      COUNTED + block("a.b[each.key]", "each.value", 'for_each = ["i-1", "i-2"]'),
      { "a.b[0]": "i-1", "a.b[1]": "i-2" },
    ],
  ])("%s", (_, code, expected) => {
    const evaluation = evaluateFiles(code);
    expect(Object.fromEntries(evaluation.imports)).toEqual(expected);
    expect(problemsOf(evaluation)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      "two for one instance",
      ONE + block("a.b", '"i-1"') + block("a.b", '"i-2"'),
      "a.b is imported by another block already",
    ],
    ["an instance that the code does not declare", block("a.c", '"i-1"'), "there is no a.c to import into"],
    ["an address without a needed key", COUNTED + block("a.b", '"i-1"'), "there is no a.b to import into"],
    ["a whole module", block("module.m", '"i-1"'), "this is no address"],
    [
      "a data source",
      `data "a" "b" {}\n${block("data.a.b", '"i-1"')}`,
      "a data source cannot be imported, only a resource can",
    ],
  ])("%s is an error", (_, code, message) => {
    expect(problemsOf(evaluateFiles(code))).toEqual([expect.stringContaining(message)]);
  });

  test("reach into modules from the root, and are not read in a module", () => {
    const files = {
      "main.tf": `module "m" {\n  source = "./m"\n}\n${block("module.m.a.b", '"i-1"')}`,
      "m/main.tf": ONE + COUNTED.replace('"b"', '"c"') + block("a.c[0]", '"i-2"'),
    };
    expect(importsOf(files)).toEqual({ "module.m.a.b": "i-1" });
  });

  test.each<[string, string, string]>([
    ["an id that is not known", block("a.b", "s.s.id"), "the id to import a.b from is not known"],
    ["a sensitive id", block("a.b", 'sensitive("i-1")'), "the id to import a.b from is not known"],
    ["a for_each that is not known", block("a.b", '"i-1"', "for_each = s.s.set"), "for_each of this import"],
  ])("%s is a warning", (_, imports, message) => {
    const evaluation = evaluateFiles(`resource "s" "s" {}\n${ONE}${imports}`);
    expect([...evaluation.imports]).toEqual([]);
    expect(problemsOf(evaluation)).toEqual([expect.stringMatching(/^warning/)]);
    expect(problemsOf(evaluation)[0]).toContain(message);
  });

  test.each(["local.nope", '""', "null", "[1]"])("an id that is %s is an error", (id) => {
    const evaluation = evaluateFiles(ONE + block("a.b", id));
    expect([...evaluation.imports]).toEqual([]);
    expect(problemsOf(evaluation)).toEqual([expect.stringMatching(/^error main.tf:5 /)]);
  });

  test("mean nothing once the state has the instance, even where the id is not known any more", () => {
    const recorded = [{ type: "a", name: "b", instances: [{ attributes: { id: "i-1" } }] }];
    const evaluation = evaluateFiles(`resource "s" "s" {}\n${ONE}${block("a.b", "s.s.id")}`, { recorded });
    expect([...evaluation.imports]).toEqual([]);
    expect(problemsOf(evaluation)).toEqual([]);
  });
});
