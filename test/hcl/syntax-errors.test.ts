import { describe, expect, test } from "vitest";
import { parse, parseExpression, parseTemplate } from "../../src/hcl/syntax/parser.ts";
import { positionAt } from "../../src/hcl/syntax/source.ts";
import type { Body } from "../../src/hcl/syntax/syntax.ts";

/** Diagnostics as `line:column message`. */
function errorsOf(text: string): readonly string[] {
  return parse({ path: "x.tf", text }).diagnostics.map(({ message, range }) => {
    const { line, column } = positionAt(text, range?.start ?? 0);
    return `${line}:${column} ${message}`;
  });
}

function namesOf(body: Body): readonly string[] {
  return body.items.map((item) =>
    item.kind === "attribute" ? item.name : `${item.type}{${namesOf(item.body).join(" ")}}`,
  );
}

describe("a message says what is wrong, where, and what belongs there", () => {
  test.each([
    ["a = \nb = 1\n", "1:5 expected a value, found the end of the line"],
    ["a = 1 2\n", "1:7 expected a line end after the value, found the number 2"],
    ["a = 1, b = 2\n", '1:6 attributes are separated by line ends, not by ","'],
    ["a : 1\n", '1:3 expected "=" and a value, or a block\'s labels and "{", after a, found ":"'],
    ["a\n", '1:2 expected "=" and a value, or a block\'s labels and "{", after a, found the end of the line'],
    ['"a" = 1\n', "1:1 the name of an attribute or block stands without quotes here"],
    ["1 = 2\n", "1:1 expected an attribute or a block, found the number 1"],
    ["a = 1\na = 2\n", "2:1 a is already set on line 1; an attribute can be set once"],
    ['a "b"\n{\n}\n', '2:1 the "{" of the a block belongs on the line of its name'],
    ['a "b"\n', '1:6 expected "{" or a label of the a block, found the end of the line'],
    ['a "${b}" {}\n', '1:4 a label is plain text: "${" cannot stand in it'],
    ["a = 1 }\n", '1:7 expected a line end after the value, found "}"'],
    [
      "a {\n  b = 1 }\n",
      "2:9 expected a line end after this attribute; only a block with one attribute stands on one line",
    ],
    ["a {}\n}\n", '2:1 this "}" closes nothing; is there one too many before it?'],
    [
      "a { b {} }\n",
      '1:7 expected "=" after b: a block on one line holds one attribute and no block, found "{"',
    ],
    ["a {\n  b = 1\n", '1:1 this a block is not closed: expected "}"'],
    ["a = [1, 2\n", '1:5 this list is not closed: expected "," or "]" before the end of the text'],
    ["a = [\n  1\n  2\n]\n", '3:3 expected "," or "]" in the list that starts on line 1, found the number 2'],
    ["a = f(1 2)\n", '1:9 expected "," or ")" in the call of f that starts on line 1, found the number 2'],
    ["a = f(b..., c)\n", '1:11 expected ")" after "...", found ","'],
    ["a = (1\n", '1:5 this parenthesis is not closed: expected ")" before the end of the text'],
    [
      "a = { b = 1 c = 2 }\n",
      '1:13 expected the end of the line, "," or "}" in the object that starts on line 1, found the name "c"',
    ],
    [
      "a = { b }\n",
      '1:9 expected "=" and a value after the key in the object that starts on line 1, found "}"',
    ],
    ["a = b ? c\n", '1:10 expected ":" and the value for the other case, found the end of the line'],
    ["a = b.\n", '1:7 expected an attribute\'s name after ".", found the end of the line'],
    ["a = b.0.1\n", '1:7 ".0.1" cannot index twice; write [0][1]'],
    ["a = b.*.c.*.d\n", '1:11 a ".*" cannot stand within another; write "[*]"'],
    ["a = 1.2.3\n", "1:5 1.2.3 is not a number"],
    [
      "a = [for v in b : k => v]\n",
      '1:21 "=>" makes an object: write the "for" within braces instead of brackets',
    ],
    [
      "a = { for v in b : v }\n",
      '1:22 expected "=>" and a value: a "for" within braces makes an object, found "}"',
    ],
    ["a = [for v of b : v]\n", '1:12 expected "in" after the names of "for", found the name "of"'],
    ["a = 'b'\n", '1:5 expected a value, found the character "\'" (strings stand in double quotes)'],
    [
      "a = b & c\n",
      '1:7 expected a line end after the value, found the character "&" (the logical and is "&&")',
    ],
    ["a = /* b\n", '1:5 expected a value, found a comment that no "*/" closes'],
    ['a = "b\n', '1:5 this string has no closing " on its line'],
    [
      'a = "\\d"\n',
      '1:6 "\\\\d" is no escape sequence; there are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN, and a backslash itself is \\\\',
    ],
    ['a = "\\u12"\n', "1:6 \\u needs 4 hexadecimal digits"],
    ['a = "\\ud800"\n', "1:6 there is no character U+d800"],
    [
      'a = "${HOME:-x}"\n',
      '1:12 expected "}" (a literal "${" is written "$${") in the interpolation that starts on line 1, found ":"',
    ],
    ['a = "%{ if b }"\n', '1:6 this "%{ if }" has no "%{ endif }"'],
    ['a = "%{ endif }"\n', '1:6 "%{ endif }" ends nothing: no directive is open here'],
    [
      'a = "%{ for v in b }%{ endif }"\n',
      '1:21 expected "%{ endfor }" for the "%{ for }" before it, found "%{ endif }"',
    ],
    ["a = <<EOT\nb\n", "1:5 this heredoc is not closed: expected a line with EOT alone"],
    [
      "a = <<EOT\nb\nEOT",
      "1:5 the line EOT, which closes this heredoc, is the last one and has no line end; add one",
    ],
  ])("%j", (text, message) => {
    expect(errorsOf(text)).toEqual([message]);
  });

  test("for an expression and a template too", () => {
    expect(parseExpression({ path: "x", text: "1 2" }).diagnostics[0]?.message).toBe(
      "expected the end of the value, found the number 2",
    );
    expect(parseTemplate({ path: "x", text: "a ${" }).diagnostics[0]?.message).toBe(
      "expected a value, found the end of the text",
    );
  });
});

