import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionAt, textOf } from "../../../src/hcl/syntax/source.ts";
import type { Setting } from "../../../src/terraform/code/inputs.ts";
import type { Evaluation } from "../../../src/terraform/evaluation/evaluation.ts";
import { ignoredChanges } from "../../../src/terraform/evaluation/ignored-changes.ts";
import { traceValue } from "../../../src/terraform/tracing/trace.ts";
import { COLLECTIONS } from "../../adoption/cases/collections.ts";
import { EXPRESSIONS } from "../../adoption/cases/expressions.ts";
import { INPUTS } from "../../adoption/cases/inputs.ts";
import { LITERALS } from "../../adoption/cases/literals.ts";
import { mutate } from "../../hcl/mutation.ts";
import { jsonForm } from "../json-form.ts";
import {
  attributesOf,
  evaluateFiles,
  outputOf,
  problemsOf,
  type RecordedResource,
  sensitiveOf,
  unknownOf,
} from "../stack.ts";

function evaluateJson(content: unknown, recorded?: readonly RecordedResource[]): Evaluation {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return evaluateFiles({ "main.tf.json": text }, recorded === undefined ? {} : { recorded });
}

/** What the one resource `t.x` has, given its content. */
function resource(type: string, content: unknown, recorded?: RecordedResource["instances"][0]["attributes"]) {
  const state = recorded && [{ type, name: "x", instances: [{ attributes: recorded }] }];
  const evaluation = evaluateJson({ resource: { [type]: { x: content } } }, state);
  expect(problemsOf(evaluation)).toEqual([]);
  return attributesOf(evaluation)[`${type}.x`];
}

describe("code in the JSON syntax", () => {
  test("is evaluated as the native syntax is", () => {
    const evaluation = evaluateJson({
      "//": "a comment",
      variable: {
        size: { type: 'object({ a = optional(string, "d") })', default: {} },
        n: { type: "number", default: "2" },
      },
      locals: [{ one: "${var.n - 1}" }, { list: ["${local.one}", "x ${local.one}", -1.5, null, true] }],
      resource: {
        a: {
          b: [{ count: "${var.n}", "//": "no argument", index: "${count.index}", size: "${var.size.a}" }],
          c: { for_each: { k: "v" }, v: "${each.key} ${each.value}", list: "${local.list}" },
        },
      },
      module: { m: { source: "./m", for_each: '${toset(["x"])}', name: "$${each.key} ${each.key}" } },
      output: { o: { value: '${module.m["x"].o}', sensitive: true } },
    });
    expect(problemsOf(evaluation)).toEqual([
      'error main.tf.json:1 module "m": there are no Terraform files in m',
    ]);
    expect(attributesOf(evaluation)).toEqual({
      "a.b[0]": { index: 0, size: "d" },
      "a.b[1]": { index: 1, size: "d" },
      'a.c["k"]': { v: "k v", list: [1, "x 1", -1.5, null, true] },
    });
  });

  test("has no templates where Terraform wants constants", () => {
    const evaluation = evaluateFiles({
      "main.tf.json": JSON.stringify({
        variable: { v: { default: { a: "${b}", "//": "c" } } },
        module: { m: { source: "./m", x: "$${a}" } },
        output: { o: { value: ["${var.v}", "${module.m.o}"] } },
      }),
      "m/main.tofu.json": '{"variable": {"x": {}}, "output": {"o": {"value": "${var.x}"}}}',
    });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "o").json).toEqual([{ a: "${b}", "//": "c" }, "${a}"]);
  });

  test("has references where Terraform wants them", () => {
    const evaluation = evaluateJson(
      {
        resource: {
          a: {
            b: {
              x: { y: 1 },
              lifecycle: [{ ignore_changes: ['x["y"]', "tags"] }],
              depends_on: ["a.c"],
            },
            c: { lifecycle: { ignore_changes: "all" } },
            moved: {},
          },
        },
        moved: [{ from: "a.old", to: "a.moved" }],
      },
      [{ type: "a", name: "old", instances: [{ attributes: { id: "i" } }] }],
    );
    expect(problemsOf(evaluation)).toEqual([]);
    const [b, c] = ["a.b", "a.c"].map((name) => evaluation.instances.get(name)?.block.body);
    expect(b && ignoredChanges(b)).toEqual([["x", "y"], ["tags"]]);
    expect(c && ignoredChanges(c)).toBe("all");
    expect(evaluation.instances.get("a.moved")?.recorded?.attributes).toEqual({ id: "i" });
  });

  test("an error does not hide what it has nothing to do with", () => {
    const evaluation = evaluateJson(
      '{"resource": {"a": {"b": {"x": "${1 +}", "y": 1}, "c": 5, "d": {"z": 2}}}}',
    );
    expect(problemsOf(evaluation)).toEqual([
      'error main.tf.json:1 expected a value, found "}"',
      "error main.tf.json:1 an object has to stand here: the content of the block resource",
    ]);
    expect(attributesOf(evaluation)).toEqual({ "a.b": { y: 1 }, "a.d": { z: 2 } });
    expect(evaluation.broken).toEqual(["main.tf.json"]);
  });

  test("in a hidden file is not read, and of a.tf and a.tofu only the latter", () => {
    const evaluation = evaluateFiles({
      "main.tf": 'resource "a" "hcl" {}',
      "main.tofu": 'resource "a" "tofu" {}',
      "main.tf.json": '{"resource": {"a": {"json": {}}}}',
      ".hidden.tf": 'resource "a" "hidden" {}',
    });
    expect([...evaluation.instances.keys()]).toEqual(["a.json", "a.tofu"]);
  });
});

