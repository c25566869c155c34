import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BodySchema, parseJsonAttributes, parseJsonBody } from "../../src/hcl/syntax/json-body.ts";
import type { JsonNode } from "../../src/hcl/syntax/json-nodes.ts";
import { parseJsonTree } from "../../src/hcl/syntax/json-parser.ts";
import { jsonTextOffsets, quoteJsonText } from "../../src/hcl/syntax/json-text.ts";
import { childrenOf, type SyntaxNode } from "../../src/hcl/syntax/nodes.ts";
import { type Diagnostic, positionAt, textOf } from "../../src/hcl/syntax/source.ts";
import type { Body, Expression } from "../../src/hcl/syntax/syntax.ts";
import { equalJson, exactNumber, type Json, parseJson } from "../../src/json/json.ts";
import { FRAGMENTS, mutate } from "./mutation.ts";
import { show } from "./tree.ts";

const ATTRIBUTES: BodySchema = { attributes: new Map(), blocks: new Map(), others: "templates" };
const INNER: BodySchema = {
  attributes: new Map([
    ["text", "plain"],
    ["to", "references"],
    ["on", "flags"],
  ]),
  blocks: new Map([["inner", { labels: [], body: ATTRIBUTES }]]),
  others: "templates",
};
const SCHEMA: BodySchema = {
  attributes: new Map(),
  blocks: new Map([
    ["plain", { labels: [], body: ATTRIBUTES }],
    ["one", { labels: ["name"], body: INNER }],
    ["two", { labels: ["type", "name"], body: ATTRIBUTES }],
  ]),
  others: null,
};

function read(text: string, schema: BodySchema = SCHEMA) {
  return parseJsonBody({ path: "x.tf.json", text }, schema);
}

/** Diagnostics as `line:column message`. */
function errorsOf(text: string, diagnostics: readonly Diagnostic[] = read(text).diagnostics): string[] {
  return diagnostics.map(({ message, range }) => {
    const { line, column } = positionAt(text, range?.start ?? 0);
    return `${line}:${column} ${message}`;
  });
}

/** A body as one line: `two "a" "b" { x = "…" }`. */
function showBody(body: Body): string {
  return body.items
    .map((item) =>
      item.kind === "attribute"
        ? `${item.name}=${show(item.value)}`
        : `${[item.type, ...item.labels.map(({ value }) => value)].join(" ")}{${showBody(item.body)}}`,
    )
    .join(" ");
}

/** The one attribute of a file of attributes. */
function attribute(text: string): Expression {
  const { body, diagnostics } = read(text, ATTRIBUTES);
  const [item] = body.items;
  expect(diagnostics).toEqual([]);
  if (item?.kind !== "attribute") throw new Error("there is no attribute");
  return item.value;
}

