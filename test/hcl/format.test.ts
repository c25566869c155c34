import { describe, expect, test } from "vitest";
import { applyEdits, type Edit } from "../../src/hcl/editing/edit.ts";
import { formatAttribute, formatBlock } from "../../src/hcl/editing/format.ts";
import { alignedInsert, insertBlock, insertTupleItem } from "../../src/hcl/editing/insert.ts";
import { removeItem, removeTupleItem } from "../../src/hcl/editing/remove.ts";
import { renderExpression } from "../../src/hcl/editing/render.ts";
import { replaceValue } from "../../src/hcl/editing/replace.ts";
import { parse } from "../../src/hcl/syntax/parser.ts";
import type {
  Attribute,
  Block,
  Body,
  ObjectConstructor,
  TupleConstructor,
} from "../../src/hcl/syntax/syntax.ts";
import type { Json } from "../../src/json/json.ts";

function bodyOf(text: string): Body {
  const { body, diagnostics } = parse({ path: "main.tf", text });
  expect(diagnostics).toEqual([]);
  return body;
}

function edited(text: string, edits: readonly Edit[]): string {
  const result = applyEdits(text, edits);
  bodyOf(result);
  return result;
}

function value(json: Json): (indentation: string) => string {
  return (indentation) => renderExpression(json, indentation);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
}

function attributeAt(body: Body, index: number): Attribute {
  const item = at(body.items, index);
  if (item.kind !== "attribute") throw new Error("not an attribute");
  return item;
}

function blockAt(body: Body, index: number): Block {
  const item = at(body.items, index);
  if (item.kind !== "block") throw new Error("not a block");
  return item;
}

function objectIn(text: string): ObjectConstructor {
  const expression = attributeAt(bodyOf(text), 0).value;
  if (expression.kind !== "object") throw new Error("not an object");
  return expression;
}

function tupleIn(text: string): TupleConstructor {
  const expression = attributeAt(bodyOf(text), 0).value;
  if (expression.kind !== "tuple") throw new Error("not a list");
  return expression;
}

describe("new text", () => {
  test("an attribute", () => {
    expect(formatAttribute("a", "1", "  ")).toBe("  a = 1");
  });

  test("a block with aligned attributes and a nested block", () => {
    const text = formatBlock(
      {
        type: "resource",
        labels: ["aws_instance", 'a"b'],
        items: [
          { name: "ami", value: '"x"' },
          { name: "instance_type", value: '"t3.micro"' },
          { type: "root_block_device", labels: [], items: [{ name: "size", value: "1" }] },
          { type: "empty", labels: [], items: [] },
          { name: "tags", value: "{}" },
        ],
      },
      "",
    );
    expect(text).toBe(
      [
        'resource "aws_instance" "a\\"b" {',
        '  ami           = "x"',
        '  instance_type = "t3.micro"',
        "",
        "  root_block_device {",
        "    size = 1",
        "  }",
        "",
        "  empty {}",
        "  tags = {}",
        "}",
      ].join("\n"),
    );
  });
});