describe("an object in a resource is a nested block", () => {
  test.each<[string, string, unknown, RecordedResource["instances"][0]["attributes"] | undefined, unknown]>([
    ["where the state has a list", "t", { tags: { a: 1 } }, { tags: [{ a: 1 }] }, { tags: [{ a: 1 }] }],
    ["not where the state has an object", "t", { disk: { a: 1 } }, { disk: { a: 1 } }, { disk: { a: 1 } }],
    ["not where the state has null", "t", { disk: { a: 1 } }, { disk: null }, { disk: { a: 1 } }],
    [
      "in a block, as the state has that",
      "t",
      { a: { b: { c: 1 }, d: { e: 1 } } },
      { a: [{ b: [], d: null }] },
      { a: [{ b: [{ c: 1 }], d: { e: 1 } }] },
    ],
    [
      "without a state where it has the name of one",
      "t",
      { root_block_device: { size: 1 } },
      undefined,
      { root_block_device: [{ size: 1 }] },
    ],
    [
      "not where it has the name of a map",
      "t",
      { tags: { name: "x" }, labels: {}, environment_variables: { a: "b" } },
      undefined,
      { tags: { name: "x" }, labels: {}, environment_variables: { a: "b" } },
    ],
    [
      "not where its keys are no names of arguments",
      "t",
      { env: { "a-b": 1 }, other: { Name: 1 }, third: { "${1}": 2 } },
      undefined,
      { env: { "a-b": 1 }, other: { Name: 1 }, third: { "1": 2 } },
    ],
    [
      "where a name that is mostly a map's has blocks in it",
      "t",
      { parameters: { x: { y: 1 } }, properties: { x: "y" } },
      undefined,
      { parameters: [{ x: [{ y: 1 }] }], properties: { x: "y" } },
    ],
    ["also where it is empty", "t", { features: {} }, undefined, { features: [{}] }],
    [
      "for timeouts, which the state has as an object",
      "t",
      { timeouts: { create: "1m" } },
      { timeouts: { create: "1m" } },
      { timeouts: [{ create: "1m" }] },
    ],
    [
      "each in an array",
      "t",
      { rule: [{ a: 1, "//": "x" }, { a: null }] },
      undefined,
      { rule: [{ a: 1 }, { a: null }] },
    ],
    [
      "never in a resource of Terraform itself",
      "terraform_data",
      { input: { a: { b: [{ "//": 1 }] } } },
      undefined,
      { input: { a: { b: [{ "//": 1 }] } } },
    ],
    [
      "not where it is a list of other things",
      "t",
      { rule: [{ a: 1 }, 2], empty: [] },
      undefined,
      { rule: [{ a: 1 }, 2], empty: [] },
    ],
    [
      "beside a dynamic one",
      "t",
      { dynamic: { rule: { for_each: [1, 2], content: { n: "${rule.value}", inner: { x: 1 } } } } },
      undefined,
      {
        rule: [
          { n: 1, inner: [{ x: 1 }] },
          { n: 2, inner: [{ x: 1 }] },
        ],
      },
    ],
    [
      "with dynamic ones in it",
      "t",
      {
        outer: {
          "//": "x",
          dynamic: [
            {
              inner: [
                {
                  for_each: { a: 1 },
                  iterator: "it",
                  content: {
                    k: "${it.key}",
                    dynamic: { deep: { for_each: [1], content: { v: "${it.value}" } } },
                  },
                },
              ],
            },
          ],
        },
      },
      undefined,
      { outer: [{ inner: [{ k: "a", deep: [{ v: 1 }] }] }] },
    ],
  ])("%s", (_, type, content, recorded, expected) => {
    expect(resource(type, content, recorded)).toEqual(expected);
  });

  test("as another instance of its type has it in the state", () => {
    const evaluation = evaluateJson({ resource: { t: { x: { tags: { a: 1 } } } } }, [
      { type: "t", name: "other", instances: [{ attributes: { tags: [] } }] },
    ]);
    expect(attributesOf(evaluation)).toEqual({ "t.x": { tags: [{ a: 1 }] } });
  });

  test("of which references see what the provider adds", () => {
    const code = {
      resource: {
        t: { x: { disk: [{ size: 1 }] }, y: { size: "${t.x.disk[0].size}", id: "${t.x.disk[0].id}" } },
      },
    };
    const evaluation = evaluateJson(code);
    expect(problemsOf(evaluation)).toEqual([]);
    expect(attributesOf(evaluation)["t.y"]).toEqual({ size: 1, id: null });
    expect(unknownOf(evaluation)).toEqual(["t.y id"]);
  });

  test("of a provider", () => {
    const evaluation = evaluateJson({
      provider: {
        aws: [{ default_tags: { tags: { Owner: "me" } } }, { alias: "west", default_tags: [{ tags: {} }] }],
      },
    });
    expect(evaluation.root.providers.map((provider) => [provider.address, provider.plain().json])).toEqual([
      ["provider.aws", { default_tags: [{ tags: { Owner: "me" } }] }],
      ["provider.aws.west", { alias: "west", default_tags: [{ tags: {} }] }],
    ]);
  });
});

