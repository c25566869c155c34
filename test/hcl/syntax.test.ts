import { describe, expect, test } from "vitest";
import { parse, parseExpression, parseTemplate } from "../../src/hcl/syntax/parser.ts";
import { textOf } from "../../src/hcl/syntax/source.ts";
import type { Body } from "../../src/hcl/syntax/syntax.ts";
import { show, showPart } from "./tree.ts";

function treeOf(text: string): string {
  const { expression, diagnostics } = parseExpression({ path: "x.tf", text });
  if (expression === null) throw new Error(diagnostics[0]?.message);
  return show(expression);
}

describe("expressions", () => {
  test.each([
    // literals
    ["42", "42"],
    ["007", "007"],
    ["1.50", "1.50"],
    ["1.e5", "1.e5"],
    ["2E-3", "2E-3"],
    ["true", "true"],
    ["null", "null"],
    // operators, from those that bind most
    ["-a.b", "(- (. a b))"],
    ["!a && b", "(&& (! a) b)"],
    ["- -1", "(- (- 1))"],
    ["1 - -1", "(- 1 (- 1))"],
    ["1 + 2 * 3", "(+ 1 (* 2 3))"],
    ["1 * 2 + 3", "(+ (* 1 2) 3)"],
    ["1 - 2 - 3", "(- (- 1 2) 3)"],
    ["8 / 4 % 3", "(% (/ 8 4) 3)"],
    ["1 + 2 < 3 + 4", "(< (+ 1 2) (+ 3 4))"],
    ["a < b == c >= d", "(== (< a b) (>= c d))"],
    ["a != b && c == d", "(&& (!= a b) (== c d))"],
    ["a || b && c || d", "(|| (|| a (&& b c)) d)"],
    ["(1 + 2) * 3", "(* <(+ 1 2)> 3)"],
    ["a-b", "a-b"],
    ["a - b", "(- a b)"],
    ["5-3", "(- 5 3)"],
    // conditionals
    ["a ? b : c", "(? a b c)"],
    ["a ? b : c ? d : e", "(? a b (? c d e))"],
    ["a ? b ? 1 : 2 : 3", "(? a (? b 1 2) 3)"],
    ["a || b ? 1 : 2", "(? (|| a b) 1 2)"],
    // access
    ["a.b.c", "(. (. a b) c)"],
    ["a[0]", "([] a 0)"],
    ['a["k"].b', '(. ([] a "k") b)'],
    ["a[b.c + 1]", "([] a (+ (. b c) 1))"],
    ["a.0.b", "(. ([] a 0) b)"],
    ["a.1e2", "([] a 1e2)"],
    ["f(x).y[0]", "([] (. (f x) y) 0)"],
    ["[1, 2][0]", "([] [1 2] 0)"],
    // splats
    ["a[*]", "(each a @)"],
    ["a[*].b[0].c", "(each a (. ([] (. @ b) 0) c))"],
    ["a[*].b[*].c", "(each a (each (. @ b) (. @ c)))"],
    ["a.*.b.0.c", "(each a (. ([] (. @ b) 0) c))"],
    ["a.*.b[0]", "([] (each a (. @ b)) 0)"],
    ["a.*", "(each a @)"],
    ["a.*.b[*].c", "(each (each a (. @ b)) (. @ c))"],
    // calls
    ["f()", "(f)"],
    ["f(1, g(2))", "(f 1 (g 2))"],
    ["f(a,)", "(f a)"],
    ["f(a, b...)", "(f a b...)"],
    ["provider::aws::arn_parse(x)", "(provider::aws::arn_parse x)"],
    ["true()", "(true)"],
    // lists and objects
    ["[]", "[]"],
    ["[1, [2], ]", "[1 [2]]"],
    ["{}", "{}"],
    ["{ a = 1, b : 2 }", "{a=1 b=2}"],
    ["{\n a = 1\n b = 2,\n\n c = 3 }", "{a=1 b=2 c=3}"],
    [
      '{ "a b" = 1, (c) = 2, 3 = 4, true = 5, d.e = 6, "${f}" = 7 }',
      '{"a b"=1 <c>=2 3=4 true=5 (. d e)=6 "${f}"=7}',
    ],
    ["{ a = {\n} }", "{a={}}"],
    // for
    ["[for v in c : v]", "(for v c v)"],
    ["[for k, v in c : k if v != 1]", "(for k,v c k if (!= v 1))"],
    ["{ for k, v in c : k => v }", "(for k,v c k=>v)"],
    ["{ for v in c : v.id => v... if v }", "(for v c (. v id)=>v... if v)"],
    ["{\n for v in c :\n v => 1\n}", "(for v c v=>1)"],
    ["[for v in [1] : v]", "(for v [1] v)"],
    // line ends within brackets, and comments
    ["(\n 1 +\n 2\n)", "<(+ 1 2)>"],
    ["f(\n a, # first\n b // second\n)", "(f a b)"],
    ["[ /* none */ ]", "[]"],
    ["a[\n0\n]", "([] a 0)"],
    // identifiers
    ["größe.名前", "(. größe 名前)"],
    ["_a-1", "_a-1"],
  ])("%s", (text, tree) => {
    expect(treeOf(text)).toBe(tree);
  });
});

