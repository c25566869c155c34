import { DRIFT_KINDS, type JudgedFinding, type StackStatus } from "./model.ts";

/** What the exit code needs to know of a stack's result. */
export interface StackOutcome {
  readonly status: StackStatus;
  readonly findings: readonly Pick<JudgedFinding, "kind" | "intent">[];
}

/**
 * The exit code of a scan: 1 where anything failed or is incomplete (also `suspect`, of which nothing is believed), else
 * 2 where something differs from the code because of a change outside of it, else 0. Ignored findings do not count.
 */
export function exitCodeOf(stacks: readonly StackOutcome[]): 0 | 1 | 2 {
  if (stacks.some(({ status }) => status !== "complete")) return 1;
  const findings = stacks.flatMap((stack) => stack.findings);
  return findings.some(({ kind, intent }) => DRIFT_KINDS.has(kind) && intent.verdict !== "ignore") ? 2 : 0;
}
