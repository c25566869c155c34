import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { isMove } from "../../src/drift/move.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import type { Json } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import { findAdoptions } from "../../src/reconcile/adoption.ts";
import type { ProvenEdit } from "../../src/reconcile/proven-edit.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState } from "../../src/terraform/state/state.ts";
import {
  atFormerAddresses,
  effectDifferences,
  planDifferences,
  plannedInstances,
} from "./planned-instances.ts";
import { terraform, terraformVersion } from "./terraform.ts";

const version = terraformVersion();
if (version === null) console.log("terraform was not found: no renamed key was compared with its plans.");
else console.log(`plans of renamed keys compared with those of terraform ${version}`);

/** A root of which the names are keys: in code, in a variable file, in documents, of modules. */
const FILES: Readonly<Record<string, string>> = {
  "main.tf": `variable "queues" {
  type = map(object({ size = number }))
}

locals {
  users = {
    ann = "admin"
    bob = "guest" # for now
  }
  teams   = jsondecode(file("\${path.module}/teams.json"))
  members = { for pair in setproduct(keys(local.users), ["a", "b"]) : "\${pair[0]}-\${pair[1]}" => pair }
}

resource "terraform_data" "user" {
  for_each = local.users

  input = { name = each.key, role = each.value }
}

# One for each user.
resource "terraform_data" "key" {
  for_each = terraform_data.user

  input = "static"
}

resource "terraform_data" "member" {
  for_each = local.members

  input = each.value[1]
}

resource "terraform_data" "zone" {
  for_each = toset(["one", "two"])

  input = "zone \${each.value}"
}

moved {
  from = terraform_data.zone["zero"]
  to   = terraform_data.zone["one"]
}

output "two" {
  value = terraform_data.zone["two"].input
}

resource "terraform_data" "queue" {
  for_each = var.queues

  input = { name = "prod-\${each.key}", size = each.value.size }
}

resource "terraform_data" "team" {
  for_each = { for team in local.teams : team.name => team }

  input = each.value
}

module "app" {
  source   = "./app"
  for_each = yamldecode(file("\${path.module}/apps.yaml"))

  name  = each.key
  ports = each.value
}
`,
  "app/main.tf": `variable "name" {
  type = string
}

variable "ports" {
  type = list(string)
}

resource "terraform_data" "this" {
  input = "\${var.name}.example.org"
}

resource "terraform_data" "port" {
  for_each = toset(var.ports)

  input = each.key
}
`,
  "terraform.tfvars": "queues = {\n  fast = { size = 1 }\n  slow = { size = 9 }\n}\n",
  "teams.json": '[{"name": "core", "size": 3},\n {"name": "web", "size": 5}]\n',
  "apps.yaml": "front: [80, 443] # with a certificate\nback: [8080]\n",
};

/** Where, the value that is wanted, and the addresses of what is called otherwise then. */
const RENAMES: readonly (readonly [string, string, Json, readonly string[]])[] = [
  [
    'terraform_data.user["bob"]',
    "input.name",
    "robert",
    [
      'terraform_data.key["bob"]',
      'terraform_data.member["bob-a"]',
      'terraform_data.member["bob-b"]',
      'terraform_data.user["bob"]',
    ],
  ],
  ['terraform_data.zone["one"]', "input", "zone three", ['terraform_data.zone["one"]']],
  ['terraform_data.zone["two"]', "input", "zone $${2}", ['terraform_data.zone["two"]']],
  ['terraform_data.zone["one"]', "input", "zone zero", ['terraform_data.zone["one"]']],
  ['terraform_data.queue["slow"]', "input.name", "prod-late", ['terraform_data.queue["slow"]']],
  ['terraform_data.team["web"]', "input.name", "www", ['terraform_data.team["web"]']],
  [
    'module.app["front"].terraform_data.this',
    "input",
    "shop.example.org",
    [
      'module.app["front"].terraform_data.port["443"]',
      'module.app["front"].terraform_data.port["80"]',
      'module.app["front"].terraform_data.this',
    ],
  ],
  [
    'module.app["front"].terraform_data.port["80"]',
    "input",
    "81",
    ['module.app["front"].terraform_data.port["80"]'],
  ],
];

describe.skipIf(version === null)("what gets another key is moved by Terraform, and not made anew", () => {
  test("in a root that was applied", () => {
    const folder = mkdtempSync(join(tmpdir(), "moves-"));
    try {
      write(folder, FILES);
      terraform(folder, ["init"]);
      terraform(folder, ["apply", "-auto-approve"]);
      const repository = repositoryIn(folder);
      const before = plannedInstances(planIn(folder));
      for (const [address, path, value, moved] of RENAMES) {
        const edit = editFor(repository, address, path, value);
        write(folder, Object.fromEntries(edit.texts));
        const plan = planIn(folder);
        const effects = edit.effects;
        const moves = effects.filter(isMove).map((effect) => [effect.before, effect.after]);
        expect(moves.map(([from]) => from).sort(), address).toEqual(moved);
        expect(movesIn(plan), address).toEqual(moves.sort());
        expect(actionsIn(plan), address).not.toContain("create");
        expect(actionsIn(plan), address).not.toContain("delete");
        expect(planDifferences(before, atFormerAddresses(plannedInstances(plan), effects)), address).toEqual(
          effectDifferences(effects),
        );
        expect(terraform(folder, ["fmt", "-recursive", "-list=true", "-write=false"]), address).toBe("");
        write(folder, FILES);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function repositoryIn(folder: string): Repository {
  const files = new ParsedFiles(memorySnapshot(FILES));
  const state = parseState(readFileSync(join(folder, "terraform.tfstate"), "utf8"), "terraform.tfstate");
  const evaluate: Repository["evaluate"] = (sources, inputs) => evaluateStack(sources, inputs, FUNCTIONS);
  const evaluation = evaluate(files, { root: ".", settings: [], workspace: "default", state });
  return { files, evaluate, stacks: [{ name: "main", evaluation }] };
}

function editFor(repository: Repository, address: string, path: string, value: Json): ProvenEdit {
  const changes = [{ path: parsePath(path), wanted: { value } }];
  const { proven, refusal } = findAdoptions(repository, { stack: "main", address, changes });
  const [best] = proven;
  if (best === undefined) throw new Error(`${address}: ${refusal}`);
  expect(best.confirmed(), address).not.toBeNull();
  return best;
}

interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly previous_address?: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** What a plan says that moves: from where, to where. */
function movesIn(plan: string): readonly (readonly [string, string])[] {
  const { resource_changes: changes } = JSON.parse(plan) as Plan;
  return changes
    .flatMap(({ address, previous_address: from }) => (from === undefined ? [] : [[from, address] as const]))
    .sort();
}

function actionsIn(plan: string): readonly string[] {
  const { resource_changes: changes } = JSON.parse(plan) as Plan;
  return changes.flatMap(({ change }) => change.actions);
}

function write(folder: string, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function planIn(folder: string): string {
  terraform(folder, ["plan", "-out=plan.bin"]);
  return terraform(folder, ["show", "-json", "plan.bin"]);
}