describe("templates", () => {
  test.each([
    ['""', '""'],
    ['"text"', '"text"'],
    ['"a\\n\\r\\t\\"\\\\"', '"a\\n\\r\\t"\\"'],
    ['"\\u00e9\\U0001F600"', '"é😀"'],
    ['"e\\u0301"', '"é"'],
    ['"$ $$ 5% %%"', '"$ $$ 5% %%"'],
    ['"$${a} %%{b}"', '"${a} %{b}"'],
    ['"$$${a}"', '"$${a}"'],
    ['"${a}"', '"${a}"'],
    ['"x ${a.b} y"', '"x |${(. a b)}| y"'],
    ['"${"${a}"}"', '"${"${a}"}"'],
    ['"${ { a = "}" }.a }"', '"${(. {a="}"} a)}"'],
    ['"${\n a\n}"', '"${a}"'],
    ['"a ${~ b ~} c"', '"a|${b}|c"'],
    ['" ${~ a}"', '"|${a}"'],
    ['"%{ if a }b%{ else }c%{ endif }"', '"%{if a:b:c}"'],
    ['"%{if a}b%{endif}"', '"%{if a:b:}"'],
    ['"%{ for v in c ~} ${v} %{~ endfor }"', '"%{for v c:|${v}|}"'],
    ['"%{ for k, v in c }%{ if v }${k}%{ endif }%{ endfor }"', '"%{for k,v c:%{if v:${k}:}}"'],
  ])("%s", (text, tree) => {
    expect(treeOf(text)).toBe(tree);
  });

  test.each([
    ["keeps its text as it is", '<<EOT\n a \\n "b"\n\nEOT\n', '" a \\n "b"\\n\\n"'],
    ["may be empty", "<<EOT\nEOT\n", '""'],
    ["ends at its marker, indented or not", "<<EOT\na\n   EOT  \n", '"a\\n"'],
    ["does not end where the marker is part of a line", "<<EOT\nEOT a\n$EOT\nEOT\n", '"EOT a\\n$EOT\\n"'],
    ["has templates", "<<EOT\na ${b}\nEOT\n", '"a |${b}|\\n"'],
    ["has escaped templates", "<<EOT\n$${b}%%{c}\nEOT\n", '"${b}%{c}\\n"'],
    ["keeps carriage returns", "<<EOT\r\na\r\nEOT\r\n", '"a\\r\\n"'],
    ["keeps indentation without a dash", "<<EOT\n  a\n  EOT\n", '"  a\\n"'],
    ["loses common indentation with a dash", "<<-EOT\n    a\n      b\n    EOT\n", '"a\\n  b\\n"'],
    ["counts tabs as one", "<<-EOT\n\t\ta\n\tb\nEOT\n", '"\\ta\\nb\\n"'],
    ["does not count blank lines", "<<-EOT\n    a\n\n  b\nEOT\n", '"  a\\n\\nb\\n"'],
    ["counts a line's text before a template", "<<-EOT\n  ${a}\n    b\nEOT\n", '"|${a}|\\n  b\\n"'],
    ["takes a template at a line's start as no indentation", "<<-EOT\n${a}\n  b\nEOT\n", '"${a}|\\n  b\\n"'],
    ["strips a line alone with ~", "<<EOT\na\n\n  ${~ b ~}\n\n  c\nEOT\n", '"a\\n\\n|${b}|\\n  c\\n"'],
    [
      "has directives on lines",
      "<<-EOT\n  %{ for v in c ~}\n  ${v}\n  %{ endfor ~}\n  EOT\n",
      '"|%{for v c:  |${v}|\\n}|"',
    ],
    ["holds another in a template", "<<A\n${f(<<B\nb\nB\n)}\nA\n", '"${(f "b\\n")}|\\n"'],
  ])("a heredoc %s", (_, text, tree) => {
    expect(treeOf(text)).toBe(tree);
  });

  test("a file can be a template as a whole", () => {
    const text = '\ufeff#!/bin/sh\n%{ for v in c ~}\necho "${v}" $5 $${x}\n%{ endfor ~}\nend';
    const { parts, diagnostics } = parseTemplate({ path: "t.tpl", text });
    expect(diagnostics).toEqual([]);
    expect(parts.map(showPart)).toEqual(["#!/bin/sh\\n", '%{for v c:echo "|${v}|" $5 ${x}\\n}', "end"]);
  });
});

