import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { printPath } from "../../../src/json/path.ts";
import { attributesOf, evaluateFiles, outputOf, problemsOf, unknownOf } from "../stack.ts";

const NOPE = 'there is no local "nope" in the root module';
const UPER = 'there is no function "uper"; did you mean "upper"?';

describe("what fails in one part is the part's alone", () => {
  test.each<[string, string, Json, string[], string[]]>([
    [
      "items of an object",
      '{ x = local.nope, v = uper("a"), good = "g" }',
      { good: "g", v: null, x: null },
      ["v", "x"],
      [NOPE, UPER],
    ],
    ["items of a tuple", '[local.nope, "b", uper("c")]', [null, "b", null], ["[0]", "[2]"], [NOPE, UPER]],
    [
      "what is nested",
      "{ a = [{ b = local.nope, c = 1 }], d = 2 }",
      { a: [{ b: null, c: 1 }], d: 2 },
      ["a[0].b"],
      [NOPE],
    ],
    ["a key: which entries there are", '{ (local.nope) = 1, b = uper("d") }', null, [""], [NOPE, UPER]],
    [
      "elements of a for",
      "[for v in [{ z = 1 }, {}, {}] : v.z]",
      [1, null, null],
      ["[1]", "[2]"],
      ['the object has no attribute "z"'],
    ],
    [
      "entries of a for",
      "{ for k, v in { a = { z = 1 }, b = {} } : k => v.z }",
      { a: 1, b: null },
      ["b"],
      ['the object has no attribute "z"'],
    ],
    [
      "arguments of a call that hands them on",
      "merge({ a = local.nope, b = 2 }, { c = 3 })",
      { a: null, b: 2, c: 3 },
      ["a"],
      [NOPE],
    ],
    ["the side that is chosen", "true ? [local.nope, 1] : [2, 3]", [null, 1], ["[0]"], [NOPE]],
    ["a text is one value", '"${local.nope} and ${uper(1)}"', null, [""], [NOPE]],
  ])("%s", (_, value, json, unknown, errors) => {
    const evaluation = evaluateFiles(`output "x" {\n  value = ${value}\n}`);
    const plain = outputOf(evaluation, "x");
    expect(plain.json).toEqual(json);
    expect(plain.unknown.map(printPath).toSorted()).toEqual(unknown);
    expect(problemsOf(evaluation)).toEqual(errors.map((message) => `error main.tf:2 ${message}`));
  });
});

describe("what fails within what decides is no part", () => {
  test.each<[string, string, Json]>([
    ["try takes the next", 'try({ a = tomap({}).b }, "next")', "next"],
    ["can says so", "can([tomap({}).b])", false],
    ["the side that is not chosen does not count", "true ? [1] : [tomap({}).b]", [1]],
  ])("%s", (_, value, json) => {
    const evaluation = evaluateFiles(`output "x" {\n  value = ${value}\n}`);
    expect(outputOf(evaluation, "x")).toMatchObject({ json, unknown: [] });
    expect(problemsOf(evaluation)).toEqual([]);
  });

  test("but a local that try reads has its error", () => {
    const evaluation = evaluateFiles(
      'locals {\n  a = { b = uper("x"), c = 1 }\n}\noutput "x" {\n  value = try(local.a.c, 2)\n}',
    );
    expect(outputOf(evaluation, "x").json).toBe(1);
    expect(problemsOf(evaluation)).toEqual([`error main.tf:2 ${UPER}`]);
  });
});

test("instances whose keys are known are there, whatever one of their values is", () => {
  const evaluation = evaluateFiles(
    'resource "x_y" "z" {\n  for_each = { a = local.nope, b = "fine" }\n  v        = { one = each.value, two = 2 }\n}',
  );
  expect(attributesOf(evaluation)).toEqual({
    'x_y.z["a"]': { v: { one: null, two: 2 } },
    'x_y.z["b"]': { v: { one: "fine", two: 2 } },
  });
  expect(unknownOf(evaluation)).toEqual(['x_y.z["a"] v.one']);
  expect(problemsOf(evaluation)).toEqual([`error main.tf:2 ${NOPE}`]);
});

test("an argument that others read first is reported once, where it stands", () => {
  const evaluation = evaluateFiles(
    'resource "x_y" "a" {\n  v = x_y.b.v.good\n}\nresource "x_y" "b" {\n  v = { good = 1, bad = local.nope }\n}',
  );
  expect(attributesOf(evaluation)["x_y.a"]).toEqual({ v: 1 });
  expect(problemsOf(evaluation)).toEqual([`error main.tf:5 ${NOPE}`]);
});

test("a value that needs itself is a cycle, wherever in it", () => {
  const evaluation = evaluateFiles("locals {\n  a = { b = local.a.c, c = 1 }\n}");
  expect(problemsOf(evaluation)).toEqual([expect.stringMatching(/^error main.tf:2 .*local\.a/)]);
});

test("of a sensitive collection an error tells its place alone", () => {
  const evaluation = evaluateFiles(
    'variable "s" {\n  sensitive = true\n  default   = { a = { hunter2 = 1 } }\n}\nlocals {\n  x = [for v in var.s : { y = v.hunter3, z = 1 }]\n}',
  );
  const problems = problemsOf(evaluation);
  expect(problems).toEqual([expect.stringContaining("error main.tf:6 there is no value here")]);
  expect(problems.join()).not.toContain("hunter2");
});

test.each(["1e999999999", "1 +", "{ a = }", "[1, 2 3]"])(
  "a local whose value does not parse (%s) is there and not known",
  (value) => {
    const evaluation = evaluateFiles(
      `locals {\n  rep = 1\n  exp = ${value}\n}\noutput "x" {\n  value = { exp = local.exp, rep = local.rep }\n}`,
    );
    expect(outputOf(evaluation, "x")).toMatchObject({ json: { exp: null, rep: 1 }, unknown: [["exp"]] });
    expect(problemsOf(evaluation)).toHaveLength(1);
  },
);
