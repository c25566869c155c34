import { DRIFT_KINDS, type StackResult } from "../drift/model.ts";
import { maskStacks } from "../reports/masked.ts";
import { Redaction } from "../reports/redaction.ts";
import type { AppliedFindings } from "../store/findings.ts";
import type { ScanEnd } from "../store/scans.ts";
import type { ScannedCommit } from "./scanned-commit.ts";

// What came of a scan, as far as it is written down.

/** What may be kept: no secret reaches the database. */
export function masked(scanned: readonly ScannedCommit[]): readonly StackResult[] {
  const redaction = new Redaction(scanned.flatMap(({ secrets }) => secrets));
  return maskStacks(
    scanned.flatMap(({ stacks }) => stacks),
    redaction,
  );
}

/** How a scan of all these stacks ended. */
export function outcomeOf(stacks: readonly StackResult[]): ScanEnd["outcome"] {
  if (stacks.every(({ status }) => status === "failed")) return "failed";
  return stacks.every(({ status }) => status === "complete") ? "complete" : "incomplete";
}

/** Whether anything in a stack drifted. */
export function hasDrift({ findings }: StackResult): boolean {
  return findings.some(({ kind }) => DRIFT_KINDS.has(kind));
}

/** Whether anything is other than the scan before found it. */
export function isNews({ opened, reopened, changed, gone }: AppliedFindings): boolean {
  return [opened, reopened, changed, gone].some((list) => list.length > 0);
}
