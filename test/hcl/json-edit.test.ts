import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, type Edit } from "../../src/hcl/editing/edit.ts";
import {
  eraseElement,
  eraseItem,
  writeBlock,
  writeElement,
  writeEntry,
  writeTemplateText,
  writeValue,
} from "../../src/hcl/editing/write.ts";
import { type BodySchema, parseJsonBody } from "../../src/hcl/syntax/json-body.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";
import type {
  Attribute,
  Block,
  Body,
  Expression,
  ObjectConstructor,
  TupleConstructor,
} from "../../src/hcl/syntax/syntax.ts";
import { exactNumber, type Json, type JsonObject, printJson } from "../../src/json/json.ts";

const INNER: BodySchema = {
  attributes: new Map([["text", "plain"]]),
  blocks: new Map([
    ["inner", { labels: [], body: { attributes: new Map(), blocks: new Map(), others: "templates" } }],
  ]),
  others: "templates",
};
const SCHEMA: BodySchema = {
  ...INNER,
  blocks: new Map([...INNER.blocks, ["b", { labels: ["n"], body: INNER }]]),
};

function bodyOf(text: string): Body {
  const { body, diagnostics } = parseJsonBody({ path: "main.tf.json", text }, SCHEMA);
  expect(diagnostics).toEqual([]);
  return body;
}

function attributeOf(body: Body, name: string): Attribute {
  const found = body.items.find((item) => item.kind === "attribute" && item.name === name);
  if (found?.kind !== "attribute") throw new Error(`there is no ${name}`);
  return found;
}

function blocksOf(body: Body, type: string): Block[] {
  return body.items.filter((item) => item.kind === "block").filter((block) => block.type === type);
}

function expressionIn(text: string, name = "a"): Expression {
  return attributeOf(bodyOf(text), name).value;
}

function edited(text: string, edits: readonly Edit[] | null): string | null {
  return edits === null ? null : applyEdits(text, edits);
}

describe("a value", () => {
  test.each<[string, string, Json, string]>([
    ["text by text", '{"a": "t3.small"}', "t3.large", '{"a": "t3.large"}'],
    ["text with escapes", '{"a": "x"}', 'a "b"\\\n\u202e\u0007', '{"a": "a \\"b\\"\\\\\\n\\u202e\\u0007"}'],
    ["text that looks like a template", '{"a": "x"}', "${a} $${b} %{c} $d", '{"a": "$${a} $$${b} %%{c} $d"}'],
    ["text that is none", '{"text": "x"}', "${a} %{c}", '{"text": "${a} %{c}"}'],
    [
      "a number by one with all digits",
      '{"a": 1}',
      exactNumber("12345678901234567890.125"),
      '{"a": 12345678901234567890.125}',
    ],
    ["a negative number", '{"a": -1.5}', 2, '{"a": 2}'],
    ["a flag", '{"a": true}', false, '{"a": false}'],
    ["by null", '{"a": "x"}', null, '{"a": null}'],
    ["by what it is", '{"a": "x"}', "x", '{"a": "x"}'],
    ["by a list on one line", '{\n  "a": 1\n}', ["b", 2], '{\n  "a": ["b", 2]\n}'],
    [
      "by a list on lines, as the file has them",
      '{\n  "a": 1,\n  "l": [\n    1\n  ]\n}',
      ["b"],
      '{\n  "a": [\n    "b"\n  ],\n  "l": [\n    1\n  ]\n}',
    ],
    [
      "by an object",
      '{\n  "a": 1\n}',
      { b: { c: "${d}" }, e: {} },
      '{\n  "a": {\n    "b": {\n      "c": "$${d}"\n    },\n    "e": {}\n  }\n}',
    ],
    ["by an object, indented as the file", '{\n\t"a": 1\n}', { b: 1 }, '{\n\t"a": {\n\t\t"b": 1\n\t}\n}'],
    ["in a file on one line", '{"a":1,"z":2}', { b: [1, 2], c: {} }, '{"a":{"b":[1,2],"c":{}},"z":2}'],
    [
      "in a file with CRLF",
      '{\r\n  "a": 1\r\n}\r\n',
      { b: 1 },
      '{\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n',
    ],
  ])("is replaced: %s", (_, text, value, expected) => {
    const name = text.includes('"text"') ? "text" : "a";
    expect(edited(text, writeValue(expressionIn(text, name), value))).toBe(expected);
  });

  test.each<[string, Json, string]>([
    [
      '{"a": "${lookup(m, \\"k\\", \\"old\\")}"}',
      'new "${x}"',
      '{"a": "${lookup(m, \\"k\\", \\"new \\\\\\"$${x}\\\\\\"\\")}"}',
    ],
    ['{"a": "${x ? 1 : 2}"}', 3, '{"a": "${x ? 1 : 3}"}'],
    ['{"a": "${try(b, {})}"}', { c: ["d"] }, '{"a": "${try(b, { c = [\\"d\\"] })}"}'],
  ])("in an expression in a text: %s", (text, value, expected) => {
    const template = expressionIn(text);
    const part = template.kind === "template" ? template.parts[0] : undefined;
    const expression = part?.kind === "interpolation" ? part.expression : undefined;
    const last =
      expression?.kind === "call"
        ? expression.arguments.at(-1)
        : expression?.kind === "conditional"
          ? expression.else
          : undefined;
    if (last === undefined) throw new Error("there is no literal");
    expect(edited(text, writeValue(last, value))).toBe(expected);
  });

  test("the text of a template is written for the texts around it", () => {
    const template = expressionIn('{"a": "x ${b} \\"${c}"}');
    if (template.kind !== "template") throw new Error("no template");
    expect(writeTemplateText(template, 'a "b" ${c}\n')).toBe('a \\"b\\" $${c}\\n');
  });
});

