import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { adoptTogether } from "../../src/engine/adopted-set.ts";
import type { AdoptedSet, StackFinding } from "../../src/engine/api.ts";
import type { Json } from "../../src/json/json.ts";
import { printPath } from "../../src/json/path.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { outcomesBetween } from "../../src/reconcile/what-if.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { change, finding } from "../intent/findings.ts";
import { another, leavesOf } from "./leaves.ts";
import {
  atFormerAddresses,
  effectDifferences,
  planDifferences,
  plannedInstances,
} from "./planned-instances.ts";
import { terraform, terraformVersion } from "./terraform.ts";

const version = terraformVersion();
if (version === null) console.log("terraform was not found: no set of edits was compared with its plans.");
else console.log(`plans before and after sets of edits compared with those of terraform ${version}`);

/** A root whose values stand in code, in variable files and in documents, and whose instances come from all of these. */
const FILES: Readonly<Record<string, string>> = {
  "main.tf": `locals {
  services = { for file in fileset(path.module, "services/*.yaml") : trimsuffix(basename(file), ".yaml") => yamldecode(file("\${path.module}/\${file}")) }
  sizes    = jsondecode(file("\${path.module}/sizes.json"))
  shared   = yamldecode(file("\${path.module}/shared.yaml"))
  users    = csvdecode(file("\${path.module}/users.csv"))
  team     = "web"
}

variable "jobs" {
  type = map(object({ size = string, every = optional(number, 5), tags = optional(map(string), {}) }))
}

variable "zones" {
  type = list(string)
}

variable "copies" {
  type    = number
  default = 3
}

resource "terraform_data" "service" {
  for_each = local.services

  input = {
    size  = local.sizes[each.value.size]
    ports = each.value.ports
    tags  = merge({ Team = local.team }, each.value.tags)
    about = "\${each.key}: \${each.value.about}"
  }
}

resource "terraform_data" "stage" {
  for_each = toset(["prod", "test"])

  input = local.shared[each.key]
}

resource "terraform_data" "user" {
  for_each = { for user in local.users : user.name => user }

  input = each.value.role
}

# What runs at night.
resource "terraform_data" "job" {
  for_each = var.jobs

  input = each.value
}

resource "terraform_data" "zone" {
  for_each = toset(var.zones)

  input = each.key
}

resource "terraform_data" "copy" {
  count = var.copies

  input = "copy \${count.index}"
}

# Of its own.
resource "terraform_data" "alone" {
  input = jsonencode({ Statement = [{ Effect = "Allow", Action = ["a", "b"] }] })
}

resource "terraform_data" "text" {
  input = <<-EOT
    team = \${local.team}
    size = \${local.sizes.small}
  EOT
}

module "member" {
  source   = "./member"
  for_each = { one = "x", two = "y" }

  name = each.value
}

output "jobs" {
  value = { for name, job in terraform_data.job : name => job.input.size }
}
`,
  "member/main.tf":
    'variable "name" {\n  type = string\n}\n\nresource "terraform_data" "this" {\n  input = { name = var.name, kind = "member" }\n}\n',
  "services/api.yaml":
    "# The front door.\r\nsize: small # for now\r\nports:\r\n  - 80\r\n  # with a certificate\r\n  - 443\r\ntags: { Name: 'api' }\r\nabout: |\r\n  first\r\n  second\r\n",
  "services/worker.yaml": "size: large\nports: []\ntags:\n  Name: worker # as in the console\nabout: works\n",
  "sizes.json": '{"small" :1,\n  "large": 8 }\n',
  "shared.yaml":
    "base: &base\n  region: eu-west-1\n  level: 1\nprod:\n  <<: *base\n  level: 3\ntest:\n  # as prod\n  <<: *base\n",
  "users.csv": 'name,role\n"ann","admin, all"\nbob,reader\n',
  "terraform.tfvars": 'zones = [\n  "a", # first\n  "b",\n  "c",\n]\n',
  "jobs.auto.tfvars.json":
    '{ "jobs": {\n  "hourly": {"size": "s", "every": 1},\n  "nightly": {"size": "m"},\n  "weekly": {"size": "l", "tags": {"Name": "w"}}\n} }\n',
};

type Live = Readonly<Record<string, Json>>;
type Found = Readonly<Record<string, Live | "deleted">>;

