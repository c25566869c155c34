import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grouping } from "../../src/config/model.ts";
import { type Actor, type JudgedFinding, SEVERITIES } from "../../src/drift/model.ts";
import { BODY_BUDGET, byteLength } from "../../src/reports/budget.ts";
import type { IssueFinding, LeftFinding } from "../../src/reports/issue-group.ts";
import { parseMarker } from "../../src/reports/marker.ts";
import { Reports } from "../../src/reports/reports.ts";
import {
  conflict,
  deleted,
  finding,
  known,
  resized,
  SECRET,
  secretChanged,
  shop,
  sshOpen,
  tagRemoved,
} from "./fixtures.ts";
import { hostile, hostileFinding } from "./hostile.ts";
import { htmlTags, LINKING, rendered, tableShapes } from "./markdown-rules.ts";

const reports = new Reports();
const SEEN = new Date("2026-10-01T10:00:00Z");

function inShop(
  findings: readonly JudgedFinding[],
  stack = shop,
): readonly [IssueFinding, ...IssueFinding[]] {
  const [first, ...others] = findings.map((one) => ({ finding: one, stack, firstSeenAt: SEEN }));
  if (first === undefined) throw new Error("an issue is about something");
  return [first, ...others];
}

function issue(
  findings: readonly JudgedFinding[],
  grouping: Grouping = "stack",
  left: readonly LeftFinding[] = [],
) {
  const contents = { findings: inShop(findings), grouping, name: `${grouping}:0123`, left };
  return reports.issueOf(contents);
}

const named = (one: JudgedFinding, fingerprint: string): JudgedFinding => ({ ...one, fingerprint });

describe("an issue about several findings", () => {
  const { title, body } = issue([named(resized, "a"), named(sshOpen, "b"), named(deleted, "c")]);
  const table = body.split("\n").filter((line) => /^\| (critical|high|medium|low|info) \|/.test(line));

  it("is called by how grave the gravest is, how many they are and where", () => {
    expect(title).toBe("Critical: 3 drifts in shop-prod");
    expect(body).toContain("**Critical** · 3 drifts · stack `shop-prod` (`production`)");
  });

  it("has a row for each, the gravest first, with its values and since when", () => {
    expect(table.map((row) => row.split(" | ")[1])).toEqual([
      "`aws_security_group.web`",
      "`aws_subnet.spare`",
      expect.stringContaining("aws_instance.this"),
    ]);
    expect(table[1]).toContain("| *deleted outside the code* |");
    expect(table[2]).toMatch(/\| `"t3\.micro"` \| .* \| `"t3\.large"` \| 2026-10-01 \|/);
  });

  it("tells of each as its own issue would, with commands that name it", () => {
    for (const part of ["### What depends on it", "### To revert it", "### To keep it instead"])
      expect(body.split(part)).toHaveLength(4);
    expect(body).toContain("`/drift ignore aws_subnet.spare until DATE because …`");
    expect(body).toContain("1. [ ] ");
  });

  it("has all of it in its marker, and the name that it keeps", () => {
    const marker = parseMarker(body);
    expect(marker).toMatchObject({ kind: "issue", stack: "shop-prod", name: "stack:0123" });
    expect(marker?.fingerprints.toSorted()).toEqual(["a", "b", "c"]);
  });

  it("does not depend on the order in which they come", () => {
    expect(issue([named(deleted, "c"), named(resized, "a"), named(sshOpen, "b")]).body).toBe(body);
  });

  it("of one alone is the issue of that one, but for the marker", () => {
    const own = reports.issue(sshOpen, shop);
    const alone = issue([sshOpen]);
    expect(alone.title).toBe(own.title);
    expect(alone.body.split("\n").slice(1)).toEqual(own.body.split("\n").slice(1));
  });

  it("names the stack of each where they are of several", () => {
    const other = { ...shop, name: "shop-test" };
    const [one, two] = [inShop([named(resized, "a")])[0], inShop([named(resized, "b")], other)[0]];
    const { body: text } = reports.issueOf({
      findings: [one, two],
      grouping: "cause",
      name: "cause:a",
      left: [],
    });
    expect(text).toContain("| Severity | Stack | Resource |");
    expect(text).toContain("aws_instance.this in shop-test until DATE");
    expect(parseMarker(text)?.stack).toBeNull();
  });
});

