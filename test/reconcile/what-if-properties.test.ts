import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printJson } from "../../src/json/json.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import { parseState, type StateDocument } from "../../src/terraform/state/state.ts";
import type { AdoptionCase } from "../adoption/case.ts";
import { COLLECTIONS } from "../adoption/cases/collections.ts";
import { EXPRESSIONS } from "../adoption/cases/expressions.ts";
import { INPUTS } from "../adoption/cases/inputs.ts";
import { LITERALS } from "../adoption/cases/literals.ts";
import { POLICIES } from "../adoption/cases/policies.ts";
import { repositoryOf } from "../adoption/repository.ts";
import { ROOTS, ROOTS_FOLDER } from "../terraform-binary/roots.ts";
import { editsAt, spotsOf } from "./edits.ts";
import { check } from "./tried.ts";

type Source = Pick<AdoptionCase, "files" | "stacks" | "state"> & { readonly recorded?: StateDocument };

const RUNS = Number(process.env["RUNS"] ?? 60);

/** How many of random edits a trial has shown, and how many there were. */
interface Tally {
  readonly tried: number;
  readonly runs: number;
}

/** The part of random edits that a trial shows at least; the rest does not parse, or is evaluated as a whole. */
const FLOOR = 0.05;

/** Roots of which nearly everything is evaluated as a whole, by what they are about. */
const MOSTLY_WHOLE = new Set(["conditions", "imports", "json", "overrides"]);

function expectTried(tallies: readonly Tally[]): void {
  expect(sumOf(tallies, "tried")).toBeGreaterThan(FLOOR * sumOf(tallies, "runs"));
}

function sumOf(tallies: readonly Tally[], name: keyof Tally): number {
  return tallies.reduce((sum, tally) => sum + tally[name], 0);
}

function evaluated({ recorded, ...source }: Source): Repository {
  const repository = repositoryOf(
    { ...source, name: "", address: "", live: {}, expected: { verdict: "refused", why: "" } },
    source.files,
  );
  if (recorded === undefined) return repository;
  const stacks = repository.stacks.map(({ name, evaluation }) => {
    const inputs = { ...evaluation.inputs, state: recorded };
    return { name, evaluation: repository.evaluate(repository.files, inputs) };
  });
  return { ...repository, stacks };
}

/** How many of the literals a trial shows something of when each is replaced by itself; of many, some are taken. */
function checkLiterals(source: Source): number {
  const repository = evaluated(source);
  const literals = spotsOf(source.files).filter(({ start, end }) => start < end);
  const step = Math.ceil(literals.length / MOST_LITERALS);
  return literals
    .filter((_, index) => index % step === 0)
    .filter(({ file, start, end, texts }) => {
      const { whole, effects, errors } = check(repository, [{ file, start, end, text: texts.at(-1) ?? "" }]);
      return whole.length === 0 && effects.length + errors.length > 0;
    }).length;
}

const MOST_LITERALS = 60;

function checkAll(source: Source, runs: number): Tally {
  const repository = evaluated(source);
  const spots = spotsOf(source.files);
  let tried = 0;
  fc.assert(
    fc.property(editsAt(spots), (edits) => {
      if (check(repository, edits).whole.length === 0) tried += 1;
    }),
    { numRuns: runs },
  );
  return { tried, runs };
}

