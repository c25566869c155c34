import { describe, expect, test } from "vitest";
import { type DiscoveryOptions, discover } from "../../../src/terraform/discovery/discovery.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";

const S3 = 'terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "shop"\n  }\n}\n';
const LOCAL = 'terraform {\n  backend "local" {}\n}\n';
const CODE = 'resource "aws_vpc" "a" {}\n';
const STATE = '{"version": 4}';

type Files = Readonly<Record<string, string>>;

function find(files: Files, options: Partial<DiscoveryOptions> = {}) {
  return discover(memorySnapshot(files), { configured: [], repository: "shop-infra", ...options });
}

function stackPaths(files: Files, options: Partial<DiscoveryOptions> = {}): string[] {
  return find(files, options).stacks.map(({ path }) => path);
}

describe("a root module", () => {
  test.each<[string, Files]>([
    ["has a backend", { "infra/main.tf": S3 }],
    ["has its backend in any of its files", { "infra/main.tf": CODE, "infra/zz.tf": S3 }],
    ["has a cloud block", { "infra/main.tf": 'terraform {\n  cloud {\n    organization = "o"\n  }\n}\n' }],
    ["has OpenTofu files", { "infra/main.tofu": S3 }],
    ["has a backend beside an error", { "infra/main.tf": `resource "a" {{{\n}\n${S3}` }],
    ["has a local state", { "infra/main.tf": CODE, "infra/terraform.tfstate": STATE }],
    [
      "has the state of a workspace",
      { "infra/main.tf": CODE, "infra/terraform.tfstate.d/prod/terraform.tfstate": STATE },
    ],
  ])("%s", (_name, files) => {
    expect(stackPaths(files)).toEqual(["infra"]);
  });

  test("is what the configuration says, whatever else there is", () => {
    const files = {
      "main.tf": CODE,
      "examples/a/main.tf": CODE,
      "modules/b/main.tf": CODE,
      "live/main.tf": `module "b" {\n  source = "../modules/b"\n}\n`,
      ".terraform/modules/c/main.tf": CODE,
    };
    const configured = ["./", "examples/a", "modules/b/", ".terraform/modules/c", "examples/a"].map(
      (path) => ({
        path,
      }),
    );
    expect(stackPaths(files, { configured })).toEqual([
      ".",
      ".terraform/modules/c",
      "examples/a",
      "modules/b",
    ]);
  });

  test.each<[string, Files]>([
    ["without a sign", { "infra/main.tf": CODE }],
    ["with an empty state, left behind by a move", { "infra/main.tf": CODE, "infra/terraform.tfstate": "" }],
    ["of other files", { "infra/notes.txt": S3 }],
    ["with another terraform block", { "infra/main.tf": 'terraform {\n  required_version = ">= 1"\n}\n' }],
    ["with a backend in a comment", { "infra/main.tf": "# terraform { backend s3 {} }\n" }],
    ["in .terraform", { ".terraform/modules/x/main.tf": S3 }],
    ["in node_modules", { "node_modules/x/main.tf": S3 }],
    ["that Terragrunt runs", { "infra/main.tf": S3, "infra/terragrunt.hcl": "" }],
  ])("is no folder %s", (_name, files) => {
    expect(stackPaths(files)).toEqual([]);
  });
});

