import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, printJson } from "../../../src/json/json.ts";
import { printPath } from "../../../src/json/path.ts";
import { parseState } from "../../../src/terraform/state/state.ts";
import { StateError } from "../../../src/terraform/state/state-error.ts";

const FILE = "infra/shop/terraform.tfstate";
const SECRET = "canary-7f3e";

describe("a state that Terraform 1.11 wrote", () => {
  const text = readFileSync(new URL("../fixtures/states/terraform-1.11.tfstate", import.meta.url), "utf8");
  const state = parseState(text, FILE);
  const instances = new Map(state.instances.map((instance) => [instance.address, instance]));

  test("names its version", () => {
    expect(state.serial).toBe(JSON.parse(text).serial);
    expect(state.lineage).toBe(JSON.parse(text).lineage);
    expect(state.terraformVersion).toBe("1.11.4");
    expect(state.problems).toEqual([]);
    expect(state.damaged).toEqual([]);
  });

  test("has every instance once, in order", () => {
    expect([...instances.keys()]).toEqual([
      "data.terraform_remote_state.other",
      'module.web["eu"].terraform_data.next',
      'module.web["eu"].terraform_data.this',
      'module.web["us"].terraform_data.next',
      'module.web["us"].terraform_data.this',
      "terraform_data.after",
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((key) => `terraform_data.counted[${key}]`),
      "terraform_data.release",
      'terraform_data.secret["a"]',
      'terraform_data.secret["b.c"]',
    ]);
    expect(state.instances).toHaveLength(instances.size);
  });

  test("gives addresses in parts", () => {
    expect(instances.get('module.web["us"].terraform_data.this')?.parts).toEqual({
      module: [{ name: "web", key: "us" }],
      mode: "managed",
      type: "terraform_data",
      name: "this",
      key: null,
    });
    expect(instances.get("data.terraform_remote_state.other")?.parts.mode).toBe("data");
  });

  test("values of any type stand without their wrapping, beside their type", () => {
    const secret = instances.get('terraform_data.secret["b.c"]');
    expect(printJson(secret?.attributes["input"] as Json)).toBe(
      `{"a.b":[1.1,"${SECRET}"],"big":123456789012345678901234567890,"plain":"b.c","set":["${SECRET}"]}`,
    );
    expect(secret?.dynamicTypes.get("input")).toEqual([
      "object",
      { "a.b": ["tuple", ["number", "string"]], big: "number", plain: "string", set: ["set", "string"] },
    ]);
    expect(instances.get("terraform_data.release")?.attributes["input"]).toBe("2");
    expect(instances.get("terraform_data.counted[0]")?.attributes["input"]).toBeNull();
    expect(instances.get("data.terraform_remote_state.other")?.attributes["outputs"]).toEqual({ n: 7 });
  });

  test("says what is sensitive", () => {
    const paths = instances.get('terraform_data.secret["a"]')?.sensitive.map(printPath).sort();
    expect(paths).toEqual(["input.set", 'input["a.b"][1]', "triggers_replace"]);
    expect(instances.get("terraform_data.release")?.sensitive).toEqual([]);
  });

  test("keeps deposed objects apart", () => {
    const current = instances.get("terraform_data.release");
    expect(current).toMatchObject({ createBeforeDestroy: true, tainted: false });
    expect(state.deposed).toMatchObject([
      { address: "terraform_data.release", deposedKey: "1288629b", attributes: { input: "1" } },
    ]);
  });

  test("knows tainted instances, dependencies and providers", () => {
    expect(instances.get("terraform_data.after")).toMatchObject({
      tainted: true,
      dependencies: ["terraform_data.release"],
    });
    expect(instances.get('module.web["eu"].terraform_data.next')?.dependencies).toEqual([
      "module.web.terraform_data.this",
    ]);
    expect(instances.get("terraform_data.after")?.provider).toMatchObject({
      source: "terraform.io/builtin/terraform",
      name: "terraform",
    });
  });

  test("has its outputs", () => {
    expect(Object.fromEntries(state.outputs)).toEqual({
      password: { value: SECRET, type: "string", sensitive: true },
      zones: { value: ["a", "b"], type: ["list", "string"], sensitive: false },
    });
  });

  test("cut off anywhere it is refused, with the place and no content", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.trimEnd().length - 1 }), (length) => {
        const error = refusal(text.slice(0, length));
        expect(error.reason).toMatch(/^the file ends too early \(line \d+, column \d+\), so it was cut off$/);
        expect(error.message).not.toContain(SECRET);
      }),
    );
  });
});

