import { describe, expect, test } from "vitest";
import { evaluateFiles } from "../stack.ts";

const SECRET = "hunter2hunter2";
const PIN = 7654321;

const FILES = {
  "m/main.tf": 'output "o" {\n  value = 1\n}\n',
  "greeting.tftpl": "Hello ${upper(name)} ${missing}",
};

const DECLARATIONS = `
variable "pw" {
  sensitive = true
  default   = "${SECRET}"
}
variable "pin" {
  sensitive = true
  default   = -${PIN}
}
variable "group" {
  sensitive = true
  default   = "hunter2(hunter2"
}
variable "template" {
  sensitive = true
  default   = "$\${hunter2hunter2}"
}
locals {
  secrets = sensitive(["${SECRET}"])
  keyed   = sensitive({ ${SECRET} = ["x"], b = 1 })
}
resource "x_y" "a" {
  for_each = { a = 1 }
  q        = 1
}
resource "x_y" "counted" {
  count = 1
}
data "x_y" "a" {
  for_each = { a = 1 }
}
module "m" {
  source   = "./m"
  for_each = { a = 1 }
}
`;

function messagesOf(expression: string): string[] {
  const { diagnostics } = evaluateFiles({
    ...FILES,
    "main.tf": `${DECLARATIONS}\noutput "result" {\n  value = ${expression}\n}\n`,
  });
  return diagnostics.map(({ message }) => message);
}

describe("an error does not quote what is sensitive", () => {
  test.each([
    ["a key of an object", "{ a = 1 }[var.pw]"],
    ["a key that was changed", "{ a = 1 }[upper(var.pw)]"],
    ["a key of a map", "tomap({ a = 1 })[var.pw]"],
    ["a key that is close to another", `{ ${SECRET}x = 1 }[var.pw]`],
    ["an index", '["a"][var.pin]'],
    ["the keys of a sensitive object", "local.keyed.hunter7hunter7"],
    ["the keys of a computed object", "{ (var.pw) = 1 }.hunter7hunter7"],
    ["the keys of a sensitive object in a conversion", "tomap(local.keyed)"],
    ["the keys of a sensitive object in a conditional", "true ? local.keyed : tomap({ a = 1 })"],
    ["a resource's instance", "x_y.a[var.pw].q"],
    ["a counted instance", "x_y.counted[var.pin].q"],
    ["a data source's instance", "data.x_y.a[var.pw].q"],
    ["a module's instance", "module.m[var.pw].o"],
    ["an element in for", "[for s in local.secrets : { a = 1 }[s]]"],
    ["a key in for", "[for k, v in local.keyed : { a = 1 }[k]]"],
    ["an element in a splat", "local.secrets[*].name[file(local.secrets[0])]"],
    ["an element in a template", '"%{ for s in local.secrets }${file(s)}%{ endfor }"'],
    ["a file", "file(var.pw)"],
    ["a file by a computed path", "file(strrev(strrev(var.pw)))"],
    ["a file outside of the root", 'filebase64("../${var.pw}")'],
    ["a file's hash", "filesha256(var.pw)"],
    ["a template's path", "templatefile(var.pw, {})"],
    ["a template's variables", 'templatefile("greeting.tftpl", { name = { a = 1 }[var.pw] })'],
    ["what a template says of them", 'templatefile("greeting.tftpl", { name = var.pw })'],
    ["a template's text", "templatestring(var.template, {})"],
    ["a pattern", 'regex(var.group, "x")'],
    ["a computed pattern", 'regex("(${var.pw}", "x")'],
    ["a pattern of replace", 'replace("x", "/(${var.pw}/", "y")'],
    ["a format", 'format("%${var.pw}d", "x")'],
    ["YAML", 'yamldecode("a: *${var.pw}")'],
    ["a date's format", 'formatdate(var.pw, "2020-01-01T00:00:00Z")'],
    ["an address", 'cidrhost("${var.pw}/8", 1)'],
    ["what try has tried", 'try(file(var.pw), { a = 1 }[var.pw], regex("(${var.pw}", "x"))'],
  ])("%s: %s", (_, expression) => {
    const messages = messagesOf(expression);
    expect(messages).not.toEqual([]);
    expect(messages.join("\n").toLowerCase()).not.toMatch(/hunter2|2retnuh|7654321/);
  });

  test.each([
    ["{ a = 1 }[var.pw]", "the object has no attribute with this sensitive key"],
    ['["a"][var.pin]', "there is no element with this sensitive index: the tuple has 1 element"],
    ["x_y.a[var.pw].q", "x_y.a has no instance with this sensitive key"],
    [
      "file(var.pw)",
      'file(): argument "path": is refused; the reason is not shown, since an argument is sensitive',
    ],
    [
      "[for s in local.secrets : file(s)]",
      "there is no value here; the reason is not shown, since the collection is sensitive",
    ],
  ])("%s says what it can", (expression, message) => {
    expect(messagesOf(expression)).toEqual([message]);
  });

  test("what is not sensitive is quoted as ever", () => {
    expect(messagesOf('file("gone.txt")')).toEqual([expect.stringContaining('"gone.txt"')]);
    expect(messagesOf("{ size = 1 }.sise")).toEqual([expect.stringContaining('did you mean "size"?')]);
    expect(messagesOf("{ size = var.pw }.sise")).toEqual([expect.stringContaining('did you mean "size"?')]);
  });
});