describe("trying edits out shows what the whole evaluation shows, and leaves everything as it was", () => {
  it.each([
    ["literals in place", LITERALS],
    ["variables, locals and modules", INPUTS],
    ["expressions", EXPRESSIONS],
    ["maps, lists and blocks", COLLECTIONS],
    ["policies", POLICIES],
  ] as const)(
    "the cases of adoption: %s",
    (_, cases) => {
      const tallies: Tally[] = [];
      for (const each of cases) {
        try {
          tallies.push(checkAll(each, Math.ceil(RUNS / 10)));
        } catch (error) {
          throw new Error(`${each.name}: ${printJson(each.files)} ${String(error)}`);
        }
      }
      expectTried(tallies);
    },
    600_000,
  );

  it.each(["prod", "staging"])(
    "the example: %s",
    (environment) => {
      const varFiles = [`environments/${environment}.tfvars`];
      const files = filesBelow("examples/shop");
      expectTried([checkAll({ files, stacks: [{ name: "shop", root: ".", varFiles }] }, RUNS)]);
    },
    600_000,
  );

  it.each(ROOTS)(
    "a root that real Terraform was asked about: $name",
    (root) => {
      const tally = checkAll(sourceOf(root), RUNS);
      if (!MOSTLY_WHOLE.has(root.name)) expectTried([tally]);
    },
    600_000,
  );

  it.each(ROOTS)(
    "each literal of a root by itself: $name",
    (root) => {
      expect(checkLiterals(sourceOf(root))).toBeGreaterThan(0);
    },
    600_000,
  );

  it("nested blocks that others read", () => {
    const recorded = parseState(RECORDED_BLOCKS, "terraform.tfstate");
    const source = { files: { "main.tf": READ_BLOCKS }, recorded };
    expectTried([checkAll(source, RUNS * 2)]);
    expect(checkLiterals(source)).toBeGreaterThan(0);
  }, 600_000);

  it("code of which parts are wrong", () => {
    const source = { files: BROKEN_PARTS };
    expectTried([checkAll(source, RUNS * 2)]);
    expect(checkLiterals(source)).toBeGreaterThan(0);
  }, 600_000);

  it("modules of which there is no instance", () => {
    const source = { files: IDLE };
    expectTried([checkAll(source, RUNS * 4)]);
    expect(checkLiterals(source)).toBeGreaterThan(0);
  }, 600_000);

  it("stacks with one literal in many places", () => {
    const tallies: Tally[] = [];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.boolean(), (count, isList) => {
        tallies.push(checkAll({ files: generated(count, isList) }, Math.ceil(RUNS / 10)));
      }),
      { numRuns: 10 },
    );
    expectTried(tallies);
  }, 600_000);
});

function sourceOf({
  name,
  folder = ".",
  settings = [],
  workspace = "default",
}: (typeof ROOTS)[number]): Source {
  const varFiles = settings.flatMap((setting) =>
    setting.kind === "file" ? [join(folder, setting.path)] : [],
  );
  const vars = Object.fromEntries(
    settings.flatMap((setting) => (setting.kind === "variable" ? [[setting.name, setting.text]] : [])),
  );
  const stacks = [{ name, root: folder, varFiles, vars, workspace }];
  const { state } = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), "utf8")) as {
    state: string | null;
  };
  const files = filesBelow(join(ROOTS_FOLDER, name));
  return { files, stacks, ...(state === null ? {} : { recorded: parseState(state, "terraform.tfstate") }) };
}

/** The states from which the roots were planned. */
const FIXTURES = new URL("../terraform/fixtures/roots/", import.meta.url);

const BROKEN_PARTS = {
  "main.tf": `variable "sizes" {
  type = map(object({ cpu = number, disk = optional(number, 20) }))
}
locals {
  all   = { web = { port = 80 }, job = {}, bad = local.nope, size = "a" }
  ports = { for name in ["web", "job"] : name => local.all[name].port }
  list  = ["a", uper("b"), "c", local.all.size]
  safe  = try({ port = local.all.job.port, size = "b" }, { port = 81, size = "c" })
}
resource "x_y" "a" {
  for_each = { one = "1", two = local.nope }
  cpu      = { size = var.sizes.web.cpu, bad = local.nope, key = each.value }
  disk     = [var.sizes.job.disk, "d", local.list[0], local.list[3]]
}
resource "x_y" "b" {
  ports = merge(local.ports, { safe = local.safe.port, more = x_y.a["one"].cpu })
  made  = local.all.size == "a" ? { v = "one" } : { v = uper("two") }
}
`,
  "terraform.tfvars": `sizes = {
  web = { cpu = 1 }
  job = { cpu = 2, disk = uper("b") }
}
`,
};

const READ_BLOCKS = `locals {
  ports = { a = 80, b = 81 }
}
resource "x_y" "a" {
  name = "n"
  rule {
    text = "one"
    port = 1
    inner {
      text = "in"
    }
  }
  rule {
    text = "two"
    port = local.ports.b
  }
  dynamic "made" {
    for_each = local.ports
    content {
      text = made.key
      port = made.value
    }
  }
}
resource "x_y" "by_index" {
  name = x_y.a.rule[0].text
  made = x_y.a.rule[1].made
  port = x_y.a.made[1].port
  deep = x_y.a.rule[0].inner[0].made
}
resource "x_y" "each" {
  for_each = { for one in x_y.a.rule : one.text => one }
  port     = each.value.port
  made     = each.value.made
}
resource "x_y" "all" {
  rules = x_y.a.rule
  made  = x_y.a.made[*].made
  whole = { for name, one in { a = x_y.a } : name => one.rule[*].port }
}
`;

