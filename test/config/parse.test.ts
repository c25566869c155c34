import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG, type RepositoryConfig } from "../../src/config/model.ts";
import { type ParsedConfig, parseConfig } from "../../src/config/parse.ts";
import { LARGEST_CONFIG } from "../../src/config/parse-file.ts";
import { fileSchema } from "../../src/config/schema.ts";
import type { Diagnostic } from "../../src/drift/model.ts";
import { printJson } from "../../src/json/json.ts";

const FILE = ".github/driftwright.yml";
const NOW = new Date("2026-05-01T12:00:00Z");

function parse(text: string): ParsedConfig {
  return parseConfig(text, FILE, NOW);
}

function printed({ severity, line, column, message }: Diagnostic): string {
  return `${severity} ${line}:${column} ${message}`;
}

/** The diagnostics, one a line; the file is checked on the way. */
function diagnosed(text: string): readonly string[] {
  const { diagnostics } = parse(text);
  for (const diagnostic of diagnostics) expect(diagnostic.file).toBe(FILE);
  return diagnostics.map(printed);
}

function accepted(text: string): RepositoryConfig {
  const { config, diagnostics } = parse(text);
  expect(diagnostics.map(printed)).toEqual([]);
  if (config === null) throw new Error("no configuration and no diagnostic");
  return config;
}

function rule(...lines: readonly string[]): string {
  return ["version: 1", "rules:", ...lines, ""].join("\n");
}

