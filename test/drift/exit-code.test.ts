import { expect, test } from "vitest";
import { exitCodeOf, type StackOutcome } from "../../src/drift/exit-code.ts";
import type { FindingKind, StackStatus, Verdict } from "../../src/drift/model.ts";

function stack(status: StackStatus, ...findings: readonly (readonly [FindingKind, Verdict])[]): StackOutcome {
  return {
    status,
    findings: findings.map(([kind, verdict]) => ({
      kind,
      intent: { verdict, decidedBy: "default", because: [] },
    })),
  };
}

test.each<readonly [string, readonly StackOutcome[], 0 | 1 | 2]>([
  ["nothing", [stack("complete")], 0],
  ["no stack", [], 0],
  ["drift", [stack("complete", ["drift", "undecided"])], 2],
  ["absorbed", [stack("complete", ["absorbed", "revert"])], 2],
  ["conflict", [stack("complete", ["conflict", "undecided"])], 2],
  ["deleted", [stack("complete", ["deleted", "revert"])], 2],
  ["unmanaged", [stack("complete", ["unmanaged", "undecided"])], 2],
  ["to be adopted", [stack("complete", ["drift", "adopt"])], 2],
  ["ignored", [stack("complete", ["drift", "ignore"], ["deleted", "ignore"])], 0],
  ["ignored beside drift", [stack("complete", ["drift", "ignore"], ["drift", "adopt"])], 2],
  ...(
    [
      "unapplied",
      "stale-state",
      "pending-create",
      "pending-destroy",
      "needs-import",
      "unreadable",
      "version",
    ] as const
  ).map((kind) => [kind, [stack("complete", [kind, "undecided"])], 0] as const),
  ["incomplete", [stack("incomplete")], 1],
  ["suspect", [stack("suspect")], 1],
  ["failed", [stack("complete"), stack("failed")], 1],
  ["failed beside drift", [stack("complete", ["drift", "adopt"]), stack("failed")], 1],
])("%s", (_why, stacks, code) => {
  expect(exitCodeOf(stacks)).toBe(code);
});
