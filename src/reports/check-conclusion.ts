import { matchesGlobs } from "../config/globs.ts";
import type { FailingDrift } from "../config/model.ts";
import { mayUndo } from "../drift/apply-effect.ts";
import type { Affected, CheckRunContext } from "./affected.ts";

/**
 * Drift is for people to judge: it fails a check only where the configuration says so, and nobody acknowledged it. What
 * was not looked at is not approved of, and does not block a merge either.
 */
export function checkRunConclusion(
  affected: readonly Affected[],
  context: Pick<CheckRunContext, "notEvaluated" | "unbelieved" | "adopts" | "fail">,
): "success" | "neutral" | "failure" {
  if (failing(affected, context).length > 0) return "failure";
  const { notEvaluated, unbelieved = [] } = context;
  const isWhole = notEvaluated.length === 0 && unbelieved.length === 0;
  return isWhole && affected.every(({ effect }) => effect === "contains") ? "success" : "neutral";
}

/**
 * The drift that makes a check fail. None of which nothing is known since its stack is not evaluated in full: where the
 * code has an error Terraform applies nothing of it, and nobody can mend what Driftwright alone cannot evaluate.
 */
export function failing(
  affected: readonly Affected[],
  { adopts, fail, notEvaluated }: Pick<CheckRunContext, "adopts" | "fail" | "notEvaluated">,
): readonly Affected[] {
  if (fail === null || fail === undefined || isOnlyAside(affected, adopts)) return [];
  const partly = new Set(notEvaluated.map(({ stack }) => stack));
  return affected.filter(
    (one) =>
      mayUndo(one.effect) &&
      !(one.effect === "unknown" && partly.has(one.stack.name)) &&
      one.acknowledged === undefined &&
      isChosen(one, fail),
  );
}

function isChosen({ finding, stack }: Affected, { severities, environments }: FailingDrift): boolean {
  if (severities !== null && !severities.includes(finding.severity)) return false;
  return (
    environments === null || (stack.environment !== null && matchesGlobs(stack.environment, environments))
  );
}

/**
 * Whether a change is an adoption of ours, and all that it touches besides is what the next apply of the stack undoes
 * with or without it.
 */
export function isOnlyAside(affected: readonly Affected[], adopts: readonly string[]): boolean {
  const isOwn = affected.some(
    ({ finding, effect }) => effect === "contains" && adopts.includes(finding.fingerprint),
  );
  const undone = affected.filter(({ effect }) => mayUndo(effect));
  return isOwn && undone.every(({ effect }) => effect === "reverts" || effect === "replaces");
}