describe("refused, with the file, the reason and what to do", () => {
  test.each<[string, string, string, string]>([
    ["an empty file", "", "the state is empty", "terraform state pull"],
    ["white space", " \n\n", "the state is empty", "terraform state pull"],
    [
      "an older format",
      stateText({ version: 3 }),
      "the old format version 3",
      "terraform apply -refresh-only",
    ],
    [
      "format 1",
      '{"version": 1, "terraform_version": "0.6.16", "modules": []}',
      "version 1 (written by version 0.6.16)",
      "Terraform 0.12",
    ],
    [
      "a newer format",
      stateText({ version: 5, terraform_version: "2.1.0-rc1" }),
      "format version 5 (written by version 2.1.0-rc1)",
      "update Driftwright",
    ],
    [
      "an encrypted state",
      '{"serial":1,"lineage":"l","meta":{"key_provider.pbkdf2.k":"x"},"encrypted_data":"AAAA","encryption_version":"v0"}',
      "the state is encrypted by OpenTofu",
      "tofu state pull",
    ],
    [
      "a plan in JSON",
      '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{},"resource_changes":[]}',
      "this is a plan in JSON, not a state",
      "--plan",
    ],
    [
      "a shown state",
      '{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}',
      "this is the output of `terraform show -json`",
      "terraform state pull",
    ],
    ["a saved plan", "PK\u0003\u0004rest", "this is a saved plan", "terraform show -json"],
    [
      "the note of the backend",
      '{"version":3,"serial":1,"lineage":"l","backend":{"type":"s3","config":{}}}',
      ".terraform/terraform.tfstate",
      "terraform state pull",
    ],
    ["a web page", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page", "sign-in"],
    [
      "an XML answer",
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
      "an XML answer",
      "error",
    ],
    [
      "an LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
      "a Git LFS pointer",
      "git lfs pull",
    ],
    [
      "a merge conflict",
      '{\n<<<<<<< HEAD\n  "version": 4\n=======\n  "version": 4\n>>>>>>> other\n}\n',
      "conflict markers",
      "terraform state pull",
    ],
    ["a list", "[]", "the file is JSON, but no object", "Check the path"],
    ["another document", '{"name": "x", "private": "y"}', "it has no format version", "Check the path"],
    ["a version in words", stateText({ version: "4" }), "it has no format version", "Check the path"],
    ["no serial", stateText({ serial: undefined }), "the state has no serial", "terraform state pull"],
    ["a fractional serial", stateText({ serial: 1.5 }), "the state has no serial", "terraform state pull"],
    ["no lineage", stateText({ lineage: undefined }), "the state has no lineage", "terraform state pull"],
    ["a comma too many", '{\n  "version": 4,\n  }', "not valid JSON (line 3, column 3)", "backup"],
    ["terraform code", 'resource "aws_vpc" "a" {}', "not valid JSON (line 1, column 1)", "backup"],
    ["no end of nesting", "[".repeat(200_000) + "]".repeat(200_000), "nested too deeply", "Check"],
  ])("%s", (_name, text, reason, advice) => {
    const error = refusal(text);
    expect(error.file).toBe(FILE);
    expect(error.message).toContain(FILE);
    expect(error.reason).toContain(reason);
    expect(error.message).toContain(advice);
  });

  test("no message quotes the file", () => {
    const secretive = [
      `{"version": 4, "serial": "${SECRET}", "lineage": ${SECRET}}`,
      `{"version": 4, "serial": "${SECRET}", "lineage": "${SECRET}"}`,
      `{"version": 9, "terraform_version": "${SECRET} ${SECRET}"}`,
      `<html>${SECRET}</html>`,
      SECRET,
    ];
    for (const text of secretive) expect(refusal(text).message).not.toContain(SECRET);
  });

  test("a byte order mark does no harm", () => {
    expect(parseState(`\ufeff${stateText({})}`, FILE).serial).toBe(3);
  });
});

describe("odd entries are problems, and the rest counts", () => {
  const good = resource({ name: "good", instances: [{ attributes: { id: "i-1" } }] });

  test.each<[string, Json, readonly string[], string]>([
    ["not an object", 7, [], 'Entry 1 of "resources" was left out: it is not an object.'],
    ["unknown mode", resource({ mode: "ephemeral" }), [], "mode"],
    ["no name", resource({ name: "" }), [], "it has no type or no name"],
    ["module in words", resource({ module: "web" }), [], "is not a resource address"],
    [
      "no instances",
      resource({ instances: null }),
      [],
      "aws_vpc.a was left out: it has no list of instances",
    ],
    ["a text as instance", resource({ instances: ["x"] }), ["aws_vpc.a"], "aws_vpc.a could not be read"],
    [
      "key of a wrong type",
      resource({ instances: [{ index_key: true }] }),
      ["aws_vpc.a"],
      "key of an instance",
    ],
    [
      "key with a fraction",
      resource({ instances: [{ index_key: 0.5 }] }),
      ["aws_vpc.a"],
      "key of an instance",
    ],
    [
      "attributes of Terraform 0.11",
      resource({ instances: [{ index_key: 2, attributes_flat: { id: SECRET } }] }),
      ["aws_vpc.a[2]"],
      "terraform apply -refresh-only",
    ],
    ["attributes in a list", resource({ instances: [{ attributes: [] }] }), ["aws_vpc.a"], "not an object"],
    ["unknown status", resource({ instances: [{ status: SECRET }] }), ["aws_vpc.a"], "status is not known"],
    ["deposed by number", resource({ instances: [{ deposed: 1 }] }), ["aws_vpc.a"], "deposed key"],
  ])("%s", (_name, entry, damaged, problem) => {
    const state = parseState(stateText({ resources: [entry, good] }), FILE);
    expect(state.instances.map(({ address }) => address)).toEqual(["aws_vpc.good"]);
    expect(state.damaged).toEqual(damaged);
    expect(state.problems).toHaveLength(1);
    expect(state.problems[0]).toContain(problem);
    expect(state.problems[0]).not.toContain(SECRET);
  });

  test("an instance that is there twice counts once", () => {
    const instances = [{ attributes: { id: "first" } }, { attributes: { id: "second" } }];
    const state = parseState(stateText({ resources: [resource({ instances })] }), FILE);
    expect(state.instances.map(({ attributes }) => attributes["id"])).toEqual(["first"]);
    expect(state.problems).toEqual(["aws_vpc.a is in the state more than once: the first entry counts."]);
  });

  test("several deposed objects of one instance are not twice the same", () => {
    const instances = [{ attributes: {} }, { deposed: "aaaaaaaa" }, { deposed: "bbbbbbbb" }];
    const state = parseState(stateText({ resources: [resource({ instances })] }), FILE);
    expect(state.deposed.map(({ deposedKey }) => deposedKey)).toEqual(["aaaaaaaa", "bbbbbbbb"]);
    expect(state.instances).toHaveLength(1);
    expect(state.problems).toEqual([]);
  });

  test("an output without a value", () => {
    const state = parseState(
      stateText({ outputs: { a: { value: null, type: "string" }, b: {}, c: 1 } }),
      FILE,
    );
    expect([...state.outputs.keys()]).toEqual(["a"]);
    expect(state.problems).toHaveLength(2);
  });

  test.each([undefined, null, []])("resources %j: a state without any", (resources) => {
    const state = parseState(stateText({ resources }), FILE);
    expect(state.instances).toEqual([]);
    expect(state.problems).toEqual([]);
  });

  test("names such as __proto__ are names like any other", () => {
    const text = stateText({ resources: [resource({ instances: [{ attributes: {} }] })] }).replace(
      '"attributes":{}',
      '"attributes":{"__proto__":{"polluted":true},"value":{"value":["x"],"type":["list","string"]}}',
    );
    const [instance] = parseState(text, FILE).instances;
    expect(Object.keys(instance?.attributes ?? {})).toEqual(["__proto__", "value"]);
    expect(Object.getPrototypeOf({})).not.toHaveProperty("polluted");
  });
});

describe("sensitive paths", () => {
  const attribute = (value: Json) => ({ type: "get_attr", value });
  const index = (value: Json, type: Json) => ({ type: "index", value: { value, type } });

  test.each<[string, Json, readonly string[], boolean]>([
    ["none", [], [], false],
    ["a map's key", [[attribute("tags"), index("a b", "string")]], ['tags["a b"]'], false],
    [
      "an element's attribute",
      [[attribute("disk"), index(1, "number"), attribute("key")]],
      ["disk[1].key"],
      false,
    ],
    [
      "an element of a set: the whole set",
      [[attribute("rule"), index({ port: 1 }, ["object", { port: "number" }]), attribute("key")]],
      ["rule"],
      true,
    ],
    ["an unknown step: all from there on", [[attribute("a"), { type: "splat" }]], ["a"], true],
    ["an unknown first step: everything", [[{ type: "splat" }]], [""], true],
    ["an empty path: everything", [[]], [""], true],
    ["no list: everything", "all", [""], true],
  ])("%s", (_name, written, paths, widened) => {
    const entry = resource({ instances: [{ attributes: {}, sensitive_attributes: written }] });
    const state = parseState(stateText({ resources: [entry] }), FILE);
    expect(state.instances[0]?.sensitive.map(printPath)).toEqual(paths);
    expect(state.problems).toHaveLength(widened ? 1 : 0);
  });
});

describe("values of any type", () => {
  const unwrapped = (type: string, attributes: Json) => {
    const entry = resource({ type, instances: [{ attributes }] });
    return parseState(stateText({ resources: [entry] }), FILE).instances[0]?.attributes;
  };

  test("lists and objects are recognised in any resource", () => {
    const manifest = { value: { kind: "Pod" }, type: ["object", { kind: "string" }] };
    expect(unwrapped("kubernetes_manifest", { manifest })).toEqual({ manifest: { kind: "Pod" } });
  });

  test.each<[string, Json]>([
    ["tags with such names", { tags: { value: "a", type: "string" } }],
    ["a block with more", { rule: { value: [1], type: ["list", "number"], name: "n" } }],
    ["a type that does not fit", { rule: { value: "x", type: ["list", "number"] } }],
    ["a list of texts as type", { rule: { value: ["x"], type: ["list"] } }],
  ])("%s stay as they are", (_name, attributes) => {
    expect(unwrapped("aws_vpc", attributes)).toEqual(attributes);
  });
});

describe("providers", () => {
  test.each<[string, Json]>([
    [
      'provider["registry.terraform.io/hashicorp/aws"]',
      { source: "registry.terraform.io/hashicorp/aws", name: "aws", alias: null, key: null },
    ],
    [
      'module.web.provider["registry.terraform.io/hashicorp/aws"].us-east',
      { source: "registry.terraform.io/hashicorp/aws", name: "aws", alias: "us-east", key: null },
    ],
    [
      'provider["registry.opentofu.org/hashicorp/aws"].by_region["eu-west-1"]',
      { source: "registry.opentofu.org/hashicorp/aws", name: "aws", alias: "by_region", key: "eu-west-1" },
    ],
    ["provider.aws", { source: null, name: "aws", alias: null, key: null }],
    ["module.web.provider.aws.west", { source: null, name: "aws", alias: "west", key: null }],
    ["aws", { source: null, name: null, alias: null, key: null }],
  ])("%s", (provider, expected) => {
    const entry = resource({ provider, instances: [{ attributes: {} }] });
    const [instance] = parseState(stateText({ resources: [entry] }), FILE).instances;
    expect(instance?.provider).toEqual({ text: provider, ...(expected as object) });
  });

  test("OpenTofu's provider of one instance comes before that of the resource", () => {
    const entry = resource({ instances: [{ attributes: {}, provider: 'provider["o/o/aws"].b["x"]' }] });
    const [instance] = parseState(stateText({ resources: [entry] }), FILE).instances;
    expect(instance?.provider).toMatchObject({ alias: "b", key: "x" });
  });
});

function resource(changed: Readonly<Record<string, Json>>): Json {
  return { mode: "managed", type: "aws_vpc", name: "a", provider: "provider.aws", instances: [], ...changed };
}

function stateText(changed: Readonly<Record<string, unknown>>): string {
  const state = {
    version: 4,
    terraform_version: "1.11.4",
    serial: 3,
    lineage: "l",
    outputs: {},
    resources: [],
  };
  return JSON.stringify({ ...state, ...changed });
}

function refusal(text: string): StateError {
  try {
    parseState(text, FILE);
  } catch (error) {
    if (error instanceof StateError) return error;
    throw error;
  }
  throw new Error("the state was read, but should be refused");
}
