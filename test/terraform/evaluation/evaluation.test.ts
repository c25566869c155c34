import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Limits } from "../../../src/hcl/functions/function.ts";
import { references } from "../../../src/terraform/evaluation/dependencies.ts";
import { attributesOf, evaluateFiles, problemsOf, sensitiveOf, unknownOf } from "../stack.ts";

const REST = 'resource "a" "rest" { x = 1 }\n';

describe("one broken thing never hides the others", () => {
  test("an attribute", () => {
    const evaluation = evaluateFiles(
      `resource "a" "b" {\n  bad  = local.nope\n  good = 1\n  block {\n    bad  = upper(1, 2)\n    good = 2\n  }\n}\n${REST}`,
    );
    expect(attributesOf(evaluation)).toEqual({
      "a.b": { bad: null, good: 1, block: [{ bad: null, good: 2 }] },
      "a.rest": { x: 1 },
    });
    expect(unknownOf(evaluation)).toEqual(["a.b bad", "a.b block[0].bad"]);
    expect(problemsOf(evaluation)).toEqual([
      'error main.tf:2 there is no local "nope" in the root module',
      "error main.tf:5 upper(): takes 1 argument, not 2; leave out the last ones",
    ]);
  });

  test("a local that several use is reported once", () => {
    const evaluation = evaluateFiles(
      `locals {\n  bad = 1 + "x"\n}\nresource "a" "b" { x = local.bad }\nresource "a" "c" { x = local.bad }\n${REST}`,
    );
    expect(problemsOf(evaluation)).toEqual(["error main.tf:2 a number is required"]);
    expect(unknownOf(evaluation)).toEqual(["a.b x", "a.c x"]);
  });

  test("a line that instances share is reported once", () => {
    const evaluation = evaluateFiles('resource "a" "b" {\n  count = 3\n  x = 1 + "x"\n}\n');
    expect(problemsOf(evaluation)).toEqual(["error main.tf:3 a number is required"]);
  });

  test("a value that nothing uses is wrong all the same", () => {
    const evaluation = evaluateFiles(
      `locals {\n  bad = 1 + "x"\n}\noutput "o" { value = var.nope }\n${REST}`,
    );
    expect(problemsOf(evaluation)).toEqual([
      "error main.tf:2 a number is required",
      'error main.tf:4 there is no variable "nope" in the root module',
    ]);
  });

  test("a file that does not parse", () => {
    const evaluation = evaluateFiles({ "main.tf": REST, "broken.tf": 'resource "a" "b" {\n  x = \n}\n' });
    expect(problemsOf(evaluation)).toEqual([expect.stringContaining("error broken.tf:2")]);
    expect(evaluation.broken).toEqual(["broken.tf"]);
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
  });
});

test("sensitive values are found through variables, locals, functions and modules", () => {
  const evaluation = evaluateFiles({
    "main.tf": `
variable "password" {
  sensitive = true
  default   = "canary"
}
locals { url = "db://\${var.password}@host" }
module "m" {
  source = "./m"
  in     = { secret = var.password, open = "o" }
}
resource "a" "b" {
  url    = local.url
  upper  = upper(var.password)
  open   = module.m.out.open
  secret = module.m.out.secret
  marked = module.m.marked
  bare   = nonsensitive(var.password)
}
`,
    "m/main.tf":
      'variable "in" {}\noutput "out" { value = var.in }\noutput "marked" {\n  value = "o"\n  sensitive = true\n}\n',
  });
  expect(problemsOf(evaluation)).toEqual([]);
  expect(sensitiveOf(evaluation)).toEqual(["a.b marked", "a.b secret", "a.b upper", "a.b url"]);
});

