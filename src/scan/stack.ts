import { confirm, extentOf, isSuspect, stateChanged } from "../drift/belief.ts";
import { settle } from "../drift/history.ts";
import {
  type Coverage,
  type Diagnostic,
  DRIFT_KINDS,
  type Finding,
  type JudgedFinding,
  type Observation,
  type ObservedResource,
  type StackResult,
  type StackStatus,
} from "../drift/model.ts";
import type { CompareResult, RecordedIdentity, StackOverview } from "../engine/api.ts";
import type { Engine } from "../engine/engine.ts";
import { judge } from "../intent/judge.ts";
import { ruleBook } from "../providers/index.ts";
import { parseState } from "../terraform/state.ts";
import { StateError } from "../terraform/state-error.ts";
import { identitiesOf, observe, observeAgain, unmanagedResources, wantedOf } from "./observation.ts";
import type { OpenStack } from "./open-stack.ts";
import type { PlannedStack } from "./plan.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { reconcile } from "./reconciliation.ts";

/** What was believed of a stack, and what stands against believing more. */
interface Believed {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly observations: ReadonlyMap<string, Observation>;
  readonly status: StackStatus;
  readonly problems: readonly string[];
}

const NO_COVERAGE: Coverage = {
  instances: 0,
  instancesRead: 0,
  attributes: 0,
  compared: 0,
  notCompared: 0,
  unreadable: 0,
};

/** Compares one stack with its state and the cloud, judges what differs, and works out edits and revert plans. */
export async function scanStack(
  stack: OpenStack,
  engine: Engine,
  settings: ScanSettings,
  ports: ScanPorts,
): Promise<StackResult> {
  const believed = await believe(stack, engine, settings, ports);
  const { plan, overview } = stack;
  const findings = believed.findings.map((finding) =>
    settle(finding, ports.historyOf(plan, finding, stack.stateWrittenAt)),
  );
  const context = { stack: plan.name, environment: plan.environment, now: ports.now() };
  const intents = findings.map((finding) => judge(finding, settings.config.rules, context));
  ports.progress(`${plan.name}: looking for the literals that decide ${findings.length} findings`);
  const reconciled = await reconcile(engine, stack, findings, believed.observations);
  const judged: JudgedFinding[] = findings.map((finding, index) => ({
    ...finding,
    intent: intents[index] ?? judge(finding, [], context),
    adoption: reconciled[index]?.adoption ?? null,
    revert: reconciled[index]?.revert ?? null,
  }));
  return {
    ...resultHead(plan, settings),
    status: believed.status,
    state: overview.state,
    diagnostics: [...overview.diagnostics, ...believed.problems.map(warning)],
    coverage: believed.coverage,
    findings: judged,
  };
}

/** A stack that could not be scanned, with the reasons. */
export function failedStack(
  plan: Pick<PlannedStack, "name" | "path" | "environment">,
  settings: ScanSettings,
  diagnostics: readonly Diagnostic[],
): StackResult {
  return {
    ...resultHead(plan, settings),
    status: "failed",
    state: null,
    diagnostics,
    coverage: NO_COVERAGE,
    findings: [],
  };
}

function resultHead(
  { name, path, environment }: Pick<PlannedStack, "name" | "path" | "environment">,
  { ref, commit }: ScanSettings,
): Pick<StackResult, "name" | "path" | "environment" | "ref" | "commit" | "evidence"> {
  return { name, path, environment, ref, commit, evidence: "inventory" };
}

function warning(message: string): Diagnostic {
  return { severity: "warning", message, file: null, line: null, column: null };
}

/**
 * Reads the cloud, compares, reads again what differs, and looks whether the state stayed the same meanwhile ("Before a
 * scan is believed" in docs/architecture.md).
 */