describe("alignedInsert into the first block", () => {
  test.each<[string, string, [string, Json], number | null, string]>([
    [
      "a short name takes the column of its neighbours",
      "b {\n  name = 1\n  x    = 2\n}\n",
      ["ab", 3],
      0,
      "b {\n  name = 1\n  ab   = 3\n  x    = 2\n}\n",
    ],
    [
      "a long name moves its neighbours",
      "b {\n  a = 1\n  b = 2\n}\n",
      ["long", 3],
      1,
      "b {\n  a    = 1\n  b    = 2\n  long = 3\n}\n",
    ],
    [
      "a long name moves its own run alone",
      "b {\n  a = 1\n\n  b = 2\n}\n",
      ["long", 3],
      1,
      "b {\n  a = 1\n\n  b    = 2\n  long = 3\n}\n",
    ],
    [
      "a wider column than need be stays",
      "b {\n  a      = 1\n  b      = 2\n}\n",
      ["cd", 3],
      1,
      "b {\n  a      = 1\n  b      = 2\n  cd     = 3\n}\n",
    ],
    [
      "neighbours that are not aligned stay",
      "b {\n  a = 1\n  bcd   = 2\n}\n",
      ["longest", 3],
      1,
      "b {\n  a = 1\n  bcd   = 2\n  longest = 3\n}\n",
    ],
    ["as the first", "b {\n  a = 1\n}\n", ["cd", 3], null, "b {\n  cd = 3\n  a  = 1\n}\n"],
    ["as the first of an empty block", "b {\n}\n", ["a", 1], null, "b {\n  a = 1\n}\n"],
    ["as the first of an empty block on one line", "b {}\n", ["a", 1], null, "b {\n  a = 1\n}\n"],
    [
      "behind the comment of a brace",
      "b { # c\n  a = 1\n}\n",
      ["d", 2],
      null,
      "b { # c\n  d = 2\n  a = 1\n}\n",
    ],
    ["in a block that has only a comment", "b {\n  # c\n}\n", ["a", 1], null, "b {\n  a = 1\n  # c\n}\n"],
    ["behind a comment on the line", "b {\n  a = 1 # c\n}\n", ["d", 2], 0, "b {\n  a = 1 # c\n  d = 2\n}\n"],
    [
      "behind a heredoc",
      "b {\n  a = <<-EOT\n    x\n  EOT\n}\n",
      ["cd", 2],
      0,
      "b {\n  a  = <<-EOT\n    x\n  EOT\n  cd = 2\n}\n",
    ],
    [
      "behind a value of several lines",
      "b {\n  name = {\n    x = 1\n  }\n}\n",
      ["cd", 2],
      0,
      "b {\n  name = {\n    x = 1\n  }\n  cd = 2\n}\n",
    ],
    [
      "a value of several lines parts its neighbours",
      "b {\n  long = 1\n  x    = 2\n}\n",
      ["t", { y: 1 }],
      0,
      "b {\n  long = 1\n  t = {\n    y = 1\n  }\n  x = 2\n}\n",
    ],
    ["a block on one line is opened", "b { name = 1 }\n", ["a", 2], 0, "b {\n  name = 1\n  a    = 2\n}\n"],
    [
      "before what a block has on one line",
      "b { a = 1 }\n",
      ["name", 2],
      null,
      "b {\n  name = 2\n  a    = 1\n}\n",
    ],
    [
      "with carriage returns",
      "b {\r\n  a = 1\r\n}\r\n",
      ["t", { x: 1 }],
      0,
      "b {\r\n  a = 1\r\n  t = {\r\n    x = 1\r\n  }\r\n}\r\n",
    ],
    [
      "with the indentation of the neighbours",
      "b {\n\ta = 1\n}\n",
      ["d", 2],
      0,
      "b {\n\ta = 1\n\td = 2\n}\n",
    ],
    [
      "names beyond ASCII count by character",
      "b {\n  größe = 1\n}\n",
      ["abc", 2],
      0,
      "b {\n  größe = 1\n  abc   = 2\n}\n",
    ],
  ])("%s", (_, text, [name, json], index, expected) => {
    const { body } = blockAt(bodyOf(text), 0);
    const after = index === null ? null : at(body.items, index);
    expect(edited(text, alignedInsert(body, name, value(json), after))).toBe(expected);
  });
});

describe("alignedInsert into a file", () => {
  test.each<[string, string, number | null, string]>([
    ["behind the last line", "long = 1\n", -1, "long = 1\na    = 2\n"],
    ["behind a last line without an end", "long = 1", -1, "long = 1\na    = 2"],
    ["as the first", "long = 1\n", null, "a    = 2\nlong = 1\n"],
    ["into an empty file", "", null, "a = 2\n"],
    ["behind a byte order mark", "\ufeffb = 1\n", null, "\ufeffa = 2\nb = 1\n"],
  ])("%s", (_, text, index, expected) => {
    const body = bodyOf(text);
    const after = index === null ? null : at(body.items, index);
    expect(edited(text, alignedInsert(body, "a", value(2), after))).toBe(expected);
  });
});