describe("an entry", () => {
  test.each<[string, string, string | null, Json, string]>([
    [
      "behind another",
      '{\n  "a": {\n    "x": 1,\n    "y": 2\n  }\n}',
      "x",
      3,
      '{\n  "a": {\n    "x": 1,\n    "n": 3,\n    "y": 2\n  }\n}',
    ],
    [
      "behind the last",
      '{\n  "a": {\n    "x": 1\n  }\n}',
      "x",
      "${v}",
      '{\n  "a": {\n    "x": 1,\n    "n": "$${v}"\n  }\n}',
    ],
    ["into an empty object", '{\n  "a": {}\n}', null, 3, '{\n  "a": {\n    "n": 3\n  }\n}'],
    ["into an object on one line", '{\n  "a": { "x": 1 }\n}', "x", 3, '{\n  "a": { "x": 1, "n": 3 }\n}'],
    ["into a file without spaces", '{"a":{"x":1}}', "x", 3, '{"a":{"x":1,"n":3}}'],
    ["without a place", '{"a": {"x": 1, "y": 2}}', null, 3, '{"a": {"x": 1, "y": 2, "n": 3}}'],
  ])("is added %s", (_, text, after, value, expected) => {
    const object = expressionIn(text) as ObjectConstructor;
    const behind = object.items.find(
      ({ key }) => key.kind === "template" && key.parts[0]?.kind === "text" && key.parts[0].value === after,
    );
    expect(edited(text, writeEntry(object, "n", value, behind ?? null))).toBe(expected);
  });

  test.each<[string, string, string]>([
    ["from the middle", '{\n  "x": 1,\n  "a": 2,\n  "y": 3\n}', '{\n  "x": 1,\n  "y": 3\n}'],
    ["from the end", '{\n  "x": 1,\n  "a": [1, 2]\n}', '{\n  "x": 1\n}'],
    ["from the start", '{"a": 2, "x": 1}', '{"x": 1}'],
    ["alone", '{"a": {"b": 1}}', "{}"],
  ])("is removed %s", (_, text, expected) => {
    const body = bodyOf(text);
    expect(edited(text, eraseItem(body, attributeOf(body, "a")))).toBe(expected);
  });

  test("is added to the body of a block", () => {
    const text = '{\n  "b": {\n    "n": {\n      "x": 1\n    }\n  }\n}\n';
    const [block] = blocksOf(bodyOf(text), "b");
    if (block === undefined) throw new Error("no block");
    const expected = '{\n  "b": {\n    "n": {\n      "x": 1,\n      "y": 2\n    }\n  }\n}\n';
    expect(edited(text, writeEntry(block.body, "y", 2, block.body.items[0] ?? null))).toBe(expected);
  });

  test("is added to one of the objects that make a body", () => {
    const text = '[{"x": 1}, {"y": 2}]';
    const body = bodyOf(text);
    expect(edited(text, writeEntry(body, "z", 3, attributeOf(body, "x")))).toBe(
      '[{"x": 1, "z": 3}, {"y": 2}]',
    );
    expect(edited(text, writeEntry(body, "z", 3, null))).toBe('[{"x": 1}, {"y": 2, "z": 3}]');
  });
});

