import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import { providerTags } from "../../../src/terraform/evaluation/provider-settings.ts";
import { evaluateFiles } from "../stack.ts";

const MODULE = 'resource "aws_x" "in" {}\n';

function tagsOf(main: string, address = "aws_x.y", module = MODULE): JsonObject | null {
  const evaluation = evaluateFiles({ "main.tf": main, "m/main.tf": module });
  const instance = evaluation.instances.get(address);
  if (instance === undefined) throw new Error(`there is no ${address}`);
  return providerTags(evaluation.root, instance).defaultTags;
}

const provider = (tags: string, more = "") =>
  `provider "aws" {\n  ${more}\n  default_tags {\n    tags = ${tags}\n  }\n}\n`;
const resource = (more = "") => `resource "aws_x" "y" {\n  ${more}\n}\n`;

describe("default_tags", () => {
  test.each<[string, string, JsonObject | null]>([
    ["none without a provider block", resource(), {}],
    ["none without the block in it", `provider "aws" {}\n${resource()}`, {}],
    ["none where they are null", provider("null") + resource(), {}],
    ["those of the provider that the type implies", provider('{ team = "t" }') + resource(), { team: "t" }],
    ["evaluated", `locals { t = "x" }\n${provider("merge({ a = local.t }, {})")}${resource()}`, { a: "x" }],
    ["not known", `resource "s" "s" {}\n${provider("{ a = s.s.id }")}${resource()}`, null],
    ["not known where they fail", provider("local.nope") + resource(), null],
    [
      "those of the alias that is named",
      provider('{ a = "default" }') +
        provider('{ a = "west" }', 'alias = "west"') +
        resource("provider = aws.west"),
      { a: "west" },
    ],
    ["not those of an alias that is not", provider('{ a = "west" }', 'alias = "west"') + resource(), {}],
    [
      "those of a provider by another name",
      `${provider('{ a = "other" }').replace("aws", "other")}${resource("provider = other")}`,
      { a: "other" },
    ],
    [
      "of a dynamic block",
      `provider "aws" {\n  dynamic "default_tags" {\n    for_each = ["x"]\n    content {\n      tags = { a = default_tags.value }\n    }\n  }\n}\n${resource()}`,
      { a: "x" },
    ],
  ])("%s", (_, main, expected) => {
    expect(tagsOf(main)).toEqual(expected);
  });

  test.each<[string, string, string, string, JsonObject]>([
    ["come from the caller", 'module "m" { source = "./m" }', MODULE, "default", { a: "default" }],
    [
      "come from what is passed",
      'module "m" {\n  source = "./m"\n  providers = { aws = aws.west }\n}',
      MODULE,
      "west",
      { a: "west" },
    ],
    [
      "by the alias in the module",
      'module "m" {\n  source = "./m"\n  providers = { aws.src = aws.west }\n}',
      'resource "aws_x" "in" { provider = aws.src }',
      "west",
      { a: "west" },
    ],
    [
      "of the module's own provider come first",
      'module "m" { source = "./m" }',
      `${provider('{ a = "own" }')}${MODULE}`,
      "own",
      { a: "own" },
    ],
  ])("in a module %s", (_, call, module, __, expected) => {
    const main = `${provider('{ a = "default" }')}${provider('{ a = "west" }', 'alias = "west"')}${call}\n`;
    expect(tagsOf(main, "module.m.aws_x.in", module)).toEqual(expected);
  });

  test("go down through modules, renamed on each level", () => {
    const evaluation = evaluateFiles({
      "main.tf": `${provider('{ a = "west" }', 'alias = "west"')}module "m" {\n  source = "./m"\n  providers = { aws.one = aws.west }\n}\n`,
      "m/main.tf": 'module "n" {\n  source = "./n"\n  providers = { aws = aws.one }\n}\n',
      "m/n/main.tf": MODULE,
    });
    const instance = evaluation.instances.get("module.m.module.n.aws_x.in");
    expect(instance && providerTags(evaluation.root, instance).defaultTags).toEqual({ a: "west" });
  });
});

test.each<[string, string, string[][]]>([
  ["none", '{ a = "x" }', []],
  ["a value", '{ a = "x", b = sensitive("y") }', [["b"]]],
  ["all", 'sensitive({ a = "x" })', [[]]],
])("default tags that are sensitive: %s", (_, tags, expected) => {
  const evaluation = evaluateFiles(provider(tags) + resource());
  const instance = evaluation.instances.get("aws_x.y");
  const found = instance && providerTags(evaluation.root, instance);
  expect(found?.sensitiveTags).toEqual(expected);
  expect(found?.defaultTags?.["a"]).toBe("x");
});

test("ignore_tags", () => {
  const main = `provider "aws" {\n  ignore_tags {\n    keys = ["a"]\n    key_prefixes = toset(["kubernetes.io/"])\n  }\n}\n${resource()}`;
  const evaluation = evaluateFiles(main);
  const instance = evaluation.instances.get("aws_x.y");
  expect(instance && providerTags(evaluation.root, instance).ignoreTags).toEqual({
    keys: ["a"],
    keyPrefixes: ["kubernetes.io/"],
  });
});