describe("alignedInsert into an object", () => {
  test.each<[string, string, number | null, string]>([
    ["on lines", "t = {\n  a   = 1\n  bcd = 2\n}\n", 0, "t = {\n  a   = 1\n  x   = 9\n  bcd = 2\n}\n"],
    ["on lines with commas", "t = {\n  a = 1,\n  b = 2,\n}\n", 1, "t = {\n  a = 1,\n  b = 2,\n  x = 9,\n}\n"],
    [
      "on lines, behind the last without a comma",
      "t = {\n  a = 1,\n  b = 2\n}\n",
      1,
      "t = {\n  a = 1,\n  b = 2\n  x = 9\n}\n",
    ],
    ["on lines, as the first", "t = {\n  a = 1\n}\n", null, "t = {\n  x = 9\n  a = 1\n}\n"],
    ["in one line", "t = { a = 1, b = 2 }\n", 0, "t = { a = 1, x = 9, b = 2 }\n"],
    ["in one line, as the first", "t = { a = 1 }\n", null, "t = { x = 9, a = 1 }\n"],
    ["with colons", "t = {\n  a : 1\n}\n", 0, "t = {\n  a : 1\n  x = 9\n}\n"],
    ["that is empty", "t = {}\n", null, "t = {\n  x = 9\n}\n"],
    [
      "that is empty and takes its line out of the run",
      "t    = {}\nlong = 1\nb    = 2\n",
      null,
      "t = {\n  x = 9\n}\nlong = 1\nb    = 2\n",
    ],
    ["that leaves a run less wide", "long = {}\nb    = 2\n", null, "long = {\n  x = 9\n}\nb = 2\n"],
  ])("%s", (_, text, index, expected) => {
    const object = objectIn(text);
    const after = index === null ? null : at(object.items, index);
    expect(edited(text, alignedInsert(object, "x", value(9), after))).toBe(expected);
  });
});

describe("insertBlock", () => {
  const block = { type: "n", labels: ["l"], items: [{ name: "c", value: "1" }] };
  test.each<[string, string, number | null, string]>([
    ["behind an attribute", "b {\n  a = 1\n}\n", 0, 'b {\n  a = 1\n\n  n "l" {\n    c = 1\n  }\n}\n'],
    [
      "between items",
      "b {\n  a = 1\n  d = 2\n}\n",
      0,
      'b {\n  a = 1\n\n  n "l" {\n    c = 1\n  }\n\n  d = 2\n}\n',
    ],
    ["as the first", "b {\n  a = 1\n}\n", null, 'b {\n  n "l" {\n    c = 1\n  }\n\n  a = 1\n}\n'],
    ["in an empty block", "b {}\n", null, 'b {\n  n "l" {\n    c = 1\n  }\n}\n'],
    ["in a block on one line", "b { a = 1 }\n", 0, 'b {\n  a = 1\n\n  n "l" {\n    c = 1\n  }\n}\n'],
    [
      "with carriage returns",
      "b {\r\n  a = 1\r\n}\r\n",
      0,
      'b {\r\n  a = 1\r\n\r\n  n "l" {\r\n    c = 1\r\n  }\r\n}\r\n',
    ],
    [
      "and parts a run",
      "b {\n  a    = 1\n  long = 2\n}\n",
      0,
      'b {\n  a = 1\n\n  n "l" {\n    c = 1\n  }\n\n  long = 2\n}\n',
    ],
  ])("%s", (_, text, index, expected) => {
    const { body } = blockAt(bodyOf(text), 0);
    const after = index === null ? null : at(body.items, index);
    expect(edited(text, insertBlock(body, block, after))).toBe(expected);
  });
});

