import type { Diagnostic, JudgedFinding, StackResult } from "../drift/model.ts";
import type { AdoptedSet } from "../engine/api.ts";
import { EngineFailure, EngineStopped } from "../engine/engine.ts";
import type { BeliefContext } from "./belief.ts";
import { identifiedOnce } from "./observation.ts";
import { OpenRepository } from "./open-repository.ts";
import type { OpenStack } from "./open-stack.ts";
import { type Asked, planScan, type ScanPlan } from "./plan.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { error, failedResult, type StackFailure } from "./results.ts";
import { type SharedCode, sharedCode } from "./shared-code.ts";
import { scanStack } from "./stack.ts";
import { readStates } from "./states.ts";

export interface ScanResult {
  readonly stacks: readonly StackResult[];
  readonly notScanned: ScanPlan["notScanned"];
  /** About the repository as a whole. */
  readonly diagnostics: readonly Diagnostic[];
  /** What several stacks read, whether they were asked for or not. */
  readonly shared: readonly SharedCode[];
  /** One set of edits for everything that was judged intentional. */
  readonly adopted: AdoptedSet;
  /** Texts that no output may hold. */
  readonly secrets: readonly string[];
}

/**
 * Scans a repository: which stacks there are, what code and state say of them, what really runs, what differs, what is
 * to be made of it. Nothing is written anywhere. A stack that cannot be scanned is a result of its own, and never
 * hides the others.
 */
export async function scan(asked: Asked, settings: ScanSettings, ports: ScanPorts): Promise<ScanResult> {
  ports.progress("looking for stacks");
  const plan = planScan(ports.snapshot, settings.config, asked);
  const states = await readStates(plan.stacks, ports);
  const others = await readStates(plan.others, ports);
  if (states.read.length > 0) ports.progress(`evaluating ${countOf(states.read.length, "stack")}`);
  const { repository, opened, failed } = await OpenRepository.open(
    states.read,
    [...states.stateless, ...others.read, ...others.stateless],
    ports,
  );
  try {
    const { parsed, unparsed } = byParsing(opened);
    const failures = [...missing(plan), ...states.failed, ...failed, ...unparsed];
    const context: BeliefContext = {
      repository,
      inventories: ports.inventories.map(identifiedOnce),
      settings,
      ports,
      unknownStates: [...states.failed, ...others.failed, ...failed].map(({ stack }) => stack.name),
    };
    const results = failures.map((failure) => failedResult(failure, settings));
    for (const stack of parsed) results.push(await scanAlone(stack, context));
    const { adopted, diagnostics } = await adoptTogether(results, repository);
    const judged = results.map((result) => withoutUnwritten(result, adopted));
    return {
      stacks: inOrderOf(plan, judged),
      notScanned: plan.notScanned,
      diagnostics: [...plan.diagnostics, ...diagnostics],
      shared: sharedCode(repository.overviews.map(({ name, root, files }) => ({ name, path: root, files }))),
      adopted,
      secrets: repository.secrets,
    };
  } finally {
    repository.close();
  }
}

function missing(plan: ScanPlan): StackFailure[] {
  return plan.missing.map(({ path, reason }) => ({
    stack: { name: path, path, environment: null },
    diagnostics: [error(reason)],
  }));
}

/** Stacks of which a file does not parse are not scanned: what they declare is not known. */
function byParsing(stacks: readonly OpenStack[]): { parsed: OpenStack[]; unparsed: StackFailure[] } {
  const isBroken = ({ overview }: OpenStack) => overview.broken.length > 0;
  return {
    parsed: stacks.filter((stack) => !isBroken(stack)),
    unparsed: stacks.filter(isBroken).map(({ plan, overview }) => ({
      stack: plan,
      diagnostics: overview.diagnostics.filter(({ severity }) => severity === "error"),
    })),
  };
}

/** Scans one stack so that whatever goes wrong with it is said of it alone. */
async function scanAlone(stack: OpenStack, context: BeliefContext): Promise<StackResult> {
  try {
    return await scanStack(stack, context);
  } catch (reason) {
    if (reason instanceof EngineStopped) await context.repository.restartWithout(stack.plan.name);
    const message =
      reason instanceof EngineStopped || reason instanceof EngineFailure
        ? reason.message
        : `an unexpected error, please report it: ${String(reason)}`;
    return failedResult({ stack: stack.plan, diagnostics: [error(message)] }, context.settings);
  }
}

/** What a rule judged intentional, and no edit can adopt without touching others, takes a person after all. */
function withoutUnwritten(result: StackResult, { left }: AdoptedSet): StackResult {
  const reasons = new Map(left.map(({ fingerprint, why }) => [fingerprint, why]));
  const findings = result.findings.map((finding) => {
    const why = reasons.get(finding.fingerprint);
    if (why === undefined || finding.intent.verdict !== "adopt") return finding;
    const because = [...finding.intent.because, `No edit is made for it: ${why}.`];
    return { ...finding, intent: { verdict: "undecided" as const, decidedBy: "safety", because } };
  });
  return { ...result, findings };
}

const NOTHING_ADOPTED: AdoptedSet = { files: [], adopted: [], left: [] };

/** Finds the edits that adopt everything judged intentional; nothing comes from a stack that is not believed. */
async function adoptTogether(
  stacks: readonly StackResult[],
  { engine }: OpenRepository,
): Promise<{ adopted: AdoptedSet; diagnostics: readonly Diagnostic[] }> {
  const wanted = stacks
    .filter(({ status }) => status === "complete" || status === "incomplete")
    .flatMap(({ name, findings: found }) => found.map((finding) => ({ stack: name, finding })))
    .filter(({ finding }) => finding.intent.verdict === "adopt" && finding.adoption !== null);
  // What was deleted may need what other stacks have deleted too.
  const isHopeless = ({ kind, adoption }: JudgedFinding) =>
    adoption?.verdict === "refused" && kind !== "deleted";
  const { refused = [], open: findings = [] } = Object.groupBy(wanted, ({ finding }) =>
    isHopeless(finding) ? "refused" : "open",
  );
  const hopeless = refused.map(({ finding }) => ({
    fingerprint: finding.fingerprint,
    why: finding.adoption?.why ?? "",
  }));
  if (findings.length === 0) return { adopted: { ...NOTHING_ADOPTED, left: hopeless }, diagnostics: [] };
  try {
    const adopted = await engine.adoptAll(findings);
    return { adopted: { ...adopted, left: [...hopeless, ...adopted.left] }, diagnostics: [] };
  } catch (reason) {
    if (!(reason instanceof EngineFailure || reason instanceof EngineStopped)) throw reason;
    const left = findings.map(({ finding }) => ({ fingerprint: finding.fingerprint, why: reason.message }));
    const message = `the edits could not be brought together, so none is written: ${reason.message}`;
    return { adopted: { ...NOTHING_ADOPTED, left: [...hopeless, ...left] }, diagnostics: [error(message)] };
  }
}

/** As the stacks were planned; configured ones that are missing come first. */
function inOrderOf(plan: ScanPlan, results: readonly StackResult[]): StackResult[] {
  const order = plan.stacks.map(({ name }) => name);
  return results.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function countOf(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