async function believe(
  stack: OpenStack,
  engine: Engine,
  settings: ScanSettings,
  ports: ScanPorts,
): Promise<Believed> {
  const { overview, plan } = stack;
  const { progress } = ports;
  const identities = identitiesOf(overview.instances);
  const wanted = wantedOf(
    overview.instances.filter(({ undecided }) => !undecided),
    identities,
  );
  const problems: string[] = [];
  const observations = new Map<string, Observation>();
  for (const inventory of ports.inventories) {
    progress(`${plan.name}: reading ${inventory.cloud}`);
    const observed = await observe(inventory, wanted, progress);
    if (observed.refusal !== null) return refused(overview, observed.refusal);
    for (const [address, observation] of observed.observations) observations.set(address, observation);
    problems.push(...observed.problems);
  }
  for (const address of overview.damaged) {
    observations.set(address, { status: "unreadable", reason: "its entry in the state is damaged" });
  }
  const unmanaged =
    settings.config.unmanaged === "report"
      ? await unmanagedResources(ports.inventories, wanted, stack.knownIds)
      : { resources: [], problems: [] };
  problems.push(...unmanaged.problems);

  function compare(seen: ReadonlyMap<string, Observation>): Promise<CompareResult> {
    return engine.compare(compareRequest(stack, settings, ports, seen, identities, unmanaged.resources));
  }
  const first = await compare(observations);
  const doubtful = new Set(first.findings.filter(needsCloud).map(({ address }) => address));
  if (doubtful.size > 0) progress(`${plan.name}: reading ${doubtful.size} again to confirm what differs`);
  const again = await observeAgain(ports.inventories, wanted, doubtful, observations, progress);
  const second = doubtful.size === 0 ? first : await compare(again.observations);
  const { confirmed, unsettled } = confirm(first.findings, second.findings, doubtful);
  if (unsettled.length > 0) {
    problems.push(`${unsettled.length} values changed between two reads and are left for the next scan`);
  }
  problems.push(...again.problems);
  const moved = await stateMoved(stack);
  if (moved !== null) problems.push(moved);
  const uncompared = uncomparedTypes(overview, ports);
  const suspect = isSuspect(extentOf(confirmed, second.coverage.instances));
  if (suspect) {
    problems.push(
      "much of the stack is gone or changed at once; nothing is written from this until the next scan says otherwise",
    );
  }
  const whole =
    problems.length === 0 &&
    !second.incomplete &&
    overview.diagnostics.every(({ severity }) => severity !== "error") &&
    overview.instances.every(({ undecided }) => !undecided);
  return {
    findings: moved === null ? confirmed : [],
    coverage: second.coverage,
    observations: again.observations,
    status: suspect ? "suspect" : whole ? "complete" : "incomplete",
    problems: [...problems, ...uncompared],
  };
}

function compareRequest(
  { plan }: OpenStack,
  { repository, key }: ScanSettings,
  ports: ScanPorts,
  observations: ReadonlyMap<string, Observation>,
  identities: ReadonlyMap<string, RecordedIdentity>,
  unmanaged: readonly ObservedResource[],
): Parameters<Engine["compare"]>[0] {
  return {
    stack: plan.name,
    repository,
    key,
    now: ports.now().toISOString(),
    book: ruleBook,
    observations: [...observations],
    identities: [...identities],
    unmanaged,
  };
}

/** The cloud cannot be believed: what only code and state say is left out too, since half a truth looks like drift. */
function refused(overview: StackOverview, refusal: string): Believed {
  return {
    findings: [],
    coverage: { ...NO_COVERAGE, instances: overview.instances.length },
    observations: new Map(),
    status: "failed",
    problems: [refusal],
  };
}

function needsCloud({ kind, changes }: Finding): boolean {
  return DRIFT_KINDS.has(kind) || kind === "stale-state" || (kind === "unapplied" && changes.length > 0);
}

/** Reads the state once more: it must be the one that the comparison used. */
async function stateMoved({ source, overview }: OpenStack): Promise<string | null> {
  if (source === null || overview.state === null) return null;
  try {
    const { text } = await source.read();
    return stateChanged(overview.state, parseState(text, source.describe));
  } catch (error) {
    if (error instanceof StateError) return error.message;
    throw error;
  }
}

/** Types that run in a cloud and are not mapped yet are said, never silently passed over. */
function uncomparedTypes({ instances }: StackOverview, { inventories }: ScanPorts): string[] {
  const counts = new Map<string, number>();
  for (const { type, recorded } of instances) {
    const cloud = CLOUD_OF_PREFIX.get(type.split("_")[0] ?? "");
    const read = inventories.some((inventory) => inventory.cloud === cloud && inventory.covers(type));
    if (recorded !== null && cloud !== undefined && !read) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const list = [...counts].map(([type, count]) => (count === 1 ? type : `${type} (${count})`)).join(", ");
  return [`not compared with the cloud: ${list}`];
}

const CLOUD_OF_PREFIX = new Map([
  ["aws", "aws"],
  ["google", "google"],
  ["azurerm", "azure"],
]);