describe("insertTupleItem", () => {
  test.each<[string, string, Json, number | null, string]>([
    ["in one line", "l = [1, 2]\n", 9, 0, "l = [1, 9, 2]\n"],
    ["in one line, as the first", "l = [1, 2]\n", 9, null, "l = [9, 1, 2]\n"],
    ["in one line, as the last", "l = [1]\n", "x", 0, 'l = [1, "x"]\n'],
    ["in an empty list", "l = []\n", 9, null, "l = [9]\n"],
    ["in an empty list on two lines", "l = [\n]\n", 9, null, "l = [9]\n"],
    ["on lines", "l = [\n  1,\n  2,\n]\n", 9, 0, "l = [\n  1,\n  9,\n  2,\n]\n"],
    ["on lines, behind a last comma", "l = [\n  1,\n]\n", 9, 0, "l = [\n  1,\n  9,\n]\n"],
    [
      "on lines, behind a last element without one",
      "l = [\n  1 # one\n]\n",
      9,
      0,
      "l = [\n  1, # one\n  9\n]\n",
    ],
    ["on lines, as the first", "l = [\n  1\n]\n", 9, null, "l = [\n  9,\n  1\n]\n"],
    ["behind a heredoc", "l = [\n  <<EOT\nx\nEOT\n]\n", 9, 0, "l = [\n  <<EOT\nx\nEOT\n  , 9\n]\n"],
    [
      "an object behind one that its bracket hugs",
      "l = [{\n  a = 1\n}]\n",
      { a: 2 },
      0,
      "l = [{\n  a = 1\n  }, {\n  a = 2\n}]\n",
    ],
    ["an object into an empty list", "l = []\n", { a: 2 }, null, "l = [{\n  a = 2\n}]\n"],
  ])("%s", (_, text, json, index, expected) => {
    const tuple = tupleIn(text);
    const after = index === null ? null : at(tuple.items, index);
    expect(edited(text, insertTupleItem(tuple, value(json), after))).toBe(expected);
  });
});

describe("removeItem of a body", () => {
  test.each<[string, string, number, string]>([
    ["with its line and the comment on it", "a = 1\nb = 2 # c\nd = 3\n", 1, "a = 1\nd = 3\n"],
    ["and leaves the comment above", "a = 1\n# c\nb = 2\n", 1, "a = 1\n# c\n"],
    ["of several lines", "a = [\n  1,\n]\nb = 1\n", 0, "b = 1\n"],
    ["that is a heredoc", "a = <<EOT\nx\nEOT\nb = 1\n", 0, "b = 1\n"],
    ["that is a block, with the empty line it leaves", "a {}\n\nb {\n}\n\nc {}\n", 1, "a {}\n\nc {}\n"],
    ["that is the last, with the empty line before it", "a {}\n\nb {}\n", 1, "a {}\n"],
    ["that is the first, with the empty line behind it", "a {}\n\nb {}\n", 0, "b {}\n"],
    ["with carriage returns", "a = 1\r\nb = 2\r\n", 0, "b = 2\r\n"],
    ["behind a byte order mark", "\ufeffa = 1\nb = 2\n", 0, "\ufeffb = 2\n"],
    ["and the others move together", "a    = 1\nlong = 2\nb    = 3\n", 1, "a = 1\nb = 3\n"],
    ["but not where they were not aligned", "a     = 1\nlong = 2\nb  = 3\n", 1, "a     = 1\nb  = 3\n"],
    ["that parted two runs", "ab = 1\nt = {\n}\nlong = 2\n", 1, "ab   = 1\nlong = 2\n"],
  ])("%s", (_, text, index, expected) => {
    const body = bodyOf(text);
    expect(edited(text, removeItem(body, at(body.items, index)))).toBe(expected);
  });

  test.each([
    ["b { a = 1 }\n", "b {}\n"],
    ["b {\n  a = 1\n}\n", "b {\n}\n"],
    ["b {\n  a = 1\n\n  # c\n}\n", "b {\n  # c\n}\n"],
  ])("in a block: %j", (text, expected) => {
    const { body } = blockAt(bodyOf(text), 0);
    expect(edited(text, removeItem(body, at(body.items, 0)))).toBe(expected);
  });
});

