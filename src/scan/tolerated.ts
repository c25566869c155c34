import type { RepositoryConfig } from "../config/model.ts";
import { isTolerated } from "../drift/tolerance.ts";
import type { CompareResult } from "../engine/api.ts";
import { matchesRule } from "../intent/match.ts";
import { ruleBook } from "../providers/index.ts";
import type { PlannedStack } from "./plan.ts";
import { contextOf } from "./rule-context.ts";
import { withSecretsMarked } from "./secret-values.ts";

/** A comparison without what the configuration lets be, which is counted. */
export function withoutTolerated(
  result: CompareResult,
  { tolerances }: Pick<RepositoryConfig, "tolerances">,
  stack: Pick<PlannedStack, "name" | "environment" | "service">,
  secrets: readonly string[],
): CompareResult {
  if (tolerances.length === 0) return result;
  const context = contextOf(stack);
  const findings = result.findings.filter((finding) => {
    const tolerance = tolerances.find((one) => matchesRule(finding, one, context));
    return (
      tolerance === undefined ||
      !isTolerated(withSecretsMarked(finding, secrets, ""), tolerance.within, ruleBook)
    );
  });
  const tolerated = result.findings.length - findings.length;
  return tolerated === 0 ? result : { ...result, findings, coverage: { ...result.coverage, tolerated } };
}
