import { describe, expect, test } from "vitest";
import { attributesOf, evaluateFiles, problemsOf, unknownOf } from "../stack.ts";

const LENGTH = 10_000;
const REST = 'resource "a" "rest" {\n  x = 1\n}\n';
const numbers = Array.from({ length: LENGTH }, (_, n) => n + 1);

/** The links of a chain, the last one first: each needs the one that comes after it. */
const chain = (of: (n: number) => string, length = LENGTH) =>
  numbers.slice(0, length).toReversed().map(of).join("");

describe("a long chain of values is evaluated", () => {
  test.each([
    [
      "resources",
      `${chain((n) => `resource "a" "r${n}" {\n  x = a.r${n - 1}.x + 1\n}\n`)}resource "a" "r0" {\n  x = 0\n}\n`,
      `a.r${LENGTH}`,
    ],
    [
      "blocks of resources",
      `${chain((n) => `resource "a" "r${n}" {\n  b {\n    x = a.r${n - 1}.b[0].x + 1\n  }\n}\n`, 3000)}resource "a" "r0" {\n  b {\n    x = 0\n  }\n}\nresource "a" "last" {\n  x = a.r3000.b[0].x\n}\n`,
      "a.last",
    ],
    [
      "numbers of instances",
      `${chain((n) => `resource "a" "r${n}" {\n  count = length(a.r${n - 1})\n}\n`, 3000)}resource "a" "r0" {\n  count = 1\n}\nresource "a" "last" {\n  x = length(a.r3000) + 2999\n}\n`,
      "a.last",
    ],
  ])("%s", (_, code, last) => {
    const evaluation = evaluateFiles(`${code}${REST}`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(unknownOf(evaluation)).toEqual([]);
    expect(Object.values(attributesOf(evaluation)[last] ?? {})).toEqual([
      last === "a.last" ? expect.any(Number) : LENGTH,
    ]);
  });

  test("through variables, outputs, locals and resources", () => {
    const link = (n: number) =>
      `module "m${n}" {\n  source = "./m"\n  v      = local.l${n - 1}\n}\nlocals {\n  l${n} = a.r${n}.x\n}\nresource "a" "r${n}" {\n  x = module.m${n}.o\n}\n`;
    const evaluation = evaluateFiles({
      "main.tf": `${chain(link, 1000)}locals {\n  l0 = "x"\n}\n${REST}`,
      "m/main.tf": 'variable "v" {}\noutput "o" {\n  value = var.v\n}\n',
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)["a.r1000"]).toEqual({ x: "x" });
  });

  test("of deep expressions", () => {
    const deep = (inner: string) => `${"[".repeat(200)}${inner}${"]".repeat(200)}${"[0]".repeat(200)}`;
    const links = chain((n) => `  l${n} = ${deep(`local.l${n - 1}`)}\n`, 90);
    const evaluation = evaluateFiles(
      `locals {\n${links}  l0 = 1\n}\nresource "a" "b" {\n  x = local.l90\n}\n`,
    );
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toEqual({ "a.b": { x: 1 } });
  });
});

test("a long chain that ends in itself is one error, and the rest is evaluated", () => {
  const code = numbers
    .slice(0, 500)
    .map((n) => `resource "a" "r${n}" {\n  x = a.r${(n % 500) + 1}.x\n}\n`)
    .join("");
  const evaluation = evaluateFiles(`${code}${REST}`);
  expect(problemsOf(evaluation)).toEqual([expect.stringMatching(/^error main\.tf:\d+ .*a\.r\d+/)]);
  expect(unknownOf(evaluation)).toHaveLength(500);
  expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
});

test("values within values, 10,000 deep, lose nothing else", () => {
  const links = chain((n) => `  l${n} = [local.l${n - 1}]\n`);
  const evaluation = evaluateFiles(
    `locals {\n${links}  l0 = 1\n}\nresource "a" "b" {\n  x = local.l${LENGTH}\n  y = local.l${LENGTH} == [1]\n  z = 1\n}\n${REST}`,
  );
  expect(attributesOf(evaluation)).toMatchObject({ "a.b": { z: 1 }, "a.rest": { x: 1 } });
});
