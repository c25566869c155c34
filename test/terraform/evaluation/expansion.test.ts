import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { parseAddress } from "../../../src/terraform/address.ts";
import { isUndecided } from "../../../src/terraform/evaluation/evaluation.ts";
import { attributesOf, evaluateFiles, problemsOf, type RecordedResource, unknownOf } from "../stack.ts";

const SEED = 'resource "seed" "s" {}\n';

describe("count and for_each", () => {
  test.each<[string, Record<string, Json>]>([
    ["count = 2", { "a.b[0]": { i: 0 }, "a.b[1]": { i: 1 } }],
    ['count = "2"', { "a.b[0]": { i: 0 }, "a.b[1]": { i: 1 } }],
    ["count = 0", {}],
    ["count = true ? 1 : 0", { "a.b[0]": { i: 0 } }],
    ["count = length([1, 2])", { "a.b[0]": { i: 0 }, "a.b[1]": { i: 1 } }],
  ])("%s", (argument, expected) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  ${argument}\n  i = count.index\n}`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual(expected);
  });

  test.each<[string, Record<string, Json>]>([
    ['toset(["y", "x"])', { 'a.b["x"]': { k: "x", v: "x" }, 'a.b["y"]': { k: "y", v: "y" } }],
    ["{ x = 1, y = [2] }", { 'a.b["x"]': { k: "x", v: 1 }, 'a.b["y"]': { k: "y", v: [2] } }],
    ["tomap({ x = 1 })", { 'a.b["x"]': { k: "x", v: 1 } }],
    [
      '{ "a b.c" = 1, "__proto__" = 2 }',
      { 'a.b["a b.c"]': { k: "a b.c", v: 1 }, 'a.b["__proto__"]': { k: "__proto__", v: 2 } },
    ],
    ["{}", {}],
    ["toset([])", {}],
    ["{ x = seed.s.id }", { 'a.b["x"]': { k: "x", v: null } }],
    ["{ x = sensitive(1) }", { 'a.b["x"]': { k: "x", v: 1 } }],
  ])("for_each = %s", (collection, expected) => {
    const evaluation = evaluateFiles(
      `${SEED}resource "a" "b" {\n  for_each = ${collection}\n  k = each.key\n  v = each.value\n}`,
    );
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual({ ...expected, "seed.s": {} });
  });

  test.each([
    ["count = null", "error main.tf:2 count is null"],
    ["count = -1", "error main.tf:2 count must be a whole number, zero or more"],
    ["count = 1.5", "error main.tf:2 count must be a whole number, zero or more"],
    ['count = "many"', "error main.tf:2 count: a number is required"],
    ["count = []", "error main.tf:2 count: a number is required"],
    ["for_each = null", "error main.tf:2 for_each needs a map or a set of strings, not a null"],
    [
      'for_each = ["x"]',
      "error main.tf:2 for_each needs a map or a set of strings, not a tuple; wrap it in toset(…)",
    ],
    [
      'for_each = tolist(["x"])',
      "error main.tf:2 for_each needs a map or a set of strings, not a list; wrap it in toset(…)",
    ],
    ["for_each = toset([1])", "error main.tf:2 for_each needs a set of strings"],
    ['for_each = "x"', "error main.tf:2 for_each needs a map or a set of strings, not a string"],
    [
      "for_each = sensitive({ x = 1 })",
      "error main.tf:2 for_each is sensitive, and its keys would show in addresses",
    ],
    ["count = a.b[0].x", "error main.tf:1 the number of instances of a.b depends on itself"],
    ["for_each = local.nope", 'error main.tf:2 there is no local "nope" in the root module'],
  ])("%s makes no instances, and which there are is undecided", (argument, problem) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  ${argument}\n}\nresource "a" "rest" { x = 1 }`);
    expect(problemsOf(evaluation)).toEqual([problem]);
    expect([...evaluation.instances.keys()]).toEqual(["a.rest"]);
    expect(isUndecided(evaluation.root, parseAddress("a.b[0]"))).toBe(true);
    expect(isUndecided(evaluation.root, parseAddress("a.gone"))).toBe(false);
  });
});

describe("what is not known before apply is taken from the state", () => {
  const recorded: RecordedResource[] = [
    {
      type: "a",
      name: "b",
      instances: [
        { index_key: "x", attributes: { id: "1" } },
        { index_key: "y", attributes: { id: "2" } },
      ],
    },
    { type: "a", name: "c", instances: [0, 1].map((index) => ({ index_key: index, attributes: {} })) },
    {
      module: 'module.m["p"]',
      type: "a",
      name: "inner",
      instances: [{ attributes: {} }],
    },
  ];
  const main = `${SEED}
resource "a" "b" {
  for_each = toset([seed.s.id])
  k        = each.key
  v        = each.value
}
resource "a" "c" {
  count = seed.s.number
  i     = count.index
}
module "m" {
  source   = "./m"
  for_each = seed.s.map
}
`;
  const files = { "main.tf": main, "m/main.tf": 'resource "a" "inner" { x = 1 }' };

  test("with its keys", () => {
    const evaluation = evaluateFiles(files, { recorded });
    expect(attributesOf(evaluation)).toEqual({
      'a.b["x"]': { k: "x", v: null },
      'a.b["y"]': { k: "y", v: null },
      "a.c[0]": { i: 0 },
      "a.c[1]": { i: 1 },
      'module.m["p"].a.inner': { x: 1 },
      "seed.s": {},
    });
    expect(unknownOf(evaluation)).toEqual(['a.b["x"] v', 'a.b["y"] v']);
    expect(problemsOf(evaluation)).toEqual(
      [
        "warning main.tf:4 for_each is not known; the instances are the 2 that the state has",
        "warning main.tf:9 count is not known; the instances are the 2 that the state has",
        "warning main.tf:12 for_each is not known; the instances are those that the state has",
      ].sort((a, b) => Number(a.split(/[: ]/)[2]) - Number(b.split(/[: ]/)[2])),
    );
  });

  test("and without one there are none", () => {
    const evaluation = evaluateFiles(files);
    expect([...evaluation.instances.keys()]).toEqual(["seed.s"]);
  });
});
