import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { evaluateFiles, outputOf, problemsOf } from "../stack.ts";

const FILES = {
  "shared/plain.txt": "shared",
  "live/plain.txt": "plain\n",
  "live/bad.yaml": "a: 1\nb: [1\nc: }\n",
  "live/json.bad": '{"a": 1,\n "b": }',
  "live/bad.csv": "a,b\n1,2,3\n",
  "live/data.json": '{"a": [1, 2.50], "__proto__": {"b": null}}',
  "live/data.yaml": "a: [1, x]\n",
  "live/data.csv": "k,v\na,1\n",
  "live/.hidden": "h",
  "live/deep/one.tf.tpl": "1 ${x}",
  "live/deep/er/two.tpl": "2 ${upper(x)}",
  "live/list.tpl": "%{ for i in items ~}\n- ${i}\n%{ endfor ~}\n",
  "live/broken.tpl": "${",
  "live/nested.tpl": '${templatefile("list.tpl", {})}',
  "live/unknown.tpl": "${who} and ${nobody}",
  "live/empty/.keep": "",
};

function resultOf(expression: string): { json: Json; unknown: boolean; problems: string[] } {
  const main = `resource "seed" "s" {}\noutput "x" {\n  value = ${expression}\n  sensitive = true\n}\n`;
  const evaluation = evaluateFiles({ ...FILES, "live/main.tf": main }, { root: "live" });
  const { json, unknown } = outputOf(evaluation, "x");
  return { json, unknown: unknown.length > 0, problems: problemsOf(evaluation) };
}

describe("a file of the snapshot", () => {
  test.each<[string, Json]>([
    ['file("plain.txt")', "plain\n"],
    ['file("./plain.txt")', "plain\n"],
    ['file("${path.module}/plain.txt")', "plain\n"],
    ['file("../shared/plain.txt")', "shared"],
    ['filebase64("plain.txt")', "cGxhaW4K"],
    ['filemd5("plain.txt")', "5839145a19c13f3ffb0a3b9527e0a912"],
    ['filebase64sha256("plain.txt") == base64sha256(file("plain.txt"))', true],
    ['filesha512("plain.txt") == sha512(file("plain.txt"))', true],
    ['jsondecode(file("data.json")).a[1]', 2.5],
    ['jsondecode(file("data.json"))["__proto__"]', { b: null }],
    ['yamldecode(file("data.yaml")).a', [1, "x"]],
    ['csvdecode(file("data.csv"))[0].v', "1"],
    ['fileexists("plain.txt")', true],
    ['fileexists("missing.txt")', false],
    ['fileexists("../../etc/passwd")', false],
    ['try(file("missing.txt"), "none")', "none"],
    ['templatefile("deep/one.tf.tpl", { x = "y" })', "1 y"],
    ['templatefile("deep/er/two.tpl", { x = "y" })', "2 Y"],
    ['templatefile("list.tpl", { items = ["a", "b"] })', "- a\n- b\n"],
    ['templatestring("<$${x}>", { x = "y" })', "<y>"],
    ['fileset(".", "*.txt")', ["plain.txt"]],
    ['fileset(".", "data.*")', ["data.csv", "data.json", "data.yaml"]],
    [
      'fileset(".", "**/*.tpl")',
      ["broken.tpl", "deep/er/two.tpl", "deep/one.tf.tpl", "list.tpl", "nested.tpl", "unknown.tpl"],
    ],
    ['fileset("deep", "*.tpl")', ["one.tf.tpl"]],
    ['fileset("deep", "../*.json")', ["../data.json"]],
    ['can(fileset("deep", "{one,er/two}*"))', false],
    ['fileset("missing", "*")', []],
    ['basename("a/b.txt")', "b.txt"],
    ['dirname("a/b.txt")', "a"],
  ])("%s", (expression, json) => {
    expect(resultOf(expression)).toEqual({ json, unknown: false, problems: [] });
  });

  test.each([
    "file(seed.s.id)",
    'templatefile("list.tpl", { items = seed.s.list })',
    'templatefile("deep/one.tf.tpl", { x = seed.s.id })',
    'abspath("plain.txt")',
    'pathexpand("~/x")',
  ])("%s is unknown", (expression) => {
    expect(resultOf(expression)).toMatchObject({ unknown: true, problems: [] });
  });

  test.each([
    [
      'file("missing.txt")',
      'file(): argument "path": there is no file "missing.txt"; add it, or correct the path',
    ],
    ['file("/etc/passwd")', "is outside of the root; give a --root that holds it"],
    ['file("../../secret")', "is outside of the root; give a --root that holds it"],
    ['yamldecode(file("bad.yaml"))', 'argument "src": the file "live/bad.yaml" is not YAML in line 3'],
    ['jsondecode(file("json.bad"))', 'argument "str": the file "live/json.bad" is not JSON in line 2'],
    ['csvdecode(file("bad.csv"))', 'the file "live/bad.csv" has 3 fields in line 2 where the header has 2'],
    ['jsondecode("{")', 'argument "str": is not JSON in line 1; check it'],
    ['fileexists("deep")', '"deep" is a folder, not a file'],
    ['templatefile("broken.tpl", {})', "the template broken.tpl does not parse"],
    [
      'templatefile("unknown.tpl", { who = "me" })',
      'in the template unknown.tpl: there is no "nobody" in the template\'s variables',
    ],
    ['templatefile("nested.tpl", {})', 'there is no function "templatefile"'],
    ['templatefile("list.tpl", "x")', "the variables must be an object"],
  ])("%s fails", (expression, message) => {
    const { problems, unknown } = resultOf(expression);
    expect(unknown).toBe(true);
    expect(problems).toEqual([expect.stringContaining(message)]);
  });

  test("bytes that are no text are for filebase64 alone", () => {
    const main = 'output "t" { value = try(file("b"), "no text") }\noutput "b" { value = filebase64("b") }\n';
    const files = { "main.tf": main, b: new Uint8Array([0xff, 0xfe]) };
    const evaluation = evaluateFiles(files as unknown as Record<string, string>);
    expect([outputOf(evaluation, "t").json, outputOf(evaluation, "b").json]).toEqual(["no text", "//4="]);
  });
});
