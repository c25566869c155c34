import type { Rule } from "../config/model.ts";
import { dayOf, isExpired } from "../config/rules.ts";
import type { Finding, FindingKind, Intent } from "../drift/model.ts";
import { type JudgeContext, matchesRule } from "./match.ts";

/** What a rule may decide about each kind; everything else about it takes a person, or there is nothing to decide. */
const DECIDABLE: Readonly<Record<FindingKind, readonly Rule["verdict"][]>> = {
  drift: ["adopt", "revert", "ignore"],
  absorbed: ["adopt", "revert", "ignore"],
  deleted: ["adopt", "revert", "ignore"],
  unmanaged: ["adopt", "revert", "ignore"],
  conflict: ["ignore"],
  "stale-state": ["revert", "ignore"],
  unapplied: ["ignore"],
  "pending-create": ["ignore"],
  "pending-destroy": ["ignore"],
  "needs-import": ["ignore"],
  unreadable: ["ignore"],
  version: ["ignore"],
};

const WHY_NOT: Readonly<Partial<Record<FindingKind, string>>> = {
  conflict: "code, state and cloud hold three different values, so a person decides which is right",
  "stale-state": "only the state is behind, so there is nothing to adopt",
  unapplied: "the code changed and was not applied yet, so it is not drift",
  "pending-create": "the next apply creates it, so it is not drift",
  "pending-destroy": "the next apply destroys it, so it is not drift",
  "needs-import": "it runs and is in the code, and only the state has to learn of it",
  unreadable: "it could not be read, so nothing is known to decide about",
  version: "versions are compared, and no resource can follow",
};

/**
 * The judgement on a finding by the repository's rules: the first that matches decides. A rule whose last day is over
 * is passed over and named. Whatever a rule says, more access and sensitive values are adopted by a person only, and
 * the kinds that cannot be adopted or reverted can only be ignored. Without a rule: `undecided`.
 */
export function judge(finding: Finding, rules: readonly Rule[], context: JudgeContext): Intent {
  const today = dayOf(context.now);
  const matching = rules.filter((rule) => matchesRule(finding, rule, context));
  const deciding = matching.findIndex((rule) => !isExpired(rule, today));
  const passedOver = matching
    .slice(0, deciding === -1 ? matching.length : deciding)
    .map((rule) => `Rule ${called(rule)} would say ${rule.verdict}, but it ended on ${rule.until}.`);
  const rule = matching[deciding];
  if (rule === undefined) {
    return { verdict: "undecided", decidedBy: "default", because: [...passedOver, "No rule decides."] };
  }
  const said = [...passedOver, ...reasons(rule)];
  const refusals = refusalsOf(finding, rule);
  if (refusals.length > 0)
    return { verdict: "undecided", decidedBy: "safety", because: [...said, ...refusals] };
  return { verdict: rule.verdict, decidedBy: JSON.stringify(rule.name), because: said };
}

function reasons(rule: Rule): readonly string[] {
  const { file, line } = rule.place;
  return [
    `Rule ${called(rule)} (${file}:${line}) says ${rule.verdict}.`,
    ...(rule.because === null ? [] : [`Its reason: ${rule.because}`]),
    ...(rule.until === null ? [] : [`It holds until the end of ${rule.until} (UTC).`]),
  ];
}

function refusalsOf(finding: Finding, rule: Rule): readonly string[] {
  if (!DECIDABLE[finding.kind].includes(rule.verdict)) {
    return [`No rule can ${rule.verdict} this: ${WHY_NOT[finding.kind] ?? "it is not drift"}.`];
  }
  if (rule.verdict !== "adopt") return [];
  return [
    ...(finding.widensAccess
      ? ["It lets in more than the code does, and only a person may adopt that."]
      : []),
    ...(finding.sensitive ? ["It is about a sensitive value, and only a person may adopt that."] : []),
  ];
}

function called(rule: Rule): string {
  return JSON.stringify(rule.name);
}
