import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/drift/model.ts";
import type { Dashboard } from "../../src/reports/dashboard.ts";
import type { DashboardFinding } from "../../src/reports/dashboard-findings.ts";
import { Reports } from "../../src/reports/reports.ts";
import { change, finding, known, resized, stack, UNDECIDED } from "./fixtures.ts";

const NOW = new Date("2026-03-05T09:00:00Z");

function told(parts: Partial<DashboardFinding>): DashboardFinding {
  return {
    finding: { ...resized, intent: UNDECIDED },
    stack: "shop-prod",
    state: "undecided",
    since: NOW,
    until: null,
    because: null,
    told: { in: "nowhere" },
    hold: null,
    ...parts,
  };
}

function dashboard(findings: readonly DashboardFinding[], parts: Partial<Dashboard> = {}): string {
  const stacks = [{ stack: stack({}), comparedAt: NOW }];
  return new Reports().dashboard({ scannedAt: NOW, stacks, findings, checks: [], failed: null, ...parts })
    .body;
}

/** The rows of a section without the line of heads. */
function section(body: string, title: string): string[] {
  const [, text = ""] = body.split(`### ${title}\n`);
  const rows = (text.split("\n### ")[0] ?? "").split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2);
}

describe("where a finding is told", () => {
  it.each<[string, DashboardFinding["told"], string]>([
    ["in an issue or pull request", { in: "thread", number: 7 }, "| #7 |"],
    ["on the dashboard alone", { in: "dashboard" }, "| *here alone* |"],
    [
      "in an issue that somebody closed",
      { in: "closed", number: 7 },
      "| #7, which somebody closed: the next scan looks whether it is gone |",
    ],
    [
      "in a pull request that somebody made theirs",
      { in: "theirs", number: 7 },
      "| #7, which Driftwright leaves to who took it over or closed it |",
    ],
    [
      "when a scan has looked",
      { in: "next-scan" },
      "| nothing yet: the next scan looks for what was decided |",
    ],
    ["nowhere yet", { in: "nowhere" }, "| nothing yet |"],
  ])("%s", (_what, where, cell) => {
    const body = dashboard([told({ told: where })]);
    expect(section(body, "Waiting for a decision")[0]?.endsWith(cell)).toBe(true);
    // Of nothing else it is said that it was there when Driftwright first looked.
    expect(body.includes("What is told *here alone* was there")).toBe(where.in === "dashboard");
  });
});

describe("what is held back", () => {
  const until = new Date("2026-03-06T10:30:00Z");

  it.each<[string, DashboardFinding["hold"], string]>([
    ["a freeze", { by: "freeze", until }, "| 2026-03-06 10:30 UTC, the end of a freeze |"],
    [
      "the limit of an hour",
      { by: "newPerHour", until },
      "| 2026-03-06 10:30 UTC at the earliest (`new_per_hour`) |",
    ],
    [
      "the limit of open pull requests",
      { by: "openPullRequests", limit: 5 },
      "| an open pull request of Driftwright is merged or closed (`open_pull_requests`) |",
    ],
    [
      "a limit that lets none be opened",
      { by: "openPullRequests", limit: 0 },
      "| the limit is raised (`open_pull_requests: 0`) |",
    ],
  ])("by %s says until when", (_what, hold, cell) => {
    const body = dashboard([told({ state: "held", hold })]);
    expect(body).toContain("| Since | Held until | Told in |");
    expect(section(body, "Held back")).toEqual([expect.stringContaining(cell)]);
    expect(body).not.toContain("here alone");
  });
});

it("what nobody decided names both places of a command: an issue need not be there", () => {
  expect(dashboard([told({ told: { in: "dashboard" } })])).toContain(
    "in a comment do: on its issue, or here with its name.",
  );
});

