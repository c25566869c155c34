import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/model.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { proposedFile } from "../../src/config/proposed-file.ts";
import { type PlannedStack, planScan } from "../../src/scan/plan.ts";
import { proposalOf } from "../../src/scan/proposal.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
const S3 = 'terraform {\n  backend "s3" {\n    bucket = "states"\n    key = "a.tfstate"\n  }\n}\n';
const PARTIAL = 'terraform {\n  backend "s3" {}\n}\n';
const GCS = 'terraform {\n  backend "gcs" {}\n}\n';
const STATE = '{"version": 4}';
const WHOLE = { folder: ".", only: null, repository: "shop" } as const;

type Files = Readonly<Record<string, string>>;

function proposal(files: Files, clean = (text: string) => text) {
  return proposalOf(memorySnapshot(files), { repository: "shop", clean });
}

/** What is planned without a configuration, and with the one that is proposed. */
function plans(files: Files, clean?: (text: string) => string) {
  const snapshot = memorySnapshot(files);
  const { config, diagnostics } = parseConfig(proposedFile(proposal(files, clean), NOW, false), "f.yml", NOW);
  const planned = (stacks: typeof DEFAULT_CONFIG.stacks) =>
    planScan(snapshot, { ...DEFAULT_CONFIG, stacks }, WHOLE).stacks;
  return { diagnostics, before: planned([]), after: planned(config?.stacks ?? []), config };
}

function withoutEnvironment({ environment: _, ...stack }: PlannedStack) {
  return stack;
}