describe("removeItem of an object", () => {
  test.each<[string, number, string]>([
    ["t = { a = 1, b = 2, c = 3 }\n", 0, "t = { b = 2, c = 3 }\n"],
    ["t = { a = 1, b = 2, c = 3 }\n", 1, "t = { a = 1, c = 3 }\n"],
    ["t = { a = 1, b = 2, c = 3 }\n", 2, "t = { a = 1, b = 2 }\n"],
    ["t = { a = 1 }\n", 0, "t = {}\n"],
    ["t = {\n  a = 1,\n  b = 2, # c\n  d = 3\n}\n", 1, "t = {\n  a = 1,\n  d = 3\n}\n"],
    ["t = {\n  a = 1\n  b = 2\n}\n", 1, "t = {\n  a = 1\n}\n"],
    ["t = {\n  a = 1, b = 2\n}\n", 0, "t = {\n  b = 2\n}\n"],
    ["t = {\n  a = 1\n  b = 2 }\n", 1, "t = {\n  a = 1 }\n"],
  ])("%j, item %i", (text, index, expected) => {
    const object = objectIn(text);
    expect(edited(text, removeItem(object, at(object.items, index)))).toBe(expected);
  });
});

describe("removeTupleItem", () => {
  test.each<[string, number, string]>([
    ["l = [1, 2, 3]\n", 0, "l = [2, 3]\n"],
    ["l = [1, 2, 3]\n", 2, "l = [1, 2]\n"],
    ["l = [1]\n", 0, "l = []\n"],
    ["l = [1,]\n", 0, "l = []\n"],
    ["l = [\n  1,\n  2, # two\n  3\n]\n", 1, "l = [\n  1,\n  3\n]\n"],
    ["l = [\n  1,\n  2\n]\n", 1, "l = [\n  1\n]\n"],
    ["l = [<<A\na\nA\n  , <<B\nb\nB\n]\n", 0, "l = [<<B\nb\nB\n]\n"],
    ["l = [\n  <<A\na\nA\n  , 2\n]\n", 0, "l = [\n  2\n]\n"],
    ["l = [{\n  a = 1\n}]\nlong = 1\n", 0, "l    = []\nlong = 1\n"],
  ])("%j, element %i", (text, index, expected) => {
    const tuple = tupleIn(text);
    expect(edited(text, removeTupleItem(tuple, at(tuple.items, index)))).toBe(expected);
  });
});

describe("replaceValue", () => {
  test.each<[string, Json, string]>([
    ["a = 1 # c\n", "x", 'a = "x" # c\n'],
    ["a    = []\nlong = 1\n", [{ b: 1 }], "a = [\n  {\n    b = 1\n  },\n]\nlong = 1\n"],
    ["a = [\n  1,\n]\nlong = 1\n", [2], "a    = [2]\nlong = 1\n"],
    ["a = {}\r\n", { b: 1 }, "a = {\r\n  b = 1\r\n}\r\n"],
  ])("%j by %j", (text, json, expected) => {
    expect(edited(text, replaceValue(attributeAt(bodyOf(text), 0).value, value(json)))).toBe(expected);
  });

  test("by the same value is no edit", () => {
    expect(replaceValue(attributeAt(bodyOf("a = 1\n"), 0).value, value(1))).toEqual([]);
  });
});

test("an item of another container is refused", () => {
  const body = bodyOf("a = 1\n");
  const stranger = at(bodyOf("b = 1\n").items, 0);
  expect(() => removeItem(body, stranger)).toThrow("is not one of the container's");
  expect(() => alignedInsert(body, "c", value(1), stranger)).toThrow(RangeError);
});
