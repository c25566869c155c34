import { confirm, extentOf, isSuspect, needsSecondRead } from "../drift/belief.ts";
import { settle } from "../drift/history.ts";
import type { Inventory } from "../drift/inventory.ts";
import type { Coverage, Finding, Observation, StackStatus } from "../drift/model.ts";
import type { CompareResult, StackOverview } from "../engine/api.ts";
import { ruleBook } from "../providers/index.ts";
import {
  identitiesOf,
  NotBelieved,
  type Observed,
  observe,
  observeAgain,
  type UnmanagedSearch,
  wantedOf,
} from "./observation.ts";
import type { OpenRepository } from "./open-repository.ts";
import { idsKnownTo, type OpenStack } from "./open-stack.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { NO_COVERAGE } from "./results.ts";
import { checkState, lockedReason } from "./state-guard.ts";

/** What was believed of a stack, and what stands against believing more. */
export interface Believed {
  /** The stack with the state that the comparison used. */
  readonly stack: OpenStack;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly observations: ReadonlyMap<string, Observation>;
  readonly status: StackStatus;
  /** Sentences. Where there are any the stack is not `complete`. */
  readonly problems: readonly string[];
  /** Sentences for people that stand against nothing. */
  readonly remarks: readonly string[];
}

/** How often a stack is scanned whose state changes while the cloud is read. */
const MOST_ATTEMPTS = 3;

/** What a scan of one stack works with. */
export interface BeliefContext {
  readonly repository: OpenRepository;
  readonly inventories: readonly Inventory[];
  readonly settings: ScanSettings;
  readonly ports: ScanPorts;
  /** Stacks of which the state is not known, so that their resources look as if nobody managed them. */
  readonly unknownStates: readonly string[];
}

/**
 * Compares a stack with the cloud until the state stayed the same from before to after ("Before a scan is believed" in
 * docs/architecture.md). A locked state means that an apply may be running: nothing is compared then.
 */
export async function believe(first: OpenStack, context: BeliefContext): Promise<Believed> {
  let stack = first;
  for (let attempt = 1; ; attempt += 1) {
    if (stack.locked) return nothing(stack, "incomplete", lockedReason(stack));
    const believed = await believeOnce(stack, context);
    const state = await checkState(stack);
    if (state.verdict === "same") return believed;
    if (state.verdict !== "changed" || attempt === MOST_ATTEMPTS) {
      return nothing(stack, "incomplete", state.reason);
    }
    context.ports.progress(`${stack.plan.name}: ${state.reason}`);
    stack = await context.repository.reopen(state.now);
  }
}

/** Half a truth looks like drift, so what only code and state say is left out too. */
function nothing(stack: OpenStack, status: StackStatus, problem: string): Believed {
  return {
    stack,
    findings: [],
    coverage: { ...NO_COVERAGE, instances: stack.overview.instances.length },
    observations: new Map(),
    status,
    problems: [problem],
    remarks: [],
  };
}

/** Reads the cloud, compares, and reads again what differs: only what both reads say is believed. */
async function believeOnce(stack: OpenStack, context: BeliefContext): Promise<Believed> {
  const { inventories, settings, ports } = context;
  const { overview, plan } = stack;
  const identities = identitiesOf(overview.instances);
  const wanted = wantedOf(overview.instances, identities);
  const search = unmanagedSearch(context);
  const progress = (message: string) => ports.progress(`${plan.name}: ${message}`);

  function compare({ observations, unmanaged }: Observed): Promise<CompareResult> {
    return context.repository.engine.compare({
      stack: plan.name,
      repository: settings.repository,
      key: settings.key,
      now: ports.now().toISOString(),
      book: ruleBook,
      observations: [...observations, ...damagedOf(overview)],
      identities: [...identities],
      unmanaged,
    });
  }

  try {
    const seen = await observe(inventories, wanted, search.search, progress);
    progress("comparing code, state and cloud");
    const once = await compare(seen);
    const doubtful = once.findings.filter(needsSecondRead);
    if (doubtful.length === 0) return conclude(stack, context, once, seen, search.problems);
    progress(`reading ${doubtful.length} of them again, to confirm what differs`);
    const again = await observeAgain(inventories, wanted, doubtful, seen, search.search, progress);
    const twice = await compare(again);
    return conclude(stack, context, confirmed(once, twice, doubtful), again, search.problems);
  } catch (reason) {
    if (reason instanceof NotBelieved) return nothing(stack, "failed", reason.message);
    throw reason;
  }
}