/** What was found, by address: live values, or that the instance was deleted. All of a set is adopted at once. */
const SETS: readonly (readonly [string, Found])[] = [
  [
    "values in documents",
    {
      'terraform_data.service["api"]': { "input.tags.Name": "front", "input.about": "api: first\nthird\n" },
      'terraform_data.service["worker"]': { "input.ports": [8080, 9090] },
      'terraform_data.stage["test"]': { "input.level": 2 },
      'terraform_data.user["ann"]': { input: 'says "admin"' },
      'terraform_data.job["weekly"]': { "input.tags.Team": "core" },
    },
  ],
  [
    "deleted instances: a block, an entry, an element, the last of a count, a call",
    {
      "terraform_data.alone": "deleted",
      'terraform_data.job["nightly"]': "deleted",
      'terraform_data.zone["b"]': "deleted",
      "terraform_data.copy[2]": "deleted",
      'module.member["two"].terraform_data.this': "deleted",
      'terraform_data.user["bob"]': "deleted",
    },
  ],
  [
    "values and deletions together, that others share and that share lines",
    {
      'terraform_data.service["api"]': { "input.ports": [443, 80, 8443], "input.tags.Team": "core" },
      "terraform_data.alone": {
        input: '{"Statement":[{"Action":["a","c"],"Effect":"Deny"}]}',
      },
      "terraform_data.text": { input: "team = web\nsize = 1\nlast = yes\n" },
      'terraform_data.job["hourly"]': { "input.every": 2, "input.tags.Name": "h" },
      'terraform_data.job["weekly"]': "deleted",
      'terraform_data.zone["a"]': "deleted",
      'terraform_data.zone["c"]': "deleted",
      'terraform_data.stage["prod"]': { "input.level": 4, "input.owner": "core" },
      'module.member["one"].terraform_data.this': { "input.name": "z" },
    },
  ],
];

function findingsOf(found: Found): StackFinding[] {
  return Object.entries(found).map(([address, live]) => ({
    stack: "main",
    finding:
      live === "deleted"
        ? finding({ fingerprint: address, address, kind: "deleted", category: "resource", changes: [] })
        : finding({
            fingerprint: address,
            address,
            changes: Object.entries(live).map(([path, value]) =>
              change(path, { observed: { known: value } }),
            ),
          }),
  }));
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

/** Every value and every instance of the root, so many at once: values become others, instances are gone. */
function randomSets({ stacks }: Repository): (readonly [string, Found])[] {
  const instances = [...(stacks[0]?.evaluation.instances.values() ?? [])];
  const wishes = instances.flatMap((instance) => [
    ...leavesOf(instance).map(({ path, value, order }) => ({
      order,
      address: instance.name,
      live: { [printPath(path)]: another(value) },
    })),
    {
      order: createHash("sha256").update(instance.name).digest("hex"),
      address: instance.name,
      live: "deleted" as const,
    },
  ]);
  const inOrder = wishes.toSorted((a, b) => (a.order < b.order ? -1 : 1));
  const sets: (readonly [string, Found])[] = [];
  for (let at = 0; at < inOrder.length; at += AT_ONCE) {
    const found = Object.fromEntries(
      inOrder.slice(at, at + AT_ONCE).map(({ address, live }) => [address, live]),
    );
    sets.push([`${JSON.stringify(found)}`, found]);
  }
  return sets;
}

const AT_ONCE = 4;

describe.skipIf(version === null)("plans before and after differ in what a set of edits changes", () => {
  test("sets that are wholly adopted", () => {
    inPlans((repository, compare) => {
      for (const [name, found] of SETS) {
        const { set, after } = compare(name, found, repository);
        expect(set.left, name).toEqual([]);
        for (const [address, live] of Object.entries(found))
          expect(after.has(address), `${name}: ${address}`).toBe(live !== "deleted");
      }
    });
  });

  test("any sets", () => {
    inPlans((repository, compare) => {
      const sets = randomSets(repository);
      const adopted = sets.map(([name, found]) => compare(name, found, repository).set.adopted.length);
      expect(adopted.reduce((all, each) => all + each)).toBeGreaterThan(sets.length * AT_ONCE * 0.5);
    });
  });
});

type Compare = (
  name: string,
  found: Found,
  repository: Repository,
) => { readonly set: AdoptedSet; readonly after: ReturnType<typeof plannedInstances> };

/** Gives what adopts a set and compares the effects of that with plans. */
function inPlans(use: (repository: Repository, compare: Compare) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "sets-"));
  try {
    write(folder, FILES);
    terraform(folder, ["init"]);
    const before = plannedInstances(planIn(folder));
    use(repositoryOf({}, FILES), (name, found, repository) => {
      const set = adoptTogether(repository, findingsOf(found));
      const texts = Object.fromEntries(set.files.map(({ path, text }) => [path, text]));
      const effects = outcomesBetween(repository, repositoryOf({}, { ...FILES, ...texts })).flatMap(
        (outcome) => outcome.effects,
      );
      write(folder, texts);
      const after = atFormerAddresses(plannedInstances(planIn(folder)), effects);
      expect(planDifferences(before, after), name).toEqual(effectDifferences(effects));
      write(folder, FILES);
      return { set, after };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
