import type {
  Actor,
  Adoption,
  Change,
  Command,
  Effect,
  Intent,
  JudgedFinding,
  Reading,
  RevertPlan,
  StackResult,
} from "../drift/model.ts";
import type { Json } from "../json/json.ts";
import { type Redaction, SENSITIVE } from "./redaction.ts";

/** What a report needs to know about the stack of a finding. */
export interface StackContext {
  readonly name: string;
  readonly path: string;
  readonly environment: string | null;
  readonly service?: string;
  readonly owners?: readonly string[];
}

const NO_SENSITIVE_EDIT = "The value is sensitive, so Driftwright proposes no edit of it.";
const COMMANDS_LEFT_OUT = "Commands that would contain a sensitive value are left out of the plan.";

/**
 * The results with nothing in them that may not be printed; every report begins with this.
 *
 * In a sensitive finding all values are hidden, whichever side of the comparison knew them, and they are cleaned from
 * every other text too; its edit and the commands that would contain a value are left out. Everywhere, the secrets
 * that `redaction` knows are replaced.
 */
export function maskStacks(stacks: readonly StackResult[], redaction: Redaction): readonly StackResult[] {
  const all = redactionFor(
    stacks.flatMap((stack) => stack.findings),
    redaction,
  );
  return stacks.map((stack) => maskStack(stack, all));
}

/** The same for single findings and the stack they belong to. */
export function maskFinding(finding: JudgedFinding, redaction: Redaction): JudgedFinding {
  return cleanFinding(finding, redactionFor([finding], redaction));
}

/** The same for findings that one report tells of: what is secret in one of them is cleaned from the others, too. */
export function maskTogether(
  findings: readonly JudgedFinding[],
  redaction: Redaction,
): (finding: JudgedFinding) => JudgedFinding {
  const all = redactionFor(findings, redaction);
  return (finding) => cleanFinding(finding, all);
}

export function maskContext(stack: StackContext, redaction: Redaction): StackContext {
  return {
    name: redaction.clean(stack.name),
    path: redaction.clean(stack.path),
    environment: cleanOrNull(stack.environment, redaction),
    ...(stack.service === undefined ? {} : { service: redaction.clean(stack.service) }),
    ...(stack.owners === undefined ? {} : { owners: stack.owners.map((owner) => redaction.clean(owner)) }),
  };
}

function isHidden(reading: Reading): reading is { readonly hidden: string } {
  return typeof reading === "object" && "hidden" in reading;
}

/** One of the change's three values is sensitive. In masked results: of all changes of a sensitive finding. */
export function isSensitive(change: Change): boolean {
  return [change.desired, change.recorded, change.observed].some(isHidden);
}

function leavesOutCommands(finding: JudgedFinding): boolean {
  const commands = finding.revert?.steps.flatMap((step) => step.commands) ?? [];
  return isSensitiveFinding(finding) && !commands.every(namesNoValue);
}

export function isSensitiveFinding(finding: JudgedFinding): boolean {
  return finding.sensitive || finding.changes.some(isSensitive);
}

function redactionFor(findings: readonly JudgedFinding[], redaction: Redaction): Redaction {
  const all = redaction.copy();
  for (const change of findings.filter(isSensitiveFinding).flatMap((finding) => finding.changes)) {
    for (const reading of [change.desired, change.recorded, change.observed]) {
      if (typeof reading === "object" && "known" in reading) all.addAll(reading.known);
    }
  }
  return all;
}

function maskStack(stack: StackResult, redaction: Redaction): StackResult {
  return {
    ...stack,
    ...maskContext(stack, redaction),
    ref: cleanOrNull(stack.ref, redaction),
    diagnostics: stack.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      message: redaction.clean(diagnostic.message),
    })),
    findings: stack.findings.map((finding) => cleanFinding(finding, redaction)),
  };
}