describe("a body", () => {
  test.each([
    ["has attributes and blocks", '{"plain": {"a": 1}}', "plain{a=1}"],
    ["has a block for each element of an array", '{"plain": [{"a": 1}, {"b": 2}]}', "plain{a=1} plain{b=2}"],
    ["has labels as names of objects", '{"two": {"t": {"n": {"a": 1}, "m": {}}}}', "two t n{a=1} two t m{}"],
    [
      "may have its labels in arrays of objects",
      '{"two": [{"t": {"n": {}}}, {"t": [{"m": {"a": 1}}], "u": {"n": [{}, {}]}}]}',
      "two t n{} two t m{a=1} two u n{} two u n{}",
    ],
    ["may be an array of objects", '[{"plain": {"a": 1}}, {"plain": {"b": 2}}]', "plain{a=1} plain{b=2}"],
    ["may name blocks of a type twice", '{"plain": {"a": 1}, "plain": {"b": 2}}', "plain{a=1} plain{b=2}"],
    ["has comments in each object", '{"//": "x", "plain": {"//": [1], "a": 1}}', "plain{a=1}"],
    ["has no block where null stands", '{"plain": null, "one": {"n": {"inner": null}}}', "one n{}"],
    [
      "has blocks in blocks",
      '{"one": {"n": {"inner": [{"a": 1}, {}], "b": 2}}}',
      "one n{inner{a=1} inner{} b=2}",
    ],
    ["may be empty", "{}", ""],
    ["may be an empty array", "[]", ""],
  ])("%s", (_, text, expected) => {
    const { body, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(showBody(body)).toBe(expected);
  });

  test.each([
    ["templates", '{"one": {"n": {"a": "${b.c}"}}}', 'one n{a="${(. b c)}"}'],
    [
      "no templates where texts are plain",
      '{"one": {"n": {"text": "${b} $${c}"}}}',
      'one n{text="${b} $${c}"}',
    ],
    [
      "expressions where references are meant",
      '{"one": {"n": {"to": ["a.b[\\"c\\"]", "list(string)"]}}}',
      'one n{to=[([] (. a b) "c") (list string)]}',
    ],
    [
      "references as keys and values",
      '{"one": {"n": {"to": {"aws.east": "aws.west"}}}}',
      "one n{to={(. aws east)=(. aws west)}}",
    ],
    ["flags in quotes", '{"one": {"n": {"on": "true"}}}', "one n{on=true}"],
  ])("has %s", (_, text, expected) => {
    const { body, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(showBody(body)).toBe(expected);
  });
});

describe("a value", () => {
  test.each([
    ["null", "null"],
    ["true", "true"],
    ["-12.50e3", "(- 12.50e3)"],
    ["0.10000000000000000000000000000000001", "0.10000000000000000000000000000000001"],
    ['"a"', '"a"'],
    ['""', '""'],
    ['"a $5 100% {b}"', '"a $5 100% {b}"'],
    ['"$${a} %%{b}"', '"${a} %{b}"'],
    ['"${a} b"', '"${a}| b"'],
    ['"${[1, \\"x\\"]}"', '"${[1 "x"]}"'],
    ['"%{ if a }b%{ endif }"', '"%{if a:b:}"'],
    ['"a\\nb\\t\\u00e9\\ud83d\\ude00\\/"', '"a\\nb\\té😀/"'],
    ['"\\u0024{a.b}"', '"${(. a b)}"'],
    ['"a ${b[\\"c\\"]} \\n ${d}"', '"a |${([] b "c")}| \\n |${d}"'],
    ['"\\\\d ${a}"', '"\\d |${a}"'],
    ['"line\\n${~ a ~}\\n  next"', '"line|${a}|  next"'],
    ['"\\ud800"', '"\ufffd"'],
    ['[1, [], "a"]', '[1 [] "a"]'],
    ['{"a": 1, "//": 2, "k${b}": {}}', '{"a"=1 "//"=2 "k|${b}"={}}'],
  ])("%s", (text, expected) => {
    expect(show(attribute(`{"x": ${text}}`))).toBe(expected);
  });

  test("keeps all digits of a number", () => {
    const value = attribute('{"x": 123456789012345678901234567890.5}');
    expect(value).toMatchObject({ kind: "number", text: "123456789012345678901234567890.5" });
  });
});

describe("ranges lead to the place in the file", () => {
  /** The source text of every node of an expression, outermost first. */
  function textsOf(node: SyntaxNode): string[] {
    return [textOf(node), ...childrenOf(node).flatMap(textsOf)];
  }

  test.each<[string, string, readonly string[]]>([
    ["without escapes", '"a ${b.c} d"', ['"a ${b.c} d"', "a ", "${b.c}", "b.c", "b", " d"]],
    [
      "through escapes",
      '"\\u00e9\\n${lookup(m, \\"k\\")} d"',
      [
        '"\\u00e9\\n${lookup(m, \\"k\\")} d"',
        "\\u00e9\\n",
        '${lookup(m, \\"k\\")}',
        'lookup(m, \\"k\\")',
        "m",
        '\\"k\\"',
        "k",
        " d",
      ],
    ],
    ["of negative numbers", "-5", ["-5", "5"]],
    ["of lists and objects", '{ "k" : [ 1 ] }', ['{ "k" : [ 1 ] }', '"k" : [ 1 ]', '"k"', "k", "[ 1 ]", "1"]],
  ])("%s", (_, text, expected) => {
    expect(textsOf(attribute(`{"x": ${text}}`))).toEqual(expected);
  });

  test("of blocks: from the name before its body to the body's end, with its labels", () => {
    const text = '{"two": {"t": {"n": {"a": 1}, "m": [{}, {"b": 2}]}}}';
    const blocks = read(text).body.items.flatMap((item) => (item.kind === "block" ? [item] : []));
    expect(blocks.map(textOf)).toEqual(['"n": {"a": 1}', "{}", '{"b": 2}']);
    expect(blocks.map(({ typeRange }) => textOf(typeRange))).toEqual(['"n"', '"m"', '"m"']);
    expect(blocks.map(({ labels }) => labels.map(textOf))).toEqual([
      ['"t"', '"n"'],
      ['"t"', '"m"'],
      ['"t"', '"m"'],
    ]);
    expect(blocks.map(({ body }) => textOf(body))).toEqual(['"a": 1', "", '"b": 2']);
  });

  test("splats that stand in one text keep apart", () => {
    const value = attribute('{"x": "${a[*].b[*].c} \\" ${d[*].e}"}');
    expect(show(value)).toBe('"${(each a (each (. @ b) (. @ c)))}| " |${(each d (. @ e))}"');
    const ids = new Set<number>();
    const visit = (node: SyntaxNode) => {
      if (node.kind === "splat") ids.add(node.id);
      for (const child of childrenOf(node)) visit(child);
    };
    visit(value);
    expect(ids.size).toBe(3);
  });
});

describe("a message says what is wrong, where, and what belongs there", () => {
  test.each([
    ["", "1:1 expected a JSON object before the end of the file"],
    [
      "\ufeff{}",
      "1:1 the file starts with a byte order mark, which Terraform refuses in JSON; save it without one",
    ],
    ["{} {}", '1:4 expected the end of the file: JSON is one value, found "{"'],
    ['{\n  "a": 1,\n}', "2:9 no comma may stand behind the last element of an object in JSON"],
    ["[1, ]", "1:3 no comma may stand behind the last element of an array in JSON"],
    ['{"a" 1}', '1:6 expected ":" after the property\'s name, found "1"'],
    ['{"a": 1 "b": 2}', '1:9 expected "," or "}", found "\\""'],
    ["{a: 1}", '1:2 expected a property\'s name in quotes, found "a"'],
    ["{'a': 1}", "1:2 expected a property's name in quotes, found \"'\"; JSON has double quotes alone"],
    [
      "{\n  // why\n}",
      '2:3 expected a property\'s name in quotes, found "/"; JSON has no comments, but a "//" property is one',
    ],
    ['{"a": 1', '1:1 this object is not closed: expected "}"'],
    ['{"a": [1, 2', '1:7 this array is not closed: expected "]"'],
    ['{"a": "b', '1:7 this string has no closing " on its line'],
    ['{"a": "b\n"}', '1:7 this string has no closing " on its line'],
    ['{"a": "b\tc"}', "1:9 a control character stands in this string; write it as \\uNNNN"],
    [
      '{"a": "\\x"}',
      '1:8 "\\\\x" is no escape sequence of JSON; there are \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\uNNNN',
    ],
    [
      '{"a": 01}',
      "1:7 01 is not a number as JSON writes it; a text stands in quotes, and there are true, false and null",
    ],
    ['{"a": yes}', "1:7 yes is no value; a text stands in quotes, and there are true, false and null"],
    ['{"a": 1e99999}', "1:7 the exponent of 1e99999 is out of range; it may have 4 digits"],
  ])("%j is no JSON", (text, expected) => {
    const { diagnostics } = parseJsonTree({ path: "x.json", text });
    expect(errorsOf(text, diagnostics)).toEqual([expected]);
  });

  test.each([
    ['"a"', "1:1 an object or an array of objects has to stand here, with arguments and blocks"],
    ["[{}, 1]", "1:6 an object has to stand here, with arguments and blocks"],
    ['{"plain": 5}', "1:11 an object has to stand here: the content of the block plain"],
    [
      '{"two": {"t": 5}}',
      "1:15 an object or an array of objects has to stand here, with the name of each block two as a name",
    ],
    [
      '{"two": {"t": {}}}',
      "1:15 the block two has its name as the name of a property, and there is none here",
    ],
    ['{"unknown": {}}', '1:2 there is no "unknown" here; it is left out'],
    ['{"plain": {\n"a": 1,\n"a": 2}}', "3:1 a is already set on line 2; an attribute can be set once"],
    ['{"plain": {"a": {"b": 1, "b": 2}}}', '1:26 the object has "b" already, on line 1'],
    [
      '{"plain": {"a": "x ${b"}}',
      '1:20 this interpolation is not closed: expected "}" (a literal "${" is written "$${") before the end of the text',
    ],
    [
      '{"plain": {"a": "\\"é ${b c}"}}',
      '1:26 expected "}" (a literal "${" is written "$${") in the interpolation that starts on line 1, found the name "c"',
    ],
    ['{"one": {"n": {"to": "${a}"}}}', '1:23 expected a value, found the character "$"'],
  ])("%j", (text, expected) => {
    expect(errorsOf(text)).toEqual([expected]);
  });

  test("what is broken does not hide its neighbours", () => {
    const { body, diagnostics } = read(
      '{"plain": [{"a": "${", "b": 1}, 5, {"c": 2}], "two": {"t": {"n": {"d": 3}, "m": 1}}}',
    );
    expect(showBody(body)).toBe("plain{b=1} plain{} plain{c=2} two t n{d=3}");
    expect(diagnostics).toHaveLength(3);
  });

  test("what stands before a mistake of JSON itself is read", () => {
    expect(showBody(read('{"plain": {"a": 1, "b": 2,,').body)).toBe("plain{a=1 b=2}");
  });

  test("a file of attributes is one object", () => {
    const text = '[{"a": 1}]';
    const { body, diagnostics } = parseJsonAttributes({ path: "x.tfvars.json", text });
    expect(body.items).toEqual([]);
    expect(errorsOf(text, diagnostics)).toEqual(["1:1 the file has to be one JSON object"]);
  });

  test("a file of attributes has no templates", () => {
    const { body } = parseJsonAttributes({
      path: "x.tfvars.json",
      text: '{"//": 1, "a": "${b}", "c": {"//": 2}}',
    });
    expect(showBody(body)).toBe('a="${b}" c={"//"=2}');
  });

  test.each([
    ["arrays", "[", "]"],
    ["objects", '{"plain":', "}"],
  ])("nesting of %s is bounded", (_, open, close) => {
    const text = `${open.repeat(300)}1${close.repeat(300)}`;
    expect(errorsOf(text)[0]).toContain("this is nested more than 250 levels deep; split it up");
    const half = `{"x": ${open.repeat(100)}1${close.repeat(100)}}`;
    expect(read(half, ATTRIBUTES).diagnostics).toEqual([]);
  });
});

const json = fc.json({ maxDepth: 4 });
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 100 }),
  fc
    .array(fc.constantFrom(...FRAGMENTS, '"', '":', ",", "{", "}", "\\", "\\u00e9", "null"), {
      maxLength: 40,
    })
    .map((parts) => parts.join("")),
  fc.tuple(json, fc.integer()).map(([text, seed]) => mutate(text, seed)),
  fc
    .tuple(fc.jsonValue({ maxDepth: 3 }), fc.integer())
    .map(([value, seed]) => mutate(JSON.stringify({ plain: value, one: { n: value } }, null, 2), seed)),
);

