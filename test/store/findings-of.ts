import type { Change, FindingKind, JudgedFinding, StackResult, StackStatus } from "../../src/drift/model.ts";

/** A finding about one attribute of one instance; null for the instance as a whole. */
export function finding(
  fingerprint: string,
  given: {
    readonly kind?: FindingKind;
    readonly id?: string | null;
    readonly address?: string;
    readonly attribute?: string | null;
    readonly observed?: string;
    readonly more?: Partial<JudgedFinding>;
  } = {},
): JudgedFinding {
  const { kind = "drift", id = "i-1", address = "aws_instance.web", attribute = "instance_type" } = given;
  const observed = given.observed ?? "t3.large";
  const change: Change | null =
    attribute === null
      ? null
      : {
          path: [attribute],
          desired: { known: "t3.small" },
          recorded: { known: "t3.small" },
          observed: { known: observed },
          source: null,
        };
  return {
    fingerprint,
    revision: `revision of ${observed}`,
    address,
    resource: { type: "aws_instance", id, account: "111122223333", region: "eu-central-1" },
    kind,
    category: "configuration",
    severity: "medium",
    changes: change === null ? [] : [change],
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: ["Changed outside the code."],
    declaredAt: null,
    actor: null,
    detectedAt: "2026-10-01T08:00:00.000Z",
    intent: { verdict: "undecided", decidedBy: "default", because: ["No rule decides."] },
    adoption: null,
    revert: null,
    ...given.more,
  };
}

/** What a scan says of a stack; three of its four instances were read unless it says that none was. */
export function stackResult(
  name: string,
  status: StackStatus,
  findings: readonly JudgedFinding[] = [],
  more: Partial<StackResult> = {},
): StackResult {
  return {
    name,
    path: `stacks/${name}`,
    environment: null,
    ref: "main",
    commit: "c0ffee",
    status,
    evidence: "inventory",
    state: { serial: 4, lineage: "3f2a" },
    diagnostics: [],
    coverage: { instances: 4, instancesRead: 3, attributes: 12, compared: 9, notCompared: 0, unreadable: 3 },
    findings,
    ...more,
  };
}
