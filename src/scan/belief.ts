import { confirm, needsSecondRead } from "../drift/belief.ts";
import type { Inventory } from "../drift/inventory.ts";
import { type Finding, NO_COVERAGE, type Observation, type StackStatus } from "../drift/model.ts";
import type { CompareResult, StackOverview } from "../engine/api.ts";
import { ruleBook } from "../providers/index.ts";
import { type Believed, type Compared, conclude } from "./conclusion.ts";
import {
  identitiesOf,
  inventoriesFor,
  inventoriesOf,
  NotBelieved,
  type Observed,
  observe,
  observeAgain,
  relatedOf,
  type UnmanagedSearch,
  wantedOf,
} from "./observation.ts";
import type { OpenRepository } from "./open-repository.ts";
import { idsKnownTo, type OpenStack } from "./open-stack.ts";
import type { ScanPorts, ScanSettings } from "./ports.ts";
import { checkState, lockedReason } from "./state-guard.ts";
import { withoutTolerated } from "./tolerated.ts";

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
    suspicion: null,
    problems: [problem],
    remarks: [],
  };
}

/** Reads the cloud, compares, and reads again what differs: only what both reads say is believed. */
async function believeOnce(stack: OpenStack, context: BeliefContext): Promise<Believed> {
  const { settings, ports } = context;
  const { overview, plan } = stack;
  const { overviews } = context.repository;
  const identities = identitiesOf(overview.instances);
  const wanted = wantedOf(overview.instances, identities);
  const sought = { wanted, related: relatedOf(plan.name, wanted, overviews) };
  const own = inventoriesFor(plan, context.inventories);
  const inventories = inventoriesOf(own, wanted);
  const read = { ...ports, inventories: own };
  const search = unmanagedSearch(context);
  const progress = (message: string) => ports.progress(`${plan.name}: ${message}`);

  async function compare({ observations, unmanaged }: Observed): Promise<CompareResult> {
    const result = await context.repository.engine.compare({
      stack: plan.name,
      repository: settings.repository,
      key: settings.key,
      now: ports.now().toISOString(),
      book: ruleBook,
      observations: [...observations, ...damagedOf(overview)],
      identities: [...identities],
      unmanaged,
    });
    return withoutTolerated(result, settings.config, plan, context.repository.secrets);
  }

  try {
    const seen = await observe(inventories, sought, search.search, progress);
    progress("comparing code, state and cloud");
    const once = await compare(seen);
    const doubtful = once.findings.filter(needsSecondRead);
    if (doubtful.length === 0) {
      return conclude(stack, read, { ...once, unsettled: 0 }, seen, search.problems, overviews);
    }
    progress("reading again what differs, to confirm it");
    const again = await observeAgain(inventories, sought, doubtful, seen, search.search, progress);
    const twice = await compare(again);
    return conclude(stack, read, agreed(once, twice, doubtful), again, search.problems, overviews);
  } catch (reason) {
    if (reason instanceof NotBelieved) return nothing(stack, "failed", reason.message);
    throw reason;
  }
}

/** What both reads say. */
function agreed(once: CompareResult, twice: CompareResult, doubtful: readonly Finding[]): Compared {
  const reread = new Set(doubtful.map(({ address }) => address));
  const { confirmed, unsettled } = confirm(once.findings, twice.findings, reread);
  return { ...twice, findings: confirmed, unsettled: unsettled.length };
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
