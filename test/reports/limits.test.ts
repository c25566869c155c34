import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JudgedFinding, SEVERITIES, type StackResult } from "../../src/drift/model.ts";
import { PLAIN_CHANGE } from "../../src/reports/affected.ts";
import { BODY_BUDGET, byteLength } from "../../src/reports/budget.ts";
import { configCheckRun, configIssue } from "../../src/reports/config-report.ts";
import type { Dashboard } from "../../src/reports/dashboard.ts";
import { DASHBOARD_STATES } from "../../src/reports/dashboard-findings.ts";
import { explanation } from "../../src/reports/explanation.ts";
import { parseMarker } from "../../src/reports/marker.ts";
import { publicDashboard } from "../../src/reports/public-counts.ts";
import { Reports } from "../../src/reports/reports.ts";
import { at, inStack, known, sshOpen } from "./fixtures.ts";
import { hostile } from "./hostile.ts";
import { tableShapes, withoutFences } from "./markdown-rules.ts";

/** What GitHub takes: of bodies 65,536 characters, of the texts of check runs 65,535, of titles 256. */
const MOST_CHARACTERS = 65_535;
const LONGEST_TITLE = 256;

// Each becomes longer where it is escaped: as an entity, as an escape that can be seen, or in UTF-8.
const SWELLING = ["|", "`", "\\", "<", "&", "\u202e", "\u{e0041}", "\u0000", "日", "😀", "é", "\n", "x", '"'];

/** Texts of attackers and of accidents: some are very long. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: hostile },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...SWELLING), fc.integer({ min: 1, max: 3_000 }))
      .map(([unit, times]) => unit.repeat(times)),
  },
);

const count = fc.integer({ min: 0, max: 12 });

/** A finding in which every text may be very long, and every list has many items. */
const anyFinding: fc.Arbitrary<JudgedFinding> = fc
  .record({
    texts: fc.array(anyText, { minLength: 8, maxLength: 8 }),
    many: count,
    severity: fc.constantFrom(...SEVERITIES),
    verdict: fc.constantFrom("adopt", "revert", "ignore", "undecided"),
    kind: fc.constantFrom("drift", "conflict", "deleted", "unmanaged", "unreadable"),
    widensAccess: fc.boolean(),
  })
  .map(({ texts, many, severity, verdict, kind, widensAccess }) => {
    const [a = "", b = "", c = "", d = "", e = "", f = "", g = "", h = ""] = texts;
    const times = <T>(item: T): T[] => Array.from({ length: many }, () => item);
    return {
      ...sshOpen,
      severity,
      kind,
      widensAccess,
      address: a,
      concern: h,
      resource: { type: b, id: c, account: d, region: e },
      changes: times({
        path: ["tags", b],
        desired: known(c),
        recorded: known({ [d]: e }),
        observed: known([a, f]),
        source: at(f, 3),
      }),
      notes: times(g),
      actor: { id: a, name: b, kind: "user", via: "cli", at: c, evidence: d },
      intent: { verdict, decidedBy: e, because: times(h) },
      adoption: {
        files: times({ path: c, diff: `--- a/f\n+++ b/f\n@@ -1 +1 @@\n-${d}\n+${e}\n` }),
        effects: times({ stack: a, address: b, path: c, before: d, after: { [e]: f } }),
        verdict: "shared",
        why: d,
      },
      revert: {
        steps: times({ title: e, commands: [{ tool: "aws", argv: [f, a] }], impact: "in-place", verify: b }),
        dependents: times(c),
      },
    };
  });

const anyStack = fc
  .tuple(anyText, anyText, anyText)
  .map(([name, path, environment]) => ({ name, path, environment }));

/** The same finding so often, each time under another name. */
function repeated(finding: JudgedFinding, times: number): JudgedFinding[] {
  return Array.from({ length: times }, (_, index) => ({
    ...finding,
    fingerprint: index.toString(16).padStart(20, "0"),
    address: `${finding.address}[${index}]`,
  }));
}

