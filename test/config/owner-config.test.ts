import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG, type RepositoryConfig } from "../../src/config/model.ts";
import { isOwnerRepository, type OwnerConfig, parseOwnerConfig } from "../../src/config/owner-config.ts";
import { configWithout, parseConfig } from "../../src/config/parse.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
const FILE = "acme/.github/driftwright.yml";

function owner(...lines: readonly string[]): OwnerConfig {
  const { config, diagnostics } = parseOwnerConfig(["version: 1", ...lines, ""].join("\n"), FILE, NOW);
  expect(diagnostics).toEqual([]);
  if (config === null) throw new Error("no configuration and no diagnostic");
  return config;
}

function within(config: OwnerConfig, ...lines: readonly string[]): RepositoryConfig {
  const { config: own } = parseConfig(["version: 1", ...lines, ""].join("\n"), "own.yml", NOW, config);
  if (own === null) throw new Error("not valid");
  return own;
}

const names = (rules: readonly { readonly name: string }[]) => rules.map(({ name }) => name);

describe("what an owner says", () => {
  it("that is nothing leaves the defaults", () => {
    expect(configWithout(owner())).toEqual(DEFAULT_CONFIG);
    expect(within(owner())).toEqual(DEFAULT_CONFIG);
  });

  it.each<[string, readonly string[], readonly string[], Partial<RepositoryConfig>]>([
    ["holds without a word of the repository", ["start: all"], [], { start: "all" }],
    ["gives way", ["start: all"], ["start: new-only"], { start: "new-only" }],
    [
      "does not give way where it is enforced",
      ["enforced: { start: all }"],
      ["start: new-only"],
      { start: "all" },
    ],
    [
      "is enforced against its own default",
      ["draft: false", "enforced: { draft: true }"],
      [],
      { draft: true },
    ],
    [
      "may have no dashboard anywhere",
      ["enforced: { dashboard: false }"],
      ["dashboard: true"],
      { dashboard: false },
    ],
    [
      "may have drift share issues everywhere",
      ["enforced: { grouping: stack }"],
      ["grouping: cause"],
      { grouping: "stack" },
    ],
    [
      "has limits one by one",
      ["limits: { new_per_hour: 5 }", "enforced: { limits: { open_pull_requests: 1 } }"],
      ["limits: { open_pull_requests: 9 }"],
      { limits: { openPullRequests: 1, newPerHour: 5 } },
    ],
    ["replaces lists as a whole", ["labels: [a, b]"], ["labels: [c]"], { labels: ["c"] }],
  ])("%s", (_what, theirs, own, expected) => {
    expect(within(owner(...theirs), ...own)).toMatchObject(expected);
  });

  it("has rules around those of the repository, what is ignored first", () => {
    const config = owner(
      "rules: [{ name: last, match: {}, verdict: revert }]",
      "ignore: [{ name: ignored, match: { type: x } }]",
      "enforced:",
      "  rules: [{ name: first, match: { type: y }, verdict: revert }]",
      "  ignore: [{ match: { type: z } }]",
    );
    const own = within(config, "rules: [{ name: own, match: { type: w }, verdict: adopt }]");
    expect(names(own.ownerRules.enforced)).toEqual(["enforced.ignore[0]", "first"]);
    expect(names(own.ownerRules.defaults)).toEqual(["ignored", "last"]);
    expect(names(own.rules)).toEqual(["own"]);
    expect(own.ownerRules.enforced[0]).toMatchObject({ verdict: "ignore", place: { file: FILE, line: 6 } });
  });

  it("that overrules the repository is said where it does", () => {
    const { diagnostics } = parseConfig(
      "version: 1\nrules: []\ndraft: true\n",
      "own.yml",
      NOW,
      owner("enforced: { draft: false, rules: [] }"),
    );
    expect(diagnostics).toEqual([
      {
        severity: "warning",
        message: `draft has no effect: ${FILE} says it for all repositories; remove it`,
        file: "own.yml",
        line: 3,
        column: 1,
      },
    ]);
  });

  it.each<[what: string, theirs: readonly string[], own: readonly string[], expected: unknown]>([
    ["counts, where only the repository names it", [], ["public: { repository: a }"], "counts"],
    [
      "counts, where the owner names another one",
      ["public: { repository: b }"],
      ["public: { repository: a }"],
      "counts",
    ],
    [
      "what the owner names, in whatever case",
      ["public: { repository: A }"],
      ["public: { repository: a }"],
      { repository: "a" },
    ],
    ["the owner's default", ["public: { repository: a }"], [], { repository: "a" }],
    [
      "what the owner enforces",
      ["enforced: { public: { repository: a } }"],
      ["public: details"],
      { repository: "a" },
    ],
    ["the repository's own word", ["public: { repository: a }"], ["public: counts"], "counts"],
  ])("of public: %s", (_what, theirs, own, expected) => {
    expect(within(owner(...theirs), ...own).public).toEqual(expected);
  });

  it("that is one limit overrules that one alone", () => {
    const text = "version: 1\nlimits:\n  open_pull_requests: 5\n  new_per_hour: 1\n";
    const said = owner("enforced: { limits: { open_pull_requests: 2 } }");
    const { config, diagnostics } = parseConfig(text, "own.yml", NOW, said);
    expect(config?.limits).toEqual({ openPullRequests: 2, newPerHour: 1 });
    expect(diagnostics).toEqual([
      expect.objectContaining({
        message: `limits.open_pull_requests has no effect: ${FILE} says it for all repositories; remove it`,
        line: 3,
      }),
    ]);
  });

  it("that names no private repository leaves a repository's own word without effect, which is said", () => {
    const text = "version: 1\npublic:\n  repository: findings\n";
    const message = expect.stringContaining("public.repository has no effect, so only numbers are told");
    expect(parseConfig(text, "own.yml", NOW, owner()).diagnostics).toEqual([
      { severity: "warning", message, file: "own.yml", line: 3, column: 15 },
    ]);
    // Who reads the file alone does not know what the owner says.
    expect(parseConfig(text, "own.yml", NOW)).toMatchObject({
      config: { public: { repository: "findings" } },
      diagnostics: [],
    });
  });

  it.each([
    ["stacks: []", 'unknown key "stacks"'],
    ["enforced: { labls: [] }", 'unknown key "labls" in enforced; did you mean labels?'],
    [
      "enforced: { schedule: '* * * * *' }",
      "enforced.schedule has moments that are less than 15 minutes apart",
    ],
    [
      "enforced: { rules: [{ name: a, match: { severity: hi }, verdict: adopt }] }",
      "enforced.rules[0].match.severity must be one of",
    ],
    ["ignore: [{ match: { category: polcy } }]", "did you mean policy?"],
    ["public: { repository: acme/a }", "public.repository must be the name of a private repository"],
    ["public: { repositry: a }", "public.repository is missing"],
    ["public: all", "public must be counts, details, or repository:"],
    ["ignore: [{ match: {}, verdict: adopt }]", 'unknown key "verdict" in ignore[0]'],
  ])("%s is refused", (line, message) => {
    const { config, diagnostics } = parseOwnerConfig(`version: 1\n${line}\n`, FILE, NOW);
    expect(config).toBeNull();
    expect(diagnostics[0]).toMatchObject({ line: 2, message: expect.stringContaining(message) });
  });

  it("is said in the repository .github, whatever its case", () => {
    expect([".github", ".GitHub", "github"].map((name) => isOwnerRepository({ name }))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("what a repository ignores", () => {
  it("is a rule of its own with a name and an end", () => {
    const { config, diagnostics } = parseConfig(
      "version: 1\nignore:\n  - { match: { type: aws_instance }, until: 2026-04-30, because: later }\n  - { name: b, match: { type: c } }\n",
      "own.yml",
      NOW,
    );
    expect(config?.ignore).toMatchObject([
      { name: "ignore[0]", verdict: "ignore", until: "2026-04-30", because: "later", place: { line: 3 } },
      { name: "b", verdict: "ignore", until: null },
    ]);
    expect(diagnostics).toMatchObject([
      {
        severity: "warning",
        line: 3,
        message: expect.stringContaining('rule "ignore[0]" ended on 2026-04-30'),
      },
    ]);
  });
});
