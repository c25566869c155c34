import { describe, expect, it } from "vitest";
import { exactNumber, printJson } from "../../src/json/json.ts";
import { scanDocument } from "../../src/reports/document.ts";
import { Redaction } from "../../src/reports/redaction.ts";
import * as fixtures from "./fixtures.ts";
import { finding, known, SECRET, shop, stack } from "./fixtures.ts";

interface Printed {
  readonly schema: number;
  readonly stacks: readonly { readonly findings: readonly Record<string, unknown>[] }[];
}

function printed(...stacks: Parameters<typeof scanDocument>[0]): Printed {
  return JSON.parse(printJson(scanDocument(stacks))) as Printed;
}

describe("the document of scan --json", () => {
  it("has the service and the owners of a stack that has them", () => {
    const owned = { service: "checkout", owners: ["alice", "acme/platform"] };
    expect(printed({ ...shop, ...owned }).stacks[0]).toMatchObject(owned);
  });

  it("counts what a tolerance lets be, where there is any", () => {
    const coverage = { ...shop.coverage, tolerated: 2 };
    expect(printed({ ...shop, coverage }).stacks[0]).toMatchObject({ coverage: { tolerated: 2 } });
  });

  it("has exactly the contract's fields, in its order", () => {
    const { revert, ...resized } = fixtures.resized;
    expect(
      printJson(scanDocument([stack({ findings: [{ ...resized, revert: null }] }), fixtures.broken])),
    ).toBe(
      JSON.stringify({
        schema: 1,
        stacks: [
          {
            name: "shop-prod",
            path: "infra/shop",
            environment: "production",
            ref: "main",
            commit: "3f786850e387550fdab836ed7e6dc881de23001b",
            status: "complete",
            evidence: "inventory",
            state: { serial: 42, lineage: "0b6f2c1e-9d3a-4c55-8a70-1c2d3e4f5a6b" },
            diagnostics: [],
            coverage: {
              instances: 14,
              instancesRead: 14,
              attributes: 210,
              compared: 176,
              notCompared: 34,
              unreadable: 0,
            },
            findings: [
              {
                fingerprint: "5b1f0c9d2e7a4863",
                revision: "a1b2c3d4e5f60718",
                address: 'module.web["api"].aws_instance.this',
                resource: {
                  type: "aws_instance",
                  id: "i-0a1b2c3d4e5f60718",
                  account: "123456789012",
                  region: "eu-central-1",
                },
                kind: "drift",
                category: "configuration",
                severity: "medium",
                changes: [
                  {
                    path: "instance_type",
                    desired: "t3.micro",
                    recorded: "t3.micro",
                    observed: "t3.large",
                    sensitive: false,
                    source: { file: "infra/shop/prod.tfvars", line: 4, column: 21 },
                  },
                ],
                actor: {
                  id: "AROAEXAMPLE:alice",
                  name: "alice",
                  kind: "user",
                  via: "console",
                  at: "2026-09-30T16:20:11Z",
                  evidence: "CloudTrail event 6f1c2b7e",
                },
                detectedAt: "2026-10-01T10:15:00.000Z",
                intent: fixtures.resized.intent,
                adoption: {
                  files: fixtures.resizeAdoption.files,
                  effects: fixtures.resizeAdoption.effects,
                  verdict: "exact",
                },
                revert: null,
              },
            ],
          },
          {
            name: "billing",
            path: "infra/billing",
            environment: null,
            ref: "main",
            commit: "3f786850e387550fdab836ed7e6dc881de23001b",
            status: "failed",
            evidence: "inventory",
            state: null,
            diagnostics: fixtures.broken.diagnostics,
            coverage: {
              instances: 0,
              instancesRead: 0,
              attributes: 0,
              compared: 0,
              notCompared: 0,
              unreadable: 0,
            },
            findings: [],
          },
        ],
      }),
    );
    expect(revert).not.toBeNull();
  });

  it("prints a plan's steps and leaves the dependents to the texts", () => {
    const [first] = printed(stack({ findings: [fixtures.deleted] })).stacks[0]?.findings ?? [];
    expect(first?.["revert"]).toEqual({
      steps: [
        {
          title: "Create it again",
          commands: [{ tool: "terraform", argv: ["-chdir=infra/shop", "apply", "-target=aws_subnet.spare"] }],
          impact: "replace",
          verify: "",
        },
      ],
    });
  });

  it("prints a refused adoption without files, and what is not known as null", () => {
    const one = finding({
      changes: [fixtures.change("tags.Name", "unknown", "absent", "unread")],
      adoption: fixtures.tagRemoved.adoption,
    });
    const [first] = printed(stack({ findings: [one] })).stacks[0]?.findings ?? [];
    expect(first?.["changes"]).toEqual([
      { path: "tags.Name", desired: null, recorded: null, observed: null, sensitive: false, source: null },
    ]);
    expect(first?.["adoption"]).toEqual({ files: [], effects: [], verdict: "refused" });
  });

  it("keeps all digits of a number", () => {
    const change = fixtures.change("size", known(1), known(1), {
      known: exactNumber("123456789012345678901234567890"),
    });
    expect(printJson(scanDocument([stack({ findings: [finding({ changes: [change] })] })]))).toContain(
      '"observed":123456789012345678901234567890',
    );
  });
});

describe("sensitive values in the document", () => {
  it("are masked on all three sides, whichever side knew them", () => {
    const [first] = printed(stack({ findings: [fixtures.secretChanged] })).stacks[0]?.findings ?? [];
    expect(first?.["changes"]).toEqual([
      {
        path: "user_data",
        desired: "(sensitive)",
        recorded: "(sensitive)",
        observed: "(sensitive)",
        sensitive: true,
        source: null,
      },
      {
        path: "tags.token",
        desired: "(sensitive)",
        recorded: null,
        observed: "(sensitive)",
        sensitive: true,
        source: null,
      },
    ]);
    expect(first?.["adoption"]).toEqual({ files: [], effects: [], verdict: "refused" });
  });

  it("are masked where one side is hidden though nobody marked the finding", () => {
    const one = finding({ changes: [fixtures.change("password", { hidden: "1" }, "absent", known("x"))] });
    expect(printJson(scanDocument([stack({ findings: [one] })]))).not.toContain('"x"');
  });

  it("show nowhere: not in commands, reasons, notes, edits or other findings", () => {
    const gossip = finding({
      notes: [SECRET],
      intent: { ...fixtures.UNDECIDED, because: [`see ${SECRET}`] },
    });
    const text = printJson(scanDocument([{ ...shop, findings: [...shop.findings, gossip] }]));
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain("old secret nobody registered");
  });

  it("show nowhere when they are registered", () => {
    const redaction = new Redaction(["t3.large"]);
    expect(printJson(scanDocument([shop], redaction))).not.toContain("t3.large");
  });
});