describe("an element", () => {
  test.each<[string, string, number | null, string]>([
    ["behind another", '{"a": ["x", "y"]}', 0, '{"a": ["x", "n", "y"]}'],
    ["as the first", '{"a": ["x", "y"]}', null, '{"a": ["n", "x", "y"]}'],
    ["into an empty list", '{\n  "a": []\n}', null, '{\n  "a": ["n"]\n}'],
    ["on a line of its own", '{\n  "a": [\n    "x"\n  ]\n}', 0, '{\n  "a": [\n    "x",\n    "n"\n  ]\n}'],
  ])("is added %s", (_, text, after, expected) => {
    const tuple = expressionIn(text) as TupleConstructor;
    const behind = after === null ? null : (tuple.items[after] ?? null);
    expect(edited(text, writeElement(tuple, "n", behind))).toBe(expected);
  });

  test.each<[string, string, number, string]>([
    ["the first", '{"a": ["x", "y"]}', 0, '{"a": ["y"]}'],
    ["the last", '{"a": ["x", {"y": 1}]}', 1, '{"a": ["x"]}'],
    ["the only one", '{"a": ["x"]}', 0, '{"a": []}'],
    ["one on a line", '{\n  "a": [\n    "x",\n    "y"\n  ]\n}', 1, '{\n  "a": [\n    "x"\n  ]\n}'],
  ])("is removed: %s", (_, text, index, expected) => {
    const tuple = expressionIn(text) as TupleConstructor;
    const item = tuple.items[index];
    if (item === undefined) throw new Error("no element");
    expect(edited(text, eraseElement(tuple, item))).toBe(expected);
  });
});

describe("a block", () => {
  test.each<[string, string, string]>([
    [
      "as the first of its type",
      '{\n  "x": 1\n}',
      '{\n  "x": 1,\n  "inner": [\n    {\n      "p": 80,\n      "t": "$${x}"\n    }\n  ]\n}',
    ],
    [
      "behind others",
      '{"inner": [{"p": 1}, {"p": 2}]}',
      '{"inner": [{"p": 1}, {"p": 2}, {"p": 80, "t": "$${x}"}]}',
    ],
    ["beside one in an array", '{"inner": [{"p": 1}]}', '{"inner": [{"p": 1}, {"p": 80, "t": "$${x}"}]}'],
    ["beside one that stands alone", '{"inner": {"p": 1}}', '{"inner": [{"p": 1}, {"p": 80, "t": "$${x}"}]}'],
  ])("is added %s", (_, text, expected) => {
    const body = bodyOf(text);
    const value: JsonObject = { p: 80, t: "${x}" };
    expect(edited(text, writeBlock(body, "inner", value, body.items.at(-1) ?? null))).toBe(expected);
  });

  test.each<[string, string, number, string]>([
    ["one of several", '{"inner": [{"p": 1}, {"p": 2}]}', 0, '{"inner": [{"p": 2}]}'],
    ["the only one of an array, with its name", '{"x": 1, "inner": [{"p": 1}]}', 0, '{"x": 1}'],
    ["the only one", '{"inner": {"p": 1}, "x": 1}', 0, '{"x": 1}'],
  ])("is removed: %s", (_, text, index, expected) => {
    const body = bodyOf(text);
    const block = blocksOf(body, "inner")[index];
    if (block === undefined) throw new Error("no block");
    expect(edited(text, eraseItem(body, block))).toBe(expected);
  });
});

