import type { Rule } from "../config/model.ts";
import { dayOf, isExpired } from "../config/rules.ts";
import type { Finding, Intent } from "../drift/model.ts";
import { ruleRefusals } from "./decidable.ts";
import { byPolicy, byRule, type Decision, holds, intentOf } from "./decision.ts";
import { type JudgeContext, matchesRule } from "./match.ts";

/** Everything that may decide about a finding, the strongest first. */
export interface Deciders {
  /** Policy of the organisation that nobody in a repository can overrule. */
  readonly enforced: readonly Rule[];
  /** What a person decided last about the finding; null where nobody did. */
  readonly decision: Decision | null;
  /** What the repository has nobody told of. */
  readonly ignore: readonly Rule[];
  readonly rules: readonly Rule[];
  /** Rules of the organisation, for what a repository says nothing about. */
  readonly defaults: readonly Rule[];
}

/** Nobody decides anything. */
export const NO_DECIDERS: Deciders = { enforced: [], decision: null, ignore: [], rules: [], defaults: [] };

/**
 * The judgement on a finding: by the organisation's enforced policy, else by a person, else by the first rule that
 * matches of those to ignore, those of the repository and those of the organisation. A rule whose last day is over is
 * passed over and named. Below all rules is the safety floor (`decidable.ts`): more access, sensitive values and the end
 * of what held data are adopted by a person only, and some kinds can only be ignored. Nobody: `undecided`.
 */
export function judge(finding: Finding, deciders: Deciders, context: JudgeContext): Intent {
  const { decision } = deciders;
  const policy = byRules(finding, deciders.enforced, context, byPolicy);
  if (policy.intent !== null && policy.intent.decidedBy !== SAFETY) return policy.intent;
  if (decision !== null && holds(decision, finding, dayOf(context.now))) {
    const { because, ...intent } = intentOf(decision, finding);
    return { ...intent, because: [...policy.said, ...because] };
  }
  if (policy.intent !== null) return policy.intent;
  const { ignore, rules, defaults } = deciders;
  const { said, intent } = byRules(finding, [...ignore, ...rules, ...defaults], context, byRule);
  const before = [...policy.said, ...endedDecision(decision, finding)];
  if (intent === null)
    return { verdict: "undecided", decidedBy: "default", because: [...before, ...said, "No rule decides."] };
  return { ...intent, because: [...before, ...intent.because] };
}

const SAFETY = "safety";

/** Said of what a person decided and that does not hold any more. */
function endedDecision(decision: Decision | null, { revision }: Finding): readonly string[] {
  if (decision === null) return [];
  const { by, verdict, until } = decision;
  const isOther = decision.revision !== null && decision.revision !== revision;
  return isOther
    ? [`${by} said ${verdict} about other values than there are now.`]
    : [`${by} said ${verdict}, which ended on ${until}.`];
}

/** What some rules make of a finding; `said` of those that are over is in `intent` too. */
interface Ruled {
  /** Null where no rule matches. */
  readonly intent: Intent | null;
  readonly said: readonly string[];
}

function byRules(
  finding: Finding,
  rules: readonly Rule[],
  context: JudgeContext,
  nameOf: (name: string) => string,
): Ruled {
  const today = dayOf(context.now);
  const matching = rules.filter((rule) => matchesRule(finding, rule, context));
  const deciding = matching.findIndex((rule) => !isExpired(rule, today));
  const passedOver = matching
    .slice(0, deciding === -1 ? matching.length : deciding)
    .map((rule) => `Rule ${byRule(rule.name)} would say ${rule.verdict}, but it ended on ${rule.until}.`);
  const rule = matching[deciding];
  if (rule === undefined) return { intent: null, said: passedOver };
  const said = [...passedOver, ...reasons(rule)];
  const refusals = ruleRefusals(finding, rule.verdict);
  const { verdict } = rule;
  const decided = { verdict, decidedBy: nameOf(rule.name) };
  if (refusals.length > 0) {
    const because = [...said, ...refusals];
    return { said: because, intent: { verdict: "undecided", decidedBy: SAFETY, because, refused: decided } };
  }
  return { said, intent: { ...decided, because: said } };
}

function reasons(rule: Rule): readonly string[] {
  const { file, line } = rule.place;
  return [
    `Rule ${byRule(rule.name)} (${file}:${line}) says ${rule.verdict}.`,
    ...(rule.because === null ? [] : [`Its reason: ${rule.because}`]),
    ...(rule.until === null ? [] : [`It holds until the end of ${rule.until} (UTC).`]),
  ];
}
