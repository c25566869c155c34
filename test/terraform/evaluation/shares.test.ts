import { describe, expect, test } from "vitest";
import { createBudget } from "../../../src/hcl/functions/function.ts";
import { DEFAULT_LIMITS } from "../../../src/terraform/evaluation/evaluation.ts";
import { attributesOf, evaluateFiles, problemsOf, unknownOf } from "../stack.ts";

const REST = 'resource "a" "rest" {\n  x = 1\n}\nresource "a" "counted" {\n  count = 2\n  x = 1\n}\n';
const KNOWN = { "a.rest": { x: 1 }, "a.counted[0]": { x: 1 }, "a.counted[1]": { x: 1 } };
/** What grows without a function, as a default can. */
const CONSTANT_BOMB = ["a", "b", "c", "d", "e", "f", "g"].reduce(
  (inner, name) => `[for ${name} in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : ${inner}]`,
  '"x"',
);

const BOMB = "[for i in range(1024) : [for j in range(1024) : range(100)]]";

const limits = {
  steps: 2_000_000,
  elements: 500_000,
  text: 1_000_000,
  share: { steps: 100_000, elements: 100_000, text: 100_000 },
};

describe("one value that costs too much", () => {
  const doubling = Array.from({ length: 40 }, (_, n) => `  a${n + 1} = [local.a${n}, local.a${n}]\n`).join(
    "",
  );

  test.each([
    [
      "a local",
      `locals {\n  bomb = ${BOMB}\n}\n`,
      "error main.tf:2 evaluation stopped: more than 100,000 elements",
    ],
    [
      "an argument",
      `resource "a" "b" {\n  x = ${BOMB}\n}\n`,
      "error main.tf:2 evaluation stopped: more than 100,000",
    ],
    ["a default", `variable "v" {\n  default = ${CONSTANT_BOMB}\n}\n`, "error main.tf:1 evaluation stopped"],
    ["an output", `output "o" {\n  value = ${BOMB}\n}\n`, "error main.tf:2 evaluation stopped"],
    ["what doubles", `locals {\n  a0 = ["x"]\n${doubling}}\n`, "error main.tf:18 evaluation stopped"],
    ["a count", `resource "a" "b" {\n  count = 1e9\n}\n`, "error main.tf:2 evaluation stopped"],
    [
      "a for_each",
      `resource "a" "b" {\n  for_each = toset([for i in range(1000) : join("", range(i))])\n}\n`,
      "error main.tf:2 evaluation stopped",
    ],
    [
      "a text",
      'locals {\n  t = join("", [for i in range(1000) : join("", range(1000))])\n}\n',
      "error main.tf:2 evaluation stopped: more than 100,000",
    ],
    [
      "a template",
      'locals {\n  t = templatestring("%{ for i in range(999) }%{ for j in range(999) }x%{ endfor }%{ endfor }", {})\n}\n',
      "error main.tf:2 evaluation stopped",
    ],
    [
      "a nested block",
      `resource "a" "b" {\n  inner {\n    x = ${BOMB}\n  }\n}\n`,
      "error main.tf:3 evaluation stopped",
    ],
    [
      "dynamic blocks in dynamic blocks",
      'resource "a" "b" {\n  dynamic "x" {\n    for_each = range(1000)\n    content {\n      dynamic "y" {\n        for_each = range(1000)\n        content {}\n      }\n    }\n  }\n}\n',
      "error main.tf:2 evaluation stopped",
    ],
    [
      "a validation",
      `variable "v" {\n  default = 1\n  validation {\n    condition     = length(${BOMB}) > var.v\n    error_message = "no"\n  }\n}\n`,
      "error main.tf:4 evaluation stopped",
    ],
  ])("is an error with its place, and the rest is evaluated: %s", (_, code, problem) => {
    const evaluation = evaluateFiles(`${code}${REST}`, { limits });
    const problems = problemsOf(evaluation).filter((text) => text.startsWith("error"));
    expect(problems[0]).toContain(problem);
    expect(attributesOf(evaluation)).toMatchObject(KNOWN);
    expect(evaluation.broken).toEqual([]);
  });

  test("is unknown for its readers, other arguments beside it are not", () => {
    const evaluation = evaluateFiles(
      `resource "a" "b" {\n  x = ${BOMB}\n  y = 1\n}\nresource "a" "c" {\n  x = a.b.x\n  y = a.b.y\n}\n`,
      { limits },
    );
    expect(unknownOf(evaluation)).toEqual(["a.b x", "a.c x"]);
    expect(attributesOf(evaluation)).toMatchObject({ "a.b": { y: 1 }, "a.c": { y: 1 } });
    expect(problemsOf(evaluation)).toHaveLength(1);
  });

  test("costs the same whoever asks for it first", () => {
    // Two arguments that fit a share each, and would not fit one together.
    const large = "length([for i in range(200) : [for j in range(200) : j]])";
    const blocks = [
      `resource "a" "b" {\n  x = ${large}\n  y = ${large}\n}\n`,
      'resource "a" "c" {\n  x = a.b.y\n}\n',
    ];
    for (const code of [blocks, blocks.toReversed()]) {
      const evaluation = evaluateFiles(code.join(""), { limits });
      expect(problemsOf(evaluation)).toEqual([]);
      expect(attributesOf(evaluation)).toEqual({ "a.b": { x: 200, y: 200 }, "a.c": { x: 200 } });
    }
  });

  test("is not made of what others cost that it makes evaluate", () => {
    const rows = Array.from(
      { length: 3 },
      (_, n) => `  l${n} = [for i in range(300) : range(${n === 0 ? 300 : 200})]\n`,
    );
    const code = `output "o" {\n  value = length(local.l0) + length(local.l1) + length(local.l2)\n}\nlocals {\n${rows.join("")}}\n`;
    expect(problemsOf(evaluateFiles(code, { limits }))).toEqual([]);
  });
});