describe("what is called or shown is no root module, and that is said", () => {
  test.each<[string, Files, string]>([
    [
      "a called module with a backend",
      { "app/main.tf": `${S3}\nmodule "n" {\n  source = "../net"\n}\n`, "net/main.tf": S3 },
      "net has a backend, but is called as a module, so it is not scanned",
    ],
    [
      "a module of a module with a state",
      {
        "app/main.tf": `${S3}\nmodule "n" {\n  source = "../modules/n"\n}\n`,
        "modules/n/main.tf": 'module "o" {\n  source = "../../other"\n}\n',
        "other/main.tf": CODE,
        "other/terraform.tfstate": STATE,
      },
      "other has a state, but is called as a module",
    ],
    [
      "an example",
      { "app/main.tf": S3, "examples/full/main.tf": S3 },
      "examples/full has a backend, but stands in examples/",
    ],
    [
      "in modules/",
      { "app/main.tf": S3, "a/modules/n/main.tf": S3 },
      "a/modules/n has a backend, but stands in modules/",
    ],
    ["a test", { "app/main.tf": S3, "tests/a/main.tf": S3 }, "tests/a has a backend, but stands in tests/"],
    [
      "a test's state",
      { "app/main.tf": S3, "test/a/main.tf": LOCAL },
      "test/a has a backend, but stands in test/",
    ],
  ])("%s", (_name, files, message) => {
    const found = find(files);
    expect(found.stacks.map(({ path }) => path)).toEqual(["app"]);
    expect(found.diagnostics.map((any) => any.message)).toEqual([expect.stringContaining(message)]);
    expect(found.diagnostics[0]?.message).toContain(".github/driftwright.yml");
  });

  test("many are said in one sentence", () => {
    const names = ["a", "b", "c", "d", "e"];
    const found = find(Object.fromEntries(names.map((name) => [`examples/${name}/main.tf`, S3])));
    expect(found.diagnostics.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        "5 folders in examples/ have a backend or a state (examples/a, examples/b, examples/c, …)",
      ),
    );
  });

  test("an environment called test is a root module", () => {
    const files = { "environments/test/main.tf": S3, "environments/prod/main.tf": S3 };
    expect(stackPaths(files)).toEqual(["environments/prod", "environments/test"]);
  });

  test("a root module that only its examples and tests call stays one", () => {
    const call = 'module "all" {\n  source = "../.."\n}\n';
    const found = find({ "main.tf": S3, "examples/full/main.tf": call, "test/full/main.tf": call });
    expect(found.stacks.map(({ path }) => path)).toEqual(["."]);
    expect(found.modules).toEqual([]);
  });

  test("modules are listed by folder", () => {
    const calls = ["./a", "../shared/b", "./a/../c/.", "git::https://example.com/d.git", "../../out"].map(
      (source, index) => `module "m${index}" {\n  source = "${source}"\n}\n`,
    );
    expect(find({ "app/main.tf": calls.join("") }).modules).toEqual(["app/a", "app/c", "shared/b"]);
  });
});