describe("the items around an error are there", () => {
  test.each([
    ["behind a missing value", "a = \nb = 1\n", ["b"]],
    ["behind a list that is not closed", "a = [1, 2\nb = 1\n", ["b"]],
    ["behind a list of several lines", "a = [\n  1\n  2\n]\nb = 1\n", ["b"]],
    ["behind an object with a bad line", "a = {\n  b = 1\n  c\n  d = 2\n}\ne = 1\n", ["e"]],
    ["behind a call that is not closed", "a = f(1,\nb = 1\nc = 2\n", ["b", "c"]],
    ["behind a string that is not closed", 'a = "x\nb = 1\n', ["b"]],
    ["behind an error in an interpolation", 'a = f("${1 +}",\n  2)\nb = 1\n', ["b"]],
    ["behind an error in a heredoc", "a = <<EOT\n${1 +}\nx = 1\nEOT\nb = 1\n", ["b"]],
    ["behind a heredoc that is not closed", 'a = <<EOT\ntext\n\nb "c" {\n}\n', ["b{}"]],
    ["behind a bad line in a block", "a {\n  b = = 1\n  c = 2\n}\nd = 1\n", ["a{c}", "d"]],
    ["behind a bad block header", "a = 1\nb ? {\n  c = 1\n}\nd = 1\n", ["a", "d"]],
    ["behind a bad block on one line", "a { b = 1, c = 2 }\nd = 1\n", ["d"]],
    ["behind a brace too many", "a {\n}\n}\nb = 1\n", ["a{}", "b"]],
    [
      "behind a block that is not closed",
      'a "x" {\n  b = 1\n\nc "y" {\n  d = 1\n}\ne = 1\n',
      ["a{b}", "c{d}", "e"],
    ],
    ["with what a line had before its error", "a = 1 2\nb = 1\n", ["a", "b"]],
    ["with the first of two attributes of a name", "a = 1\na = 2\nb = 1\n", ["a", "b"]],
  ])("%s", (_, text, names) => {
    const { body, diagnostics } = parse({ path: "x.tf", text });
    expect(diagnostics).toHaveLength(1);
    expect(namesOf(body)).toEqual(names);
  });
});

describe("bounds", () => {
  test.each([
    ["parentheses", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["lists", "[".repeat(20_000)],
    ["objects", "{ a = ".repeat(20_000)],
    ["templates", '"${'.repeat(20_000)],
    ["signs", `${"-".repeat(20_000)}1`],
    ["conditionals", `${"a ? b : ".repeat(20_000)}c`],
    ["sums", `1${" + 1".repeat(20_000)}`],
    ["attributes", `a${".b".repeat(20_000)}`],
    ["splats", `a${"[*]".repeat(20_000)}`],
    ["attribute splats", `a.*${".b".repeat(20_000)}`],
    ["calls", "f(".repeat(20_000)],
    ["for expressions", "[for a in ".repeat(20_000)],
    ["directives", `"${"%{ if a }".repeat(20_000)}${"%{ endif }".repeat(20_000)}"`],
    ["mixed operators", "1 || 1 && 1 == 1 < 1 + 1 * (".repeat(20_000)],
  ])("too many nested %s are an error", (_, text) => {
    const { expression, diagnostics } = parseExpression({ path: "x", text });
    expect(expression).toBeNull();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toContain("nested more than");
  });

  test("too many nested blocks are an error", () => {
    const text = `${"a {\n".repeat(20_000)}${"}\n".repeat(20_000)}`;
    expect(errorsOf(text)[0]).toContain("nested more than");
  });

  test("a tree is never higher than the limit, however its levels are made", () => {
    const chain = " + 1".repeat(400);
    const { diagnostics } = parseExpression({ path: "x", text: `((1${chain})${chain})` });
    expect(diagnostics[0]?.message).toContain("nested more than");
  });

  test("after a hundred errors the rest is not read", () => {
    const errors = errorsOf("a = \n".repeat(1000));
    expect(errors).toHaveLength(100);
    expect(errors.at(-1)).toContain("more errors follow");
  });
});
