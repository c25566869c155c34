import type { Change, Finding } from "../../src/drift/model.ts";
import { parsePath } from "../../src/json/path.ts";

/** A change of one value, from `desired` in code and state to `observed` in the cloud. */
export function change(path: string, values: Partial<Change> = {}): Change {
  return {
    path: parsePath(path),
    desired: { known: "a" },
    recorded: { known: "a" },
    observed: { known: "b" },
    source: null,
    ...values,
  };
}

/** A drift of an instance's type, unless said otherwise. */
export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    fingerprint: "f",
    revision: "r",
    address: "aws_instance.web",
    resource: {
      type: "aws_instance",
      id: "i-0123456789abcdef0",
      account: "123456789012",
      region: "eu-west-1",
    },
    kind: "drift",
    category: "configuration",
    severity: "medium",
    changes: [change("instance_type")],
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: [],
    declaredAt: null,
    actor: null,
    detectedAt: "2026-05-01T12:00:00Z",
    ...parts,
  };
}