describe("what is never done", () => {
  test("to add to, or remove from, an expression in a text", () => {
    const template = expressionIn('{"a": "${[1, { b = 2 }]}"}');
    const [part] = template.kind === "template" ? template.parts : [];
    const tuple = part?.kind === "interpolation" ? part.expression : null;
    if (tuple?.kind !== "tuple") throw new Error("no list");
    const [first, object] = tuple.items;
    if (first === undefined || object?.kind !== "object") throw new Error("no elements");
    const [item] = object.items;
    expect(writeElement(tuple, 1, null)).toBeNull();
    expect(eraseElement(tuple, first)).toBeNull();
    expect(writeEntry(object, "c", 1, null)).toBeNull();
    expect(item && eraseItem(object, item)).toBeNull();
  });
});

/** Bodies that were merged of files in both syntaxes, as `merged` tells. */
describe("a body that was merged", () => {
  const native = { path: "main.tf", text: "a = 1\n\ninner {\n  p = 1\n}\n" };
  const base = parse(native).body;
  const json = { path: "override.tf.json", text: '{"a": 2, "inner": [{"p": 2}]}' };
  const over = parseJsonBody(json, SCHEMA).body;
  const merged: Body = { ...base, items: over.items, merged: [base, over] };

  test("takes what is new where it was declared first", () => {
    expect(writeEntry(merged, "b", 3, attributeOf(merged, "a"))).toEqual([
      { file: "main.tf", start: 5, end: 5, text: "\nb = 3" },
    ]);
  });

  test("takes a block where the others of its type stand", () => {
    const [edit, ...more] = writeBlock(merged, "inner", { p: 3 }, blocksOf(merged, "inner")[0] ?? null) ?? [];
    expect(more).toEqual([]);
    expect(edit && applyEdits(json.text, [edit])).toBe('{"a": 2, "inner": [{"p": 2}, {"p": 3}]}');
    expect(edit?.file).toBe("override.tf.json");
  });

  test("loses what it loses in the file that has it", () => {
    expect(edited(json.text, eraseItem(merged, attributeOf(merged, "a")))).toBe('{"inner": [{"p": 2}]}');
  });
});

const plain = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" }).map((value) => value as Json);
const named = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), plain, { minKeys: 0, maxKeys: 5 });

describe("whatever the file", () => {
  test("the edited text is JSON with the one thing changed", () => {
    fc.assert(
      fc.property(named, plain, fc.constantFrom(0, 1, 2, 4), fc.nat(), (object, value, indent, pick) => {
        const file = { text: { ...object, list: [value], a: object } };
        const text = JSON.stringify(file, null, indent).replaceAll("\n", pick % 2 === 0 ? "\n" : "\r\n");
        const body = bodyOf(`{"text":${text}}`);
        const whole = `{"text":${text}}`;
        const root = attributeOf(body, "text").value as ObjectConstructor;
        const [, list, a] = root.items.slice(-3).map(({ value: each }) => each);
        const target = root.items[pick % root.items.length];
        if (list?.kind !== "tuple" || a?.kind !== "object" || target === undefined) return;
        const result = (edits: readonly Edit[] | null) =>
          JSON.parse(edited(whole, edits) ?? "") as { text: Json };
        const expected = (change: (copy: Record<string, Json>) => void) => {
          const copy = JSON.parse(printJson(file as Json)) as { text: Record<string, Json> };
          change(copy.text);
          return copy;
        };
        expect(result(writeEntry(a, "new name", value, null))).toEqual(
          expected((copy) => Object.assign(copy["a"] as object, { "new name": value })),
        );
        expect(result(writeElement(list, value, null))).toEqual(
          expected((copy) => (copy["list"] as Json[]).unshift(value)),
        );
        const key =
          target.key.kind === "template"
            ? target.key.parts.map((part) => (part.kind === "text" ? part.value : "")).join("")
            : "";
        expect(result(writeValue(target.value, value))).toEqual(
          expected((copy) => Object.assign(copy, { [key]: value })),
        );
        expect(result(eraseItem(root, target))).toEqual(expected((copy) => delete copy[key]));
      }),
      { numRuns: 400 },
    );
  });
});
