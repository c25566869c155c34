import { z } from "zod";

/** The document that `scan --json` prints (docs/output.md), written down once more and strictly: others rely on every field. */

const text = z.string().min(1);
const count = z.int().min(0);
const json = z.json();
const place = z.strictObject({ file: text, line: z.int().min(1), column: z.int().min(1) });
const time = z.iso.datetime();

const diagnostic = z.strictObject({
  severity: z.enum(["error", "warning"]),
  message: text,
  file: text.nullable(),
  line: z.int().min(1).nullable(),
  column: z.int().min(1).nullable(),
});

const change = z.strictObject({
  path: text,
  desired: json,
  recorded: json,
  observed: json,
  sensitive: z.boolean(),
  source: place.nullable(),
});

const actor = z.strictObject({
  id: text,
  name: text,
  kind: text,
  via: text,
  at: time,
  evidence: text,
});

const effect = z.strictObject({
  stack: text.optional(),
  address: text,
  path: z.string(),
  before: json,
  after: json,
});

const adoption = z.strictObject({
  files: z.array(z.strictObject({ path: text, diff: z.string().regex(/^--- (?:a\/|\/dev\/null)/) })),
  effects: z.array(effect),
  verdict: z.enum(["exact", "shared", "refused"]),
});

const step = z.strictObject({
  title: text,
  commands: z.array(
    z.strictObject({
      tool: z.enum(["terraform", "aws", "gcloud", "az", "kubectl"]),
      argv: z.array(z.string()),
    }),
  ),
  impact: z.enum(["in-place", "restart", "replace", "data-loss", "unknown"]),
  verify: text,
});

const finding = z.strictObject({
  fingerprint: text,
  revision: text,
  address: text,
  resource: z.strictObject({
    type: text,
    id: text.nullable(),
    account: text.nullable(),
    region: text.nullable(),
  }),
  kind: z.enum([
    "drift",
    "absorbed",
    "conflict",
    "deleted",
    "unmanaged",
    "unapplied",
    "stale-state",
    "pending-create",
    "pending-destroy",
    "needs-import",
    "unreadable",
    "version",
  ]),
  category: z.enum(["configuration", "resource", "policy", "version", "behaviour", "dependency"]),
  severity: z.enum(["critical", "high", "medium", "low", "info"]),
  changes: z.array(change),
  actor: actor.nullable(),
  detectedAt: time,
  intent: z.strictObject({
    verdict: z.enum(["adopt", "revert", "ignore", "undecided"]),
    decidedBy: text,
    because: z.array(text).min(1),
  }),
  adoption: adoption.nullable(),
  revert: z.strictObject({ steps: z.array(step) }).nullable(),
});

const stack = z.strictObject({
  name: text,
  path: text,
  environment: text.nullable(),
  ref: text.nullable(),
  commit: text.nullable(),
  status: z.enum(["complete", "incomplete", "suspect", "failed"]),
  evidence: z.enum(["inventory", "plan"]),
  state: z.strictObject({ serial: count, lineage: text }).nullable(),
  diagnostics: z.array(diagnostic),
  coverage: z.strictObject({
    instances: count,
    instancesRead: count,
    attributes: count,
    compared: count,
    notCompared: count,
    unreadable: count,
  }),
  findings: z.array(finding),
});

const scanDocument = z.strictObject({ schema: z.literal(1), stacks: z.array(stack) });

export type ScanDocument = z.infer<typeof scanDocument>;
export type FindingJson = ScanDocument["stacks"][number]["findings"][number];

/** Reads what `scan --json` printed. Throws where it is not exactly the document of docs/output.md. */
export function readScanDocument(stdout: string): ScanDocument {
  return scanDocument.parse(JSON.parse(stdout));
}

export function findingsOf({ stacks }: ScanDocument): readonly FindingJson[] {
  return stacks.flatMap(({ findings }) => findings);
}