describe("a stack tells", () => {
  test("its backend: place, literals, what has to be evaluated", () => {
    const text = `terraform {
  backend "s3" {
    bucket  = "states"
    key     = "\${var.env}/shop"
    encrypt = true
    assume_role = {
      role_arn = "arn:aws:iam::1:role/x"
    }
  }
}
`;
    const [stack] = find({ "main.tf": text }).stacks;
    expect(stack?.backend).toMatchObject({
      type: "s3",
      settings: { bucket: "states", encrypt: true, assume_role: { role_arn: "arn:aws:iam::1:role/x" } },
      unresolved: ["key"],
    });
    expect(text.slice(stack?.backend?.place.start)).toMatch(/^backend "s3"/);
    expect(stack?.backend?.place.file.path).toBe("main.tf");
  });

  test("its cloud block, nested blocks as lists", () => {
    const text =
      'terraform {\n  cloud {\n    organization = "o"\n    workspaces {\n      tags = ["a", "b"]\n    }\n  }\n}\n';
    expect(find({ "main.tf": text }).stacks[0]?.backend).toMatchObject({
      type: "cloud",
      settings: { organization: "o", workspaces: [{ tags: ["a", "b"] }] },
    });
  });

  test("of code in the JSON syntax, the nested blocks as lists too", () => {
    const json = {
      terraform: { backend: { remote: { organization: "o", workspaces: { name: "${x}" } } } },
      module: { m: { source: "./m" } },
    };
    const { stacks, modules, notScanned } = find({
      "main.tf.json": JSON.stringify(json),
      "m/main.tf.json": "{}",
    });
    expect(stacks.map(({ path, backend }) => [path, backend?.type, backend?.settings])).toEqual([
      [".", "remote", { organization: "o", workspaces: [{ name: "${x}" }] }],
    ]);
    expect(modules).toEqual(["m"]);
    expect(notScanned).toEqual([]);
  });

  test("the backend of its override file", () => {
    const [stack] = find({ "main.tf": S3, "backend_override.tf": LOCAL }).stacks;
    expect(stack?.backend?.type).toBe("local");
  });

  test.each<[string, Files, string | null, readonly string[]]>([
    ["none for a remote backend", { "main.tf": S3, "terraform.tfstate": STATE }, null, []],
    [
      "the default workspace's",
      { "main.tf": CODE, "terraform.tfstate": STATE },
      "terraform.tfstate",
      ["default"],
    ],
    [
      "those of workspaces",
      {
        "main.tf": LOCAL,
        "terraform.tfstate.d/prod/terraform.tfstate": STATE,
        "terraform.tfstate.d/dev/terraform.tfstate": STATE,
        "terraform.tfstate.d/gone/notes.txt": "",
      },
      null,
      ["dev", "prod"],
    ],
    [
      "where the local backend says",
      {
        "main.tf":
          'terraform {\n  backend "local" {\n    path = "states/x.tfstate"\n    workspace_dir = "states"\n  }\n}\n',
        "states/x.tfstate": STATE,
        "states/prod/terraform.tfstate": STATE,
      },
      "states/x.tfstate",
      ["default", "prod"],
    ],
    [
      "none out of the root",
      { "main.tf": 'terraform {\n  backend "local" {\n    path = "../x.tfstate"\n  }\n}\n' },
      null,
      [],
    ],
  ])("its local states: %s", (_name, files, stateFile, workspaces) => {
    const [stack] = find(files).stacks;
    expect(stack?.stateFile).toBe(stateFile);
    expect(stack?.workspaces.map(({ name }) => name)).toEqual(workspaces);
  });

  test("its name: readable, unique, the repository's for the root", () => {
    const files = {
      "main.tf": S3,
      "infra/shop/main.tf": S3,
      "infra-shop/main.tf": S3,
      "a b/ü/main.tf": S3,
      "ü/main.tf": S3,
    };
    expect(find(files).stacks.map(({ path, name }) => [path, name])).toEqual([
      [".", "shop-infra"],
      ["a b/ü", "a-b"],
      ["infra-shop", "infra-shop"],
      ["infra/shop", "infra-shop-2"],
      ["ü", "root"],
    ]);
  });
});

describe("found, not scanned yet", () => {
  test.each<[string, Files, readonly (readonly [string, string])[]]>([
    ["Terragrunt", { "live/prod/terragrunt.hcl": "" }, [["terragrunt", "live/prod"]]],
    ["Pulumi", { "Pulumi.yaml": "name: x\n" }, [["pulumi", "."]]],
    [
      "CloudFormation by its version",
      { "cfn/a.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n" },
      [["cloudformation", "cfn/a.yaml"]],
    ],
    [
      "CloudFormation by its types, with tags of its own",
      { "cfn/a.template": "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Name: !Ref X\n" },
      [["cloudformation", "cfn/a.template"]],
    ],
    [
      "CloudFormation in JSON",
      {
        "a.json": '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}',
        "b.json": '{"AWSTemplateFormatVersion": ""}',
      },
      [
        ["cloudformation", "a.json"],
        ["cloudformation", "b.json"],
      ],
    ],
    [
      "Kubernetes manifests, by folder",
      { "k8s/a.yaml": "---\napiVersion: v1\nkind: Service\n", "k8s/b.yml": 'kind: "Pod"\napiVersion: v1\n' },
      [["kubernetes", "k8s"]],
    ],
    ["a manifest in JSON", { "k8s/a.json": '{"apiVersion": "v1", "kind": "Pod"}' }, [["kubernetes", "k8s"]]],
    [
      "a Helm chart with all that is in it",
      { "chart/Chart.yaml": "apiVersion: v2\n", "chart/templates/a.yaml": "apiVersion: v1\nkind: Pod\n" },
      [["kubernetes", "chart"]],
    ],
    ["a kustomization", { "k/kustomization.yaml": "resources: []\n" }, [["kubernetes", "k"]]],
  ])("%s", (_name, files, expected) => {
    expect(find(files).notScanned.map(({ kind, path }) => [kind, path])).toEqual(expected);
  });

  test.each<[string, Files]>([
    ["an ARM template", { "a.json": '{"resources": [{"apiVersion": "2021-01-01", "kind": "StorageV2"}]}' }],
    ["a workflow", { ".github/workflows/a.yml": "on: push\njobs: {}\n" }],
    ["a catalogue file", { "c.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\n" }],
    ["a nested object", { "a.yaml": "x:\n  apiVersion: v1\n  kind: Pod\n" }],
    ["broken JSON", { "a.json": '{"apiVersion": "v1", "kind": "Pod"' }],
    ["examples", { "examples/a.yaml": "apiVersion: v1\nkind: Pod\n", "tests/terragrunt.hcl": "" }],
  ])("not %s", (_name, files) => {
    expect(find(files).notScanned).toEqual([]);
  });
});

