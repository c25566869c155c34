import type { JudgedFinding } from "../drift/model.ts";
import { cannotDecide, ruleRefusals } from "./decidable.ts";
import { type Decision, policyOf } from "./decision.ts";

/** A rule of the organization that decides about a finding, whatever people and the repository say. */
export interface DecidingPolicy {
  readonly name: string;
  readonly verdict: Decision["verdict"];
}

/** Null where none does. One whose verdict only a person may give leaves it to them. */
export function decidingPolicy(finding: JudgedFinding): DecidingPolicy | null {
  const { decidedBy, verdict, refused } = finding.intent;
  const name = policyOf(decidedBy);
  if (name !== null && verdict !== "undecided") return { name, verdict };
  const besides = refused === undefined ? null : policyOf(refused.decidedBy);
  if (refused === undefined || besides === null) return null;
  return ruleRefusals(finding, refused.verdict).length > 0
    ? null
    : { name: besides, verdict: refused.verdict };
}

/** The policy that has what a person says of a finding have no effect; null where it has one, or says the same. */
export function policyAgainst(finding: JudgedFinding, verdict: Decision["verdict"]): DecidingPolicy | null {
  const policy = decidingPolicy(finding);
  return policy === null || policy.verdict === verdict ? null : policy;
}

/** Why what a person says of a finding would have no effect, as a sentence; null where it has one. */
export function whyNotDecided(finding: JudgedFinding, verdict: Decision["verdict"]): string | null {
  const policy = policyAgainst(finding, verdict);
  if (policy === null) return cannotDecide(finding, verdict);
  return `The policy "${policy.name}" of the organization decides and says ${policy.verdict}: as long as it holds, what is said here has no effect.`;
}