describe("what is proposed to a repository without a configuration", () => {
  test.each<[string, Files, readonly string[]]>([
    ["a backend", { "infra/main.tf": S3 }, ["infra infra"]],
    ["the root", { "main.tf": S3 }, ["shop ."]],
    ["the only code there is", { "main.tf": "" }, ["shop ."]],
    ["code without a sign of a root", { "a/main.tf": "", "b/main.tf": "" }, []],
    [
      "workspaces with states in the repository",
      {
        "app/main.tf": "",
        "app/terraform.tfstate.d/prod/terraform.tfstate": STATE,
        "app/terraform.tfstate.d/test/terraform.tfstate": STATE,
        "app/prod.tfvars": "a = 1\n",
      },
      ["app-prod app prod", "app-test app test"],
    ],
    [
      "backend files of environments",
      {
        "app/main.tf": PARTIAL,
        "app/env/prod.tfvars": "a = 1\n",
        "app/env/prod.tfbackend":
          'bucket = "p"\nkey = "k"\nmax_retries = 3\nassume_role = { role_arn = "r" }\n',
        "app/env/test.tfbackend": 'bucket = "t"\nkey = "k"\n',
      },
      ["app-prod app prod", "app-test app test"],
    ],
    [
      "the same of a backend that is not read",
      { "app/main.tf": GCS, "app/prod.tfbackend": 'bucket = "p"\n', "app/test.tfbackend": 'bucket = "t"\n' },
      ["app-prod app prod", "app-test app test"],
    ],
    ["variable files that nothing says the use of", { "a/main.tf": S3, "a/p.tfvars": "x = 1\n" }, ["a a"]],
    ["names that are the same", { "a-b/main.tf": S3, "a/b/main.tf": S3 }, ["a-b a-b", "a-b-2 a/b"]],
    [
      "names that YAML reads otherwise",
      { "1.0/main.tf": S3, "on/main.tf": S3, "a b#/main.tf": S3 },
      ["1.0 1.0", "a-b a b#", "on on"],
    ],
  ])("%s: leads to the same stacks", (_what, files, expected) => {
    const { diagnostics, before, after, config } = plans(files);
    expect(diagnostics).toEqual([]);
    expect(after.map(withoutEnvironment)).toEqual(before.map(withoutEnvironment));
    const told = after.map(({ name, path, environment }) =>
      [name, path, environment].filter((part) => part !== null).join(" "),
    );
    expect(told.toSorted()).toEqual(expected.toSorted());
    expect(config?.stacks).toHaveLength(expected.length);
  });

  const workspace = (name: string) => ({
    "app/main.tf": "",
    [`app/terraform.tfstate.d/${name}/terraform.tfstate`]: STATE,
  });
  const partial = (folder: string, name: string) => ({
    [`${folder}/main.tf`]: PARTIAL,
    [`${folder}/${name}.tfbackend`]: 'bucket = "p"\n',
  });
  test.each<[string, Files, readonly (string | null)[]]>([
    ["a folder", { "infra/prod/main.tf": S3, "infra/staging/main.tf": S3 }, ["prod", "staging"]],
    ["a folder above", { "production/network/main.tf": S3 }, ["production"]],
    ["a folder in capital letters", { "Prod/main.tf": S3 }, ["prod"]],
    ["a part of a folder's name", { "shop-prod/main.tf": S3, "products/main.tf": S3 }, [null, null]],
    ["no folder", { "main.tf": S3, "a/main.tf": S3 }, [null, null]],
    ["folders that agree", { "production/app/prod/main.tf": S3 }, ["prod"]],
    ["folders that do not", { "dev/prod/main.tf": S3 }, [null]],
    ["folders below live", { "live/dev/main.tf": S3, "live/a/main.tf": S3 }, ["live", "dev"]],
    [
      "folders below live that say another",
      { "live/non-prod/us-east-1/vpc/main.tf": S3, "live/nonprod/app/main.tf": S3 },
      ["non-prod", "nonprod"],
    ],
    [
      "others",
      { "live/preview/app/main.tf": S3, "live/acceptance/app/main.tf": S3 },
      ["acceptance", "preview"],
    ],
    [
      "folders below live that may say another",
      { "live/demo/a/main.tf": S3, "live/int/main.tf": S3 },
      [null, null],
    ],
    [
      "folders below live of which a part says another",
      { "live/shop-non-prod/a/main.tf": S3, "live/dev2/main.tf": S3, "live/eu_uat/main.tf": S3 },
      [null, null, null],
    ],
    ["live below a folder of which a part says another", { "shop-non-prod/live/a/main.tf": S3 }, [null]],
    ["live below another", { "dev/live/main.tf": S3, "prod/live/main.tf": S3 }, [null, null]],
    ["a part of the system in a folder that says it", { "prod/dev-tools/main.tf": S3 }, ["prod"]],
    ["what may be an environment in a folder that says one", { "prod/dr/main.tf": S3 }, [null]],
    ["what may be one alone", { "integration/main.tf": S3, "demo/main.tf": S3 }, [null, null]],
    [
      "folders below non-prod",
      { "non_prod/qa/main.tf": S3, "nonprod/a/main.tf": S3, "nonprod/prod/main.tf": S3 },
      ["qa", "nonprod", null],
    ],
    ["a workspace that disagrees with the folder in a part", partial("live", "shop-non-prod"), [null]],
    ["the same of production", partial("prod", "shop-non-prod"), [null]],
    ["a workspace that agrees with the folder in a part", partial("prod", "prod-eu"), ["prod"]],
    ["a workspace that may be an environment", partial("live", "demo"), [null]],
    ["a workspace", workspace("live"), ["live"]],
    ["a workspace of another name", workspace("blue"), ["blue"]],
    ["files of the backend", partial("app", "uat"), ["uat"]],
    ["files of the backend of another name, in a folder that says it", partial("prod", "eu"), ["prod"]],
    ["files of the backend that disagree with the folder", partial("prod", "dev"), [null]],
    ["variables that are always read", { "a/main.tf": S3, "a/qa.auto.tfvars": "x = 1\n" }, ["qa"]],
    ["variables that may be read", { "a/main.tf": S3, "a/prod.tfvars": "x = 1\n" }, [null]],
    [
      "variables that may be read and disagree with the folder",
      { "prod/main.tf": S3, "prod/dev.tfvars": "x = 1\n" },
      [null],
    ],
    [
      "variables that are read in any environment",
      { "dev/main.tf": S3, "dev/terraform.tfvars": "" },
      ["dev"],
    ],
  ])("the environment is what is called so, and never guessed: %s", (_what, files, expected) => {
    const { diagnostics, before, after, config } = plans(files);
    expect(diagnostics).toEqual([]);
    expect(config?.stacks.map(({ environment }) => environment)).toEqual(expected);
    expect(after.map(withoutEnvironment)).toEqual(before.map(withoutEnvironment));
  });

  test.each([
    ...["non-prod", "nonprod", "non_production", "preprod", "pre-prod", "pre_production", "staging", "stg"],
    ...["preview", "acceptance", "acc", "uat", "qa", "sandbox", "integration", "int", "demo", "perf"],
    ...["performance", "load-test", "dr", "dev", "development", "test", "dev1", "qa-eu", "acme-uat"],
  ])("no stack below %s is said to be production or live", (folder) => {
    const files = Object.fromEntries(
      ["live", "prod", "production"].flatMap((top) =>
        top !== "live" && /dev1|-eu|acme/.test(folder) ? [] : [[`${top}/${folder}/app/main.tf`, S3]],
      ),
    );
    const said = plans(files).config?.stacks.map(({ environment }) => environment) ?? ["nothing"];
    for (const environment of said) expect([null, folder]).toContain(environment);
  });

  test("whatever the folders and files are called", () => {
    const step = fc.oneof(
      fc.constantFrom("a", "b", "prod", "yes", "1e3", "null", "- x", "a: b", "#", "é", "{", "'\"", "\u2028"),
      fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/[/\\\0]|^\.\.?$|^\s|\s$/.test(text)),
    );
    const folder = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join("/"));
    const kind = fc.constantFrom<(at: string, name: string) => Files>(
      (at) => ({ [`${at}/main.tf`]: S3 }),
      (at, name) => ({ [`${at}/main.tf`]: PARTIAL, [`${at}/env/${name}.tfbackend`]: 'bucket = "x"\n' }),
      (at, name) => ({ [`${at}/main.tf`]: S3, [`${at}/${name}.tfvars`]: "a = 1\n" }),
      (at, name) => ({
        [`${at}/main.tf`]: "",
        [`${at}/terraform.tfstate.d/${name}/terraform.tfstate`]: STATE,
        [`${at}/${name}.tfvars`]: "a = 1\n",
      }),
    );
    const repository = fc.array(fc.tuple(folder, kind, step), { maxLength: 6 });
    fc.assert(
      fc.property(repository, (parts) => {
        const files = Object.fromEntries(parts.flatMap(([at, make, name]) => Object.entries(make(at, name))));
        const { diagnostics, before, after } = plans(files);
        expect(diagnostics).toEqual([]);
        expect(after.map(withoutEnvironment)).toEqual(before.map(withoutEnvironment));
      }),
      { numRuns: 200 },
    );
  });

  test("a folder whose backend files hold keys, or what is known to be secret, is not listed, and found all the same", () => {
    const files = {
      "app/main.tf": PARTIAL,
      "app/prod.tfbackend": 'bucket = "p"\naccess_key = "AKIAIOSFODNN7EXAMPLE"\n',
      "app/test.tfbackend": 'bucket = "t"\n',
      "b/main.tf": PARTIAL,
      "b/prod.tfbackend": 'bucket = "hunter22"\n',
      "c/main.tf": S3,
    };
    const clean = (text: string) => text.replaceAll("hunter22", "(sensitive)");
    const { before, after, config } = plans(files, clean);
    expect(config?.stacks.map(({ path }) => path)).toEqual(["c"]);
    expect(after).toEqual(before);
    expect(JSON.stringify(proposal(files, clean))).not.toMatch(/AKIA|hunter22/);
  });

  test("ten thousand stacks: those that fit are listed, the others are counted", () => {
    const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`stacks/s${n}/main.tf`, S3]));
    const found = proposal(files);
    expect(found.stacks.length + found.left).toBe(10_000);
    const text = proposedFile(found, NOW, false);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain(`${10_000 - 500} more are not listed here`);
    expect(parseConfig(text, "f.yml", NOW).diagnostics).toEqual([]);
  });

  test("says where the states are and whose providers the code and its modules use", () => {
    const files = {
      "a/main.tf": `${S3}module "m" {\n  source = "../modules/m"\n}\n`,
      "modules/m/main.tf": 'resource "aws_vpc" "a" {}\ndata "google_project" "p" {}\nprovider "azurerm" {}\n',
      "b/main.tf": GCS,
      "c/main.tf": "",
      "c/terraform.tfstate": STATE,
    };
    expect(proposal(files).stacks.map(({ state, providers }) => [state, providers])).toEqual([
      [{ kind: "s3", bucket: "states", key: "a.tfstate" }, ["aws", "azurerm", "google"]],
      [{ kind: "other", backend: "gcs" }, []],
      [{ kind: "file", file: "c/terraform.tfstate" }, []],
    ]);
  });

  test.each([
    ["nothing", "", {}],
    ["a lock table", 'dynamodb_table = "locks"', { lockTable: "locks" }],
    ["a role", 'assume_role = { role_arn = "arn:aws:iam::1:role/a" }', { role: "arn:aws:iam::1:role/a" }],
    [
      "a role as it was named before Terraform 1.6",
      'role_arn = "arn:aws:iam::1:role/b"',
      { role: "arn:aws:iam::1:role/b" },
    ],
    ["empty texts, which count as left out", 'role_arn = ""\n dynamodb_table = ""', {}],
  ])("says what else a backend names that has to be allowed: %s", (_what, more, expected) => {
    const code = S3.replace('key = "a.tfstate"', `key = "a.tfstate"\n    ${more}`);
    const [stack] = proposal({ "a/main.tf": code }).stacks;
    expect(stack?.state).toEqual({ kind: "s3", bucket: "states", key: "a.tfstate", ...expected });
  });
});
