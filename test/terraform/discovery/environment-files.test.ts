import { describe, expect, test } from "vitest";
import { environmentFiles } from "../../../src/terraform/discovery/environment-files.ts";
import { ParsedFiles } from "../../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";

const BACKEND = 'bucket = "states"\nkey = "x"\n';

/** `name: variable file, backend settings` of each environment. */
function environments(files: Readonly<Record<string, string>>, root = "infra"): string[] {
  const found = environmentFiles(new ParsedFiles(memorySnapshot(files)), root);
  return found.map(
    ({ name, varFile, backendConfig }) =>
      `${name}: ${varFile}, ${backendConfig === null ? null : Object.keys(backendConfig).join()}`,
  );
}

describe("the environments of a root module", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "beside the code",
      ["prod.tfvars", "dev.tfvars"],
      ["dev: infra/dev.tfvars, null", "prod: infra/prod.tfvars, null"],
    ],
    ["in JSON", ["prod.tfvars.json"], ["prod: infra/prod.tfvars.json, null"]],
    ["in env/", ["env/prod.tfvars"], ["prod: infra/env/prod.tfvars, null"]],
    [
      "in environments/",
      ["environments/eu-prod.tfvars"],
      ["eu-prod: infra/environments/eu-prod.tfvars, null"],
    ],
    ["in vars/", ["vars/prod.tfvars"], ["prod: infra/vars/prod.tfvars, null"]],
    ["a folder each", ["envs/prod/terraform.tfvars"], ["prod: infra/envs/prod/terraform.tfvars, null"]],
    [
      "a folder each, with its backend",
      ["envs/prod/x.tfvars", "envs/prod/backend.tfvars"],
      ["prod: infra/envs/prod/x.tfvars, bucket,key"],
    ],
    ["backends in pairs", ["prod.tfvars", "prod.tfbackend"], ["prod: infra/prod.tfvars, bucket,key"]],
    [
      "backends that say their type",
      ["prod.tfvars", "config/prod.s3.tfbackend"],
      ["prod: infra/prod.tfvars, bucket,key"],
    ],
    [
      "backends that say what they are",
      ["backend-prod.hcl", "dev.backend.hcl", "backends/backend.test.conf"],
      ["dev: null, bucket,key", "prod: null, bucket,key", "test: null, bucket,key"],
    ],
    ["none of what is read anyway", ["terraform.tfvars", "a.auto.tfvars", "a.auto.tfvars.json"], []],
    ["none of what is shown", ["example.tfvars", "terraform.tfvars.example", "prod.sample.tfvars"], []],
    ["none of a backend file for all", ["backend.tfvars", "backend.hcl", "config.s3.tfbackend"], []],
    ["none of a folder with code: it is a root module", ["envs/prod/main.tf", "envs/prod/x.tfvars"], []],
    ["none of a folder of modules", ["config/main.tf", "config/x.tfvars"], []],
    ["none of several: their order is not known", ["envs/prod/a.tfvars", "envs/prod/b.tfvars"], []],
    ["none from elsewhere", ["other/prod.tfvars"], []],
  ])("%s", (_, names, expected) => {
    const files = names.map((name) => [`infra/${name}`, name.includes("backend") ? BACKEND : ""]);
    expect(environments({ "infra/main.tf": "", ...Object.fromEntries(files) })).toEqual(expected);
  });

  test("in the root of the repository", () => {
    expect(environments({ "main.tf": "", "env/prod.tfvars": "" }, ".")).toEqual([
      "prod: env/prod.tfvars, null",
    ]);
  });

  test.each([
    ["an expression", "bucket = var.x\n"],
    ["a mistake", "bucket = \n"],
    ["nothing", "# key\n"],
    ["a block", "assume_role {\n}\n"],
  ])("a backend file with %s is none", (_, text) => {
    expect(environments({ "infra/main.tf": "", "infra/prod.tfbackend": text })).toEqual(["prod: null, null"]);
  });
});
