import { describe, expect, it } from "vitest";
import { FUNCTIONS } from "../../../src/hcl/functions/index.ts";
import type { Json } from "../../../src/json/json.ts";
import { DEFAULT_LIMITS, evaluateStack } from "../../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";
import { visibleAttributes, withHiddenSecrets } from "../../../src/terraform/state/hidden-state.ts";
import { parseState } from "../../../src/terraform/state/state.ts";
import type { StateInstance } from "../../../src/terraform/state/state-instance.ts";

type Attributes = { readonly [name: string]: Json };

/** What the code makes of an expression over a recorded resource. */
function evaluated(
  expression: string,
  { type = "aws_db_instance", attributes, sensitive = [] }: Recorded,
  hidden = true,
): { json: Json; unknown: boolean } {
  const files = {
    "main.tf": `resource "${type}" "x" {}\nresource "test" "y" {\n  value = ${expression}\n}\n`,
  };
  const path = (names: readonly string[]) => names.map((value) => ({ type: "get_attr", value }));
  const text = JSON.stringify({
    version: 4,
    terraform_version: "1.5.0",
    serial: 1,
    lineage: "l",
    outputs: {},
    resources: [
      {
        mode: "managed",
        type,
        name: "x",
        provider: 'provider["registry.terraform.io/hashicorp/test"]',
        instances: [{ schema_version: 0, attributes, sensitive_attributes: sensitive.map(path) }],
      },
    ],
  });
  const state = parseState(text, "terraform.tfstate");
  const inputs = {
    root: ".",
    settings: [],
    workspace: "default",
    state: hidden ? withHiddenSecrets(state) : state,
  };
  const evaluation = evaluateStack(new ParsedFiles(memorySnapshot(files)), inputs, FUNCTIONS, DEFAULT_LIMITS);
  const plain = evaluation.instances.get("test.y")?.plain();
  if (plain === undefined) throw new Error("nothing was evaluated");
  return {
    json: (plain.json as Attributes)["value"] ?? null,
    unknown: plain.unknown.some(([name]) => name === "value"),
  };
}

interface Recorded {
  readonly type?: string;
  readonly attributes: Attributes;
  readonly sensitive?: readonly (readonly string[])[];
}

const marked: Recorded = { attributes: { code: "hunter2", port: 5432 }, sensitive: [["code"]] };

describe("what is marked as sensitive in the state", () => {
  it.each([
    ["itself", "aws_db_instance.x.code"],
    ["without its mark", "nonsensitive(aws_db_instance.x.code)"],
    ["compared", 'nonsensitive(aws_db_instance.x.code) == "hunter2"'],
    ["compared with something else", 'nonsensitive(aws_db_instance.x.code) == "else"'],
    ["as a condition", 'nonsensitive(aws_db_instance.x.code) == "hunter2" ? 1 : 2'],
    ["measured", "length(nonsensitive(aws_db_instance.x.code))"],
    ["hashed", "sha256(nonsensitive(aws_db_instance.x.code))"],
    ["in a template", `"\${nonsensitive(aws_db_instance.x.code)}-1"`],
    ["in an error that is caught", "can(tonumber(nonsensitive(aws_db_instance.x.code)))"],
    ["in an error that is replaced", 'try(tonumber(nonsensitive(aws_db_instance.x.code)), "no number")'],
    ["of the whole instance", 'nonsensitive(values(aws_db_instance.x))[0] == "hunter2"'],
  ])("is unknown to the code: %s", (_what, expression) => {
    expect(evaluated(expression, marked)).toMatchObject({ unknown: true });
  });

  it("is known where nothing is hidden", () => {
    expect(evaluated("nonsensitive(aws_db_instance.x.code)", marked, false)).toEqual({
      json: "hunter2",
      unknown: false,
    });
  });

  it("hides nothing else", () => {
    expect(evaluated("aws_db_instance.x.port", marked)).toEqual({ json: 5432, unknown: false });
  });
});

describe("what older versions did not mark", () => {
  it.each<[string, string, Recorded]>([
    ["a password", "aws_db_instance.x.password", { attributes: { password: "hunter2" } }],
    [
      "a token deep inside",
      "aws_db_instance.x.auth[0].access_token",
      { attributes: { auth: [{ access_token: "hunter2" }] } },
    ],
    ["keys", "aws_db_instance.x.keys[1]", { attributes: { keys: ["a", "b"] } }],
    [
      "a text of JSON with a password",
      'jsondecode(aws_db_instance.x.data)["password"]',
      { attributes: { data: '{"password":"hunter2"}' } },
    ],
    [
      "the result of a random password",
      "random_password.x.result",
      { type: "random_password", attributes: { result: "hunter2" } },
    ],
    [
      "a parameter's value",
      "aws_ssm_parameter.x.value",
      { type: "aws_ssm_parameter", attributes: { value: "hunter2" } },
    ],
  ])("%s is unknown all the same", (_what, expression, recorded) => {
    expect(evaluated(expression, recorded)).toMatchObject({ unknown: true });
  });

  it.each<[string, string, Attributes, Json]>([
    ["a flag", "aws_db_instance.x.get_password_data", { get_password_data: false }, false],
    ["what is not set", "aws_db_instance.x.password == null", { password: null }, true],
    ["a name", "aws_db_instance.x.name", { name: "db", password: "hunter2" }, "db"],
  ])("%s is no secret", (_what, expression, attributes, json) => {
    expect(evaluated(expression, { attributes })).toEqual({ json, unknown: false });
  });

  it("what is told of an instance is without its secrets", () => {
    const instance = {
      attributes: { name: "db", password: "hunter2", auth: [{ user: "u", token: "t" }] },
      hidden: [["password"], ["auth", 0, "token"]],
    } as unknown as StateInstance;
    expect(visibleAttributes(instance)).toEqual({
      name: "db",
      password: null,
      auth: [{ user: "u", token: null }],
    });
    expect(visibleAttributes({ ...instance, hidden: [[]] })).toEqual({});
  });

  it("values nested without end are hidden, not followed", () => {
    let deep: Json = "x";
    for (let depth = 0; depth < 500; depth += 1) deep = [deep];
    expect(evaluated("aws_db_instance.x.name", { attributes: { deep, name: "db" } })).toMatchObject({
      json: "db",
    });
  });
});