describe("what they have in common", () => {
  const actor = (at: string): Actor => ({
    id: "AIDA1",
    name: "alice",
    kind: "user",
    via: "console",
    at,
    evidence: "event 1",
  });
  const both = [named(resized, "a"), named(tagRemoved, "b")] as const;

  it.each<[string, Grouping, readonly JudgedFinding[], string, string]>([
    [
      "a resource",
      "resource",
      [named(sshOpen, "a"), named(sshOpen, "b")],
      "2 drifts of aws_security_group.web",
      "`aws_security_group.web` drifted in 2 ways.",
    ],
    [
      "who made them, and when",
      "cause",
      both.map((one, index) => ({ ...one, actor: actor(`2026-10-01T1${index}:30:00Z`) })),
      "2 drifts made by alice",
      "2 drifts, all made by `alice` from 2026-10-01 10:30 UTC to 2026-10-01 11:30 UTC.",
    ],
    [
      "a place in the code",
      "cause",
      ["a", "b"].map((fingerprint) => ({ ...resized, fingerprint, actor: null })),
      "2 drifts that come down to ",
      "2 drifts that come down to one place in the code: `",
    ],
  ])("%s", (_what, grouping, findings, title, found) => {
    const document = issue(findings, grouping);
    expect(document.title).toContain(`: ${title}`);
    expect(document.body).toContain(found);
  });
});

it("what it told of before is said, the last first, and of many a part", () => {
  const gone = (day: number) => ({
    finding: finding({ fingerprint: `g${day}`, address: `aws_vpc.day${day}` }),
    why: { reason: "gone", at: new Date(Date.UTC(2026, 9, day)) } as const,
  });
  const ignored = { finding: named(conflict, "i"), why: { reason: "ignored" } as const };
  const days = Array.from({ length: 25 }, (_, index) => gone(index + 1));
  const { body } = issue([named(resized, "a"), named(sshOpen, "b")], "stack", [...days, ignored]);
  const lines = body.slice(body.indexOf("What else this told of:")).split("\n").slice(2, 24);
  expect(lines[0]).toMatch(/: ignored for now$/);
  expect(lines[1]).toMatch(/aws_vpc\.day25.*: gone since 2026-10-25$/);
  expect(lines.filter((line) => line.startsWith("- "))).toHaveLength(20);
  expect(lines.at(-1)).toBe("*And 6 others.*");
});

it("what is secret in one of them is in none of the others", () => {
  const told = finding({ fingerprint: "z", notes: [`It was ${SECRET}`] });
  const contents = { findings: inShop([named(secretChanged, "a"), told]), grouping: "stack" as const };
  expect(reports.issueOf({ ...contents, name: "stack:0", left: [] }).body).not.toContain(SECRET);
});

