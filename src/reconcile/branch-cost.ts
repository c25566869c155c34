import type { Located } from "../hcl/evaluation/context.ts";
import type { Branch } from "../terraform/tracing/branch.ts";
import { CHOSEN_ENTRY, COSTS, FALLBACK, IDLE_ARGUMENT, OTHER_OPERAND } from "./candidate.ts";
import { isIdleConditional } from "./idle-argument.ts";
import type { Wanted } from "./wanted.ts";

/** What it costs more to go on from a place by a branch. */
export function costOfBranch(
  { kind, chosen, fallback, behind }: Branch,
  place: Located,
  wanted: Wanted,
): number {
  const idle = kind === "branch" && isIdleConditional(place, wanted) ? IDLE_ARGUMENT : 0;
  const entry = chosen ? CHOSEN_ENTRY : 0;
  return (fallback ? FALLBACK : COSTS[kind]) + entry + idle + behind * OTHER_OPERAND;
}