/** A body as nested names: `type(labels){…}`, `name=value`. */
function outline(body: Body): string {
  return body.items
    .map((item) =>
      item.kind === "attribute"
        ? `${item.name}=${show(item.value)}`
        : `${item.type}(${item.labels.map((label) => label.value).join(",")}){${outline(item.body)}}`,
    )
    .join(" ");
}

describe("bodies", () => {
  test.each([
    ["attributes", "a = 1\nb = 2", "a=1 b=2"],
    ["blocks and labels, quoted and bare", 'a "b c" d {\n  e = 1\n}\n', "a(b c,d){e=1}"],
    ["blocks on one line", "a { b = 1 }\nc {}\nd { }\n", "a(){b=1} c(){} d(){}"],
    ["blocks in blocks", "a {\n  b {\n    c = 1\n  }\n  d = 2\n}\n", "a(){b(){c=1} d=2}"],
    ["escapes in labels", 'a "\\u0041$${b}" {}\n', "a(A${b}){}"],
    ["comments of all kinds", "# a\n// b\n/* c\n */ a = 1 # d\nb = 2 /* e */\n", "a=1 b=2"],
    ["a comment at a block's brace", "a { # b\n}\n", "a(){}"],
    ["carriage returns", "a = 1\r\nb {\r\n}\r\n", "a=1 b(){}"],
    ["a byte order mark", "\ufeffa = 1", "a=1"],
    ["an attribute behind a heredoc", "a = <<EOT\nx\nEOT\nb = 1\n", 'a="x\\n" b=1'],
    ["nothing", "", ""],
  ])("%s", (_, text, tree) => {
    const { body, diagnostics } = parse({ path: "x.tf", text });
    expect(diagnostics).toEqual([]);
    expect(outline(body)).toBe(tree);
  });
});

describe("ranges", () => {
  const text = 'block "label" {\n  name = f(x.y, [1])[0] # comment\n  doc = <<EOT\nline\n  EOT\n}\n';
  const { body } = parse({ path: "x.tf", text });
  const [block] = body.items;
  if (block?.kind !== "block") throw new Error("no block");
  const [name, doc] = block.body.items;
  if (name?.kind !== "attribute" || doc?.kind !== "attribute") throw new Error("no attributes");

  test.each([
    ["block", block, text.trimEnd()],
    ["block type", block.typeRange, "block"],
    ["label, with quotes", block.labels[0], '"label"'],
    ["body, without braces", block.body, text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"))],
    ["attribute", name, "name = f(x.y, [1])[0]"],
    ["attribute name", name.nameRange, "name"],
    ["value", name.value, "f(x.y, [1])[0]"],
    ["heredoc, with its marker", doc.value, "<<EOT\nline\n  EOT"],
  ])("of a %s", (_, range, expected) => {
    if (range === undefined) throw new Error("missing");
    expect(textOf(range)).toBe(expected);
  });

  test("an expression in the middle of a file has the file's offsets and stops at its end", () => {
    const file = { path: "x.tf", text: "a = b.c + 1\n" };
    const { expression, diagnostics } = parseExpression(file, 4, 7);
    expect(diagnostics).toEqual([]);
    expect(expression).toMatchObject({ kind: "get-attribute", start: 4, end: 7 });
  });

  test("a heredoc alone needs the line end that its file has behind it", () => {
    const value = "<<EOT\nx\nEOT";
    expect(
      parseExpression({ path: "x.tf", text: `a = ${value}\n` }, 4, 4 + value.length).expression,
    ).not.toBeNull();
    expect(parseExpression({ path: "x.tf", text: value }).expression).toBeNull();
  });
});
