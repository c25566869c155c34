import { describe, expect, it } from "vitest";
import type { JudgedFinding } from "../../src/drift/model.ts";
import { byteLength } from "../../src/reports/budget.ts";
import { reportFiles } from "../../src/reports/files.ts";
import * as fixtures from "./fixtures.ts";
import { finding, resized, SECRET, shop, sshOpen, stack } from "./fixtures.ts";

const LINES = [{ file: "a.tf", from: 1, to: 1 }];

function paths(...parameters: Parameters<typeof reportFiles>): readonly string[] {
  return reportFiles(...parameters).map(({ path }) => path);
}

describe("the files of --out", () => {
  it("are a summary, a pull request for each adopted edit, an issue for each other drift, and the check runs", () => {
    const affected = [{ finding: sshOpen, stack: shop, effect: "reverts" as const, places: LINES }];
    expect(paths([shop, fixtures.broken], { checkRuns: [{ name: "feature/x", affected }] })).toEqual([
      "summary.md",
      "pull-requests/shop-prod-5b1f0c9d2e7a4863.md",
      "issues/shop-prod-0d4c3b2a19087f6e.md",
      "issues/shop-prod-1111222233334444.md",
      "issues/shop-prod-2222333344445555.md",
      "issues/shop-prod-3333444455556666.md",
      "issues/shop-prod-5555666677778888.md",
      "check-runs/feature-x.md",
    ]);
  });

  it("begin with the title", () => {
    const [, pullRequest] = reportFiles([shop]);
    expect(pullRequest?.text).toMatch(
      /^# Adopt t3\.large for instance_type of module\.web\\\["api"\\\]\.aws_instance\.this\n\n<!-- driftwright:v1 /,
    );
  });

  it("show a check run with its annotations", () => {
    const affected = [{ finding: sshOpen, stack: shop, effect: "reverts" as const, places: LINES }];
    const text = reportFiles([], { checkRuns: [{ name: "x", affected }] }).at(-1)?.text;
    expect(text).toMatch(
      /^# This change touches 1 drifted instance\n\nConclusion: neutral\n\n<!-- driftwright/,
    );
    expect(text).toContain(
      "## Annotations\n\n- `a.tf:1` (warning): ingress\\[2\\] of aws_security_group.web was changed",
    );
  });

  it("share one pull request between findings with the same edit", () => {
    const other: JudgedFinding = { ...resized, address: "aws_instance.other", fingerprint: "77" };
    expect(paths([stack({ findings: [resized, other] })])).toEqual([
      "summary.md",
      "pull-requests/shop-prod-5b1f0c9d2e7a4863.md",
    ]);
  });

  it.each([
    ["a suspect stack", stack({ status: "suspect", findings: [resized, sshOpen] })],
    [
      "what is ignored",
      stack({ findings: [finding({ intent: { verdict: "ignore", decidedBy: "", because: [] } })] }),
    ],
    ["what is no drift", stack({ findings: [fixtures.unreadable, finding({ kind: "pending-create" })] })],
  ])("leave %s to the summary", (_, one) => {
    expect(paths([one])).toEqual(["summary.md"]);
  });

  it("make an issue of what cannot be adopted", () => {
    const refused: JudgedFinding = { ...resized, adoption: fixtures.tagRemoved.adoption };
    const sensitive: JudgedFinding = { ...resized, fingerprint: "99", sensitive: true };
    expect(paths([stack({ findings: [refused, sensitive] })])).toEqual([
      "summary.md",
      "issues/shop-prod-5b1f0c9d2e7a4863.md",
      "issues/shop-prod-99.md",
    ]);
  });

  it.each([
    ["../../etc/passwd", "issues/etc-passwd-a-b.md"],
    ["..", "issues/unnamed-a-b.md"],
    ["C:\\x:y", "issues/C-x-y-a-b.md"],
    ["a\u0000b\n", "issues/a-b--a-b.md"],
    ["x".repeat(300), `issues/${"x".repeat(80)}-a-b.md`],
  ])("stay in their folder for a stack called %j", (name, path) => {
    expect(paths([stack({ name, findings: [{ ...sshOpen, fingerprint: "a/b" }] })])).toContain(path);
  });

  it("hold nothing that is secret in another finding", () => {
    const gossip = finding({ notes: [`see ${SECRET}`] });
    for (const { text } of reportFiles([stack({ findings: [fixtures.secretChanged, gossip] })])) {
      expect(text).not.toContain(SECRET);
    }
  });

  it("come with the complete text where a body is too long", () => {
    const effects = Array.from({ length: 3_000 }, (_, index) => ({
      address: `aws_instance.a[${index}]`,
      path: "tags.Owner",
      before: "a",
      after: "b",
    }));
    const long: JudgedFinding = { ...resized, adoption: { ...fixtures.resizeAdoption, effects } };
    const files = reportFiles([stack({ findings: [long] })]);
    expect(files.map(({ path }) => path)).toEqual([
      "summary.md",
      "pull-requests/shop-prod-5b1f0c9d2e7a4863.md",
      "pull-requests/shop-prod-5b1f0c9d2e7a4863.complete.md",
    ]);
    expect(files[1]?.text).toContain("`pull-requests/shop-prod-5b1f0c9d2e7a4863.complete.md` has all.*");
    expect(byteLength(files[1]?.text ?? "")).toBeLessThan(60_000);
    expect(files[2]?.text).toContain("`aws_instance.a[2999]`");
  });
});
