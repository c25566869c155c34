import { describe, expect, it } from "vitest";
import { textOf } from "../../../src/hcl/syntax/source.ts";
import type { Json } from "../../../src/json/json.ts";
import { parsePath } from "../../../src/json/path.ts";
import { traceValue } from "../../../src/terraform/tracing/trace.ts";
import { evaluateFiles } from "../stack.ts";

const CODE = `variable "env" {
  default = "prod"
}

variable "zone" {
  default = "a"
}

resource "aws_instance" "web" {
  plain     = "\${var.env}-web"
  both      = "x-\${var.env}-\${var.zone}"
  whole     = "\${var.env}"
  formatted = format("%s/%s", var.env, var.zone)
  user_data = <<-EOT
    #!/bin/sh
    echo \${var.env}
    LEVEL=info
  EOT
  chosen    = var.env == "qa" ? "small" : var.zone
}
`;

/** Where the chain of an argument ends: the kind of the last step, and what stands there. */
function endOf(path: string, wanted?: Json): readonly [string, string] {
  const instance = evaluateFiles(CODE).instances.get("aws_instance.web");
  const last = instance === undefined ? undefined : traceValue(instance, parsePath(path), wanted).at(-1);
  return last === undefined ? ["", ""] : [last.kind, textOf(last.range)];
}

describe("where the chain of a text that is made of parts ends", () => {
  it.each<readonly [string, string, Json | undefined, string]>([
    ["at the one part of a short text", "plain", undefined, '"prod"'],
    ["at what a text of one part hands on", "whole", undefined, '"prod"'],
    ["at a text of several parts itself", "both", undefined, '"x-${var.env}-${var.zone}"'],
    [
      "at a text of lines itself",
      "user_data",
      undefined,
      "<<-EOT\n    #!/bin/sh\n    echo ${var.env}\n    LEVEL=info\n  EOT",
    ],
  ])("%s", (_, path, wanted, text) => {
    expect(endOf(path, wanted)).toEqual(["literal", text]);
  });
});

describe("where it ends when another value is wanted", () => {
  it.each<readonly [string, string, Json, string]>([
    ["the part that would have to be another", "plain", "qa-web", '"prod"'],
    ["the text around it", "plain", "prod-db", '"${var.env}-web"'],
    ["the second part", "both", "x-prod-b", '"a"'],
    ["the second argument of format()", "formatted", "prod/b", '"a"'],
    ["the part in a text of lines", "user_data", "#!/bin/sh\necho qa\nLEVEL=info\n", '"prod"'],
    ["the line that is not what is wanted", "user_data", "#!/bin/sh\necho prod\nLEVEL=debug\n", "LEVEL=info"],
    ["what a conditional chose", "chosen", "b", '"a"'],
  ])("%s", (_, path, wanted, text) => {
    expect(endOf(path, wanted)).toEqual(["literal", text]);
  });
});