it("what was decided and cannot be done is told apart from what nobody decided", () => {
  const intent: Intent = {
    verdict: "undecided",
    decidedBy: "safety",
    because: [],
    refused: { verdict: "adopt", decidedBy: '"sizes"' },
  };
  const body = dashboard([told({ state: "blocked", finding: { ...resized, intent } })]);
  expect(body).toContain("A person or a rule has decided, and it cannot be done so;");
  expect(body).not.toContain("Nobody has decided");
  expect(section(body, "Decided, and not possible")).toEqual([
    expect.stringContaining("| adopt, by the rule `sizes` |"),
  ]);
});

describe("what is ignored", () => {
  const ignored = (parts: Partial<DashboardFinding>, decidedBy = "@alice") =>
    dashboard([
      told({
        state: "ignored",
        finding: { ...resized, intent: { verdict: "ignore", decidedBy, because: [] } },
        ...parts,
      }),
    ]);

  it("says by whom, until when, and why", () => {
    const body = ignored({ until: "2026-05-01", because: "we | watch <b>it</b>\n# all" });
    expect(section(body, "Ignored")).toEqual([
      expect.stringMatching(/\| 2026-05-01 \| `@alice`: we &#124; watch &lt;b&gt;it.*all \|$/),
    ]);
    expect(body).not.toContain("<b>");
  });

  it("by a rule without a reason names the rule", () => {
    expect(section(ignored({}, '"tags"'), "Ignored")).toEqual([
      expect.stringContaining("| while the rule holds | the rule `tags` |"),
    ]);
  });
});

describe("how to decide in a comment", () => {
  it("is shown of one that is told here alone", () => {
    const tag = (key: string, parts: Partial<DashboardFinding>) =>
      told({
        finding: finding({
          fingerprint: key,
          changes: [change(`tags.${key}`, known("a"), known("a"), known("b"))],
        }),
        ...parts,
      });
    const body = dashboard([
      tag("A", { told: { in: "thread", number: 2 } }),
      tag("B", { told: { in: "dashboard" } }),
    ]);
    expect(body).toContain(
      '`/drift ignore module.web["api"].aws_instance.this tags.B until DATE because …`. `adopt`, `revert` and `explain` work',
    );
  });

  it("is not, where there is nothing to decide", () => {
    expect(dashboard([told({ state: "ignored" })])).not.toContain("/drift ignore module");
  });
});

it("checks name the pull requests that they are of", () => {
  const check = { name: "Driftwright", headSha: "a".repeat(40), conclusion: "failure" };
  const checks = [
    { ...check, pullRequests: [3, 4] },
    { ...check, pullRequests: [] },
  ];
  expect(section(dashboard([], { checks }), "Checks that want attention")).toEqual([
    `| #3, #4 | ${check.headSha} | Driftwright | failure |`,
    `| the default branch | ${check.headSha} | Driftwright | failure |`,
  ]);
});

describe("problems", () => {
  const remark = (message: string, file: string | null = null) =>
    ({ severity: "warning", message, file, line: null, column: null }) as const;

  it("are told once, with the stacks that have them", () => {
    const shared = remark("limits has no effect", ".github/driftwright.yml");
    const named = ["one", "two", "three"].map((name) => ({
      stack: { ...stack(), name, diagnostics: [shared, ...(name === "two" ? [remark("no state")] : [])] },
      comparedAt: null,
    }));
    const many = Array.from({ length: 13 }, (_, index) => ({
      stack: { ...stack(), name: `s${index}`, diagnostics: [remark("elsewhere")] },
      comparedAt: null,
    }));
    const scannedAt = new Date("2026-11-22T00:00:00Z");
    const { body } = new Reports().dashboard({
      scannedAt,
      stacks: [...named, ...many],
      findings: [],
      checks: [],
      failed: null,
    });
    const lines = (body.split("### Problems\n\n")[1] ?? "").split("\n\n")[0]?.split("\n");
    expect(lines).toEqual([
      "- `one`, `two`, `three`: `.github/driftwright.yml`: warning: limits has no effect",
      "- `two`: warning: no state",
      "- `s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6`, `s7`, `s8`, `s9` and 3 more: warning: elsewhere",
    ]);
  });
});