describe("variable files in JSON", () => {
  const MAIN =
    'variable "a" {}\nvariable "b" { default = null }\noutput "a" { value = var.a }\noutput "b" { value = var.b }';

  test.each<[string, Readonly<Record<string, string>>, readonly Setting[], unknown]>([
    [
      "terraform.tfvars.json counts before terraform.tfvars",
      { "terraform.tfvars": 'a = "hcl"', "terraform.tfvars.json": '{"a": "json"}' },
      [],
      "json",
    ],
    [
      "automatic ones by name, whatever their syntax",
      {
        "b.auto.tfvars": 'a = "b"',
        "b.auto.tfvars.json": '{"a": "b json"}',
        "a.auto.tfvars.json": '{"a": "a"}',
      },
      [],
      "b json",
    ],
    ["the last name counts", { "b.auto.tfvars.json": '{"a": "b"}', "c.auto.tfvars": 'a = "c"' }, [], "c"],
    [
      "any file that is asked for and ends with .json",
      { "prod.json": '{"a": {"//": 1, "x": [1.50, null]}}' },
      [{ kind: "file", path: "prod.json" }],
      { "//": 1, x: [1.5, null] },
    ],
    [
      "values are no templates",
      { "terraform.tfvars.json": '{"//": "comment", "a": "${x} $${y} %{z}"}' },
      [],
      "${x} $${y} %{z}",
    ],
  ])("%s", (_, files, settings, expected) => {
    const evaluation = evaluateFiles({ "main.tf": MAIN, ...files }, { settings });
    expect(problemsOf(evaluation)).toEqual([]);
    expect(outputOf(evaluation, "a").json).toEqual(expected);
  });

  test("what is wrong in one is said, with its place", () => {
    const text = '{\n  "a": 1,\n  "a": 2,\n  "c": 3\n}';
    const evaluation = evaluateFiles({ "main.tf": MAIN, "terraform.tfvars.json": text });
    expect(problemsOf(evaluation)).toEqual([
      "error terraform.tfvars.json:3 a is already set on line 2; an attribute can be set once",
      'warning terraform.tfvars.json:4 the root module has no variable "c"; did you mean "a"?',
    ]);
    expect(evaluation.broken).toEqual(["terraform.tfvars.json"]);
  });
});

describe("a trace leads through JSON", () => {
  test("to the literal, wherever it stands", () => {
    const evaluation = evaluateFiles({
      "main.tf.json":
        '{\n  "variable": {"v": {"default": "d"}},\n  "resource": {\n    "a": {\n      "b": {\n        "x": "${var.v}",\n        "y": {"z": [1, "${upper(\\"k\\")}"]}\n      }\n    }\n  }\n}\n',
      "terraform.tfvars.json": '{\n  "v": "given"\n}\n',
    });
    const instance = evaluation.instances.get("a.b");
    if (instance === undefined) throw new Error("no instance");
    const steps = (...path: (string | number)[]) =>
      traceValue(instance, path).map(({ kind, range }) => {
        return `${kind} ${range.file.path}:${positionAt(range.file.text, range.start).line} ${textOf(range)}`;
      });
    expect(steps("x")).toEqual([
      'attribute main.tf.json:6 "x": "${var.v}"',
      'tfvars terraform.tfvars.json:2 "given"',
      'literal terraform.tfvars.json:2 "given"',
    ]);
    expect(steps("y", 0, "z", 0)).toEqual([
      'attribute main.tf.json:7 "z": [1, "${upper(\\"k\\")}"]',
      "literal main.tf.json:7 1",
    ]);
    expect(steps("y", 0, "z", 1).at(-1)).toBe('literal main.tf.json:7 \\"k\\"');
    expect(steps("w")).toEqual(['absent main.tf.json:5 "b"']);
  });
});