describe("what costs more than it may is unknown, and the rest is evaluated", () => {
  const limits: Limits = { steps: 200_000, elements: 50_000, text: 500_000 };
  const doubling = (first: string, next: (name: string) => string) =>
    `locals {\n  a0 = ${first}\n${Array.from({ length: 60 }, (_, n) => `  a${n + 1} = ${next(`local.a${n}`)}\n`).join("")}}\n`;
  const nested = (depth: number, body: string): string =>
    depth === 0 ? body : `[for x${depth} in range(1000) : ${nested(depth - 1, body)}]`;

  test.each([
    ["a list in a list, again and again", doubling('["x"]', (a) => `[${a}, ${a}]`), "local.a60"],
    ["an object in an object", doubling("{ k = 1 }", (a) => `{ a = ${a}, b = ${a} }`), "local.a60"],
    ["lists set together", doubling('["x"]', (a) => `concat(${a}, ${a})`), "local.a60"],
    ["texts set together", doubling('"x"', (a) => `"\${${a}}\${${a}}"`), "local.a60"],
    ["results of for in for", "", nested(3, "1")],
    ["a range", "", "[for a in range(1000) : range(1000)]"],
    ["a comparison of what is shared", doubling('["x"]', (a) => `[${a}, ${a}]`), "local.a30 == local.a30"],
    ["a function of what is shared", doubling('["x"]', (a) => `[${a}, ${a}]`), "jsonencode(local.a30)"],
    [
      "a template that goes round",
      "",
      '"%{ for a in range(1000) }%{ for b in range(1000) }x%{ endfor }%{ endfor }"',
    ],
    ["a regular expression", "", `regexall("(a*)*", "${"a".repeat(2000)}")`],
  ])("%s", (_, code, expression) => {
    const evaluation = evaluateFiles(`${REST}${code}resource "a" "bomb" {\n  x = ${expression}\n}\n`, {
      limits,
    });
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
    if (evaluation.diagnostics.length === 0) return;
    expect(problemsOf(evaluation)[0]).toMatch(/^error (?:the stack is not evaluated in full: )?/);
    expect(unknownOf(evaluation)).toEqual(["a.bomb x"]);
  });

  test.each([
    [
      "blocks in blocks",
      `resource "a" "bomb" {\n${["x", "y", "z"].map((name) => `dynamic "${name}" {\n  for_each = range(1000)\n  content {\n`).join("")}${"}\n}\n".repeat(3)}}\n`,
    ],
    [
      "the condition of a variable",
      `variable "bomb" {\n  default = 1\n  validation {\n    condition = length(${nested(3, "1")}) > 0\n    error_message = "x"\n  }\n}\n`,
    ],
    ["imports", `import {\n  for_each = ${nested(3, "1")}\n  to = a.rest\n  id = "x"\n}\n`],
    ["a count", `resource "a" "bomb" {\n  count = 1000000000\n}\n`],
    [
      "a for_each",
      `resource "a" "bomb" {\n  for_each = toset([for n in range(1000) : "k\${n}"])\n  x = 1\n}\nresource "a" "bomb2" {\n  for_each = a.bomb\n}\nresource "a" "bomb3" {\n  count = 1000\n}\n`,
    ],
  ])("%s", (_, code) => {
    const evaluation = evaluateFiles(`${REST}${code}`, { limits });
    expect(problemsOf(evaluation)).toContainEqual(
      expect.stringContaining("the stack is not evaluated in full"),
    );
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
  });

  test("modules that call two modules that call two modules …", () => {
    const levels = Array.from({ length: 30 }, (_, n) => [
      `m${n}/main.tf`,
      `module "a" { source = "../m${n + 1}" }\nmodule "b" { source = "../m${n + 1}" }\n`,
    ]);
    const evaluation = evaluateFiles(
      {
        ...Object.fromEntries(levels),
        "m30/main.tf": REST,
        "main.tf": `module "m" { source = "./m0" }\n${REST}`,
      },
      { limits, recorded: [] },
    );
    expect(problemsOf(evaluation)).toContainEqual(
      expect.stringContaining("the stack is not evaluated in full"),
    );
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
  });
});

describe("what is deep ends", () => {
  const chain = (names: readonly number[], of: (name: number) => string) => names.map(of).join("\n");
  const numbers = Array.from({ length: 20_000 }, (_, n) => n + 1);
  test.each([
    ["locals in order", numbers],
    ["locals the other way round", numbers.toReversed()],
  ])("a chain of 20,000 %s", (_, order) => {
    const code = `locals {\n  l0 = 1\n${chain(order, (n) => `  l${n} = local.l${n - 1} + 1`)}\n}\n`;
    const evaluation = evaluateFiles(`${code}resource "a" "b" { x = local.l20000 }\n${REST}`);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)).toMatchObject({ "a.b": { x: 20_001 }, "a.rest": { x: 1 } });
    expect(references(evaluation).get("a.b")?.size).toBe(0);
  });

  test("a chain of 20,000 resources", () => {
    const code = chain(numbers, (n) => `resource "a" "r${n}" { x = a.r${n - 1}.x }`);
    const evaluation = evaluateFiles(`resource "a" "r0" { x = 1 }\n${code}`);
    expect(evaluation.instances.get("a.r20000")?.plain().json).toEqual({ x: 1 });
  });

  test.each([
    ["lists", `${"[".repeat(5_000)}1${"]".repeat(5_000)}`],
    ["parentheses", `${"(".repeat(5_000)}1${")".repeat(5_000)}`],
    ["sums", `${"1 + ".repeat(5_000)}1`],
    ["conditions", `${"true ? ".repeat(2_000)}1${" : 2".repeat(2_000)}`],
    ["calls", `${"upper(".repeat(2_000)}"x"${")".repeat(2_000)}`],
    ["attributes", `local${".a".repeat(5_000)}`],
    ["templates", `${'"${'.repeat(1_000)}1${'}"'.repeat(1_000)}`],
  ])("5,000 %s", (_, expression) => {
    const evaluation = evaluateFiles(`resource "a" "b" {\n  x = ${expression}\n}\n${REST}`);
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
    expect(problemsOf(evaluation)[0]).toMatch(/^error main.tf/);
  });
});

