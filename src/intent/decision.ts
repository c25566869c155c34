import type { Finding, Intent, JudgedFinding } from "../drift/model.ts";
import { cannotDecide } from "./decidable.ts";

/** How a person said what they decided. */
export type DecidedVia = "command" | "closed-issue" | "closed-pull-request";

/** What a person decided about one finding. */
export interface Decision {
  readonly fingerprint: string;
  /** Holds for these values alone; null: whatever the values become. */
  readonly revision: string | null;
  readonly verdict: "adopt" | "revert" | "ignore";
  /** Their login. */
  readonly by: string;
  readonly at: Date;
  /** The last day (UTC, `YYYY-MM-DD`) on which it holds; null: for as long as the drift lasts. */
  readonly until: string | null;
  /** In their own words. */
  readonly because: string | null;
  readonly via: DecidedVia;
}

/** How long drift is ignored where nobody says until when. */
export const IGNORED_DAYS = 90;

const DAY = 24 * 60 * 60 * 1000;

/** The last day on which something is ignored that is ignored from now on, as `YYYY-MM-DD`. */
export function lastIgnoredDay(from: Date): string {
  return new Date(from.getTime() + IGNORED_DAYS * DAY).toISOString().slice(0, 10);
}

/** Whether a decision is about the finding as it is, and its last day is not over on `today` (UTC, `YYYY-MM-DD`). */
export function holds(decision: Decision, { fingerprint, revision }: Finding, today: string): boolean {
  const { until } = decision;
  const isAboutIt = decision.fingerprint === fingerprint && [null, revision].includes(decision.revision);
  return isAboutIt && (until === null || until >= today);
}

/**
 * The revision that a decision is bound to: who lets more access be, or keeps a secret, has looked at these values and
 * not at those that may come.
 */
export function boundRevision({ widensAccess, sensitive, revision }: Finding): string | null {
  return widensAccess || sensitive ? revision : null;
}

/** What a decision makes of a finding; `undecided` where nobody can decide that. Whether it holds is not looked at. */
export function intentOf(decision: Decision, finding: Finding): Intent {
  const because = [
    saying(decision),
    ...(decision.because === null ? [] : [`The reason: ${decision.because}`]),
    ...(decision.until === null ? [] : [`It holds until the end of ${decision.until} (UTC).`]),
    ...(decision.revision === null ? [] : ["It holds for these values alone."]),
  ];
  const why = cannotDecide(finding, decision.verdict);
  const said = { verdict: decision.verdict, decidedBy: `${PERSON}${decision.by}` };
  return why === null
    ? { ...said, because }
    : { verdict: "undecided", decidedBy: "safety", because: [...because, why], refused: said };
}

/** Starts what is said of who decided where it was a person; no rule, default or policy starts so. */
const PERSON = "@";

export function isByPerson({ decidedBy }: Intent): boolean {
  return decidedBy.startsWith(PERSON);
}

function saying({ by, at, verdict, via }: Decision): string {
  const day = at.toISOString().slice(0, 10);
  switch (via) {
    case "command":
      return `${by} said ${verdict} on ${day}.`;
    case "closed-issue":
      return `${by} closed its issue as not planned on ${day}.`;
    case "closed-pull-request":
      return `${by} closed its pull request without merging it on ${day}.`;
  }
}

/** What a person decided about a finding since it was judged, or does not decide any more. */
export interface Latest {
  /** The last decision about it that holds. */
  readonly decision: Decision | null;
  /** When the scan that judged it began: it knew of all decisions before. */
  readonly judgedFrom: Date;
}

/**
 * A finding as it counts until the next scan judges it: what a person said since then holds at once where it asks for no
 * edit. `pending`: only a scan can tell, so nothing is to follow from it before.
 */
export function asDecided(
  finding: JudgedFinding,
  { decision, judgedFrom }: Latest,
): { readonly finding: JudgedFinding; readonly pending: boolean } {
  const { intent } = finding;
  if (decision === null) return { finding, pending: isByPerson(intent) };
  if (isByPolicy(intent)) return { finding, pending: false };
  if (decision.at <= judgedFrom && !isOfAnother(intent, decision, finding))
    return { finding, pending: false };
  if (decision.verdict === "adopt") return { finding, pending: intent.verdict !== "adopt" };
  return { finding: { ...finding, intent: intentOf(decision, finding) }, pending: false };
}

/** Judged by what a person said and took back since then, so that what was said before counts again. */
function isOfAnother(intent: Intent, decision: Decision, finding: Finding): boolean {
  if (!isByPerson(intent)) return false;
  const { verdict, decidedBy, because } = intentOf(decision, finding);
  const isSame = intent.verdict === verdict && intent.decidedBy === decidedBy;
  return !isSame || !because.every((reason) => intent.because.includes(reason));
}

const POLICY = "policy ";

/** How it is said that a rule decided. */
export function byRule(name: string): string {
  return JSON.stringify(name);
}

/** How it is said that the organisation's policy decided. */
export function byPolicy(name: string): string {
  return `${POLICY}${byRule(name)}`;
}

/** The name of the policy that decided; null where something else did. */
export function policyOf(decidedBy: string): string | null {
  if (!decidedBy.startsWith(POLICY)) return null;
  const [, name] = /^"(.*)"$/s.exec(decidedBy.slice(POLICY.length)) ?? [];
  return name ?? decidedBy.slice(POLICY.length);
}

function isByPolicy({ decidedBy }: Intent): boolean {
  return policyOf(decidedBy) !== null;
}
