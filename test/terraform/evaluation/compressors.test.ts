import { describe, expect, test } from "vitest";
import { FUNCTIONS } from "../../../src/hcl/functions/index.ts";
import { DEFAULT_LIMITS, evaluateStack } from "../../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";
import { parseState } from "../../../src/terraform/state/state.ts";
import { unknownOf } from "../stack.ts";

const TERRAFORM = "registry.terraform.io/hashicorp/test";
const OPENTOFU = "registry.opentofu.org/hashicorp/test";
const BUILT_IN = "terraform.io/builtin/terraform";
const OWN = "registry.example.com/we/test";
const CODE = `
resource "test_thing" "a" {
  packed   = base64gzip("a")
  template = templatestring("$\{base64gzip("a")}", {})
}
`;

interface Recorded {
  readonly version: string;
  readonly providers: readonly string[];
  readonly locked?: string;
}

function stateText({ version, providers }: Recorded): string {
  return JSON.stringify({
    version: 4,
    terraform_version: version,
    serial: 1,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: {},
    resources: providers.map((provider, index) => ({
      mode: "managed",
      type: "test_other",
      name: `other_${index}`,
      provider: `provider["${provider}"]`,
      instances: [{ schema_version: 0, attributes: {}, sensitive_attributes: [] }],
    })),
  });
}

function isKnown(recorded: Recorded | null): boolean {
  const lock = `provider "${recorded?.locked ?? TERRAFORM}" {\n  version = "1.0.0"\n}\n`;
  const evaluation = evaluateStack(
    new ParsedFiles(memorySnapshot({ "main.tf": CODE, ".terraform.lock.hcl": lock })),
    {
      root: ".",
      settings: [],
      workspace: "default",
      state: recorded && parseState(stateText(recorded), "terraform.tfstate"),
    },
    FUNCTIONS,
    DEFAULT_LIMITS,
  );
  const unknown = unknownOf(evaluation);
  expect([[], ["test_thing.a packed", "test_thing.a template"]]).toContainEqual(unknown);
  return unknown.length === 0;
}

describe("base64gzip is known", () => {
  test.each<[string, Recorded | null]>([
    ["without a state", null],
    ["of the version that the language is of", { version: "1.11.4", providers: [TERRAFORM] }],
    ["of earlier ones", { version: "0.14.11", providers: [TERRAFORM] }],
    ["of OpenTofu with the compressor before", { version: "1.12.3", providers: [OPENTOFU] }],
    ["whichever of the two it was", { version: "1.12.0", providers: [] }],
    ["of Terraform's versions with it", { version: "1.15.6", providers: [BUILT_IN, TERRAFORM] }],
  ])("%s", (_, recorded) => {
    expect(isKnown(recorded)).toBe(true);
  });
});

describe("base64gzip is unknown, in templates too", () => {
  test.each<[string, Recorded]>([
    ["of OpenTofu with another compressor", { version: "1.13.0", providers: [OPENTOFU] }],
    ["of both registries", { version: "1.14.0", providers: [TERRAFORM, OPENTOFU] }],
    ["where OpenTofu chose the providers", { version: "1.14.0", providers: [TERRAFORM], locked: OPENTOFU }],
    ["where nothing tells the program", { version: "1.14.0", providers: [BUILT_IN, OWN] }],
    ["of versions of which nobody knows yet", { version: "1.16.0", providers: [TERRAFORM] }],
    ["of the next major version", { version: "2.0.0", providers: [TERRAFORM] }],
    ["of what is no version", { version: "next", providers: [TERRAFORM] }],
  ])("%s", (_, recorded) => {
    expect(isKnown(recorded)).toBe(false);
  });
});
