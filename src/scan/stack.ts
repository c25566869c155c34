import type { JudgedFinding, StackResult } from "../drift/model.ts";
import type { StackFinding } from "../engine/api.ts";
import { judge } from "../intent/judge.ts";
import { type BeliefContext, believe } from "./belief.ts";
import { type Believed, withExtent } from "./conclusion.ts";
import type { OpenStack } from "./open-stack.ts";
import { reconcile } from "./reconciliation.ts";
import { error, resultHead, warning } from "./results.ts";
import { contextOf } from "./rule-context.ts";
import { liveSecrets, withSecretsMarked } from "./secret-values.ts";

/** A stack, and what is believed of it. */
export interface FoundStack {
  readonly stack: OpenStack;
  readonly believed: Believed;
}

/** The same with what differs judged. */
export interface JudgedStack extends FoundStack {
  /** Without ways out yet. */
  readonly findings: readonly JudgedFinding[];
}

/** A stack with the ways out of what differs, but for the edits that are looked for together with those of others. */
export interface ReconciledStack {
  readonly result: StackResult;
  /** Fingerprints of the findings that such an edit is looked for. */
  readonly candidates: ReadonlySet<string>;
}

/** Compares one stack with its state and the cloud. */
export async function findIn(stack: OpenStack, context: BeliefContext): Promise<FoundStack> {
  const believed = await believe(stack, context);
  context.repository.addSecrets(liveSecrets(believed.stack.overview.instances, believed.observations));
  return { stack, believed };
}

/**
 * Judges what differs, and with that whether so much of it can be believed. Call it when all stacks are read: the secrets of the others count too, since edits are written
 * into files that they share.
 */
export function judged({ stack, believed }: FoundStack, context: BeliefContext): JudgedStack {
  const { repository, settings, ports } = context;
  const circumstances = { ...contextOf(stack.plan), now: ports.now() };
  const findings = believed.findings.map((finding): JudgedFinding => {
    const marked = withSecretsMarked(finding, repository.secrets, settings.key);
    const decision = settings.decisions?.get(marked.fingerprint) ?? null;
    const { ignore, rules, ownerRules } = settings.config;
    const intent = judge(marked, { ...ownerRules, decision, ignore, rules }, circumstances);
    return { ...marked, intent, adoption: null, revert: null };
  });
  return { stack, believed: withExtent(believed, findings, settings.expected ?? new Set()), findings };
}

/**
 * Works out revert plans, and edits for what was not judged to be on purpose.
 * @param all what differs in all stacks
 */
export async function reconcileStack(
  { stack, believed, findings }: JudgedStack,
  all: readonly StackFinding[],
  { repository, settings, ports }: BeliefContext,
): Promise<ReconciledStack> {
  const { plan } = stack;
  if (findings.length > 0) ports.progress(`${plan.name}: looking for the lines that decide what differs`);
  const ways = await reconcile(
    repository,
    believed.stack,
    findings,
    believed.observations,
    ({ intent, fingerprint }) => intent.verdict === "adopt" && settings.takenOver?.has(fingerprint) !== true,
    all,
  );
  const { overview } = believed.stack;
  const say = believed.status === "failed" ? error : warning;
  const candidates = findings.filter((_, index) => ways[index]?.isCandidate === true);
  return {
    candidates: new Set(candidates.map(({ fingerprint }) => fingerprint)),
    result: {
      ...resultHead(plan, settings),
      status: believed.status,
      ...(believed.suspicion === null ? {} : { suspicion: believed.suspicion }),
      state: overview.state,
      diagnostics: [...overview.diagnostics, ...believed.problems.map(say), ...believed.remarks.map(warning)],
      coverage: believed.coverage,
      findings: findings.map((finding, index) => {
        const { adoption = null, revert = null } = ways[index] ?? {};
        return { ...finding, adoption, revert };
      }),
    },
  };
}