function expectFitting(body: string): void {
  expect(byteLength(body)).toBeLessThanOrEqual(BODY_BUDGET);
  expect(body.length).toBeLessThanOrEqual(MOST_CHARACTERS);
  expect([...body].length).toBeLessThanOrEqual(MOST_CHARACTERS);
  for (const shape of tableShapes(body)) expect(new Set(shape).size).toBe(1);
  withoutFences(body);
}

function stackOf(
  { name, path, environment }: { name: string; path: string; environment: string },
  findings: readonly JudgedFinding[],
  message: string,
): StackResult {
  return {
    name,
    path,
    environment,
    ref: "main",
    commit: "c",
    status: "incomplete",
    evidence: "inventory",
    state: null,
    diagnostics: Array.from({ length: 60 }, () => ({
      severity: "error" as const,
      message,
      file: path,
      line: 1,
      column: 1,
    })),
    coverage: {
      instances: 1,
      instancesRead: 1,
      attributes: 1,
      compared: 1,
      notCompared: 0,
      unreadable: 0,
    },
    findings,
  };
}

function dashboardOf(findings: readonly JudgedFinding[], stacks: readonly StackResult[]): Dashboard {
  const since = new Date("2026-03-01T00:00:00Z");
  return {
    scannedAt: new Date("2026-03-05T00:00:00Z"),
    stacks: stacks.map((stack) => ({ stack, comparedAt: since })),
    findings: findings.map((finding, index) => ({
      finding,
      stack: stacks[0]?.name ?? "",
      state: DASHBOARD_STATES[index % DASHBOARD_STATES.length] ?? "open",
      since,
      until: null,
      because: finding.address,
      hold: null,
      told: index % 2 === 0 ? { in: "dashboard" } : { in: "thread", number: index },
    })),
    checks: Array.from({ length: 20 }, () => ({
      name: stacks[0]?.name ?? "",
      headSha: "a".repeat(40),
      pullRequests: [1, 2],
      conclusion: "neutral",
    })),
    failed: { at: since, reason: stacks[0]?.name ?? "" },
  };
}

const reports = new Reports();
const RUNS = { numRuns: 12, seed: 7 };