describe("no text makes evaluation throw", () => {
  const name = fc.constantFrom("a", "b", "each", "count", "self", "__proto__", "constructor", "this");
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const sub = tie("expression");
    return {
      expression: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("1", "-1", "0.5", "1e30", "null", "true", '""', '"a"', "[]", "{}", '"${local.a}"'),
        fc
          .tuple(fc.constantFrom("var", "local", "module", "data.a", "a", "each", "path", "terraform"), name)
          .map((parts) => parts.join(".")),
        fc.tuple(sub, name).map(([of, at]) => `${of}.${at}`),
        fc.tuple(sub, sub).map(([of, at]) => `${of}[${at}]`),
        fc.tuple(sub, fc.constantFrom("[*]", ".*")).map((parts) => parts.join("")),
        fc
          .tuple(sub, fc.constantFrom("+", "-", "*", "/", "%", "==", "!=", "<", "&&", "||"), sub)
          .map((parts) => parts.join(" ")),
        fc.tuple(sub, sub, sub).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
        fc.tuple(sub, sub).map(([a, b]) => `[for k, v in ${a} : ${b}]`),
        fc.tuple(sub, sub).map(([a, b]) => `{ for v in ${a} : v => ${b}... }`),
        fc.tuple(sub, sub).map(([a, b]) => `[${a}, ${b}]`),
        fc.tuple(name, sub).map(([a, b]) => `{ ${a} = ${b} }`),
        fc
          .tuple(
            fc.constantFrom(
              "try",
              "can",
              "merge",
              "tolist",
              "toset",
              "tomap",
              "length",
              "keys",
              "jsonencode",
              "concat",
              "lookup",
              "element",
              "flatten",
              "sensitive",
              "file",
              "format",
              "cidrsubnet",
              "range",
              "setproduct",
              "nope",
            ),
            fc.array(sub, { maxLength: 3 }),
          )
          .map(([call, args]) => `${call}(${args.join(", ")})`),
        fc.tuple(sub, sub).map(([a, b]) => `"x\${${a}}%{ if ${b} }y%{ endif }"`),
      ),
    };
  });
  const block = fc.oneof(
    fc.tuple(name, expression).map(([label, value]) => `resource "a" "${label}" {\n  x = ${value}\n}\n`),
    fc
      .tuple(name, expression, expression)
      .map(([label, each, value]) => `resource "a" "${label}" {\n  for_each = ${each}\n  x = ${value}\n}\n`),
    fc.tuple(name, expression).map(([label, count]) => `data "a" "${label}" {\n  count = ${count}\n}\n`),
    fc
      .tuple(name, expression, expression)
      .map(
        ([label, each, value]) =>
          `resource "b" "${label}" {\n  dynamic "blk" {\n    for_each = ${each}\n    content {\n      x = ${value}\n    }\n  }\n}\n`,
      ),
    fc.tuple(name, expression).map(([label, value]) => `locals {\n  ${label} = ${value}\n}\n`),
    fc.tuple(name, expression).map(([label, value]) => `variable "${label}" {\n  default = ${value}\n}\n`),
    fc.tuple(name, expression).map(([label, value]) => `variable "${label}" {\n  type = ${value}\n}\n`),
    fc.tuple(name, expression).map(([label, value]) => `output "${label}" {\n  value = ${value}\n}\n`),
    fc
      .tuple(name, expression, fc.constantFrom("./m", "./", "./gone"))
      .map(([label, value, source]) => `module "${label}" {\n  source = "${source}"\n  a = ${value}\n}\n`),
    fc.tuple(expression, expression).map(([from, to]) => `moved {\n  from = ${from}\n  to = ${to}\n}\n`),
    fc.string(),
  );
  const limits: Limits = { steps: 20_000, elements: 20_000, text: 200_000 };

  test("of the language", () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 8 }),
        fc.array(block, { maxLength: 3 }),
        (main, inner) => {
          const evaluation = evaluateFiles(
            { "main.tf": main.join(""), "m/main.tf": inner.join("") },
            {
              limits,
              recorded: [{ type: "a", name: "a", instances: [{ attributes: { id: "i", list: [1] } }] }],
            },
          );
          references(evaluation);
          for (const instance of evaluation.instances.values()) instance.plain();
        },
      ),
      { numRuns: 400 },
    );
  });
});