function confirmed(once: CompareResult, twice: CompareResult, doubtful: readonly Finding[]): Confirmed {
  const reread = new Set(doubtful.map(({ address }) => address));
  const { confirmed: findings, unsettled } = confirm(once.findings, twice.findings, reread);
  return { ...twice, findings, unsettled: unsettled.length };
}

interface Confirmed extends CompareResult {
  /** Findings that changed from one read to the next. */
  readonly unsettled?: number;
}

/** Looks at all that was confirmed together: is it the whole truth, and can that much have changed? */
function conclude(
  stack: OpenStack,
  { ports }: BeliefContext,
  result: Confirmed,
  seen: Observed,
  others: readonly string[],
): Believed {
  const { overview, plan } = stack;
  const findings = result.findings.map((finding) =>
    settle(finding, ports.historyOf(plan, finding, stack.stateWrittenAt)),
  );
  const { instancesRead } = result.coverage;
  const extent = extentOf(findings, instancesRead);
  const problems = [
    ...new Set([...seen.problems, ...others]),
    ...unsettledProblem(result.unsettled ?? 0),
    ...stateProblem(stack),
  ];
  const isWhole =
    problems.length === 0 &&
    !result.incomplete &&
    overview.diagnostics.every(({ severity }) => severity !== "error") &&
    overview.instances.every(({ undecided }) => !undecided);
  const status = isSuspect(extent) ? "suspect" : isWhole ? "complete" : "incomplete";
  const { observations } = seen;
  const remarks = [
    ...uncomparedTypes(overview, ports),
    ...extentRemarks(status, extent.deleted, extent.changed, instancesRead),
  ];
  return { stack, findings, coverage: result.coverage, observations, status, problems, remarks };
}

function unsettledProblem(count: number): string[] {
  if (count === 0) return [];
  const what = count === 1 ? "1 value changed" : `${count} values changed`;
  return [`${what} between two reads of the cloud, and so is left for the next scan`];
}

/** Without a state nothing is known of what was applied, and everything looks as if it were still to be created. */
function stateProblem({ plan, source, overview }: OpenStack): string[] {
  if (source !== null || overview.instances.length === 0) return [];
  const workspace = plan.workspace === "default" ? "" : ` of the workspace ${plan.workspace}`;
  return [
    `no state${workspace} was found, so nothing could be compared with the cloud; give the file with --state, or as ` +
      "state under stacks in .github/driftwright.yml",
  ];
}

function extentRemarks(status: StackStatus, deleted: number, changed: number, read: number): string[] {
  if (status === "suspect") {
    const what =
      deleted >= changed ? `${deleted} of ${read} instances are gone` : `${changed} of ${read} have changed`;
    return [
      `${what} at once: an outage, other credentials or another endpoint are more likely; nothing is written from ` +
        "this until the next scan says otherwise",
    ];
  }
  // Too few for the rule about suspect stacks, and still worth a second thought.
  if (deleted < 2 || deleted < read) return [];
  return [
    `none of its ${deleted} instances was found; if they were not deleted, check the credentials and the endpoint`,
  ];
}

function damagedOf({ damaged }: StackOverview): (readonly [string, Observation])[] {
  return damaged.map((address) => [
    address,
    { status: "unreadable", reason: "its entry in the state is damaged" },
  ]);
}

function unmanagedSearch({ settings, repository, unknownStates }: BeliefContext): {
  readonly search: UnmanagedSearch | null;
  readonly problems: readonly string[];
} {
  if (settings.config.unmanaged === "ignore") return { search: null, problems: [] };
  if (unknownStates.length === 0)
    return { search: { known: idsKnownTo(repository.overviews) }, problems: [] };
  const names = unknownStates.slice(0, 5).join(", ") + (unknownStates.length > 5 ? ", …" : "");
  return {
    search: null,
    problems: [
      `unmanaged resources were not looked for, because the state of ${names} is not known: what belongs there would ` +
        "look unmanaged",
    ],
  };
}

/** Types that run in a cloud and are not mapped yet are said, never silently passed over. */
function uncomparedTypes({ instances }: StackOverview, { inventories }: ScanPorts): string[] {
  if (inventories.length === 0) return [];
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
