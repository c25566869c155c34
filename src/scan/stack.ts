import type { JudgedFinding, StackResult } from "../drift/model.ts";
import { judge } from "../intent/judge.ts";
import { type BeliefContext, believe } from "./belief.ts";
import type { OpenStack } from "./open-stack.ts";
import { reconcile } from "./reconciliation.ts";
import { error, resultHead, warning } from "./results.ts";
import { liveSecrets, withSecretsMarked } from "./secret-values.ts";

/** Compares one stack with its state and the cloud, judges what differs, and works out edits and revert plans. */
export async function scanStack(stack: OpenStack, context: BeliefContext): Promise<StackResult> {
  const { repository, settings, ports } = context;
  const { plan } = stack;
  const believed = await believe(stack, context);
  repository.addSecrets(liveSecrets(believed.stack.overview.instances, believed.observations));
  const findings = believed.findings.map((finding) =>
    // Those of the other stacks too: edits are written into files that they share.
    withSecretsMarked(finding, repository.secrets, settings.key),
  );
  const circumstances = { stack: plan.name, environment: plan.environment, now: ports.now() };
  const intents = findings.map((finding) => judge(finding, settings.config.rules, circumstances));
  if (findings.length > 0) ports.progress(`${plan.name}: looking for the lines that decide what differs`);
  const wanted = new Set(findings.filter((_, index) => intents[index]?.verdict === "adopt"));
  const ways = await reconcile(repository.engine, believed.stack, findings, believed.observations, (one) =>
    wanted.has(one),
  );
  const judged = findings.map(
    (finding, index): JudgedFinding => ({
      ...finding,
      intent: intents[index] ?? judge(finding, [], circumstances),
      adoption: ways[index]?.adoption ?? null,
      revert: ways[index]?.revert ?? null,
    }),
  );
  const { overview } = believed.stack;
  const say = believed.status === "failed" ? error : warning;
  return {
    ...resultHead(plan, settings),
    status: believed.status,
    state: overview.state,
    diagnostics: [...overview.diagnostics, ...believed.problems.map(say), ...believed.remarks.map(warning)],
    coverage: believed.coverage,
    findings: judged,
  };
}