describe("however many they are", () => {
  it.each([30, 400, 10_000])(
    "%i fit, the gravest are told in full, and the comments have the table",
    (count) => {
      const many = Array.from({ length: count }, (_, index) =>
        finding({
          ...sshOpen,
          fingerprint: `f${index}`,
          address: `aws_security_group.g${index}`,
          severity: SEVERITIES[index % SEVERITIES.length] ?? "low",
        }),
      );
      const { body, continuations } = issue(many);
      for (const text of [body, ...continuations]) expect(byteLength(text)).toBeLessThanOrEqual(BODY_BUDGET);
      expect(parseMarker(body)?.fingerprints.length).toBeGreaterThanOrEqual(Math.min(count, 300));
      const all = continuations.join("\n");
      const rows = all.match(/^\| (critical|high|medium|low|info) \|/gm) ?? [];
      expect(rows).toHaveLength(Math.min(count, 1_000));
      expect(continuations.length).toBeLessThanOrEqual(10);
      expect(all.includes("*And 9,000 more; `driftwright scan --json` has all.*")).toBe(count === 10_000);
      expect(all.match(/^## /gm)).toHaveLength(Math.min(count, 100));
      expect(all.includes("tells of one")).toBe(count > 100);
    },
    60_000,
  );
});

describe("one edit that changes many", () => {
  const effects = Array.from({ length: 300 }, (_, index) => ({
    address: `aws_instance.web[${index}]`,
    path: "tags.Note",
    before: "x",
    after: "y",
  }));
  const edit = { path: "main.tf", diff: "--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-x\n+y\n" };
  const tagged = (index: number, files = [edit]) =>
    finding({
      fingerprint: `f${index}`,
      address: `aws_instance.web[${index}]`,
      changes: [
        {
          path: ["tags", "Note"],
          desired: known("x"),
          recorded: known("x"),
          observed: known("y"),
          source: null,
        },
      ],
      adoption: { files, effects, verdict: "shared", why: "the literal is shared" },
    });

  it("is told once with the first of what it changes", () => {
    const { body, continuations } = issue([tagged(0), tagged(1), tagged(2)], "stack");
    expect(continuations).toEqual([]);
    expect(body.match(/^\+y$/gm)).toHaveLength(1);
    expect(body.match(/^\| `aws_instance.web\[\d+\]` \| `tags.Note` \| `"x"` \| `"y"` \|$/gm)).toHaveLength(
      20,
    );
    expect(body).toContain("*And 279 more; `driftwright scan --json` has all.*");
    const same =
      "The edit that makes the code follow is the same as for this, above: `tags.Note` of `aws_instance.web[0]`";
    expect(body.split(same)).toHaveLength(3);
  });

  it("is told again where it is another one", () => {
    const other = { path: "main.tf", diff: edit.diff.replace("+y", "+z") };
    const { body } = issue([tagged(0), tagged(1, [other])], "stack");
    expect(body.match(/^\+[yz]$/gm)).toEqual(["+y", "+z"]);
    expect(body).not.toContain("is the same as for this");
  });
});

describe("an issue never becomes a flood", () => {
  const changes = Array.from({ length: 20_000 }, (_, index) => ({
    path: ["tags", `key${index}`],
    desired: known("a".repeat(60)),
    recorded: known("a".repeat(60)),
    observed: known("b".repeat(60)),
    source: null,
  }));
  const { body, continuations } = reports.issue(finding({ changes }), shop);

  it("ten comments at most go on with it", () => {
    expect(continuations).toHaveLength(10);
    for (const text of [body, ...continuations]) expect(byteLength(text)).toBeLessThanOrEqual(BODY_BUDGET);
    expect(continuations[0]).toMatch(/^\*\*The report, part 1 of 10\*\*/);
  });

  it("what is left out is counted, and it is said who has all", () => {
    const all = continuations.join("\n");
    const told = new Set(all.match(/key\d+/g));
    expect(told.size).toBeGreaterThan(2_000);
    const left = (20_000 - told.size).toLocaleString("en-US");
    expect(all).toContain(`*${left} more are left out here; \`driftwright scan --json\` has all.*`);
    expect(continuations.at(-1)?.trimEnd()).toMatch(
      /is counted where it would stand; `driftwright scan --json` has all\.\*$/,
    );
    expect(body).toContain("the comments below have more, and `driftwright scan --json` has all");
    expect(body).not.toContain("the comments below have all");
  });
});

const OUR_TAGS = ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>", "<br>"];

it("what stands in findings and names cannot act in it", () => {
  fc.assert(
    fc.property(fc.array(hostileFinding, { minLength: 2, maxLength: 3 }), hostile, (findings, name) => {
      const stack = { ...shop, name, environment: name };
      const all = inShop(findings, stack);
      const left = findings.map((one) => ({ finding: one, why: { reason: "settled" } as const }));
      for (const grouping of ["resource", "stack", "cause"] as const) {
        const { body, title } = reports.issueOf({ findings: all, grouping, name: "stack:1", left });
        expect(title).not.toMatch(/[\n\r]/);
        const ours = body.split("\n").slice(1).join("\n");
        for (const tag of htmlTags(ours)) expect(OUR_TAGS).toContain(tag);
        for (const shape of tableShapes(ours)) expect(new Set(shape).size).toBe(1);
        for (const pattern of LINKING) expect(rendered(ours)).not.toMatch(pattern);
        expect(ours).not.toMatch(/<!--\s*driftwright/i);
        expect(parseMarker(body)).not.toBeNull();
      }
    }),
    { numRuns: 60 },
  );
});
