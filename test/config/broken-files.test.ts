import { describe, expect, it } from "vitest";
import { parseOwnerConfig } from "../../src/config/owner-config.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Diagnostic } from "../../src/drift/model.ts";

const NOW = new Date("2026-05-01T12:00:00Z");

function printed({ severity, line, message }: Diagnostic): string {
  return `${severity} ${line} ${message}`;
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

/** Expected is what each message begins with. */
function expectDiagnostics(diagnostics: readonly Diagnostic[], expected: readonly string[]): void {
  const told = diagnostics.map(printed);
  expect(told).toHaveLength(expected.length);
  expect(told.map((each, index) => each.slice(0, expected[index]?.length ?? 0))).toEqual(expected);
}

describe("all mistakes of a file are told at once, each with its line", () => {
  it.each<[what: string, text: string, diagnostics: readonly string[]]>([
    [
      "what is written well and makes no sense, below a key that nobody knows",
      lines(
        "version: 1",
        "rulez: []",
        "rules:",
        "  - name: a",
        "    match: { severity: hihg }",
        "    verdict: adopt",
        "stacks:",
        "  - path: ../other",
        "schedule: '* * * * *'",
      ),
      [
        'error 2 unknown key "rulez"; did you mean rules?',
        "error 5 rules[0].match.severity must be one of",
        "error 8 stacks[0].path must stay inside of the repository",
        "error 9 schedule has moments that are less than 15 minutes apart",
      ],
    ],
    [
      "remarks, below a key that nobody knows",
      lines(
        "version: 1",
        "rulez: []",
        "ignore:",
        "  - match: { type: a }",
        "    until: 2020-01-01",
        "  - match: {}",
      ),
      [
        'error 2 unknown key "rulez"',
        'warning 5 rule "ignore[0]" ended on 2020-01-01',
        'warning 6 rule "ignore[1]" matches everything',
      ],
    ],
    [
      "other entries of a list where one cannot be read, by their own numbers",
      lines(
        "version: 1",
        "rules:",
        "  - name: a",
        "    verdict: adopt",
        "  - text",
        "  - { name: c, match: { category: polcy }, verdict: revert }",
        "stacks:",
        "  - environment: prod",
        "  - path: a",
        "  - path: /b",
        "  - path: a",
        "freeze:",
        "  - from: tomorrow",
        "  - { from: 2027-01-02, until: 2027-01-01 }",
      ),
      [
        "error 3 rules[0].match is missing",
        "error 5 rules[1] must be a mapping",
        "error 6 rules[2].match.category must be one of",
        "error 8 stacks[0].path is missing",
        "error 10 stacks[2].path must stay inside",
        "error 11 this is the same folder and workspace as stacks[1]",
        "error 13 freeze[0].until is missing",
        "error 13 freeze[0].from must be a day",
        "error 14 freeze[1].until is before from",
      ],
    ],
    [
      "no remark that only follows from what could not be read",
      lines("version: 1", "rules:", "  - { name: a, match: { tpye: x }, verdict: ignore }"),
      ['error 3 unknown key "tpye" in rules[0].match; did you mean type?'],
    ],
    [
      "below a key that stands there twice, and a version that is none",
      lines("version: 2", "start: all", "start: all", "labls: []", "stacks: [{ path: ../a }]"),
      [
        "error 1 version must be 1, not 2",
        "error 3 start stands here twice",
        'error 4 unknown key "labls"; did you mean labels?',
        "error 5 stacks[0].path must stay inside",
      ],
    ],
    [
      "below an alias without an anchor, a value that is none, and a key that cannot be used",
      lines("version: 1", "labels: *one", "limits: { new_per_hour: .inf }", "__proto__: {}", "strat: all"),
      [
        "error 2 no anchor &one stands before this alias; put what starts with * into quotes",
        "error 3 limits.new_per_hour has a value that cannot be used here",
        "error 4 this key cannot be used",
        'error 5 unknown key "strat"; did you mean start?',
      ],
    ],
    [
      "below tags, whose values are not judged",
      lines(
        "version: 1",
        "strat: !env START",
        "limits: { new_per_hour: !env LIMIT }",
        "ignore: !list",
        "  - { match: {}, unti: 3 }",
        "stacks: [{ path: !join ../a }, { path: ../b }]",
        "labels: [a]",
        "schedule: !!int daily",
      ),
      [
        'error 2 unknown key "strat"; did you mean start?',
        "error 2 tags (!name) have no meaning here",
        "error 3 tags (!name) have no meaning here",
        "error 4 tags (!name) have no meaning here",
        'error 5 unknown key "unti" in ignore[0]',
        "error 6 tags (!name) have no meaning here",
        "error 6 stacks[1].path must stay inside",
        "error 8 tags (!name) have no meaning here",
      ],
    ],
    [
      "once, what aliases repeat",
      lines(
        "version: 1",
        "rules:",
        "  - { name: a, match: &m { severity: hihg, foo: 1 }, verdict: adopt }",
        "  - { name: b, match: *m, verdict: adopt }",
      ),
      ["error 3 rules[0].match.severity must be", 'error 3 unknown key "foo" in rules[0].match'],
    ],
  ])("%s", (_what, text, expected) => {
    const { config, diagnostics } = parseConfig(text, "f", NOW);
    expect(config).toBeNull();
    expectDiagnostics(diagnostics, expected);
  });

  it("in the file of an owner, too", () => {
    const text = lines(
      "version: 1",
      "stacks: []",
      "enforced:",
      "  labls: []",
      "  rules:",
      "    - { name: a, match: { severity: hihg }, verdict: adopt }",
      "freeze: [{ from: 2027-01-02, until: 2027-01-01 }]",
    );
    expectDiagnostics(parseOwnerConfig(text, "f", NOW).diagnostics, [
      'error 2 unknown key "stacks"',
      'error 4 unknown key "labls" in enforced',
      "error 6 enforced.rules[0].match.severity must be",
      "error 7 freeze[0].until is before from",
    ]);
  });
});

describe("the line is that of the key, or of the entry in its list", () => {
  it.each<[what: string, text: string, diagnostics: readonly string[]]>([
    ["a mapping for a list", lines("version: 1", "rules:", "  a: b"), ["error 2 rules must be a list"]],
    [
      "a list for a text, a list for a mapping, a mapping for a list",
      lines(
        "version: 1",
        "stacks:",
        "  - path:",
        "      - a",
        "    vars:",
        "      - x",
        "    owners:",
        "      x: y",
      ),
      [
        "error 3 stacks[0].path must be a text",
        "error 5 stacks[0].vars must be names",
        "error 7 stacks[0].owners must be a list",
      ],
    ],
    [
      "a schedule that makes no sense",
      lines("version: 1", "stacks:", "  - path: a", "    schedule:", "      cron: '* * * * *'"),
      ["error 4 stacks[0].schedule has moments that are less than 15 minutes apart"],
    ],
    [
      "a cron expression and a time zone that are none",
      lines("version: 1", "schedule:", "  cron: 0 6 * *", "  time_zone: Europe/Berln"),
      ["error 3 schedule.cron must be a cron expression", "error 4 schedule.time_zone must be a time zone"],
    ],
    [
      "a key in a mapping that may be a word, too",
      lines("version: 1", "schedule:", "  cron: 0 6 * * 1", "  timezone: UTC", "public:", "  repositry: a"),
      [
        'error 4 unknown key "timezone" in schedule; did you mean time_zone?',
        "error 5 public.repository is missing",
        'error 6 unknown key "repositry" in public; did you mean repository?',
      ],
    ],
    [
      "a word that is close to one of those that may stand there",
      lines("version: 1", "public: detials"),
      [
        'error 2 public must be counts, details, or repository: and the name of a private repository of the same owner, not "detials"; did you mean details?',
      ],
    ],
    [
      "wrong types in lists",
      lines(
        "version: 1",
        "labels:",
        "  - a",
        "  -",
        "  - 3",
        "critical_environments:",
        "  - prod",
        "  - [live]",
      ),
      [
        "error 4 labels[1] is empty",
        "error 5 labels[2] must be a label",
        'error 8 critical_environments[1] must be a text, not ["live"]',
      ],
    ],
    [
      "keys in nested mappings",
      lines("version: 1", "checks:", "  fail:", "    severity: [high]"),
      ['error 4 unknown key "severity" in checks.fail; did you mean severities?'],
    ],
    [
      "days that no calendar has",
      lines("version: 1", "freeze:", "  - from: 2026-02-30", "    until: 2026-13-01"),
      ["error 3 freeze[0].from must be a day", "error 4 freeze[0].until must be a day"],
    ],
    ["a text of several lines", lines("version: 1", "start: >", "  sometimes"), ["error 2 start must be"]],
    ["an empty key before a comment", lines("version: 1", "rules:", "  # none"), ["error 2 rules is empty"]],
    [
      "Windows line ends, and a byte order mark",
      "\ufeffversion: 1\r\nstart: al\r\nrules:\r\n  a: b\r\n",
      ["error 2 start must be one of", "error 3 rules must be a list"],
    ],
    ["a tab", lines("version: 1", "limits:", "\tnew_per_hour: 3"), ["error 3 YAML does not allow tabs"]],
    [
      "a text with a colon",
      lines("version: 1", "rules:", "  - name: sizes: on purpose"),
      [
        'error 3 this is not YAML: Nested mappings are not allowed in compact mappings; put what holds ": " into quotes',
      ],
    ],
    [
      "patterns without quotes",
      lines("version: 1", "critical_environments: [!dev]"),
      ["error 2 tags (!name) have no meaning here; remove the tag, or put what starts with ! into quotes"],
    ],
    ["nothing but comments", lines("# later"), ["error 1 the file says nothing"]],
    ["a list at the top", lines("# rules", "", "- a"), ["error 3 the file must be a mapping"]],
    [
      "a very long value",
      lines("version: 1", `start: ${"y".repeat(60_000)}`),
      [`error 2 start must be one of new-only, all, not "${"y".repeat(59)}…`],
    ],
  ])("%s", (_what, text, expected) => {
    const { config, diagnostics } = parseConfig(text, "f", NOW);
    expect(config).toBeNull();
    expectDiagnostics(diagnostics, expected);
  });
});
