import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import {
  awsEnvironment,
  CODE,
  INSTANCE_ID,
  modelAsRecorded,
  SCOPE,
  stack,
  stateOf,
  Workplace,
} from "./command.ts";

// Repositories as people have them, through the real command. In the cloud somebody resized the one instance.

let aws: EmbeddedAws;
const places: Workplace[] = [];

beforeAll(async () => {
  aws = await startAws({ ...SCOPE, model: modelAsRecorded() });
  resizeInstance(aws.model, INSTANCE_ID, "t3.large");
});

afterAll(async () => {
  for (const place of places) place.remove();
  await aws.close();
});

function repository(files: Readonly<Record<string, string>>): Workplace {
  const place = new Workplace(files);
  places.push(place);
  return place;
}

interface Shown {
  readonly name: string;
  readonly path: string;
  readonly environment: string | null;
  readonly status: string;
  readonly findings: readonly {
    readonly kind: string;
    readonly changes: readonly { readonly desired: unknown; readonly source: unknown }[];
    readonly adoption: {
      readonly verdict: string;
      readonly effects: readonly { readonly stack?: string }[];
    } | null;
  }[];
}

async function scanJson(place: Workplace, ...args: readonly string[]) {
  const run = await place.run(["scan", "--cloud", "aws", "--json", ...args], awsEnvironment(aws));
  const stacks = JSON.parse(run.stdout).stacks as readonly Shown[];
  return { ...run, stacks };
}

const VARIABLE_ONLY = CODE.replace('variable "size" {\n  default = "t3.small"\n}', 'variable "size" {}');

describe.concurrent("discovery", () => {
  const MIXED = {
    ...stack("live/prod"),
    "live/other/main.tf": `terraform {\n  backend "local" {}\n}\n`,
    "modules/net/main.tf": 'resource "aws_vpc" "x" {}\n',
    "examples/simple/main.tf": 'module "net" {\n  source = "../../modules/net"\n}\n',
    "grunt/terragrunt.hcl": 'terraform {\n  source = "../modules/net"\n}\n',
    "formation/stack.yaml":
      "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n",
    "k8s/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec: {}\n",
    "pulumi/Pulumi.yaml": "name: x\nruntime: nodejs\n",
  };

  test("scans the root modules, and neither modules nor examples", async () => {
    const { stacks, code, stderr } = await scanJson(repository(MIXED), "--dir", ".");
    expect(stacks.map(({ name, path, status, findings }) => [name, path, status, findings.length])).toEqual([
      ["live-other", "live/other", "complete", 0],
      ["live-prod", "live/prod", "complete", 1],
    ]);
    expect(stderr.match(/found, not scanned yet: .*/g)).toEqual([
      "found, not scanned yet: formation/stack.yaml (CloudFormation)",
      "found, not scanned yet: grunt (Terragrunt)",
      "found, not scanned yet: k8s (Kubernetes)",
      "found, not scanned yet: pulumi (Pulumi)",
    ]);
    expect(code).toBe(2);
  });

  test("shows people all of it", async () => {
    const { stdout } = await repository(MIXED).run(["scan", "--cloud", "aws"], awsEnvironment(aws));
    expect(stdout).toMatch(/Found, not scanned yet\n(?: {2}\S+ +\S.*\n){4}/);
    expect(stdout).toMatch(/live-other +complete/);
  });

  test("a repository without Terraform says what it found, and that nothing was scanned", async () => {
    const { code, said } = await repository({ "k8s/pod.yaml": MIXED["k8s/pod.yaml"] }).run(["scan"]);
    expect(said).toMatch(/there is no Terraform stack/);
    expect(said).toMatch(/Found, not scanned yet k8s Kubernetes/);
    expect(code).toBe(1);
  });
});

describe.concurrent("the stacks of the configuration", () => {
  const TWICE = {
    "infra/main.tf": VARIABLE_ONLY,
    "infra/prod.tfvars": 'size = "t3.small"\n',
    "infra/staging.tfvars": 'size = "t3.large"\n',
    "states/prod.tfstate": stateOf(7),
    "states/staging.tfstate": stateOf(8),
    ".github/driftwright.yml": `version: 1
rules:
  - { name: sizes, match: { stack: prod, attribute: instance_type }, verdict: adopt }
stacks:
  - { name: prod, path: infra, var_files: [prod.tfvars], environment: production, state: ../states/prod.tfstate }
  - { name: staging, path: infra, var_files: [staging.tfvars], workspace: blue, state: ../states/staging.tfstate }
`,
  };

  test("the same folder twice, each with its own variables and state", async () => {
    const { stacks } = await scanJson(repository(TWICE), "--dir", ".");
    expect(
      stacks.map(({ name, environment, status, findings }) => [
        name,
        environment,
        status,
        findings.map(({ kind, changes }) => [kind, changes[0]?.desired, changes[0]?.source]),
      ]),
    ).toEqual([
      [
        "prod",
        "production",
        "complete",
        [["drift", "t3.small", { file: "infra/prod.tfvars", line: 1, column: 8 }]],
      ],
      [
        "staging",
        null,
        "complete",
        [["stale-state", "t3.large", { file: "infra/staging.tfvars", line: 1, column: 8 }]],
      ],
    ]);
  });

  test("--write edits the variable file of the stack that drifted, and no other", async () => {
    const place = repository(TWICE);
    await place.run(["scan", "--cloud", "aws", "--write"], awsEnvironment(aws));
    expect(readFileSync(place.path("infra/prod.tfvars"), "utf8")).toBe('size = "t3.large"\n');
    expect(readFileSync(place.path("infra/staging.tfvars"), "utf8")).toBe('size = "t3.large"\n');
    expect(readFileSync(place.path("infra/main.tf"), "utf8")).toBe(VARIABLE_ONLY);
  });

  test("the command line names one stack: a state and variables of its own", async () => {
    const { ".github/driftwright.yml": _, ...files } = TWICE;
    const { stacks, code } = await scanJson(
      repository(files),
      ...[
        "--root",
        ".",
        "--dir",
        "infra",
        "--state",
        "states/prod.tfstate",
        "--var-file",
        "infra/prod.tfvars",
      ],
    );
    expect(stacks.map(({ name, findings }) => [name, findings.map(({ kind }) => kind)])).toEqual([
      ["infra", ["drift"]],
    ]);
    expect(code).toBe(2);
  });
});

test("an edit is proven against the stacks that are not asked for, too", async () => {
  const { "main.tf": code, "terraform.tfstate": state } = stack() as {
    "main.tf": string;
    "terraform.tfstate": string;
  };
  const inModule = state.replaceAll('"mode": "managed"', '"module": "module.web", "mode": "managed"');
  const call = 'module "web" {\n  source = "../../modules/web"\n}\n';
  const place = repository({
    "modules/web/main.tf": code.replace("var.size", '"t3.small"'),
    "live/a/main.tf": call,
    "live/a/terraform.tfstate": inModule,
    "live/b/main.tf": `terraform {\n  backend "gcs" {}\n}\n${call}`,
  });
  const { stacks } = await scanJson(place, "--root", ".", "--dir", "live/a");
  expect(stacks.map(({ name }) => name)).toEqual(["live-a"]);
  const adoption = stacks[0]?.findings[0]?.adoption;
  expect(adoption?.verdict).toBe("shared");
  expect(adoption?.effects.map((effect) => effect.stack)).toEqual(["live-a", "live-b"]);
});