/** What a tree means; of equal names the last one counts. */
function meaningOf(node: JsonNode): Json {
  switch (node.kind) {
    case "json-object":
      return Object.fromEntries(node.members.map(({ name, value }) => [name.value, meaningOf(value)]));
    case "json-array":
      return node.items.map(meaningOf);
    case "json-text":
    case "json-keyword":
      return node.value;
    case "json-number":
      return exactNumber(node.text);
  }
}

function parsedOrNull(text: string): { readonly value: Json } | null {
  try {
    return { value: parseJson(text) };
  } catch {
    return null;
  }
}

describe("whatever the text", () => {
  test("it is read as JSON where the language's own parser reads it, with the same meaning", () => {
    fc.assert(
      fc.property(noise, (text) => {
        if (/[eE][+-]?\d{5}/.test(text)) return;
        const { root, diagnostics } = parseJsonTree({ path: "x.json", text });
        const expected = parsedOrNull(text);
        expect(diagnostics.length === 0, text).toBe(expected !== null);
        if (root === null || expected === null || /\\u[dD][89a-fA-F]/.test(text)) return;
        expect(equalJson(meaningOf(root), expected.value), text).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("a body comes of it, with ranges in the text", () => {
    fc.assert(
      fc.property(noise, (text) => {
        const { body, diagnostics } = read(text);
        const visit = (node: SyntaxNode) => {
          expect(0 <= node.start && node.start <= node.end && node.end <= text.length).toBe(true);
          for (const child of childrenOf(node)) visit(child);
        };
        visit(body);
        for (const { range } of diagnostics) expect(range !== null && range.end <= text.length).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test("a text that is quoted reads as itself, and each of its units has a place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = quoteJsonText(value);
        const { root } = parseJsonTree({ path: "x.json", text });
        expect(root).toMatchObject({ kind: "json-text", value: value.toWellFormed() });
        const offsets = jsonTextOffsets(text, 0);
        expect(offsets).toHaveLength(value.length + 1);
        expect(offsets.at(-1)).toBe(text.length - 1);
      }),
    );
  });
});