describe("said when something is amiss", () => {
  test("a configured folder that is not there, is empty of code, or leads out", () => {
    const configured = [{ path: "gone" }, { path: "docs" }, { path: "../other" }];
    const found = find({ "docs/readme.md": "", "a/main.tf": S3 }, { configured });
    expect(found.stacks.map(({ path }) => path)).toEqual(["a"]);
    expect(found.missing.map(({ reason }) => reason)).toEqual([
      "gone is no folder of the repository, or an empty one",
      "docs holds no .tf files",
      "../other leads out of the repository",
    ]);
  });

  test("a file that does not parse may hide a backend", () => {
    const found = find({ "a/main.tf": S3, "b/main.tf": 'terraform {{\n  backend "s3" {}\n}\n' });
    const broken = found.diagnostics.filter(({ range }) => range?.file.path === "b/main.tf");
    expect(found.stacks.map(({ path }) => path)).toEqual(["a"]);
    expect(broken).toHaveLength(1);
    expect(broken[0]?.severity).toBe("error");
  });

  test("a file that is not UTF-8", () => {
    const snapshot = memorySnapshot({ "b/main.tf": new Uint8Array([0xff, 0xfe]) });
    const found = discover(snapshot, { configured: [], repository: "r" });
    expect(found.diagnostics.map(({ message }) => message)).toContain(
      "b/main.tf cannot be read as UTF-8 text",
    );
  });

  test("a state without code", () => {
    const found = find({ "old/terraform.tfstate": STATE });
    expect(found.stacks).toEqual([]);
    expect(found.diagnostics.map(({ message }) => message)).toEqual([
      "old holds a state, but no Terraform code, so it is not scanned",
    ]);
  });

  test("code without any root module: where it is and what to do", () => {
    const found = find({ "infra/main.tf": CODE, "modules/a/main.tf": CODE });
    expect(found.code).toEqual(["infra", "modules/a"]);
    expect(found.diagnostics).toHaveLength(1);
    expect(found.diagnostics[0]?.message).toMatch(
      /\(infra\).*--dir with --state.*\.github\/driftwright\.yml/,
    );
  });

  test("a repository without Terraform has nothing and no complaint", () => {
    expect(find({ "readme.md": "" })).toEqual({
      stacks: [],
      missing: [],
      notScanned: [],
      modules: [],
      code: [],
      diagnostics: [],
    });
  });

  test.each<[string, Partial<DiscoveryOptions["limits"]>, RegExp]>([
    ["folders", { folders: 2 }, /more than 2 folders/],
    ["files", { files: 1 }, /more than 1 files/],
    ["depth", { depth: 1 }, /more than 1 levels of folders/],
    [
      "the size of a source",
      { sourceBytes: 10 },
      /b\/c\/main\.tf has \d+ bytes, more than the 10 that are read/,
    ],
    ["documents", { documents: 1 }, /only 1 YAML and JSON files were looked at/],
  ])("a limit that was met: %s", (_name, limits, message) => {
    const files = { "a.tf": CODE, "b/a.yaml": "", "b/b.yaml": "", "b/c/main.tf": S3, "d/main.tf": CODE };
    const { diagnostics } = find(files, { limits: limits ?? {} });
    expect(diagnostics.map((any) => any.message)).toContainEqual(expect.stringMatching(message));
  });
});