/** Files of folders of code, by path. */
function filesIn(folder: URL): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder.pathname, name)).isFile())
      .map((name) => [name, readFileSync(join(folder.pathname, name), "utf8")]),
  );
}

const ROOTS = new URL("../../terraform-binary/roots/", import.meta.url);
const SHOP = new URL("../../../examples/shop/", import.meta.url);

/** They look at the names of their files. */
const NAMES_OF_FILES = new Set(["files"]);

/** Roots, the folders in them that are evaluated, and with what. */
const CODE: readonly (readonly [string, Readonly<Record<string, string>>, string, readonly string[]])[] = [
  ["the example", filesIn(SHOP), ".", ["environments/prod.tfvars"]],
  ...readdirSync(ROOTS)
    .filter((name) => !NAMES_OF_FILES.has(name))
    .map((name) => {
      const files = filesIn(new URL(`${name}/`, ROOTS));
      const root = ["stack", "after"].find((folder) => `${folder}/main.tf` in files) ?? ".";
      return [name, files, root, "prod.tfvars" in files ? ["prod.tfvars"] : []] as const;
    }),
  ...[LITERALS, INPUTS, EXPRESSIONS, COLLECTIONS].flat().map(({ name, files, stacks }) => {
    const [first] = stacks ?? [];
    return [name, files, first?.root ?? ".", first?.varFiles ?? []] as const;
  }),
];

/** All that an evaluation says, but where. */
function saidBy(evaluation: Evaluation) {
  const outputs = [...evaluation.root.module.outputs.keys()].map((name) => [
    name,
    outputOf(evaluation, name),
  ]);
  return {
    attributes: attributesOf(evaluation),
    unknown: unknownOf(evaluation),
    sensitive: sensitiveOf(evaluation),
    outputs,
    problems: evaluation.diagnostics.map(({ severity, message }) => [severity, message]),
  };
}

describe("code means the same in JSON as in the native syntax", () => {
  test.each(CODE)("%s", (_, files, root, varFiles) => {
    const turned = Object.entries(files).map(([path, text]) => {
      const json = /\.(?:tf|tofu|tfvars)$/.test(path) ? jsonForm(path, text) : null;
      return json === null ? ([path, text] as const) : ([json.path, json.text] as const);
    });
    const settings = (end: string) =>
      varFiles.map((path) => ({ kind: "file", path: `${path}${end}` }) as const);
    const native = evaluateFiles(files, { root, settings: settings("") });
    const json = evaluateFiles(Object.fromEntries(turned), { root, settings: settings(".json") });
    expect(saidBy(json)).toEqual(saidBy(native));
    expect(turned.some(([path]) => path.endsWith(".json"))).toBe(true);
  });
});

describe("whatever is in the files", () => {
  const files = filesIn(SHOP);
  const form = Object.entries(files).flatMap(([path, text]) => {
    const json = /\.(?:tf|tofu|tfvars)$/.test(path) ? jsonForm(path, text) : null;
    return json === null ? [] : [json];
  });

  test("evaluation ends, with diagnostics", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, pick) => {
        const changed = form[pick % form.length];
        const texts = form.map((file) => [file.path, file === changed ? mutate(file.text, seed) : file.text]);
        const override = pick % 2 === 0 ? { "x_override.tf.json": mutate(form[0]?.text ?? "", seed) } : {};
        const evaluation = evaluateFiles({ ...Object.fromEntries(texts), ...override });
        for (const { message } of evaluation.diagnostics) expect(message).not.toBe("");
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["deep nesting", `{"locals": {"a": ${"[".repeat(5000)}${"]".repeat(5000)}}}`],
    ["many elements", `{"locals": {"a": [${"0,".repeat(200_000)}0]}}`],
    ["many blocks", `{"resource": {"a": {"b": {"x": [${"{},".repeat(50_000)}{}]}}}}`],
    ["many properties of one name", `{${'"locals": {"a": 1},'.repeat(20_000)}"locals": {}}`],
    ["an array of arrays of bodies", `{"resource": {"a": {"b": ${"[".repeat(200)}{}${"]".repeat(200)}}}}`],
  ])("%s ends", (_, text) => {
    const evaluation = evaluateFiles({ "main.tf.json": text, "main.tf": 'resource "a" "rest" { x = 1 }' });
    expect(attributesOf(evaluation)["a.rest"]).toEqual({ x: 1 });
  });
});