describe("a valid file", () => {
  it("gives its rules in order, every pattern as a list", () => {
    const config = accepted(
      rule(
        "  - name: sizes are on purpose",
        "    match: { type: aws_instance, attribute: [instance_type, 'tags.*'] }",
        "    verdict: adopt",
        "    until: 2027-03-31",
        "    because: capacity tests",
        "  - name: the rest",
        "    match: {}",
        "    verdict: revert",
      ),
    );
    expect(config.rules).toEqual([
      {
        name: "sizes are on purpose",
        match: { type: ["aws_instance"], attribute: ["instance_type", "tags.*"] },
        verdict: "adopt",
        until: "2027-03-31",
        because: "capacity tests",
        place: { file: FILE, line: 3, column: 5 },
      },
      {
        name: "the rest",
        match: {},
        verdict: "revert",
        until: null,
        because: null,
        place: { file: FILE, line: 8, column: 5 },
      },
    ]);
  });

  it("gives stacks with every file from the root of the repository", () => {
    const config = accepted(`version: 1
stacks:
  - { name: shop-prod, path: infra/shop, var_files: [prod.tfvars, ../common.tfvars], environment: production }
  - { path: ./, workspace: blue, state: state/blue.tfstate }
`);
    expect(config.stacks).toEqual([
      {
        name: "shop-prod",
        path: "infra/shop",
        varFiles: ["infra/shop/prod.tfvars", "infra/common.tfvars"],
        vars: {},
        envVars: {},
        environment: "production",
        workspace: null,
        state: null,
        backendConfig: {},
        place: { file: FILE, line: 3, column: 5 },
      },
      {
        name: null,
        path: ".",
        varFiles: [],
        vars: {},
        envVars: {},
        environment: null,
        workspace: "blue",
        state: "state/blue.tfstate",
        backendConfig: {},
        place: { file: FILE, line: 4, column: 5 },
      },
    ]);
  });

  it("gives a stack's service and owners", () => {
    const config = accepted(
      "version: 1\nstacks:\n  - { path: a, service: checkout, owners: [alice, acme/platform] }\n  - path: b\n",
    );
    expect(config.stacks).toMatchObject([
      { path: "a", service: "checkout", owners: ["alice", "acme/platform"] },
      { path: "b" },
    ]);
    expect(config.stacks[1]).not.toHaveProperty("service");
    expect(diagnosed("version: 1\nstacks: [{ path: a, owners: ['@acme/platform'] }]")).toEqual([
      expect.stringContaining("stacks[0].owners[0] must be a login on GitHub or a team"),
    ]);
  });

  it.each(["release", "v1.2.0", "deploy/prod", "0a1b2c3"])("gives a stack's ref: %s", (ref) => {
    expect(accepted(`version: 1\nstacks: [{ path: a, ref: '${ref}' }]`).stacks).toMatchObject([{ ref }]);
  });

  it.each(["-x", "a..b", "a b", "a:b", "/a", "a/", "a@{1}", "a//b", "a^"])("takes no ref: %s", (ref) => {
    expect(diagnosed(`version: 1\nstacks: [{ path: a, ref: '${ref}' }]`)).toEqual([
      expect.stringContaining("stacks[0].ref must be the name of a branch, a tag or a commit"),
    ]);
  });

  it("takes ten refs", () => {
    const stacks = (count: number) =>
      Array.from({ length: count }, (_, index) => `  - { path: s${index}, ref: r${index % 11} }\n`).join("");
    expect(accepted(`version: 1\nstacks:\n${stacks(10)}`).stacks).toHaveLength(10);
    expect(diagnosed(`version: 1\nstacks:\n${stacks(12)}`)).toEqual([
      "error 13:23 stacks run from 11 refs, and at most 10 can be looked at; take some of them out",
    ]);
  });

  it("gives a stack's clouds", () => {
    expect(accepted("version: 1\nstacks: [{ path: a, clouds: [google, aws] }]").stacks).toMatchObject([
      { clouds: ["google", "aws"] },
    ]);
    expect(diagnosed("version: 1\nstacks: [{ path: a, clouds: [gogle] }]")).toEqual([
      expect.stringContaining(
        'stacks[0].clouds[0] must be one of aws, google, azure, not "gogle"; did you mean google?',
      ),
    ]);
    expect(diagnosed("version: 1\nstacks: [{ path: a, clouds: [] }]")).toEqual([
      expect.stringContaining("stacks[0].clouds must be a list of at least one cloud"),
    ]);
  });

  it("gives a backend's arguments as they are, null too", () => {
    const config = accepted(
      "version: 1\nstacks:\n  - path: a\n    backend_config: { bucket: b, use_lockfile: true, profile: null, assume_role: { role_arn: r }, token: null }\n",
    );
    expect(config.stacks[0]?.backendConfig).toEqual({
      bucket: "b",
      use_lockfile: true,
      profile: null,
      assume_role: { role_arn: "r" },
      token: null,
    });
  });

  it("keeps every digit of a variable's number", () => {
    const config = accepted(
      "version: 1\nstacks:\n  - path: a\n    vars: { big: 12345678901234567890, small: 0.10, list: [1, yes, null, true] }\n    env_vars: { region: eu, hosts: 2 }\n",
    );
    expect(printJson(config.stacks[0]?.envVars ?? null)).toBe('{"region":"eu","hosts":2}');
    expect(printJson(config.stacks[0]?.vars ?? null)).toBe(
      '{"big":12345678901234567890,"small":0.1,"list":[1,"yes",null,true]}',
    );
  });

  it.each([
    ["only the version", "version: 1\n"],
    ["a byte order mark", "\ufeffversion: 1\n"],
    ["Windows line ends", "version: 1\r\nrules: []\r\nstacks: []\r\n"],
    ["comments and a start marker", "# yaml-language-server: $schema=x\n---\nversion: 1 # one\n"],
    ["JSON", '{"version": 1, "rules": []}'],
  ])("may be %s", (_what, text) => {
    expect(accepted(text)).toEqual(DEFAULT_CONFIG);
  });

  it("reports unmanaged resources where it says so", () => {
    expect(accepted("version: 1\nunmanaged: report\n").unmanaged).toBe("report");
  });

  it("may use an anchor for a value that is needed twice", () => {
    const config = accepted(
      rule(
        "  - { name: a, match: { type: &sizes [aws_instance, aws_vpc] }, verdict: ignore }",
        "  - { name: b, match: { type: *sizes, stack: x }, verdict: revert }",
      ),
    );
    expect(config.rules[1]?.match).toEqual({ type: ["aws_instance", "aws_vpc"], stack: ["x"] });
  });
});

