import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Access, allowedTo, mayReadModules } from "../../src/config/access.ts";
import { parseAccess } from "../../src/config/access-file.ts";

const FILE = `version: 1
allow:
  - repositories: [acme/*, 1296269]
    aws:
      - account: "123456789012"
        role: arn:aws:iam::123456789012:role/driftwright-read
      - account: "210987654321"
    states:
      - bucket: acme-terraform-state
        keys: ["shop/*", "env:/*/shop/*"]
        roles: ["arn:aws-us-gov:iam::123456789012:role/teams/read-state"]
        lock_table: terraform-locks
  - repositories: [acme/shop]
    states: [{ bucket: shop }]
`;

function accessOf(text: string): Access {
  const { access, problems } = parseAccess(text, "access.yml");
  expect(problems).toEqual([]);
  return access ?? expect.fail("nothing was read");
}

describe("the operator's access file", () => {
  test("says which accounts, roles, buckets and lock tables there are for whom", () => {
    expect(allowedTo({ id: 7, owner: "acme", name: "other" }, accessOf(FILE))).toEqual({
      aws: [
        { account: "123456789012", role: "arn:aws:iam::123456789012:role/driftwright-read" },
        { account: "210987654321", role: null },
      ],
      states: [
        {
          bucket: "acme-terraform-state",
          keys: ["shop/*", "env:/*/shop/*"],
          roles: ["arn:aws-us-gov:iam::123456789012:role/teams/read-state"],
          lockTable: "terraform-locks",
        },
      ],
    });
  });

  test("adds up what several entries give to a repository", () => {
    const { aws, states } = allowedTo({ id: 7, owner: "acme", name: "shop" }, accessOf(FILE));
    expect([aws.length, states.map(({ bucket }) => bucket)]).toEqual([2, ["acme-terraform-state", "shop"]]);
    expect(states[1]).toEqual({ bucket: "shop", keys: null, roles: [], lockTable: null });
  });

  test("is what docs/operations.md shows", () => {
    const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const example = /```yaml\n(version: 1\nallow:[\s\S]*?)```/.exec(text)?.[1] ?? "";
    const { aws, states } = allowedTo({ id: 7, owner: "acme", name: "shop" }, accessOf(example));
    expect([aws.length, states.length]).toEqual([1, 1]);
    for (const key of [
      "repositories",
      "account",
      "role",
      "bucket",
      "keys",
      "roles",
      "lock_table",
      "modules",
    ]) {
      expect(text).toContain(`| \`${key}\` |`);
    }
  });

  test("may allow nothing, as does no file", () => {
    const repository = { id: 7, owner: "acme", name: "shop" };
    const nothing = { aws: [], states: [] };
    expect(allowedTo(repository, accessOf("version: 1\nallow: []\n"))).toEqual(nothing);
    expect(allowedTo(repository, null)).toEqual(nothing);
  });
});

describe("repositories of modules", () => {
  const reader = { id: 7, owner: "Acme", name: "shop" };
  const file =
    "version: 1\nallow:\n  - repositories: [acme/shop]\n    modules: [acme/terraform-*, other/x]\n";
  const may = (of: string, who = reader) => {
    const [owner = "", name = ""] = of.split("/");
    return mayReadModules(who, { owner, name }, accessOf(file));
  };

  test.each([
    ["acme/terraform-vpc", true],
    ["ACME/Terraform-VPC", true],
    ["acme/secrets", false],
    ["acme/shop", false],
    // An installation has no rights in what belongs to others.
    ["other/x", false],
  ])("%s: %s", (of, expected) => {
    expect(may(of)).toBe(expected);
  });

  test("are for whom the entry is about", () => {
    expect(may("acme/terraform-vpc", { ...reader, name: "web" })).toBe(false);
    expect(mayReadModules(reader, { owner: "acme", name: "terraform-vpc" }, null)).toBe(false);
  });

  test.each(["terraform-vpc", "*/vpc", "acme/vpc/sub", "https://github.com/acme/vpc"])("%s is none", (of) => {
    const { problems } = parseAccess(file.replace("acme/terraform-*", JSON.stringify(of)), "access.yml");
    expect(problems).toEqual([expect.stringContaining("access.yml:4:")]);
  });
});