describe("many values that each stay below their share", () => {
  test("end where the whole is spent, which is said once", () => {
    const rows = Array.from({ length: 30 }, (_, n) => `  l${n} = [for i in range(300) : range(200)]\n`);
    const evaluation = evaluateFiles(`locals {\n${rows.join("")}}\n${REST}`, { limits });
    expect(problemsOf(evaluation)).toEqual([
      "error the stack is not evaluated in full: evaluation stopped: more than 500,000 elements of collections in one evaluation",
    ]);
    expect(attributesOf(evaluation)).toMatchObject(KNOWN);
  });

  test("cannot all hold one large value", () => {
    const holders = Array.from({ length: 40 }, (_, n) => `resource "a" "h${n}" {\n  x = local.l\n}\n`);
    const evaluation = evaluateFiles(
      `locals {\n  l = [for i in range(300) : range(200)]\n}\n${holders.join("")}`,
      {
        limits,
      },
    );
    expect(problemsOf(evaluation)).toEqual([expect.stringContaining("the stack is not evaluated in full")]);
  });

  test("have room for the instances of one expression", () => {
    const code =
      'resource "a" "b" {\n  for_each = toset([for i in range(1000) : tostring(i)])\n  x = each.key\n}\n';
    const room = { ...DEFAULT_LIMITS, share: { ...limits.share, elements: 20_000 } };
    expect(problemsOf(evaluateFiles(code, { limits: room }))).toEqual([]);
  });
});

test("a share within a share is given back", () => {
  const budget = createBudget({
    steps: 100,
    elements: 100,
    text: 100,
    share: { steps: 3, elements: 3, text: 3 },
  });
  const take = (count: number) => {
    for (let step = 0; step < count; step += 1) budget.step();
  };
  budget.share(() => {
    take(2);
    budget.share(() => take(3));
    expect(() => budget.share(() => take(4))).toThrow("more than 3 steps for one value");
    take(1);
    expect(() => take(1)).toThrow("more than 3 steps for one value");
  });
  expect(() => take(101)).toThrow("more than 100 steps in one evaluation");
});
