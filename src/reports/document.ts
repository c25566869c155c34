import type {
  Actor,
  Adoption,
  Change,
  Diagnostic,
  Effect,
  JudgedFinding,
  Place,
  RevertPlan,
  StackResult,
} from "../drift/model.ts";
import type { Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { isSensitive, maskStacks, readingJson } from "./masked.ts";
import { Redaction } from "./redaction.ts";

/** The number of this document's shape; it changes when a reader of the old shape would break. */
const SCHEMA = 1;

/**
 * What `scan --json` prints (docs/output.md): every stack with its findings. Programs rely on the names of the fields.
 * Sensitive values are `"(sensitive)"`; what is unknown, not set or not readable is null.
 */
export function scanDocument(stacks: readonly StackResult[], redaction = new Redaction()): Json {
  return { schema: SCHEMA, stacks: maskStacks(stacks, redaction).map(stackJson) };
}

function stackJson(stack: StackResult): Json {
  const { coverage, state } = stack;
  return {
    name: stack.name,
    path: stack.path,
    environment: stack.environment,
    ...(stack.service === undefined ? {} : { service: stack.service }),
    ...(stack.owners === undefined ? {} : { owners: stack.owners }),
    ref: stack.ref,
    commit: stack.commit,
    status: stack.status,
    evidence: stack.evidence,
    state: state === null ? null : { serial: state.serial, lineage: state.lineage },
    diagnostics: stack.diagnostics.map(diagnosticJson),
    coverage: {
      instances: coverage.instances,
      instancesRead: coverage.instancesRead,
      attributes: coverage.attributes,
      compared: coverage.compared,
      notCompared: coverage.notCompared,
      unreadable: coverage.unreadable,
      ...(coverage.tolerated === undefined ? {} : { tolerated: coverage.tolerated }),
    },
    findings: stack.findings.map(findingJson),
  };
}

function diagnosticJson(diagnostic: Diagnostic): Json {
  const { severity, message, file, line, column } = diagnostic;
  return { severity, message, file, line, column };
}

function findingJson(finding: JudgedFinding): Json {
  const { resource, intent } = finding;
  return {
    fingerprint: finding.fingerprint,
    revision: finding.revision,
    address: finding.address,
    resource: {
      type: resource.type,
      id: resource.id,
      account: resource.account,
      region: resource.region,
    },
    kind: finding.kind,
    category: finding.category,
    severity: finding.severity,
    changes: finding.changes.map(changeJson),
    actor: finding.actor === null ? null : actorJson(finding.actor),
    detectedAt: finding.detectedAt,
    intent: { verdict: intent.verdict, decidedBy: intent.decidedBy, because: intent.because },
    adoption: finding.adoption === null ? null : adoptionJson(finding.adoption),
    revert: finding.revert === null ? null : revertJson(finding.revert),
  };
}

function changeJson(change: Change): Json {
  return {
    path: printPath(change.path),
    desired: readingJson(change.desired),
    recorded: readingJson(change.recorded),
    observed: readingJson(change.observed),
    sensitive: isSensitive(change),
    source: change.source === null ? null : placeJson(change.source),
  };
}

function placeJson(place: Place): Json {
  return { file: place.file, line: place.line, column: place.column };
}

function actorJson(actor: Actor): Json {
  const { id, name, kind, via, at, evidence } = actor;
  return { id, name, kind, via, at, evidence };
}

function adoptionJson(adoption: Adoption): Json {
  return {
    files: adoption.files.map(({ path, diff }) => ({ path, diff })),
    effects: adoption.effects.map(effectJson),
    verdict: adoption.verdict,
  };
}

function effectJson(effect: Effect): Json {
  const { address, path, before, after } = effect;
  return effect.stack === undefined
    ? { address, path, before, after }
    : { stack: effect.stack, address, path, before, after };
}

function revertJson(plan: RevertPlan): Json {
  return {
    steps: plan.steps.map(({ title, commands, impact, verify }) => ({
      title,
      commands: commands.map(({ tool, argv }) => ({ tool, argv })),
      impact,
      verify,
    })),
  };
}