const RECORDED_BLOCKS = printJson({
  version: 4,
  terraform_version: "1.11.4",
  serial: 1,
  lineage: "l",
  outputs: {},
  resources: [
    {
      mode: "managed",
      type: "x_y",
      name: "a",
      provider: 'provider["registry.terraform.io/hashicorp/test"]',
      instances: [
        {
          schema_version: 0,
          attributes: {
            id: "1",
            name: "n",
            rule: [
              { text: "one", port: 1, made: "x1", inner: [{ text: "in", made: "deep" }] },
              { text: "two", port: 81, made: "x2", inner: [] },
            ],
            made: [
              { text: "b", port: 81, made: "m2" },
              { text: "a", port: 80, made: "m1" },
            ],
          },
          sensitive_attributes: [],
        },
      ],
    },
  ],
});

/** Modules that nothing makes an instance of, until an edit does. */
const IDLE = {
  "main.tf": `variable "make" {
  default = 0
}
locals {
  names = []
}
module "one" {
  source = "./m"
  count  = var.make
  size   = "s"
}
module "other" {
  source   = "./m"
  for_each = toset(local.names)
  size     = each.key
}
resource "x_y" "z" {
  ones   = length(module.one)
  others = [for one in module.other : one.size]
}
`,
  "m/main.tf": `variable "size" {
  type = string
}
variable "more" {
  type    = object({ a = string, b = optional(number, 1) })
  default = { a = "x" }
}
locals {
  sizes = { s = "small" }
}
module "inner" {
  source = "../inner"
  size   = local.sizes.s
}
resource "x_y" "in" {
  count = 2
  size  = lookup(local.sizes, var.size, "none")
  more  = var.more.b
}
output "size" {
  value = module.inner.size
}
`,
  "inner/main.tf": `variable "size" {
  default = "d"
}
resource "x_y" "deep" {
  size = upper(var.size)
}
output "size" {
  value = x_y.deep.size
}
`,
};

/** Modules in modules, `for_each` over what modules give, and everything from two files of variables. */
function generated(count: number, isList: boolean): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  const entries = names.map(
    (name, index) => `  ${name} = { size = "s${index % 2}" , ports = [${index} ,  80] }\n`,
  );
  return {
    "main.tf": `variable "servers" {
  type = map(object({ size = string, ports = list(number), extra = optional(map(string), {}) }))
}
locals {
  names = ${isList ? "[for k, v in var.servers : k]" : "keys(var.servers)"}
  table = { s0 = "small", s1 = "large" }
  total = length(local.names)
}
module "outer" {
  source  = "./outer"
  servers = var.servers
  table   = local.table
}
resource "x_y" "each" {
  for_each = module.outer.sizes
  size     = each.value
  total    = local.total${" "}
  first    = local.names
}
resource "x_y" "some" {
  count = local.total > 2 ? 1 : local.total
  name  = try(local.names[count.index], "none")
  peers = x_y.each[*]
}
`,
    "outer/main.tf": `variable "servers" {
  type = any
}
variable "table" {
  type = map(string)
}
module "inner" {
  source   = "../inner"
  for_each = var.servers
  size     = lookup(var.table, each.value.size, "other")
  ports    = each.value.ports
}
output "sizes" {
  value = { for k, m in module.inner : k => m.size }
}
`,
    "inner/main.tf": `variable "size" {
  type     = string
  default  = "default"
  nullable = false
}
variable "ports" {
  type    = set(number)
  default = []
}
resource "x_y" "this" {
  size = upper(var.size)
  dynamic "port" {
    for_each = var.ports
    content {
      number = port.value
    }
  }
}
output "size" {
  value = "\${x_y.this.size}-\${length(var.ports)}"
}
`,
    "terraform.tfvars": `servers = {\n${entries.join("")}}\n`,
  };
}

function filesBelow(folder: string, inside = ""): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry): [string, string][] => {
      const path = join(inside, entry.name);
      if (entry.isDirectory()) return Object.entries(filesBelow(folder, path));
      return /\.(?:tf|tfvars|json|tftpl|tpl|yaml|txt|csv)$/.test(entry.name)
        ? [[path, readFileSync(join(folder, path), "utf8")]]
        : [];
    }),
  );
}
