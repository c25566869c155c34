import { describe, expect, it } from "vitest";
import { type Range, textOf } from "../../../src/hcl/syntax/source.ts";
import type { ResourceInstance } from "../../../src/terraform/evaluation/resource-instance.ts";
import { decidingValue } from "../../../src/terraform/tracing/deciding.ts";
import { traceValue } from "../../../src/terraform/tracing/trace.ts";
import { evaluateFiles } from "../stack.ts";

function app(policy: string): ResourceInstance {
  const { instances } = evaluateFiles(`
locals {
  actions = ["s3:GetObject"]
  unread  = "x"
}

data "aws_iam_policy_document" "app" {
  count = 1

  dynamic "statement" {
    for_each = local.actions
    content {
      actions = [statement.value]
    }
  }
}

resource "aws_iam_policy" "app" {
  policy = ${policy}
}
`);
  const instance = instances.get("aws_iam_policy.app");
  if (instance === undefined) throw new Error("there is no such instance");
  return instance;
}

function firstLine(range: Range): string {
  return textOf(range).split("\n", 1)[0] ?? "";
}

const WAYS = [
  "data.aws_iam_policy_document.app[0].json",
  "data.aws_iam_policy_document.app[0].minified_json",
  "one(data.aws_iam_policy_document.app[*].json)",
  'try(data.aws_iam_policy_document.app[0].json, "")',
];

describe("a policy that a data source makes", () => {
  it.each(WAYS)("is traced to the block of the data source: %s", (way) => {
    const steps = traceValue(app(way), ["policy"]).map(({ kind, range }) => [kind, firstLine(range)]);
    expect(steps[0]).toEqual(["attribute", `policy = ${way}`]);
    expect(steps.at(-1)).toEqual(["expression", 'data "aws_iam_policy_document" "app"']);
  });

  it.each(WAYS)("all that the block says takes part in it: %s", (way) => {
    const lines = decidingValue(app(way), ["policy"], ".").ranges.map(firstLine);
    expect(lines).toContain('data "aws_iam_policy_document" "app" {');
    expect(lines).toContain("local.actions");
    expect(lines.join()).not.toContain("unread");
  });

  it("what else the data source is asked for is traced as ever", () => {
    const steps = traceValue(app("data.aws_iam_policy_document.app[0].version"), ["policy"]);
    expect(firstLine(steps.at(-1)?.range ?? app("1").block)).toBe(
      "data.aws_iam_policy_document.app[0].version",
    );
  });
});
