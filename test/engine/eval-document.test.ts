import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { printedSize } from "../../src/engine/document-size.ts";
import { evaluatedPage } from "../../src/engine/eval-document.ts";
import { exactNumber, type Json, printJson } from "../../src/json/json.ts";
import { evaluateFiles } from "../terraform/stack.ts";

const CODE = `resource "a_b" "c" {
  count = 3
  x     = [[["${"y".repeat(100)}"]]]
}
`;

describe("what an evaluation says of its instances", () => {
  const evaluation = evaluateFiles(CODE);
  const whole = evaluatedPage(evaluation, 0);
  const size = printedSize(whole.instances[0] as Json, Number.POSITIVE_INFINITY);

  it("is one page where it is not much", () => {
    expect(whole.instances.map(({ address }) => address)).toEqual(["a_b.c[0]", "a_b.c[1]", "a_b.c[2]"]);
    expect(whole.next).toBeNull();
  });

  it.each([
    ["one of them", 1, [1, 1, 1]],
    ["one of them, just", size, [1, 1, 1]],
    ["two of them", size + 1, [2, 1]],
    ["all of them, just", 3 * size, [3]],
  ])("comes in pages that have room for %s", (_, characters, pages) => {
    const found: (typeof whole)[] = [];
    for (let from: number | null = 0; from !== null; from = found.at(-1)?.next ?? null)
      found.push(evaluatedPage(evaluation, from, { characters, most: 1000 }));
    expect(found.map(({ instances }) => instances.length)).toEqual(pages);
    expect(found.flatMap(({ instances }) => instances)).toEqual(whole.instances);
  });

  it("leaves out the values of one that is too large to print, and says so", () => {
    const code = `${CODE}resource "a_b" "d" {\n  x = "${"y".repeat(1000)}"\n  z = uuid()\n}\nresource "a_b" "e" {\n}\n`;
    const page = (most: number) => evaluatedPage(evaluateFiles(code), 0, { characters: 10_000, most });
    const full = page(2000);
    expect(full.tooLarge).toEqual([]);
    const { instances, tooLarge, next } = page(size);
    expect(instances).toEqual(
      full.instances.map((one) =>
        one.name === "d" ? { ...one, attributes: {}, unknown: [], sensitive: [] } : one,
      ),
    );
    expect(next).toBeNull();
    expect(tooLarge).toEqual([
      {
        severity: "error",
        message: `the values of a_b.d take more than ${size} characters to print, and are left out; ask for one of them with \`driftwright trace ADDRESS PATH\``,
        file: "main.tf",
        line: 5,
        column: 1,
      },
    ]);
  });
});

describe("of a sensitive map", () => {
  const map = (inner: string) =>
    `variable "key" {\n  sensitive = true\n  default = "q7z1"\n}\nresource "terraform_data" "u" {\n}\nresource "a_b" "c" {\n  x = ${inner}\n}\n`;

  it.each([
    ["{ (var.key) = terraform_data.u.id, b = 2 }", [], ["x"]],
    ["sensitive({ (var.key) = var.key })", [], ["x"]],
    ["[sensitive({ a = terraform_data.u.id }), terraform_data.u.id]", ["x[1]"], ["x[0]"]],
    ["sensitive(terraform_data.u.id)", ["x"], ["x"]],
    ["{ a = terraform_data.u.id, b = var.key }", ["x.a"], ["x.b"]],
  ])("%s, no key is told", (inner, unknown, sensitive) => {
    const page = evaluatedPage(evaluateFiles(map(inner)), 0);
    const instance = page.instances.find(({ address }) => address === "a_b.c");
    expect(instance).toMatchObject({ unknown, sensitive });
    expect(JSON.stringify(page)).not.toContain("q7z1");
  });
});

describe("what nonsensitive() unmarks", () => {
  const recorded = [
    {
      type: "random_password",
      name: "s",
      instances: [{ attributes: { length: 15, result: "hunter2-hunter2" } }],
    },
    {
      type: "random_password",
      name: "short",
      instances: [{ attributes: { length: 10, result: "production" } }],
    },
  ];
  const code = (value: string) =>
    `variable "pw" {\n  sensitive = true\n  default = "my-own-secret"\n}\nlocals {\n  env = "production"\n}\nresource "random_password" "s" {\n  length = 15\n}\nresource "random_password" "short" {\n  length = 10\n}\nresource "a_b" "c" {\n  x = ${value}\n}\n`;

  it.each<readonly [string, Json, readonly string[]]>([
    ["nonsensitive(var.pw)", "my-own-secret", []],
    ["nonsensitive(random_password.s.result)", "(sensitive)", ["x"]],
    [
      '["open", "u:${nonsensitive(random_password.s.result)}", random_password.s.result]',
      ["open", "(sensitive)", "(sensitive)"],
      ["x[1]", "x[2]"],
    ],
    ["{ (nonsensitive(random_password.s.result)) = 1 }", "(sensitive)", ["x"]],
    ["nonsensitive(random_password.short.result)", "(sensitive)", ["x"]],
    ['["vpc-${local.env}", upper("${local.env}")]', ["vpc-production", "PRODUCTION"], []],
  ])("is shown, but for secrets of the state: %s", (value, x, sensitive) => {
    const { instances } = evaluatedPage(evaluateFiles(code(value), { recorded }), 0);
    const instance = instances.find(({ address }) => address === "a_b.c");
    expect(instance?.attributes).toEqual({ x });
    expect(instance?.sensitive.toSorted()).toEqual(sensitive);
  });
});

test("the size is that of the printed text", () => {
  const json = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.constant(null),
      fc.boolean(),
      fc.constant(exactNumber("12345678901234567890")),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("json"), { maxKeys: 4 }),
    ),
  })).json;
  fc.assert(
    fc.property(json, (value) => {
      expect(printedSize(value, Number.POSITIVE_INFINITY)).toBe(printJson(value, 2).length);
    }),
  );
});