describe("whatever the findings hold, GitHub takes", () => {
  it("an issue, and the comments that continue it", () => {
    fc.assert(
      fc.property(anyFinding, anyStack, (finding, stack) => {
        const { title, body, continuations } = reports.issue(finding, stack);
        expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE);
        expect(parseMarker(body)?.kind).toBe("issue");
        for (const text of [body, ...continuations]) expectFitting(text);
      }),
      RUNS,
    );
  });

  it("an issue about several, and the comments that continue it", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 2, maxLength: 6 }), anyStack, (all, stack) => {
        const [first, ...others] = all.map((finding) => ({ finding, stack, firstSeenAt: new Date(0) }));
        if (first === undefined) return;
        const left = others.map((one) => ({ ...one, why: { reason: "ignored" } as const }));
        const contents = { findings: [first, ...others], grouping: "stack", name: "stack:0", left } as const;
        const { title, body, continuations } = reports.issueOf(contents);
        expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE);
        expect(parseMarker(body)?.kind).toBe("issue");
        for (const text of [body, ...continuations]) expectFitting(text);
      }),
      RUNS,
    );
  });

  it("a pull request of several findings, and the comments that continue it", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 6 }), anyStack, (findings, stack) => {
        const { title, body, continuations } = reports.pullRequest(inStack(stack, findings as never));
        expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE);
        expect(parseMarker(body)?.kind).toBe("pull-request");
        for (const text of [body, ...continuations]) expectFitting(text);
      }),
      RUNS,
    );
  });

  it("a check run: title, summary, text and annotations", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 6 }), anyStack, anyText, (findings, stack, message) => {
        const affected = findings.map((finding) => ({
          finding,
          stack,
          effect: "reverts" as const,
          places: [{ file: "main.tf", line: 1, column: 1, from: 1, to: 1 }],
        }));
        const notEvaluated = Array.from({ length: 80 }, () => ({ stack: stack.name, why: message }));
        const instances = Array.from({ length: 200 }, () => {
          return { what: "added" as const, address: message, count: 1 };
        });
        const changes = notEvaluated.map((one) => ({ ...one, instances, undecided: 0 }));
        const run = reports.checkRun(affected, { ...PLAIN_CHANGE, notEvaluated, changes });
        expect(run.title.length).toBeLessThanOrEqual(LONGEST_TITLE);
        expectFitting(run.summary);
        expectFitting(run.text);
        for (const { title, message: said } of run.annotations) {
          expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE - 1);
          expect(byteLength(said)).toBeLessThanOrEqual(64 * 1024);
        }
      }),
      RUNS,
    );
  });

  it("a summary and a dashboard", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 6 }), anyStack, anyText, (findings, stack, message) => {
        const many = findings.flatMap((finding) => repeated(finding, 10));
        const stacks = Array.from({ length: 12 }, () => stackOf(stack, many.slice(0, 3), message));
        const summary = reports.summary(stacks);
        for (const text of [summary.body, ...summary.continuations]) expectFitting(text);
        const { title, body, continuations } = reports.dashboard(dashboardOf(many, stacks));
        expect({ title, continuations }).toEqual({ title: "Driftwright dashboard", continuations: [] });
        expect(parseMarker(body)?.kind).toBe("dashboard");
        expectFitting(body);
        expectFitting(publicDashboard(dashboardOf(many, stacks)).body);
      }),
      { ...RUNS, numRuns: 4 },
    );
  });

  it("what is said of a configuration, and an explanation", () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 6 }), anyText, (findings, message) => {
        // As many as the reader of the file gives.
        const diagnostics = Array.from({ length: 50 }, (_, line) => ({
          severity: "error" as const,
          message,
          file: "f",
          line,
          column: 1,
        }));
        expectFitting(configIssue({ file: ".github/driftwright.yml", diagnostics }, false).body);
        const run = configCheckRun({ file: ".github/driftwright.yml", diagnostics }, false);
        expectFitting(run.summary);
        expect(byteLength(explanation(findings))).toBeLessThanOrEqual(BODY_BUDGET);
      }),
      RUNS,
    );
  });
});

describe("of ten thousand findings", () => {
  const many = repeated({ ...sshOpen, address: "aws_instance.web" }, 10_000).map((finding, index) => ({
    ...finding,
    severity: SEVERITIES[(index * 7) % SEVERITIES.length] ?? "low",
  }));
  const stack = { name: "shop", path: ".", environment: "production" };

  it("a dashboard counts all, and tells of the most severe", () => {
    const open = { ...dashboardOf(many, [stackOf(stack, many, "wrong")]), checks: [] };
    const findings = open.findings.map((one) => ({ ...one, state: "open" as const }));
    const { body } = reports.dashboard({ ...open, findings });
    expectFitting(body);
    expect(body).toContain("| Open | 10,000 | 2,000 | 2,000 | 2,000 | 2,000 | 2,000 |");
    expect(body).toMatch(/\*And 9,9\d\d more; `driftwright scan` lists all\.\*/);
    const rows = body.match(/^\| (critical|high|medium|low|info) /gm) ?? [];
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows)).toEqual(new Set(["| critical "]));
  });

  it("two thousand that one edit adopts: a pull request keeps its marker", () => {
    const { body } = reports.pullRequest(inStack(stack, many.slice(0, 2_000) as never));
    expectFitting(body);
    expect(parseMarker(body)?.fingerprints.slice(0, 1_000)).toEqual(
      many.slice(0, 1_000).map(({ fingerprint }) => fingerprint),
    );
  });

  it("a check run tells the numbers", () => {
    const run = reports.checkRun(
      many.map((finding) => ({ finding, stack, effect: "reverts" as const, places: [] })),
    );
    expectFitting(run.summary);
    expectFitting(run.text);
  });
});