describe("an invalid file gives no configuration, and says what to do where", () => {
  const RULE = "  - { name: a, match: {}, verdict: revert";
  it.each<[what: string, text: string, diagnostics: readonly string[]]>([
    [
      "an empty file",
      "",
      ["error 1:1 the file says nothing; write version: 1 and then rules or stacks, or remove the file"],
    ],
    ["no version", "rules: []\n", ["error 1:1 version is missing; it must be 1"]],
    ["another version", "version: 2\n", ["error 1:10 version must be 1, not 2"]],
    ["the version as text", 'version: "1"\n', ['error 1:10 version must be 1, not "1"']],
    [
      "a list",
      "- version: 1\n",
      ['error 1:1 the file must be a mapping of keys to values, not [{"version":1}]'],
    ],
    [
      "an unknown key that is close to a known one",
      "version: 1\nrule: []\n",
      ['error 2:1 unknown key "rule"; did you mean rules?'],
    ],
    [
      "an unknown key that is close to none",
      "version: 1\nnotifications: []\n",
      [`error 2:1 unknown key "notifications"; known here: ${Object.keys(fileSchema.shape).join(", ")}`],
    ],
    [
      "an unknown key in a rule and in its match",
      rule("  - name: a", "    match: { tpye: aws_vpc }", "    verdict: ignore", "    becuase: x"),
      [
        'error 4:14 unknown key "tpye" in rules[0].match; did you mean type?',
        'error 6:5 unknown key "becuase" in rules[0]; did you mean because?',
      ],
    ],
    [
      "an unknown verdict",
      rule("  - { name: a, match: {}, verdict: adpot }"),
      ['error 3:36 rules[0].verdict must be one of adopt, revert, ignore, not "adpot"; did you mean adopt?'],
    ],
    [
      "an unknown severity in a list",
      rule(
        "  - name: a",
        "    match:",
        "      severity:",
        "        - low",
        "        - hihg",
        "    verdict: ignore",
      ),
      [
        'error 7:11 rules[0].match.severity must be one of critical, high, medium, low, info, not "hihg"; did you mean high?',
      ],
    ],
    [
      "an unknown category",
      rule("  - { name: a, match: { category: '!polcy' }, verdict: ignore }"),
      [
        'error 3:35 rules[0].match.category must be one of configuration, resource, policy, version, not "polcy"; did you mean policy?',
      ],
    ],
    [
      "a rule without its parts",
      rule("  - match: {}"),
      [
        "error 3:5 rules[0].name is missing; it must be a text",
        "error 3:5 rules[0].verdict is missing; it must be one of adopt, revert, ignore",
      ],
    ],
    [
      "rules that are no list",
      "version: 1\nrules: {}\n",
      ["error 2:8 rules must be a list of rules, not {}"],
    ],
    ["an empty key", "version: 1\nrules:\n", ["error 2:7 rules is empty; it must be a list of rules"]],
    [
      "a pattern that is a number",
      rule("  - { name: a, match: { stack: 7 }, verdict: ignore }"),
      ["error 3:32 rules[0].match.stack must be a pattern or a list of patterns, each a text, not 7"],
    ],
    [
      "an empty list of patterns",
      rule("  - { name: a, match: { stack: [] }, verdict: ignore }"),
      ["error 3:32 rules[0].match.stack must be a pattern or a list of patterns, each a text, not []"],
    ],
    [
      "a day that no calendar has",
      rule(`${RULE}, until: 2027-02-30 }`),
      ['error 3:51 rules[0].until must be a day of the calendar written as 2027-03-31, not "2027-02-30"'],
    ],
    [
      "a day in another order",
      rule(`${RULE}, until: 31.03.2027 }`),
      ['error 3:51 rules[0].until must be a day of the calendar written as 2027-03-31, not "31.03.2027"'],
    ],
    [
      "a stack outside of the repository",
      "version: 1\nstacks:\n  - path: ../other\n",
      ['error 3:11 stacks[0].path must stay inside of the repository and be written with /, not "../other"'],
    ],
    [
      "files outside of the repository",
      "version: 1\nstacks:\n  - path: a\n    var_files: [/etc/passwd, ../../b.tfvars]\n    state: 'C:\\state'\n",
      [
        'error 4:17 stacks[0].var_files[0] must stay inside of the repository and be written with /, not "/etc/passwd"',
        'error 4:30 stacks[0].var_files[1] must stay inside of the repository and be written with /, not "../../b.tfvars"',
        'error 5:12 stacks[0].state must stay inside of the repository and be written with /, not "C:\\\\state"',
      ],
    ],
    [
      "a name that no variable can have",
      "version: 1\nstacks:\n  - { path: a, vars: { 'a b': 1 } }\n",
      ['error 3:24 stacks[0].vars: no variable can be called "a b"; use letters, digits, _ and -'],
    ],
    [
      "a workspace that reads as an option",
      "version: 1\nstacks:\n  - { path: a, workspace: -help }\n",
      ['error 3:27 stacks[0].workspace must be a workspace\'s name, not "-help"'],
    ],
    [
      "a backend's secret",
      "version: 1\nstacks:\n  - path: a\n    backend_config: { bucket: b, secret_key: s3cr3t }\n",
      [
        "error 4:46 stacks[0].backend_config.secret_key is a secret, which must not stand in the repository; give Driftwright credentials in its environment",
      ],
    ],
    [
      "a backend's argument that is no text",
      "version: 1\nstacks:\n  - path: a\n    backend_config: { bucket: 3, dynamodb_table: null }\n",
      ["error 4:31 stacks[0].backend_config.bucket must be a text, not 3"],
    ],
    [
      "a backend's arguments that are none",
      "version: 1\nstacks:\n  - { path: a, backend_config: prod.tfbackend }\n",
      [
        'error 3:32 stacks[0].backend_config must be names of arguments with their values, not "prod.tfbackend"',
      ],
    ],
    [
      "two stacks of one name",
      "version: 1\nstacks:\n  - { path: a, name: x }\n  - { path: b, name: x }\n",
      ['error 4:22 stacks[0] is called "x" too; give each stack its own name'],
    ],
    [
      "the same stack twice",
      "version: 1\nstacks:\n  - path: a\n  - path: ./a/\n",
      ["error 4:5 this is the same folder and workspace as stacks[0]; remove it or give both a name"],
    ],
    [
      "a key twice",
      "version: 1\nrules: []\nversion: 1\n",
      ["error 3:1 version stands here twice; remove one of the two"],
    ],
    [
      "tabs",
      "version: 1\nrules:\n\t- name: x\n",
      ["error 3:1 YAML does not allow tabs as indentation; use spaces"],
    ],
    [
      "more than one document",
      "version: 1\n---\nversion: 1\n",
      ["error 2:1 the file holds more than one document; remove everything from this --- on"],
    ],
    [
      "an alias without an anchor",
      "version: *one\n",
      ["error 1:10 no anchor &one stands before this alias; put what starts with * into quotes"],
    ],
    [
      "a tag",
      "version: !one 1\n",
      ["error 1:10 tags (!name) have no meaning here; remove the tag, or put what starts with ! into quotes"],
    ],
    [
      "a key that is no text",
      "version: 1\n? [a]\n: b\n",
      ["error 2:3 this key cannot be used; write a plain name"],
    ],
    [
      "a key that objects treat in their own way",
      "version: 1\n__proto__: { rules: [] }\n",
      ["error 2:1 this key cannot be used; write a plain name"],
    ],
    [
      "a merge key",
      "version: 1\n<<: { rules: [] }\n",
      ["error 2:1 merge keys (<<) are not read; write the keys themselves, or an alias for one value"],
    ],
    [
      "a number that is none",
      "version: .inf\n",
      ["error 1:10 version has a value that cannot be used here; put it in quotes"],
    ],
    [
      "too much nesting",
      `version: ${"[".repeat(40)}${"]".repeat(40)}\n`,
      ["error 1:42 the file holds more than 32 levels; make it smaller"],
    ],
    [
      "an anchor inside of itself",
      "version: &x [*x]\n",
      ["error 1:14 the file holds more than 32 levels; make it smaller"],
    ],
  ])("%s", (_what, text, diagnostics) => {
    expect(diagnosed(text)).toEqual(diagnostics);
    expect(parse(text).config).toBeNull();
  });

  it("syntax that YAML does not have", () => {
    const [first] = diagnosed("version: 1\nrules: [1,\nstacks: 2\n");
    expect(first).toMatch(/^error 3:1 this is not YAML: /);
  });

  it("reports a thing that is wrong in several places at each of them, in the order of the file", () => {
    const text = rule(
      "  - { nam: a, match: {}, verdict: ignore }",
      "  - 5",
      "  - { name: b, match: 3, verdict: x }",
    );
    expect(parse(text).diagnostics.map(({ line }) => line)).toEqual([3, 3, 4, 5, 5]);
  });

  it("remarks on a variable with what only the environment puts before it", () => {
    expect(diagnosed("version: 1\nstacks:\n  - path: a\n    env_vars: { TF_VAR_size: x }\n")).toEqual([
      'warning 4:17 stacks[0].env_vars.TF_VAR_size gives a value to a variable of that name; for the variable "size" leave TF_VAR_ out',
    ]);
  });

  it("names at most fifty things", () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join("\n");
    expect(diagnosed(keys)).toHaveLength(50);
  });

  it("says how many more there are", () => {
    const sixty = diagnosed(rule(...Array.from({ length: 60 }, () => "  - 5")));
    expect(sixty).toHaveLength(50);
    expect(sixty.at(-1)).toMatch(/\(and 10 more below, told once these are repaired\)$/);
    expect(sixty.at(-2)).not.toContain("more below");
    expect(diagnosed(rule(...Array.from({ length: 50 }, () => "  - 5"))).join()).not.toContain("more below");
  });
});