describe("whom an entry is about", () => {
  test.each<[string, string, { id?: number; owner?: string; name?: string }, boolean]>([
    ["a repository", "acme/shop", {}, true],
    ["another one", "acme/shop", { name: "shop2" }, false],
    ["all of an owner", "acme/*", { name: ".github" }, true],
    ["a pattern", "acme/shop-*", { name: "shop-infra" }, true],
    ["a pattern that does not fit", "acme/shop-*", { name: "myshop-infra" }, false],
    ["in another case", "ACME/Shop", {}, true],
    ["GitHub's other case", "acme/shop", { owner: "Acme", name: "SHOP" }, true],
    ["an owner who begins the same", "acme/*", { owner: "acme-evil" }, false],
    ["an owner who ends the same", "acme/*", { owner: "evil-acme" }, false],
    ["the same name of another owner", "acme/shop", { owner: "mallory" }, false],
    ["dots are dots", "acme/a.b", { name: "axb" }, false],
    ["an id", "42", { owner: "whoever", name: "whatever" }, true],
    ["another id", "43", {}, false],
    ["a name that looks like an id", "acme/42", { name: "shop" }, false],
  ])("%s: %s", (_what, pattern, given, isMeant) => {
    const access = accessOf(
      `version: 1\nallow:\n  - repositories: [${pattern}]\n    states: [{ bucket: b }]\n`,
    );
    const repository = { id: 42, owner: "acme", name: "shop", ...given };
    expect(allowedTo(repository, access).states).toHaveLength(isMeant ? 1 : 0);
  });
});

describe("a mistake in the access file is said with its line", () => {
  const aws = (text: string) => `version: 1\nallow:\n  - repositories: [acme/*]\n    aws:\n      - ${text}\n`;
  const repositories = (text: string) => `version: 1\nallow:\n  - repositories: ${text}\n`;
  const ACCOUNT = "the twelve digits of an AWS account, in quotes";

  test.each<[string, string, string | RegExp]>([
    ["no YAML", "allow: [", /^access\.yml:1:\d+: this is not YAML/],
    ["nothing", "", "access.yml:1:1: the file is empty; it must be a mapping of keys to values"],
    ["no version", "allow: []\n", "access.yml:1:1: version is missing; it must be 1"],
    [
      "a key that is not known",
      "version: 1\nallow: []\nalow: []\n",
      'access.yml:3:1: unknown key "alow"; did you mean allow?',
    ],
    [
      "a key that is not known, below",
      aws('{ account: "123456789012", rol: x }'),
      'access.yml:5:36: unknown key "rol" in allow[0].aws[0]; did you mean role?',
    ],
    [
      "an account that YAML takes for a number",
      aws("account: 123456789012"),
      `access.yml:5:18: allow[0].aws[0].account must be ${ACCOUNT}, not 123456789012`,
    ],
    [
      "a role of another account",
      aws('{ account: "123456789012", role: "arn:aws:iam::210987654321:role/r" }'),
      "access.yml:5:42: allow[0].aws[0].role is no role of the account 123456789012",
    ],
    [
      "a user's ARN",
      aws('{ account: "123456789012", role: "arn:aws:iam::123456789012:user/r" }'),
      /ARN of a role/,
    ],
    [
      "everybody",
      repositories("['*/*']"),
      /^access\.yml:3:20: allow\[0\]\.repositories\[0\] must be an owner and/,
    ],
    ["owners by a pattern", repositories("['acme-*/*']"), /the owner without \*/],
    ["an owner alone", repositories("[acme]"), /such as acme\/shop or acme\/\*/],
    ["no list", repositories("acme/shop"), /repositories must be a list of repositories, not "acme\/shop"/],
    ["nobody", repositories("[]"), /repositories must be a list of repositories/],
    [
      "a bucket without its name",
      "version: 1\nallow:\n  - repositories: [acme/*]\n    states: [{ keys: [a] }]\n",
      "access.yml:4:14: allow[0].states[0].bucket is missing; it must be the name of a bucket",
    ],
  ])("%s", (_what, text, expected) => {
    const { access, problems } = parseAccess(text, "access.yml");
    expect(access).toBeNull();
    if (typeof expected === "string") expect(problems).toEqual([expected]);
    else expect(problems[0]).toMatch(expected);
  });
});
