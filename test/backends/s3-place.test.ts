import { describe, expect, test } from "vitest";
import { type S3Place, s3Place, withBackendConfig } from "../../src/backends/s3-place.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { readBackend } from "../../src/terraform/code/backend-block.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";

const NEEDED = { bucket: "states", key: "prod/terraform.tfstate" };

function place(settings: JsonObject, workspace = "default", unresolved: readonly string[] = []): S3Place {
  return s3Place({ settings: { ...NEEDED, ...settings }, unresolved }, workspace);
}

describe("what a backend says", () => {
  test("with bucket and key alone", () => {
    expect(place({})).toEqual({
      bucket: "states",
      key: "prod/terraform.tfstate",
      region: null,
      endpoints: { s3: null, dynamodb: null, sts: null },
      pathStyle: false,
      dualStack: false,
      fips: false,
      checksums: true,
      lockFile: false,
      lockTable: null,
      credentials: null,
      profile: null,
      role: null,
    });
  });

  test.each<[string, JsonObject, string, string]>([
    ["the default workspace", {}, "default", "prod/terraform.tfstate"],
    ["another workspace", {}, "blue", "env:/blue/prod/terraform.tfstate"],
    [
      "a prefix of its own",
      { workspace_key_prefix: "teams/a" },
      "blue",
      "teams/a/blue/prod/terraform.tfstate",
    ],
    ["a prefix with slashes", { workspace_key_prefix: "a//b/" }, "blue", "a/b/blue/prod/terraform.tfstate"],
    [
      "a prefix, in the default workspace",
      { workspace_key_prefix: "a" },
      "default",
      "prod/terraform.tfstate",
    ],
  ])("key: %s", (_name, settings, workspace, key) => {
    expect(place(settings, workspace).key).toBe(key);
  });

  test.each<[string, JsonObject, Partial<S3Place>]>([
    ["flags", { use_lockfile: true, use_path_style: true }, { lockFile: true, pathStyle: true }],
    [
      "flags as text",
      { use_lockfile: "true", force_path_style: "false" },
      { lockFile: true, pathStyle: false },
    ],
    [
      "nulls and empty texts",
      { region: null, profile: "", dynamodb_table: "" },
      { region: null, profile: null },
    ],
    [
      "endpoints",
      {
        endpoints: { s3: "https://s3.example.com", sts: "http://127.0.0.1:1/" },
        dynamodb_endpoint: "d.example.com",
      },
      {
        endpoints: {
          s3: "https://s3.example.com/",
          sts: "http://127.0.0.1:1/",
          dynamodb: "https://d.example.com/",
        },
      },
    ],
    [
      "credentials",
      { access_key: "a", secret_key: "s", token: "t" },
      { credentials: { accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" } },
    ],
    ["checksums of other stores", { skip_s3_checksum: true }, { checksums: false }],
  ])("%s", (_name, settings, expected) => {
    expect(place(settings)).toMatchObject(expected);
  });

  const ROLE = {
    arn: "arn:aws:iam::1:role/r",
    externalId: "x",
    sessionName: "s",
    sourceIdentity: null,
    policy: null,
    policyArns: [],
    tags: [["a", "b"]],
    transitiveTags: [],
  };
  test.each<[string, JsonObject]>([
    [
      "an object",
      { assume_role: { role_arn: ROLE.arn, external_id: "x", session_name: "s", tags: { a: "b" } } },
    ],
    [
      "a block",
      { assume_role: [{ role_arn: ROLE.arn, external_id: "x", session_name: "s", tags: { a: "b" } }] },
    ],
    [
      "the older arguments",
      { role_arn: ROLE.arn, external_id: "x", session_name: "s", assume_role_tags: { a: "b" } },
    ],
  ])("a role, as %s", (_name, settings) => {
    expect(place(settings).role).toEqual(ROLE);
  });
});

describe("what cannot be used", () => {
  test.each<[string, JsonObject, RegExp]>([
    [
      "no bucket",
      { bucket: null },
      /the code does not say its bucket.*bucket among it, under backend_config/,
    ],
    ["no key", { key: "" }, /the code does not say its key/],
    ["a wrong type", { region: 3 }, /its argument region must be a text/],
    ["a wrong flag", { use_lockfile: "yes" }, /its argument use_lockfile must be true or false/],
    ["two roles", { assume_role: [{}, {}] }, /its argument assume_role must be one object/],
    ["half of the credentials", { access_key: "AKIA" }, /only one of access_key and secret_key/],
    ["files", { shared_config_files: ["x"] }, /its argument shared_config_files names files of the machine/],
    ["a CA of the code's", { custom_ca_bundle: "ca.pem" }, /custom_ca_bundle names files/],
    ["a web identity", { assume_role_with_web_identity: { role_arn: "r" } }, /AWS_WEB_IDENTITY_TOKEN_FILE/],
    ["a customer's key", { sse_customer_key: "s3cr3t" }, /SSE-C.*terraform state pull/],
    [
      "an endpoint that is none",
      { endpoints: { s3: "file:///etc/passwd" } },
      /its endpoint for s3 is no http/,
    ],
    ["an endpoint with a password", { endpoint: "https://u:s3cr3t@h" }, /its endpoint for s3 is no http/],
  ])("%s", (_name, settings, message) => {
    expect(() => place(settings)).toThrow(StateError);
    expect(() => place(settings)).toThrow(message);
    expect(() => place(settings)).not.toThrow(/s3cr3t|AKIA/);
  });

  test("an argument that has to be evaluated, where it decides what is read", () => {
    expect(() => place({}, "default", ["bucket"])).toThrow(/its argument bucket is no literal/);
    expect(() => place({}, "default", ["kms_key_id", "acl"])).not.toThrow();
  });
});

describe("what the configuration says instead", () => {
  const code = {
    settings: { ...NEEDED, region: "us-east-1", role_arn: "r", dynamodb_table: "locks" },
    unresolved: ["profile"],
  };

  test("replaces, adds and takes away", () => {
    const backend = withBackendConfig(code, {
      region: "eu-west-1",
      role_arn: null,
      profile: "p",
      use_lockfile: true,
    });
    expect(s3Place(backend, "default")).toMatchObject({
      bucket: "states",
      region: "eu-west-1",
      role: null,
      profile: "p",
      lockFile: true,
      lockTable: "locks",
    });
  });

  test("a name that objects have anyway is no argument", () => {
    const hostile = JSON.parse('{"__proto__": {"bucket": "evil"}, "constructor": "x"}') as Record<
      string,
      Json
    >;
    expect(s3Place(withBackendConfig(code, { ...hostile, profile: null }), "default").bucket).toBe("states");
    expect(() => s3Place({ settings: hostile, unresolved: [] }, "default")).toThrow(
      /does not say its bucket/,
    );
  });
});

test("a block in Terraform's language", () => {
  const text = `terraform {
  backend "s3" {
    bucket       = "states"
    key          = "shop"
    use_lockfile = true
    endpoints    = { s3 = "http://localhost:9000" }
    assume_role  = { role_arn = "arn:aws:iam::1:role/r" }
  }
}`;
  const source = new ParsedFiles(memorySnapshot({ "main.tf": text })).get("main.tf");
  const backend = source === null ? null : readBackend(source.parsed.body);
  if (backend === null) expect.fail("no backend");
  expect(s3Place(backend, "blue")).toMatchObject({
    key: "env:/blue/shop",
    lockFile: true,
    endpoints: { s3: "http://localhost:9000/" },
    role: { arn: "arn:aws:iam::1:role/r" },
  });
});
