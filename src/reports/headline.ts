import {
  DRIFT_KINDS,
  type JudgedFinding,
  SEVERITIES,
  type StackResult,
  type StackStatus,
} from "../drift/model.ts";
import { counted } from "./visible.ts";

/** The findings that no rule ignores. */
export function openFindings(stack: StackResult): readonly JudgedFinding[] {
  return stack.findings.filter(({ intent }) => intent.verdict !== "ignore");
}

/** One or two sentences: how much drift of what severity, in how many stacks, and how many could not be scanned. */
export function headline(stacks: readonly StackResult[]): string {
  if (stacks.length === 0) return "Nothing was scanned.";
  const ofStatus = (wanted: StackStatus) => stacks.filter(({ status }) => status === wanted).length;
  const [failed, suspect] = [ofStatus("failed"), ofStatus("suspect")];
  const blank = stacks.filter(isUncompared);
  const compared = stacks.filter((stack) => isBelieved(stack) && !blank.includes(stack));
  const drift = stacks
    .filter(({ status }) => status !== "suspect")
    .flatMap(openFindings)
    .filter(({ kind }) => DRIFT_KINDS.has(kind));
  const sentences = [
    ...(compared.length > 0 ? [driftSentence(drift, compared)] : []),
    ...(blank.length > 0 ? [uncomparedSentence(blank.length)] : []),
    ...(suspect > 0 ? [suspectSentence(suspect)] : []),
    ...(failed > 0 ? [`${counted(failed, "stack")} could not be scanned.`] : []),
  ];
  return sentences.join(" ");
}

/** Nothing of it was held against the cloud, though it should run there: that nothing differs says nothing then. */
export function isUncompared(stack: StackResult): boolean {
  const { coverage, state, findings } = stack;
  if (!isBelieved(stack) || openFindings(stack).some(({ kind }) => DRIFT_KINDS.has(kind))) return false;
  // What was never applied does not run, as far as a state says so.
  const unapplied = state === null ? 0 : findings.filter(({ kind }) => kind === "pending-create").length;
  return coverage.instancesRead === 0 && coverage.instances > unapplied;
}

function isBelieved({ status }: StackResult): boolean {
  return status === "complete" || status === "incomplete";
}

function suspectSentence(stacks: number): string {
  const what = stacks === 1 ? "1 stack is suspect" : `${counted(stacks, "stack")} are suspect`;
  return `${what}: what was found there is not believed.`;
}

function uncomparedSentence(stacks: number): string {
  const it = stacks === 1 ? "it has" : "they have";
  return `Nothing could be compared in ${counted(stacks, "stack")}: whether ${it} drifted is not known.`;
}

function driftSentence(drift: readonly JudgedFinding[], scanned: readonly StackResult[]): string {
  const where = `in ${counted(scanned.length, "stack")}`;
  if (drift.length > 0)
    return `${counted(drift.length, "change")} made outside the code ${where}: ${bySeverity(drift)}.`;
  const all = scanned.every(({ status }) => status === "complete");
  return all ? `No drift ${where}.` : `No drift ${where}, in what could be read.`;
}

function bySeverity(findings: readonly JudgedFinding[]): string {
  return SEVERITIES.map((severity) => ({
    severity,
    number: findings.filter((finding) => finding.severity === severity).length,
  }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => `${number} ${severity}`)
    .join(", ");
}