function cleanFinding(finding: JudgedFinding, redaction: Redaction): JudgedFinding {
  const clean = (text: string) => redaction.clean(text);
  const sensitive = isSensitiveFinding(finding);
  return {
    ...finding,
    sensitive,
    address: clean(finding.address),
    resource: { ...finding.resource, id: cleanOrNull(finding.resource.id, redaction) },
    changes: finding.changes.map((change) => maskChange(change, sensitive, redaction)),
    concern: cleanOrNull(finding.concern, redaction),
    notes: [...finding.notes.map(clean), ...(leavesOutCommands(finding) ? [COMMANDS_LEFT_OUT] : [])],
    actor: finding.actor === null ? null : maskActor(finding.actor, redaction),
    intent: maskIntent(finding.intent, clean),
    adoption: finding.adoption === null ? null : maskAdoption(finding.adoption, sensitive, redaction),
    revert: finding.revert === null ? null : maskRevert(finding.revert, sensitive, redaction),
  };
}

function maskIntent(intent: Intent, clean: (text: string) => string): Intent {
  const { verdict, decidedBy, because, refused } = intent;
  const masked = { verdict, decidedBy: clean(decidedBy), because: because.map(clean) };
  return refused === undefined
    ? masked
    : { ...masked, refused: { ...refused, decidedBy: clean(refused.decidedBy) } };
}

function maskChange(change: Change, sensitive: boolean, redaction: Redaction): Change {
  const mask = (reading: Reading): Reading => {
    if (typeof reading !== "object") return reading;
    if (sensitive || "hidden" in reading) return { hidden: "" };
    return { known: redaction.cleanJson(reading.known) };
  };
  return {
    path: change.path.map((step) => (typeof step === "string" ? redaction.clean(step) : step)),
    desired: mask(change.desired),
    recorded: mask(change.recorded),
    observed: mask(change.observed),
    source: change.source,
  };
}

function maskActor(actor: Actor, redaction: Redaction): Actor {
  return {
    ...actor,
    id: redaction.clean(actor.id),
    name: redaction.clean(actor.name),
    evidence: redaction.clean(actor.evidence),
  };
}

function maskAdoption(adoption: Adoption, sensitive: boolean, redaction: Redaction): Adoption {
  if (sensitive) return { files: [], effects: [], verdict: "refused", why: NO_SENSITIVE_EDIT };
  return {
    files: adoption.files.map((file) => ({ path: file.path, diff: redaction.clean(file.diff) })),
    effects: adoption.effects.map((effect) => maskEffect(effect, redaction)),
    verdict: adoption.verdict,
    why: redaction.clean(adoption.why),
  };
}

function maskEffect(effect: Effect, redaction: Redaction): Effect {
  return {
    ...(effect.stack === undefined ? {} : { stack: redaction.clean(effect.stack) }),
    address: redaction.clean(effect.address),
    path: redaction.clean(effect.path),
    before: redaction.cleanJson(effect.before),
    after: redaction.cleanJson(effect.after),
  };
}

function maskRevert(plan: RevertPlan, sensitive: boolean, redaction: Redaction): RevertPlan {
  const clean = (text: string) => redaction.clean(text);
  return {
    steps: plan.steps.map((step) => ({
      title: clean(step.title),
      commands: step.commands
        .filter((command) => !sensitive || namesNoValue(command))
        .map((command) => ({ tool: command.tool, argv: command.argv.map(clean) })),
      impact: step.impact,
      verify: clean(step.verify),
    })),
    dependents: plan.dependents.map(clean),
  };
}

/** Terraform takes the value from the code; the clouds' own tools are given it as an argument. */
function namesNoValue(command: Command): boolean {
  return command.tool === "terraform" && !command.argv.some((argument) => /^--?var(?:=|$)/.test(argument));
}

function cleanOrNull(text: string | null, redaction: Redaction): string | null {
  return text === null ? null : redaction.clean(text);
}

/** A reading as `scan --json` prints it. */
export function readingJson(reading: Reading): Json {
  if (typeof reading !== "object") return null;
  return "known" in reading ? reading.known : SENSITIVE;
}