describe("hostile files stay cheap", () => {
  const bomb = (levels: number): string =>
    Array.from({ length: levels }, (_, level) => {
      const below = level === 0 ? "x" : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(9).fill(below).join(", ")}]\n`;
    }).join("");

  it.each([
    ["aliases of aliases", bomb(12)],
    ["thousands of brackets", `version: ${"[".repeat(100_000)}`],
    ["thousands of braces", "{".repeat(100_000)],
    ["thousands of aliases", `version: &a 1\nrules: [${"*a,".repeat(40_000)}]`],
    ["thousands of documents", "---\n".repeat(30_000)],
    ["thousands of keys", Array.from({ length: 15_000 }, (_, index) => `${index}: 1`).join("\n")],
    ["a file that is too large", `# ${"x".repeat(LARGEST_CONFIG)}\nversion: 1\n`],
  ])("%s", (_what, text) => {
    const { config, diagnostics } = parse(text);
    expect(config).toBeNull();
    expect(diagnostics[0]?.severity).toBe("error");
  });

  it("never throws, and says something wherever it refuses", () => {
    const piece = fc.constantFrom(
      "version",
      "rules",
      "match",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a",
      "*a",
      "1",
      "'",
      '"',
      "#",
      "!x",
      "|\n",
      "?",
      ",",
      "---\n",
      "\t",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((all) => all.join("")),
        ),
        (text) => {
          const { config, diagnostics } = parse(text);
          expect(config === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
          for (const { line, column } of diagnostics) {
            expect(line).toBeGreaterThan(0);
            expect(column).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe("what is allowed and probably not meant is a warning", () => {
  it.each<[what: string, text: string, diagnostics: readonly string[]]>([
    [
      "a rule that is over",
      rule("  - { name: a, match: { stack: x }, verdict: ignore, until: 2026-04-30 }"),
      [
        'warning 3:61 rule "a" ended on 2026-04-30 and decides nothing any more; remove it or give it a later day',
      ],
    ],
    [
      "not one whose last day is today",
      rule("  - { name: a, match: { stack: x }, verdict: ignore, until: 2026-05-01 }"),
      [],
    ],
    [
      "rules behind one that matches everything",
      rule(
        "  - { name: all, match: {}, verdict: revert }",
        "  - { name: b, match: { stack: x }, verdict: ignore }",
      ),
      ['warning 4:5 rule "b" never decides: "all" before it matches everything'],
    ],
    [
      "not behind one that is over",
      rule(
        "  - { name: all, match: {}, verdict: revert, until: 2020-01-01 }",
        "  - { name: b, match: { stack: x }, verdict: ignore }",
      ),
      [
        'warning 3:53 rule "all" ended on 2020-01-01 and decides nothing any more; remove it or give it a later day',
      ],
    ],
    [
      "ignoring everything",
      rule("  - { name: all, match: {}, verdict: ignore }"),
      [
        'warning 3:25 rule "all" matches everything, so whatever comes to it is ignored; say in match what it is about',
      ],
    ],
    [
      "a name used twice",
      rule(
        "  - { name: a, match: { stack: x }, verdict: ignore }",
        "  - { name: a, match: { stack: y }, verdict: ignore }",
      ),
      ['warning 4:13 a rule before this one is called "a" too; reports could not tell them apart'],
    ],
  ])("%s", (_what, text, diagnostics) => {
    expect(diagnosed(text)).toEqual(diagnostics);
    expect(parse(text).config).not.toBeNull();
  });
});
