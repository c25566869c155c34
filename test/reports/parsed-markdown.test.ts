import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import type { JudgedFinding } from "../../src/drift/model.ts";
import type { Dashboard } from "../../src/reports/dashboard.ts";
import { DASHBOARD_STATES } from "../../src/reports/dashboard-findings.ts";
import { code, fence, text } from "../../src/reports/markdown.ts";
import { Reports } from "../../src/reports/reports.ts";
import { inStack, shop } from "./fixtures.ts";
import { hostile, hostileFinding } from "./hostile.ts";

function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function nodesIn(node: Nodes): Nodes[] {
  return [node, ...("children" in node ? node.children.flatMap(nodesIn) : [])];
}

function kindsIn(markdown: string): Set<string> {
  return new Set(nodesIn(parse(markdown)).map(({ type }) => type));
}

function dashboardWith(finding: JudgedFinding): Dashboard {
  const since = new Date("2026-03-01T00:00:00Z");
  const { address: name } = finding;
  const stack = { ...shop, name, environment: name, findings: [finding] };
  const common = { finding, stack: name, since, until: null, because: name, hold: null };
  return {
    scannedAt: since,
    stacks: [{ stack, comparedAt: since }],
    findings: DASHBOARD_STATES.map((state) => ({ ...common, state, told: { in: "dashboard" } })),
    checks: [{ name, headSha: name, pullRequests: [], conclusion: name }],
    failed: { at: since, reason: name },
  };
}

const OWN_TAGS = /^<\/?(?:details|summary|code|br)>$/;

/** The tags of an HTML node, our own marker aside. */
function tagsIn(html: string): readonly string[] {
  return html.replace(/<!-- driftwright:v1 [^<>]*-->/g, "").match(/<[^>]*>?/g) ?? [];
}

describe("a Markdown parser reads hostile values as text", () => {
  it("in a sentence", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const kinds = kindsIn(`before ${text(value)} after`);
        for (const kind of kinds) expect(["root", "paragraph", "text", "break"]).toContain(kind);
      }),
      { numRuns: 300 },
    );
  });

  it("in a table cell", () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const tree = parse(`| a | b |\n| --- | --- |\n| ${code(a)} | ${text(b)} |\n`);
        const [table, ...others] = tree.children;
        expect(others).toEqual([]);
        expect(table?.type === "table" && table.children.map(({ children }) => children.length)).toEqual([
          2, 2,
        ]);
        const kinds = nodesIn(tree).map(({ type }) => type);
        expect(kinds).not.toContain("link");
        expect(kinds).not.toContain("image");
      }),
      { numRuns: 300 },
    );
  });

  it("in a fenced block", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const tree = parse(`${fence(value, "diff")}\n\nafter\n`);
        expect(tree.children.map(({ type }) => type)).toEqual(["code", "paragraph"]);
      }),
      { numRuns: 300 },
    );
  });

  it("in whole documents: no link, no image, no HTML but our own", () => {
    fc.assert(
      fc.property(hostileFinding, (finding) => {
        const reports = new Reports();
        for (const { body } of [
          reports.issue(finding, shop),
          reports.pullRequest(inStack(shop, [finding])),
          reports.dashboard(dashboardWith(finding)),
        ]) {
          for (const node of nodesIn(parse(body))) {
            expect([
              "link",
              "image",
              "linkReference",
              "imageReference",
              "definition",
              "footnoteReference",
            ]).not.toContain(node.type);
            if (node.type === "html")
              expect(tagsIn(node.value).every((tag) => OWN_TAGS.test(tag))).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
